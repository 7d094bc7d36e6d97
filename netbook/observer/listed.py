"""A wiring without a look: what follows from the engine's two listings alone, and no helper has seen.

The bridges with their gateways, a cable for each attachment with the address that the engine gave. What only
the kernel knows is missing: interfaces made by hand, the names of interfaces (they are counted, by network),
MTUs that differ, whether something is unplugged, and whether the engine writes rules for NAT.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_interface, ip_network

from netbook.engine.client.engine import Engine
from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.model.kernel import Address, Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.ownership import labels
from netbook.topology.graph import USUAL_MTU

_HOST = 1  # what stands for the number of the host's namespace
_UP = ("BROADCAST", "MULTICAST", "UP", "LOWER_UP")
_LO = Interface(1, "lo", ("LOOPBACK", "UP", "LOWER_UP"), kind="loopback")


def snapshot(engine: Engine) -> Snapshot:
    """`docker ps -a` and `docker network ls`, joined. The book's own helpers are left out."""
    listed = [c for c in engine.containers() if labels.ROLE not in c.labels]
    return joined(listed, engine.networks())


def joined(listed: Iterable[ContainerInfo], networks: Iterable[NetworkInfo]) -> Snapshot:
    """The listings as if the kernel had been asked."""
    found = list(listed)
    # of a network an engine tells that NAT is left out; that it writes no rules at all, it tells nobody
    nets = {n.name: replace(n, masquerade=n.masquerade and None) for n in networks}
    homes = {c.id: number for number, c in enumerate(found, _HOST + 1)}
    placed = [replace(c, namespace=_home(c, homes)) for c in found]
    host = [_LO, *(_bridge(index, n) for index, n in enumerate((n for n in nets.values() if n.bridge), 2))]
    spaces: dict[int, list[Interface]] = {c.namespace: [_LO] for c in placed if c.namespace > _HOST}
    ports: dict[str, list[str]] = {}
    number = 1000
    for c in placed:
        if c.namespace != homes[c.id] or c.namespace not in spaces:
            continue  # it has none of its own
        for place, end in enumerate(e for e in c.endpoints if e.ip_address or e.ipv6_address):
            network, number = nets.get(end.network), number + 2
            bridge = network.bridge if network else ""
            link = number + 1 if bridge else None
            spaces[c.namespace].append(
                Interface(
                    number,
                    f"eth{place}",
                    _UP,
                    USUAL_MTU,
                    end.mac,
                    link=link,
                    kind="ether",
                    addresses=_of(end),
                )
            )
            if bridge:
                veth = f"veth{number}"
                host.append(
                    Interface(number + 1, veth, _UP, USUAL_MTU, master=bridge, link=number, kind="ether")
                )
                ports.setdefault(bridge, []).append(veth)
    return Snapshot(
        Namespace(_HOST, tuple(host)),
        tuple(Namespace(inode, tuple(inside)) for inode, inside in spaces.items()),
        tuple(placed),
        tuple(nets.values()),
        {n.bridge: tuple(ports.get(n.bridge, ())) for n in nets.values() if n.bridge},
        frozenset(),
    )


def _home(container: ContainerInfo, homes: dict[str, int]) -> int:
    """A number for the namespace that it lives in; 0 while it is stopped."""
    if container.state not in ("running", "paused"):
        return 0
    mode, _, other = container.network_mode.partition(":")
    if mode == "container":
        return homes.get(other, homes[container.id])
    return _HOST if mode == "host" else homes[container.id]


def _bridge(index: int, network: NetworkInfo) -> Interface:
    given = (_address(gateway, subnet) for subnet in network.subnets for gateway in network.gateways)
    kept = tuple(address for address in given if address)
    return Interface(index, network.bridge, _UP, USUAL_MTU, kind="ether", addresses=kept)


def _address(address: str, subnet: str) -> Address | None:
    try:
        whole = ip_network(subnet, strict=False)
        found = ip_interface(f"{address}/{whole.prefixlen}")
    except ValueError:  # an engine may call something a subnet that is none
        return None
    return Address(found) if found.ip in whole else None


def _of(end: Endpoint) -> tuple[Address, ...]:
    texts = [f"{end.ip_address}/{end.prefixlen}"] if end.ip_address else []
    texts += [end.ipv6_address] if end.ipv6_address else []
    return tuple(Address(ip_interface(text)) for text in texts)
