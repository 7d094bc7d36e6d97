"""The wiring as a graph: namespaces, their ports, cables, bridges, networks.

All is sorted, so that equal wiring compares equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Literal

from netbook.model.docker import ContainerInfo, NetworkInfo, Publication
from netbook.model.journey import Stop
from netbook.model.kernel import Address, Interface

Mode = Literal["own", "host", "none", "stopped", "unread", "named"]
USUAL_MTU = 1500  # bytes; of Ethernet, and of what Docker makes where it is not told otherwise


@dataclass(frozen=True, slots=True)
class Port:
    """An interface in a namespace and where its other end is: `ip link`, `ip addr`.

    A cable to another namespace than the host's is in `Topology.cables`. `peer` without `bridge`: the host's
    end is plugged into nothing.
    """

    name: str
    index: int
    addresses: tuple[Address, ...] = ()
    up: bool = True
    network: str = ""  # "" when no known network claims it
    bridge: str = ""  # the bridge its veth peer is plugged into
    peer: str = ""  # the veth peer's name on the host
    peer_index: int = 0
    parent: str = ""  # for macvlan and ipvlan: the host interface it rides on, perhaps a bridge
    mtu: int = 0  # bytes; 0: not known
    mac: str = ""
    master: str = ""  # the bridge of its own namespace that it is plugged into

    @property
    def odd_mtu(self) -> int:
        """The MTU where it is worth a word; else 0."""
        return _odd(self.mtu)


@dataclass(frozen=True, slots=True)
class Box:
    """One network namespace and the containers that live in it (usually one).

    `mode`: `own` has interfaces of its own; `none` has only `lo`; `host` is the
    host's namespace; `stopped` has none, for its containers do not run; `unread` has one
    that could not be found or entered, so nothing is known of it; `named` has no container, but a
    name (`ip netns add NAME`).
    """

    containers: tuple[str, ...]  # the one that owns the namespace first
    mode: Mode
    ports: tuple[Port, ...] = ()
    inode: int = 0
    owned: bool = True
    joins: str = ""  # stopped or left with lo only: the container whose namespace it joins at its start
    members: tuple[ContainerInfo, ...] = ()  # the same containers, as the engine knows them
    name: str = ""  # of one without containers
    on: str = ""  # the engine host that it lives on, which is a box itself

    @property
    def names(self) -> tuple[str, ...]:
        """Of the containers; of a namespace that has none, its own."""
        return self.containers or (self.name,)

    @property
    def owner(self) -> str:
        """By what name its interfaces are told."""
        return self.names[0]

    @property
    def label(self) -> str:
        return " + ".join(self.names)

    @property
    def ids(self) -> tuple[str, ...]:
        """Who they are: a name can be given again, an id cannot. By name where no engine was asked."""
        return tuple(member.id for member in self.members) or self.names

    @property
    def publications(self) -> tuple[Publication, ...]:
        """What of them is published on the host: `docker port`."""
        return tuple(one for member in self.members for one in member.publications)

    @property
    def paused(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.members if member.state == "paused")


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge on the host and the network that Docker keeps on it; None: one that Docker did not make.

    `hidden`: a network whose cables end in a namespace of its own, as an overlay's do; the
    host has no device of that name.
    """

    name: str
    network: NetworkInfo | None = None
    addresses: tuple[Address, ...] = ()
    ports: tuple[str, ...] = ()  # host interfaces plugged into it
    up: bool = True
    hidden: bool = False
    mtu: int = 0  # bytes; 0: not known
    translated: bool = False  # by a rule that was found, where no engine says so

    @property
    def title(self) -> str:
        """By what it goes in a picture: its network's name; its own, if it has none."""
        return self.network.name if self.network else self.name

    @property
    def id(self) -> str:
        """Its network's; a bridge without one is known by its name only."""
        return self.network.id if self.network else self.name

    @property
    def nat(self) -> bool:
        """Is what leaves the host through it given the host's address? By hand, only the rules know."""
        net = self.network
        told = net is not None and net.masquerade and not net.internal and not self.hidden
        return bool(told) or self.translated

    @property
    def short(self) -> str:
        """Stable name: the id in `br-1a2b…` is the engine's whim."""
        if self.hidden and self.network:
            return self.network.driver
        return "br-…" if self.network and self.name == f"br-{self.network.id[:12]}" else self.name

    @property
    def label(self) -> str:
        """Stable name that tells it from other bridges."""
        if self.hidden or self.network is None:
            return self.name
        return self.name if self.network.is_default else f"bridge of {self.network.name}"

    @property
    def odd_mtu(self) -> int:
        """The MTU where it is worth a word; else 0."""
        return _odd(self.mtu)


@dataclass(frozen=True, slots=True)
class Cable:
    """A veth pair between two namespaces, neither of them the host's: `ip link add … type veth peer …`."""

    ends: tuple[Stop, Stop]  # sorted

    @property
    def label(self) -> str:
        """Stable name: what it joins."""
        return " – ".join(f"{end.container} {end.interface}" for end in self.ends)


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
        """Stable name of the host's end: which cable it is, not what the kernel called it.

        One that is plugged into nothing was made by somebody, who gave it a name.
        """
        if not self.bridge:
            return self.peer
        return f"veth of {self.container}" + ("" if self.interface == "eth0" else f" {self.interface}")


@dataclass(frozen=True, slots=True)
class Topology:
    """The wiring of one moment, sorted, so that equal wiring compares equal."""

    boxes: tuple[Box, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    networks: tuple[NetworkInfo, ...] = ()
    host_interfaces: tuple[Interface, ...] = ()  # the host's own: no bridge of Docker's, no veth of ours
    cables: tuple[Cable, ...] = ()  # between two boxes; those to the host are told by their ports
    place: str = ""  # what plays the host; "": the engine's own

    def box(self, name: str) -> Box:
        """The namespace that the container lives in, or of that name; KeyError if there is none here."""
        for box in self.boxes:
            if name in box.names:
                return box
        raise KeyError(name)

    def owned(self) -> Topology:
        """Without what other programs and other labs made, unless an own container is plugged into it.

        The three default networks stay.
        """
        own = {box.owner for box in self.boxes if box.owned}
        joined = {e.container for c in self.cables for e in c.ends if own & {e.container for e in c.ends}}
        # a namespace has no label: it is shown if a cable leads to it
        boxes = tuple(b for b in self.boxes if b.owned or (b.mode == "named" and b.owner in joined))
        used = {port.network for box in boxes for port in box.ports}
        plugged = {port.bridge for box in boxes for port in box.ports}

        def stays(network: NetworkInfo) -> bool:
            return network.owned or network.is_default or network.name in used

        return replace(
            self,
            boxes=boxes,
            bridges=tuple(b for b in self.bridges if (stays(b.network) if b.network else b.name in plugged)),
            networks=tuple(n for n in self.networks if stays(n)),
            cables=tuple(c for c in self.cables if {e.container for e in c.ends} <= {b.owner for b in boxes}),
        )

    @property
    def host_names(self) -> dict[str, str]:
        """Kernel's name → stable name of the host's interfaces: cables, bridges, its own as they are."""
        bridges = {bridge.name: bridge.label for bridge in self.bridges if not bridge.hidden}
        own = {interface.name: interface.name for interface in self.host_interfaces}
        return {**own, **bridges, **{pair.peer: pair.label for pair in self.veth_pairs}}

    @property
    def veth_pairs(self) -> tuple[VethPair, ...]:
        return tuple(veth_pair(box, port) for box in self.boxes for port in box.ports if port.peer)


def _odd(mtu: int) -> int:
    return mtu if mtu != USUAL_MTU else 0


def veth_pair(box: Box, port: Port) -> VethPair:
    """The cable of a port that has one."""
    return VethPair(box.owner, port.name, port.index, port.peer, port.peer_index, port.bridge, port.network)


def stable(addresses: Iterable[Address]) -> list[Address]:
    """The addresses that are the same in every run, IPv4 first: link-local ones follow the MAC address."""
    kept = [a for a in addresses if not a.value.is_link_local and not a.value.is_loopback]
    return sorted(kept, key=lambda a: a.value.version)


def is_of(address: Address, subnet: str) -> bool:
    """Does it lie in the subnet? An engine may call something a subnet that is none."""
    try:
        return address.value.ip in ip_network(subnet, strict=False)
    except ValueError:
        return False
