"""Which of the captured packets are those of one ping or one connection, and of all that it needed.

On a host there is always other traffic. A ping is known by its sequence number and first
bytes (the time is in them), a connection by the number of its SYN: neither is changed by
NAT. What else belongs to it: fragments, complaints (ICMP) about its packets, DNS questions
for the target's name, and ARP or ND between those on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from netbook.model.packet import Packet
from netbook.trace.places import Places

Connection = tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A packet and the network namespace in which it was captured."""

    namespace: int
    packet: Packet


@dataclass(frozen=True, slots=True)
class Question:
    """Who asked for what: from which namespace, where to, and by which name."""

    source: int  # the namespace, by its inode
    addresses: frozenset[str] = frozenset()  # of the target
    name: str = ""
    port: int = 0  # TCP; 0: a ping
    published: frozenset[tuple[str, int]] = (
        frozenset()
    )  # addresses and ports in containers that it stands for

    @property
    def ports(self) -> frozenset[int]:
        """Those that say what is meant; all others were chosen for one connection."""
        return frozenset({self.port, *(port for _, port in self.published)} - {0})


def select(found: Iterable[Seen], question: Question, places: Places) -> list[Seen]:
    """What belongs to it, in order of time."""
    seen = sorted(found, key=lambda one: one.packet.time)
    own = set(_echoes(seen, question) if not question.port else _connections(seen, question, places))
    own |= _fragments(seen, own)
    asked = set(_names(seen, question))
    complaints = {n for n, one in enumerate(seen) if _complains(one, [seen[m] for m in own | asked])}
    ends = {a for n in own for a in (seen[n].packet.inmost.source, seen[n].packet.inmost.target)}
    ends |= question.addresses | places.addresses(question.source)
    around = ends | places.addresses(places.host)
    neighbours = {n for n, one in enumerate(seen) if _is_neighbourly(one.packet, ends, around)}
    if not own:
        neighbours |= set(_in_vain(seen, question, places))
    return [seen[n] for n in sorted(chain(own | asked | complaints | neighbours))]


def _echoes(seen: list[Seen], question: Question) -> Iterator[int]:
    mine = (
        one.packet.echo
        for one in seen
        if one.namespace == question.source and one.packet.echo and one.packet.target in question.addresses
    )
    mark = next(mine, None)
    return (n for n, one in enumerate(seen) if mark and one.packet.inmost.echo == mark)


def _connections(seen: list[Seen], question: Question, places: Places) -> Iterator[int]:
    """docker-proxy ends a connection and opens one of its own, from the host to the container.

    What the host itself sends to a published port has the container's address before any interface sees it.
    """
    numbers: set[int] = set()
    from_host = question.source == places.host
    for one in seen:
        packet = one.packet
        to = (packet.target, packet.target_port)
        asks = one.namespace == question.source and packet.target_port == question.port
        asks = asks and packet.target in question.addresses
        stands_in = one.namespace == places.host == places.owner(packet.source) and to in question.published
        if packet.flags == "S" and (asks or (stands_in and (numbers or from_host))):
            numbers.add(packet.number)
    known: set[Connection] = set()
    for one in seen:
        if one.packet.flags == "S" and one.packet.number in numbers:
            known |= {_connection(one.packet), _connection(one.packet, back=True)}
    inmost = ((n, one.packet.inmost) for n, one in enumerate(seen))
    return (n for n, packet in inmost if packet.flags and _connection(packet) in known)


def _connection(packet: Packet, *, back: bool = False) -> Connection:
    there, here = (packet.target, packet.target_port), (packet.source, packet.source_port)
    return (*there, *here) if back else (*here, *there)


def _fragments(seen: list[Seen], own: set[int]) -> set[int]:
    def whole(one: Seen) -> tuple[object, ...]:
        return one.namespace, one.packet.source, one.packet.target, one.packet.ip_id

    firsts = {whole(seen[n]) for n in own if seen[n].packet.identity[0] == "fragment"}
    return {n for n, one in enumerate(seen) if one.packet.protocol == "fragment" and whole(one) in firsts}


def _names(seen: list[Seen], question: Question) -> Iterator[int]:
    """Questions that were asked in the source's namespace and their answers, wherever they pass."""
    name = question.name.lower().rstrip(".")

    def fits(packet: Packet) -> bool:
        return packet.name == name or packet.name.startswith(f"{name}.")  # a search domain is tried, too

    if not name:
        return iter(())
    numbers = {
        one.packet.identity[1] for one in seen if one.namespace == question.source and fits(one.packet)
    }
    return (n for n, one in enumerate(seen) if fits(one.packet) and one.packet.identity[1] in numbers)


def _complains(one: Seen, about: Iterable[Seen]) -> bool:
    quoted = one.packet.quoted
    if quoted is None:
        return False
    for other in about:
        packet = other.packet
        if packet.echo and quoted.echo:
            same = packet.echo[0] == quoted.echo[0] and packet.echo[1].startswith(quoted.echo[1])
        else:
            same = bool(packet.flags or packet.name) and packet.identity[:3] == quoted.identity[:3]
        if same:
            return True
    return False


def _in_vain(seen: list[Seen], question: Question, places: Places) -> Iterator[int]:
    """Questions that kept the packet from being sent, answered by nobody: for the target, or for a gateway.

    A ping before this one may still ask for its own target: the kernel does so for three seconds.
    """
    answered = {one.packet.source for one in seen if one.packet.what.startswith(("ARP reply", "ND reply"))}
    own = places.addresses(question.source)
    near = {a for a in question.addresses if places.is_on_link(a, question.source)}
    for n, one in enumerate(seen):
        packet = one.packet
        asks = packet.what.startswith(("ARP who", "ND who")) and packet.source in own - {packet.target}
        meant = packet.target in near or not near
        if asks and meant and packet.target not in answered and places.owner(packet.target) is None:
            yield n


def _is_neighbourly(packet: Packet, ends: Iterable[str], around: Iterable[str]) -> bool:
    """ARP or ND between one of the two ends and the other, or the host; nobody's announcement of itself."""
    pair = {packet.source, packet.target}
    return (
        packet.protocol in ("ARP", "ND") and len(pair) == 2 and pair <= set(around) and bool(pair & set(ends))
    )
