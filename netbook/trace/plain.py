"""Of all that was seen of one ping or connection, what is the same in every run: the table's rows."""

from __future__ import annotations

from collections.abc import Iterable

from netbook.model.journey import Leg
from netbook.model.packet import Packet
from netbook.trace.passages import Passage
from netbook.trace.select import Question


def plain(found: Iterable[Passage], question: Question) -> list[Passage]:
    """What is the same in every run, on every engine, with every libc.

    Left out: what was sent again, acknowledgements after the first and a reset after the end (whether they
    are sent is a matter of moments), questions for the other family or within a search domain, and what
    Docker's resolver asked other servers. Data that follows data is one; a connection of docker-proxy's own
    follows that for which it was made.
    """
    found = sorted(found, key=lambda passage: _second(passage.packet, question))
    name = question.name.lower().rstrip(".")
    six = any(":" in address for address in question.addresses)
    asked = [p.packet for p in found if p.packet.protocol == "DNS"]
    exactly = any(packet.name == name for packet in asked)
    inside = any(_of_resolver(packet) for packet in asked)
    kept: list[Passage] = []
    seen: set[tuple[object, ...]] = set()
    acknowledged: set[frozenset[tuple[str, int]]] = set()
    finished: set[frozenset[tuple[str, int]]] = set()
    for passage in found:
        packet = passage.packet
        if packet.identity in seen:
            continue
        seen.add(packet.identity)
        about = packet.quoted or packet
        if about.protocol == "DNS":
            if about.identity[-1] != ("AAAA" if six else "A") or (exactly and about.name != name):
                continue
            if inside and not _of_resolver(about):
                continue
        connection = frozenset({(packet.source, packet.source_port), (packet.target, packet.target_port)})
        if packet.what == "TCP ACK":
            if connection in acknowledged:
                continue
            acknowledged.add(connection)
        if packet.what == "TCP FIN":
            finished.add(connection)
        if packet.what == "TCP RST" and connection in finished:
            continue
        before = kept[-1:] if packet.what == "TCP data" else kept
        if any(_same(other.leg, passage.leg) for other in before):
            continue
        kept.append(passage)
    return kept


def _second(packet: Packet, question: Question) -> bool:
    """What docker-proxy does for a connection goes on beside it; so it is told after it."""
    if not question.published:
        return False
    here = {(packet.source, packet.source_port), (packet.target, packet.target_port)}
    return not any(port == question.port and address in question.addresses for address, port in here)


def _of_resolver(packet: Packet) -> bool:
    return "127.0.0.11" in (packet.source, packet.target)


def _same(one: Leg, other: Leg) -> bool:
    return (one.what, one.stops, one.source, one.target) == (
        other.what,
        other.stops,
        other.source,
        other.target,
    )
