"""The same packet once more, with eyes open: captured everywhere on its way, and counted by the firewalls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from netbook.errors import EngineError, ParseError
from netbook.model.firewall import Chain, Match
from netbook.model.journey import Leg, Stop
from netbook.model.programs import ExecResult
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Topology
from netbook.why import walls
from netbook.why.walls import Counted
from netbook.workspace.workspace import Workspace

_THERE = ("ICMP echo request", "ICMPv6 echo request", "TCP SYN")
_LOST = re.compile(r"lost (at|after) ")
_BACK = ("ICMP echo reply", "ICMPv6 echo reply", "TCP SYN-ACK", "TCP RST")


@dataclass(frozen=True, slots=True)
class Part:
    """How far a packet came: there, or back."""

    end: str = ""  # arrived, left, lost; "" if there was none
    where: str = ""  # by a stable name
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What was captured and counted; `unseen` says why it could not be."""

    there: Part = Part()
    back: Part = Part()
    refused: bool = False
    complaint: str = ""  # an ICMP message about it, and from whom
    counted: tuple[Counted, ...] = ()
    rules: dict[int, tuple[Chain, ...]] | None = None
    unseen: str = ""


def look(
    ws: Workspace,
    seen: Snapshot,
    graph: Topology,
    source: tuple[str, int],
    address: str,
    port: int,
    around: Sequence[int],
) -> Sight:
    """`source`: a container's name and process; `around`: processes of all whose rules may count."""
    unseen = ""
    before: dict[int, tuple[Chain, ...]] = {}
    after: dict[int, tuple[Chain, ...]] = {}
    there, back, refused, complaint = Part(), Part(), False, ""
    try:
        with walls.reading(ws.engine, ws.name, around) as rules:
            before = rules.read()
            try:
                there, back, refused, complaint = _captured(ws, seen, graph, source, address, port)
            except (
                EngineError
            ) as error:  # no tcpdump here, or no right to listen: the rules count all the same
                unseen = error.what
                _send(ws, source[1], _argv(address, port))
            after = rules.read()
    except (EngineError, ParseError) as error:
        unseen = getattr(error, "what", str(error))
    counted = [c for c in walls.dropped(before, after) if _fits(c, address, port)]
    return Sight(there, back, refused, complaint, tuple(counted), after, unseen)


def _argv(address: str, port: int) -> tuple[str, ...]:
    if port:
        return ("nc", "-w", "1", address, str(port), "-e", "true")
    return ("ping", "-c", "1", "-W", "1", address)


def _send(ws: Workspace, pid: int, argv: Sequence[str]) -> ExecResult:
    inside = ("nsenter", "-t", str(pid), "-n") if pid else ()
    return ws.observer.exec(*inside, *argv)


def _captured(
    ws: Workspace, seen: Snapshot, graph: Topology, source: tuple[str, int], address: str, port: int
) -> tuple[Part, Part, bool, str]:
    from netbook.engine.images import tcpdump
    from netbook.trace import record, trace  # with dpkt
    from netbook.trace.probe import Probe

    tcpdump.ensure(ws.engine, print)
    name, pid = source
    probe = Probe(name, address, port)
    take = record.record(
        ws.engine, ws.name, seen, graph, probe, lambda _: _send(ws, pid, _argv(address, port))
    )
    found = trace.read(take, shown=graph)
    ways: dict[str, Part] = {}
    refused, complaint = False, ""
    for leg in found.legs:
        what = leg.what.partition(",")[0]
        kind = "there" if what in _THERE else "back" if what in _BACK else ""
        refused = refused or what == "TCP RST"
        if not kind and leg.what.startswith("ICMP"):
            complaint = f"{leg.what}, says {leg.source}"
        if kind and ways.get(kind, Part()).end in ("", "lost"):  # one that was lost may have been sent again
            ways[kind] = _part(leg)
    return ways.get("there", Part()), ways.get("back", Part()), refused, complaint


def _part(leg: Leg) -> Part:
    """Where it ended, by the words of the trace."""
    if leg.lost:
        return Part("lost", _LOST.sub("", leg.note.rpartition("; ")[2]), leg.stops)
    left = leg.note.rpartition("left the host by ")
    return Part("left", left[2], leg.stops) if left[1] else Part("arrived", "", leg.stops)


def _fits(counted: Counted, address: str, port: int) -> bool:
    """Can the rule have met this packet, or its answer? What cannot be decided, can."""
    ports = {m.value for m in counted.rule.matches if m.name in ("dport", "sport") and not m.negated}
    proto = {m.value for m in counted.rule.matches if m.name == "p" and not m.negated}
    if proto - {"all", "tcp" if port else "icmp"}:
        return False
    ends = [m for m in counted.rule.matches if m.name in ("s", "d") and not m.negated]
    both = len({m.name for m in ends}) == 2
    if both and not any(_holds(m, address) for m in ends):
        return False
    return not ports or not port or str(port) in ports or any(":" in p for p in ports)


def _holds(match: Match, address: str) -> bool:
    with suppress(ValueError):
        return ip_address(address) in ip_network(match.value, strict=False)
    return True
