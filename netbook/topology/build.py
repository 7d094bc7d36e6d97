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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.journey import Stop
from netbook.model.kernel import Interface
from netbook.model.snapshot import Snapshot
from netbook.ownership import labels
from netbook.topology.cables import End, Space, pairs
from netbook.topology.graph import Box, Bridge, Cable, Mode, Port, Topology


def numbered(interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
    """The same interfaces of one namespace, their links as numbers."""
    found = tuple(interfaces)
    index = {i.name: i.index for i in found}
    return tuple(replace(i, link=index.get(i.link, i.link)) if isinstance(i.link, str) else i for i in found)


def build(snapshot: Snapshot) -> Topology:
    """Join what the engine says with what the kernel says."""
    by_bridge = {net.bridge: net for net in snapshot.networks if net.bridge}
    by_name = {net.name: net for net in snapshot.networks}
    host = numbered(snapshot.host.interfaces)
    interfaces = {ns.inode: numbered(ns.interfaces) for ns in snapshot.namespaces}
    names = {c.id: c.name for c in snapshot.containers}
    living = _by_namespace(snapshot.containers)
    homes = {inode: _Home(living.get(inode, []), by_bridge, by_name) for inode in interfaces}
    ends = pairs(
        Space(snapshot.host.inode, host, _riding(snapshot)),
        [Space(n, each, homes[n].elsewhere(each)) for n, each in interfaces.items()],
    )
    ports = {
        inode: tuple(
            homes[inode].port(each, host, ends.get((inode, each.name)), snapshot.host.inode)
            for each in found
            if not each.is_loopback
        )
        for inode, found in interfaces.items()
    }
    boxes = []
    for inode, members in living.items():
        if inode and inode == snapshot.host.inode:
            boxes += [Box((c.name,), "host", inode=inode, owned=c.owned, members=(c,)) for c in members]
            continue
        if not inode:
            boxes += [
                Box((c.name,), _absent(c), owned=c.owned, joins=_joins(c, names), members=(c,))
                for c in members
            ]
            continue
        members = sorted(members, key=lambda c: (c.network_mode.startswith("container:"), c.name))
        found = ports.get(inode, ())
        if any(labels.ENGINE in c.labels for c in members):  # its own engine's are told by that one
            found = tuple(port for port in found if port.peer)
        boxes.append(
            Box(
                tuple(c.name for c in members),
                "unread" if inode not in interfaces else "own" if found else "none",
                found,
                inode,
                any(c.owned for c in members),
                "" if found else _joins(members[0], names),
                tuple(members),
            )
        )
    for space in snapshot.namespaces:
        if space.name and space.inode not in living and space.inode != snapshot.host.inode:
            # a container may have the same name
            name = f"netns {space.name}" if space.name in names.values() else space.name
            boxes.append(Box((), "named", ports[space.inode], space.inode, space.owned, name=name))
    bridges = [
        Bridge(
            i.name, by_bridge.get(i.name), i.addresses, snapshot.bridges.get(i.name, ()), i.is_up, mtu=i.mtu
        )
        for i in host
        if i.name in by_bridge or i.name in snapshot.bridges
    ]
    ridden = {port.bridge: port.network for box in boxes for port in box.ports if port.bridge}
    bridges += [
        Bridge(bridge, by_name[network], hidden=True)
        for bridge, network in ridden.items()
        if bridge == _hidden(by_name.get(network))
    ]
    cables = {port.peer for box in boxes for port in box.ports}
    own = tuple(
        i for i in host if i.name not in by_bridge and i.name not in cables and i.master not in by_bridge
    )
    return Topology(
        tuple(sorted(boxes, key=lambda box: box.names)),
        tuple(sorted(bridges, key=lambda b: (not b.network or not b.network.is_default, b.title))),
        tuple(sorted(snapshot.networks, key=lambda n: n.name)),
        own,
        _cables(boxes, ends),
    )


def _riding(snapshot: Snapshot) -> frozenset[str]:
    """The host's interfaces that are no end of a cable: a vlan's link can fit a number of ours by chance."""
    if snapshot.riding is not None:
        return snapshot.riding
    # not read: a link by name is perhaps of the host's own; what is in a bridge is hardly a vlan
    told = (i for i in snapshot.host.interfaces if isinstance(i.link, str) and not i.master)
    return frozenset(i.name for i in told)


def _cables(boxes: Iterable[Box], ends: Mapping[End, End]) -> tuple[Cable, ...]:
    owners = {box.inode: box.owner for box in boxes if box.ports}
    found = set()
    for (a, one), (b, two) in ends.items():
        if a in owners and b in owners:
            stops = Stop(owners[a], one), Stop(owners[b], two)
            low, high = sorted(stops, key=lambda stop: (stop.container, stop.interface))
            found.add(Cable((low, high)))
    return tuple(sorted(found, key=lambda cable: cable.label))


def _absent(container: ContainerInfo) -> Mode:
    return "unread" if container.state in ("running", "paused") else "stopped"


def _by_namespace(containers: Iterable[ContainerInfo]) -> dict[int, list[ContainerInfo]]:
    found: dict[int, list[ContainerInfo]] = defaultdict(list)
    for container in containers:
        found[container.namespace].append(container)
    return found


def _joins(container: ContainerInfo, names: dict[str, str]) -> str:
    mode, _, target = container.network_mode.partition(":")
    return names.get(target, "") if mode == "container" else ""


@dataclass(frozen=True, slots=True)
class _Home:
    """Who lives in a namespace, and what the engine's networks are."""

    members: Sequence[ContainerInfo]
    by_bridge: Mapping[str, NetworkInfo]
    by_name: Mapping[str, NetworkInfo]

    def told(self, inside: Interface) -> NetworkInfo | None:
        return self.by_name.get(_network_by_address(inside, self.members))

    def elsewhere(self, interfaces: Iterable[Interface]) -> frozenset[str]:
        """Those whose number is of a third namespace, or a parent's: what fits it, fits by chance."""
        told = ((i, self.told(i)) for i in interfaces)
        return frozenset(i.name for i, net in told if net and net.driver not in ("bridge", ""))

    def port(self, inside: Interface, host: tuple[Interface, ...], end: End | None, outdoors: int) -> Port:
        """`end`: the other of its cable, if it is one; `outdoors`: the inode of the host's namespace."""
        told = self.told(inside)
        far = _hidden(told)
        veth = next((i for i in host if end == (outdoors, i.name)), None)
        bridge = veth.master if veth else far
        network = self.by_bridge[bridge].name if bridge in self.by_bridge else ""
        parent = next((i for i in host if i.index == inside.link), None)
        return Port(
            inside.name,
            inside.index,
            inside.addresses,
            inside.is_up,
            network or _network_by_address(inside, self.members),
            bridge,
            veth.name if veth else "",
            veth.index if veth else 0,
            parent.name if parent and not far and end is None else "",
            inside.mtu,
            inside.mac,
            inside.master,
        )


def _hidden(network: NetworkInfo | None) -> str:
    """What stands for the bridge of a network that has one elsewhere; "" for one on the host, or without.

    libnetwork keeps an overlay's bridge in a namespace of its own (`/var/run/docker/netns/1-…`).
    """
    on_the_host = ("bridge", "macvlan", "ipvlan", "host", "null", "")
    return f"{network.driver} {network.name}" if network and network.driver not in on_the_host else ""


def _network_by_address(inside: Interface, members: Iterable[ContainerInfo]) -> str:
    """macvlan and friends have no bridge; the engine's endpoint has the same address."""
    mine = {address.ip for address in inside.addresses}
    for member in members:
        for endpoint in member.endpoints:
            if not mine.isdisjoint({endpoint.ip_address, endpoint.ipv6_address.partition("/")[0]} - {""}):
                return endpoint.network
    return ""
