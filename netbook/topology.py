"""Models in, graph out: who has which interface, its veth peer, its bridge, its network.

Pure computation on one `Snapshot`. A veth pair is matched by number in both
directions (container `link` = host `index` and back), never by name or by
"index + 1"; a macvlan looks the same from inside but its link names a parent
interface that does not point back.

`ip` prints a link's name instead of its number when the number exists in the same
namespace; busybox does so even if the other end is elsewhere. From Docker 28 on,
eth0 has the same low index in every container, so `veth1a2b@docker0` is common and
means "number 2, wherever that is". `numbered` undoes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from netbook.models import Address, ContainerInfo, Interface, NetworkInfo, Snapshot

Mode = Literal["own", "host", "none", "stopped"]


@dataclass(frozen=True, slots=True)
class Port:
    """An interface in a container's namespace and where its other end is."""

    name: str
    index: int
    addresses: tuple[Address, ...] = ()
    up: bool = True
    network: str = ""  # "" when no known network claims it
    bridge: str = ""  # the bridge its veth peer is plugged into
    peer: str = ""  # the veth peer's name on the host
    peer_index: int = 0
    parent: str = ""  # for macvlan and ipvlan: the host interface it rides on


@dataclass(frozen=True, slots=True)
class Box:
    """One network namespace and the containers that live in it (usually one).

    `mode`: `own` has interfaces of its own; `none` has only `lo`; `host` is the
    host's namespace; `stopped` has none, for its containers do not run.
    """

    containers: tuple[str, ...]  # the one that owns the namespace first
    mode: Mode
    ports: tuple[Port, ...] = ()
    inode: int = 0
    owned: bool = True
    joins: str = ""  # stopped or left with lo only: the container whose namespace it joins at its start
    members: tuple[ContainerInfo, ...] = ()  # the same containers, as the engine knows them

    @property
    def label(self) -> str:
        return " + ".join(self.containers)

    @property
    def ids(self) -> tuple[str, ...]:
        """Who they are: a name can be given again, an id cannot. By name where no engine was asked."""
        return tuple(member.id for member in self.members) or self.containers

    @property
    def paused(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members if member.state == "paused")


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge on the host and the network that Docker keeps on it."""

    name: str
    network: NetworkInfo
    addresses: tuple[Address, ...] = ()
    ports: tuple[str, ...] = ()  # host interfaces plugged into it
    up: bool = True

    @property
    def short(self) -> str:
        """Stable name: the id in `br-1a2b…` is the engine's whim."""
        return "br-…" if self.name == f"br-{self.network.id[:12]}" else self.name

    @property
    def label(self) -> str:
        """Stable name that tells it from other bridges."""
        return self.name if self.network.is_default else f"bridge of {self.network.name}"


@dataclass(frozen=True, slots=True)
class VethPair:
    """The two ends of one virtual cable."""

    container: str
    interface: str
    index: int
    peer: str
    peer_index: int
    bridge: str
    network: str

    @property
    def label(self) -> str:
        """Stable name of the host's end: which cable it is, not what the kernel called it."""
        return f"veth of {self.container}" + ("" if self.interface == "eth0" else f" {self.interface}")


@dataclass(frozen=True, slots=True)
class Topology:
    """The wiring of one moment, sorted, so that equal wiring compares equal."""

    boxes: tuple[Box, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    networks: tuple[NetworkInfo, ...] = ()
    host_interfaces: tuple[Interface, ...] = ()  # the host's own: no bridge, no veth of ours

    def box(self, container: str) -> Box:
        """The namespace that `container` lives in; KeyError if it is not in the picture."""
        for box in self.boxes:
            if container in box.containers:
                return box
        raise KeyError(container)

    def owned(self) -> Topology:
        """Without what other programs and other labs made; the three default networks stay."""
        return replace(
            self,
            boxes=tuple(box for box in self.boxes if box.owned),
            bridges=tuple(b for b in self.bridges if b.network.owned or b.network.is_default),
            networks=tuple(n for n in self.networks if n.owned or n.is_default),
        )

    @property
    def host_names(self) -> dict[str, str]:
        """Kernel's name → stable name of the host's interfaces: cables, bridges, its own as they are."""
        bridges = {bridge.name: bridge.label for bridge in self.bridges}
        own = {interface.name: interface.name for interface in self.host_interfaces}
        return {**own, **bridges, **{pair.peer: pair.label for pair in self.veth_pairs}}

    @property
    def veth_pairs(self) -> tuple[VethPair, ...]:
        return tuple(veth_pair(box, port) for box in self.boxes for port in box.ports if port.peer)


def veth_pair(box: Box, port: Port) -> VethPair:
    """The cable of a port that has one."""
    owner = box.containers[0]
    return VethPair(owner, port.name, port.index, port.peer, port.peer_index, port.bridge, port.network)


def stable(addresses: Iterable[Address]) -> list[Address]:
    """The addresses that are the same in every run, IPv4 first: link-local ones follow the MAC address."""
    kept = [a for a in addresses if not a.value.is_link_local and not a.value.is_loopback]
    return sorted(kept, key=lambda a: a.value.version)


def numbered(interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
    """The same interfaces of one namespace, their links as numbers."""
    found = tuple(interfaces)
    index = {i.name: i.index for i in found}
    return tuple(replace(i, link=index.get(i.link, i.link)) if isinstance(i.link, str) else i for i in found)


def build(snapshot: Snapshot) -> Topology:
    """Join what the engine says with what the kernel says."""
    by_bridge = {net.bridge: net for net in snapshot.networks if net.bridge}
    host = numbered(snapshot.host.interfaces)
    interfaces = {ns.inode: numbered(ns.interfaces) for ns in snapshot.namespaces}
    names = {c.id: c.name for c in snapshot.containers}
    boxes = []
    for inode, members in _by_namespace(snapshot.containers).items():
        if inode and inode == snapshot.host.inode:
            boxes += [Box((c.name,), "host", inode=inode, owned=c.owned, members=(c,)) for c in members]
            continue
        if not inode:
            boxes += [
                Box((c.name,), "stopped", owned=c.owned, joins=_joins(c, names), members=(c,))
                for c in members
            ]
            continue
        members = sorted(members, key=lambda c: (c.network_mode.startswith("container:"), c.name))
        ports = tuple(
            _port(interface, host, members, by_bridge)
            for interface in interfaces.get(inode, ())
            if not interface.is_loopback
        )
        boxes.append(
            Box(
                tuple(c.name for c in members),
                "own" if ports else "none",
                ports,
                inode,
                any(c.owned for c in members),
                "" if ports else _joins(members[0], names),
                tuple(members),
            )
        )
    bridges = [
        Bridge(i.name, by_bridge[i.name], i.addresses, snapshot.bridges.get(i.name, ()), i.is_up)
        for i in host
        if i.name in by_bridge
    ]
    cables = {port.peer for box in boxes for port in box.ports}
    own = tuple(
        i for i in host if i.name not in by_bridge and i.name not in cables and i.master not in by_bridge
    )
    return Topology(
        tuple(sorted(boxes, key=lambda box: box.containers)),
        tuple(sorted(bridges, key=lambda b: (not b.network.is_default, b.network.name))),
        tuple(sorted(snapshot.networks, key=lambda n: n.name)),
        own,
    )


def _by_namespace(containers: Iterable[ContainerInfo]) -> dict[int, list[ContainerInfo]]:
    found: dict[int, list[ContainerInfo]] = defaultdict(list)
    for container in containers:
        found[container.namespace].append(container)
    return found


def _joins(container: ContainerInfo, names: dict[str, str]) -> str:
    mode, _, target = container.network_mode.partition(":")
    return names.get(target, "") if mode == "container" else ""


def _port(
    inside: Interface,
    host: tuple[Interface, ...],
    members: list[ContainerInfo],
    by_bridge: dict[str, NetworkInfo],
) -> Port:
    outside = next((i for i in host if i.index == inside.link), None)
    # a vlan's link is a number of the host's own and can equal ours by chance; it is in no bridge
    is_veth = outside is not None and outside.link == inside.index and bool(outside.master)
    bridge = outside.master if outside and is_veth else ""
    network = by_bridge[bridge].name if bridge in by_bridge else _network_by_address(inside, members)
    return Port(
        inside.name,
        inside.index,
        inside.addresses,
        inside.is_up,
        network,
        bridge,
        outside.name if outside and is_veth else "",
        outside.index if outside and is_veth else 0,
        outside.name if outside and not is_veth else "",
    )


def _network_by_address(inside: Interface, members: list[ContainerInfo]) -> str:
    """macvlan and friends have no bridge; the engine's endpoint has the same address."""
    mine = {address.ip for address in inside.addresses}
    for member in members:
        for endpoint in member.endpoints:
            if endpoint.ip_address in mine or endpoint.ipv6_address in mine:
                return endpoint.network
    return ""
