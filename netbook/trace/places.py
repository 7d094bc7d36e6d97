"""Where a packet was seen, and whose an address is: interfaces of a snapshot, by the topology's names."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address

from netbook.model.journey import Stop
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Topology


class Places:
    """Interfaces by the inode of their namespace and their number; both are the run's, the names are not."""

    def __init__(self, seen: Snapshot, graph: Topology) -> None:
        self.host = seen.host.inode
        self.bridges = {bridge.name: frozenset(bridge.ports) for bridge in graph.bridges if not bridge.hidden}
        self._names = graph.host_names
        self._boxes = {box.inode: box.owner for box in graph.boxes if box.mode in ("own", "none", "named")}
        self._behind = {port.peer: box.inode for box in graph.boxes for port in box.ports if port.peer}
        self._rides = {
            Stop(box.owner, port.name): Stop("", port.parent)
            for box in graph.boxes
            for port in box.ports
            if port.parent
        }
        self._interfaces = {
            (namespace.inode, interface.index): interface
            for namespace in (seen.host, *seen.namespaces)
            for interface in namespace.interfaces
        }
        self._owners: dict[str, int] = {}
        self._links: dict[int, list[IPv4Network | IPv6Network]] = {}
        for (inode, _), interface in self._interfaces.items():
            for address in interface.addresses:
                self._links.setdefault(inode, []).append(address.value.network)
                if not (address.value.is_loopback or address.value.is_link_local):
                    self._owners.setdefault(address.ip, inode)

    def stop(self, namespace: int, index: int) -> Stop:
        """The interface; one that came after the snapshot has only its number."""
        found = self._interfaces.get((namespace, index))
        return Stop(self._boxes.get(namespace, ""), found.name if found else f"interface {index}")

    def label(self, stop: Stop) -> str:
        """`eth0 of bbox01`, `veth of bbox01`, `docker0`, `bridge of NETWORK`, `eth0 of the host`."""
        if stop.container:
            return f"{stop.interface} of {stop.container}"
        name = self._names.get(stop.interface, stop.interface)
        return name if stop.interface in self.bridges or name != stop.interface else f"{name} of the host"

    def behind(self, stop: Stop) -> int | None:
        """The namespace at the other end, if this is the host's end of a veth pair."""
        return None if stop.container else self._behind.get(stop.interface)

    def parent(self, stop: Stop) -> Stop | None:
        """The host's interface that it rides on, if this is a macvlan."""
        return self._rides.get(stop)

    def bridge(self, stop: Stop) -> Stop | None:
        """What it is plugged into, if this is a bridge's port."""
        found = (name for name, ports in self.bridges.items() if stop.interface in ports)
        return None if stop.container else next((Stop("", name) for name in found), None)

    def owner(self, address: str) -> int | None:
        """The namespace that has this address; None: nobody on this host, or each its own (127.0.0.1)."""
        return self._owners.get(address)

    def addresses(self, namespace: int) -> frozenset[str]:
        """Its own addresses, without those that every namespace has."""
        return frozenset(address for address, inode in self._owners.items() if inode == namespace)

    def is_on_link(self, address: str, namespace: int) -> bool:
        """Would a packet from here go to this address itself, through no gateway?"""
        return any(ip_address(address) in network for network in self._links.get(namespace, ()))

    def is_here(self, address: str, namespace: int) -> bool:
        """Is a packet to this address at its end here?"""
        return self.owner(address) == namespace or ip_address(address).is_loopback
