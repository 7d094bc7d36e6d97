"""One question, and what is known of it so far: who asks whom, by which word, and what was read and tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address

from netbook.model.docker import ContainerInfo, NetworkInfo, Publication
from netbook.model.journey import Stop
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Box, Port, Topology, is_of
from netbook.trace.places import Places
from netbook.why.senses import Heard, Hop, Senses, Space
from netbook.why.sight import Sight
from netbook.workspace.workspace import Workspace

DNS = "127.0.0.11"


@dataclass(frozen=True, slots=True)
class End:
    """One of the two: a container, or the host (a name of "")."""

    name: str = ""
    info: ContainerInfo | None = None
    box: Box | None = None

    @property
    def label(self) -> str:
        return self.name or "the host"

    @property
    def pid(self) -> int:
        """A process of its namespace; 0 is the host's."""
        return self.info.pid if self.info else 0

    @property
    def ports(self) -> tuple[Port, ...]:
        return self.box.ports if self.box else ()

    @property
    def is_host(self) -> bool:
        return not self.name or (self.box is not None and self.box.mode == "host")

    @property
    def networks(self) -> list[str]:
        """Docker's networks that it is plugged into."""
        return list(dict.fromkeys(port.network for port in self.ports if port.network))


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found: `ok` or not; of a no the cause, a remedy, and two words for the picture."""

    step: str
    question: str
    found: str
    ok: bool = True
    cause: str = ""
    remedy: str = ""
    broken: str = ""
    at: tuple[Stop, ...] = ()  # the way until there, where a check knows it


@dataclass
class Case:
    """What the checks share; each leaves here what the next ones need."""

    ws: Workspace
    seen: Snapshot
    graph: Topology
    senses: Senses
    source: End
    asked: str  # the word, or the address
    target: End | None  # the container that is meant, or whose the address is
    port: int = 0
    proto: str = "tcp"
    pace: float = 0.0  # seconds: what an exec takes here that waits for nobody
    address: str = ""  # "" until the name was resolved
    by: str = ""  # who told the address of a name
    other: str = ""  # the address of the other family that the name has, too, and that programs try first
    hop: Hop = field(default_factory=Hop)
    published: Publication | None = None
    server: End | None = None  # who is to answer: the target, or what is published
    inner: int = 0  # its port
    heard: Heard | None = None
    sight: Sight | None = None  # what was captured and counted, if something went wrong
    notes: list[str] = field(default_factory=list)
    spaces: dict[int, Space] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        return Places(self.seen, self.graph)

    # -- whose is what --------------------------------------------------------

    def end(self, name: str) -> End:
        """Of a container that is there."""
        info = next((c for c in self.seen.containers if c.name == name), None)
        box = next((b for b in self.graph.boxes if name in b.containers), None)
        return End(name, info, box)

    def owner(self, address: str) -> End | None:
        """Whose address it is; of one that each namespace has, the source's own."""
        if ip_address(address).is_loopback:
            return self.source
        inode = self.places.owner(address)
        if inode == self.places.host:
            return End()
        box = next((b for b in self.graph.boxes if b.inode == inode and b.containers), None)
        return self.end(box.owner) if box and inode else None

    def space(self, end: End) -> Space:
        """Read once."""
        self.read([end])
        return self.spaces[end.pid]

    @property
    def forwarding(self) -> str:
        """What has to be 1 where a packet to the address is passed on."""
        return "net.ipv6.conf.all.forwarding" if ":" in self.address else "net.ipv4.ip_forward"

    def forwards(self, end: End) -> bool:
        return ("ipv6" if ":" in self.address else "ipv4") in self.space(end).forwards

    def read(self, ends: Iterable[End]) -> None:
        """Their spaces, all at once, those that are not known yet."""
        if missing := [p for p in dict.fromkeys(end.pid for end in ends) if p not in self.spaces]:
            self.spaces |= self.senses.spaces(missing)

    def port_with(self, end: End, address: str) -> Port | None:
        return next((p for p in end.ports if address in {a.ip for a in p.addresses}), None)

    @property
    def leaving(self) -> Port | None:
        """The source's interface that its route names."""
        return next((p for p in self.source.ports if p.name == self.hop.interface), None)

    @property
    def near(self) -> bool:
        """Does it stay within the source's own namespace?"""
        return (bool(self.address) and ip_address(self.address).is_loopback) or self.hop.local

    @property
    def answered(self) -> bool:
        return self.heard is not None and self.heard.answered

    @property
    def gateway(self) -> End | None:
        """A container that the route goes by."""
        found = self.owner(self.hop.gateway) if self.hop.gateway else None
        return found if found and found.name else None

    def segment(self, end: End, port: Port) -> tuple[str, str]:
        """The bridge behind an interface, on the host or in a container that plays one; ("", "") for none."""
        if port.bridge:
            return "", port.bridge
        if not end.box:
            return "", ""
        here = Stop(end.box.owner, port.name)
        for cable in self.graph.cables:
            if here in cable.ends:
                far = next(e for e in cable.ends if e != here)
                box = self.graph.box(far.container)
                there = next((p for p in box.ports if p.name == far.interface), None)
                return (
                    (far.container, (there.master or (far.interface if there.addresses else "")))
                    if there
                    else ("", "")
                )
        return "", ""

    @property
    def around(self) -> list[End]:
        """All whose rules a packet may meet here: both, the host, and containers that are gateways."""
        ends = [self.source, *filter(None, (self.target, self.server, self.gateway)), End()]
        self.read(ends)
        for end in filter(None, (self.target, self.server)):
            if end.name and end.pid:
                via = (self.owner(r.gateway) for r in self.space(end).routes if r.gateway)
                ends += [owner for owner in via if owner]
        kept: dict[int, End] = {}
        for end in ends:
            if end.pid or end.is_host:
                kept.setdefault(0 if end.is_host else end.pid, End() if end.is_host else end)
        return list(kept.values())

    # -- what is odd ----------------------------------------------------------

    def network(self, name: str) -> NetworkInfo | None:
        return next((n for n in self.graph.networks if n.name == name), None)

    def odd_prefix(self, end: End | None) -> str:
        """In a phrase, an interface whose netmask is not its network's."""
        for port in end.ports if end else ():
            network = self.network(port.network)
            for subnet in network.subnets if network else ():
                wanted = subnet.rpartition("/")[2]
                odd = [a.value.network.prefixlen for a in port.addresses if is_of(a, subnet)]
                if odd and wanted.isdecimal() and int(wanted) not in odd and end:
                    whose = f"{port.name} of {end.label} has the netmask /{odd[0]}"
                    return f"{whose}, and its network {port.network} has /{wanted}"
        return ""

    def neighbours_who_listen(self) -> list[str]:
        """Containers on the source's networks (all, for the host) that serve the port: by their names."""
        if not self.port:
            return []
        here = set(self.source.networks)
        ends = [
            self.end(box.owner)
            for box in self.graph.boxes
            if box.mode == "own"
            and box.inode
            and self.source.name not in box.containers
            and (not self.source.name or here & {p.network for p in box.ports})
        ]
        running = [end for end in ends if end.pid]
        self.read(running)
        wanted = self.inner or self.port
        return [
            end.name
            for end in running
            if any(
                not ip_address(s.address).is_loopback
                for s in self.spaces[end.pid].listening(wanted, self.proto)
            )
        ]


def joined(names: list[str], word: str = "and") -> str:
    """
    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}" if names else "nobody"
    )
