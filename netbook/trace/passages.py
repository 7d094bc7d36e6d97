"""From packets at interfaces to journeys: each packet once, with all the places where it was seen.

Times are compared, for one kernel made them all; except at a bridge that shows what it only
passes on: it gets its copy after the port that the packet leaves by. There it counts from the
port that it came in by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import pairwise
from typing import Literal

from netbook.model.journey import Leg, Stop
from netbook.model.packet import Packet
from netbook.trace.places import Places
from netbook.trace.select import Question, Seen

End = Literal["answered", "arrived", "left", "lost"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One packet at one interface."""

    stop: Stop
    where: str  # the stop's stable name
    packet: Packet
    namespace: int

    @property
    def direction(self) -> str:
        """`out` or `in`, as seen from the interface's own namespace."""
        return "out" if self.packet.outgoing else "in"


@dataclass(frozen=True, slots=True)
class Passage:
    """One packet's way, and what became of it."""

    leg: Leg
    sightings: tuple[Sighting, ...]
    end: End
    where: str  # the name of the last place that it got to

    @property
    def packet(self) -> Packet:
        """The packet as it was sent."""
        return self.sightings[0].packet

    @property
    def arrival(self) -> int:
        """When it was seen last."""
        return max(sighting.packet.time for sighting in self.sightings)


def passages(found: Iterable[Seen], question: Question, places: Places, captured: set[int]) -> list[Passage]:
    """One for each packet, in the order in which they came to their ends; `captured`: namespaces."""
    found = list(found)
    proxied = _proxied(found)
    pieces = {one.packet.identity for one in found if one.packet.identity[0] == "fragment"}
    groups: dict[tuple[object, ...], list[list[Sighting]]] = defaultdict(lambda: [[]])
    for one in found:
        stop = places.stop(one.namespace, one.packet.interface)
        sighting = Sighting(stop, places.label(stop), one.packet, one.namespace)
        whole = ("fragment", one.packet.ip_id, 0)  # a firewall on a bridge puts the fragments together
        group = groups[whole if whole in pieces and one.packet.echo else one.packet.identity]
        if any((s.stop, s.direction) == (stop, sighting.direction) for s in group[-1]):
            group.append([])  # the same once more: sent again
        group[-1].append(sighting)
    made = []
    for group in groups.values():
        for sightings in group:
            way = list(_along_the_way(_in_order(sightings, places), places))
            if way:
                made.append(_passage(way, question, places, captured, proxied))
    return sorted(made, key=lambda passage: passage.arrival)


def _in_order(sightings: Sequence[Sighting], places: Places) -> list[Sighting]:
    def when(sighting: Sighting) -> tuple[int, int]:
        time = sighting.packet.time
        if sighting.direction == "in" and (parent := places.parent(sighting.stop)):
            return max(s.packet.time for s in sightings if s is sighting or s.stop == parent), 2
        ports = () if sighting.stop.container else places.bridges.get(sighting.stop.interface, ())
        entered = [
            s.packet.time
            for s in sightings
            if s.direction == "in" and s.stop.interface in ports and s.packet.time <= time
        ]
        return (max(entered), 1) if sighting.direction == "in" and entered else (time, 0)

    return sorted(sightings, key=when)


def _along_the_way(sightings: Sequence[Sighting], places: Places) -> Iterator[Sighting]:
    """Without the ports and containers that a bridge floods in vain; who passes it on did not get it so.

    It floods for a macvlan upon it, whose MAC address it never learns.
    """
    ports = [s for s in sightings if s.direction == "out" and places.behind(s.stop) is not None]
    copies = Counter(places.bridge(s.stop) for s in ports)
    copies[None] = 0  # plugged into nothing
    broadcast = sightings[0].packet.protocol in ("ARP", "ND")
    rides = any(
        s.direction == "in" and places.parent(s.stop) and s.namespace == places.owner(s.packet.target)
        for s in sightings
    )
    everywhere = broadcast or rides
    flooded = {places.behind(s.stop) for s in ports if everywhere or copies[places.bridge(s.stop)] > 1}
    passed_on = {s.namespace for s in sightings if s.direction == "out" and s.stop.container}
    for sighting in sightings:
        wanted = passed_on | {places.owner(sighting.packet.inmost.target)}
        behind = places.behind(sighting.stop)
        if sighting.direction == "out" and behind in flooded - wanted - {None}:
            continue
        if sighting.direction == "in" and sighting.stop.container:
            here = sighting.namespace
            if here not in wanted and (everywhere or here in flooded):
                continue
        yield sighting


def _passage(
    way: Sequence[Sighting],
    question: Question,
    places: Places,
    captured: set[int],
    proxied: Collection[tuple[int, str]],
) -> Passage:
    first, last = way[0].packet, way[-1]
    stops = tuple(s.stop for n, s in enumerate(way) if n == 0 or way[n - 1].stop != s.stop)
    end = _end(last, places, captured)
    if end == "lost" and (last.namespace, first.target) in proxied and first.protocol in ("ARP", "ND"):
        end = "answered"
    where = last.where
    # a port hands on to its bridge, where Docker's rules wait: since 28 some do before tcpdump looks there
    if end == "lost" and last.direction == "in" and (bridge := places.bridge(last.stop)):
        stops, where = (*stops, bridge), places.label(bridge)
    notes = [first.detail] if first.quoted and first.detail else []
    notes += [
        note for one, other in pairwise(way) for note in _translated(one.packet, other.packet, question)
    ]
    notes += [f"whole at {s.where}" for s in way if s.packet.identity[0] != first.identity[0]]
    if end == "lost" and first.protocol in ("ARP", "ND") and places.owner(first.target) is None:
        notes.append("nobody here has that address")
    elif end == "lost":
        notes.append(f"lost {'at' if stops[-1].interface in places.bridges else 'after'} {where}")
    elif end == "answered":
        notes.append("answered on this host, for the one who has the address")
    elif end == "left":
        notes.append(f"left the host by {last.stop.interface}")
    source, target = ends(first, question)
    leg = Leg(first.what, stops, source, target, "; ".join(notes), end == "lost")
    return Passage(leg, tuple(way), end, where)


def _proxied(found: Iterable[Seen]) -> set[tuple[int, str]]:
    """Where tunnels are: namespaces, and for which address somebody answered there; hardly the owner."""
    seen = list(found)
    if not any(one.packet.carried for one in seen):
        return set()
    replies = (
        o for o in seen if not o.packet.outgoing and o.packet.what.startswith(("ARP reply", "ND reply"))
    )
    return {(one.namespace, one.packet.source) for one in replies}


def _end(last: Sighting, places: Places, captured: set[int]) -> End:
    target = last.packet.inmost.target
    if last.direction == "in":
        return "arrived" if places.is_here(target, last.namespace) else "lost"
    behind = places.behind(last.stop)
    if behind is not None:  # what a namespace gets in which nobody listens is not seen further
        return "arrived" if behind == places.owner(target) and behind not in captured else "lost"
    if last.stop.container or last.stop.interface in places.bridges or ip_address(target).is_loopback:
        return "lost"
    return "left"


def _translated(one: Packet, other: Packet, question: Question) -> Iterator[str]:
    if bool(one.carried) != bool(other.carried):
        if other.carried:
            yield f"packed into {other.what.partition(':')[0]}, {other.source} to {other.target}"
        return
    before, after = ends(one, question), ends(other, question)
    for what, old, new in zip(("source", "target"), before, after, strict=True):
        if old != new:
            yield f"{what} became {new} (NAT)"
    if one.flags and one.detail != other.detail:
        yield f"{one.detail or 'no MSS'} became {other.detail or 'none'}"


def ends(packet: Packet, question: Question) -> tuple[str, str]:
    """Source and target, with a port where that says what is meant."""
    return (
        _end_point(packet.source, packet.source_port, question.ports),
        _end_point(packet.target, packet.target_port, question.ports),
    )


def _end_point(address: str, port: int, meant: Iterable[int]) -> str:
    if port not in meant:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
