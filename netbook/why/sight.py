"""The same packet once more, with eyes open: captured everywhere on its way, and counted by the firewalls."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from threading import Event
from typing import TYPE_CHECKING

from netbook.errors import EngineError, ParseError
from netbook.model.firewall import Chain, Match
from netbook.model.journey import Leg, Stop
from netbook.model.programs import ExecResult
from netbook.why import walls
from netbook.why.senses import Heard
from netbook.why.walls import Counted

if TYPE_CHECKING:
    from netbook.why.case import Case, End

_THERE = ("ICMP echo request", "ICMPv6 echo request", "TCP SYN")
_PINGS = ("icmp", "ipv6-icmp", "icmpv6")
_LOST = re.compile(r"lost (at|after) ")
_BACK = ("ICMP echo reply", "ICMPv6 echo reply", "TCP SYN-ACK", "TCP RST")


Rules = dict[int, tuple[Chain, ...]]  # by a process of the namespace


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
    complaint: str = ""  # an ICMP message about it, and from whom
    counted: tuple[Counted, ...] = ()
    unseen: str = ""


def look(case: Case, around: Sequence[End], tried: Callable[[], Heard]) -> Sight:
    """`around`: all whose rules may count. `tried`: what came of the first attempt, which may still go on.

    Two helpers, side by side: one reads the rules before and after, the other listens.
    """
    ready, sent = Event(), Event()

    def counted() -> tuple[Rules, Rules]:
        try:
            with walls.reading(
                case.ws.engine, case.ws.name, [end.pid for end in around], ipv6=":" in case.address
            ) as rules:
                before = rules.read()
                ready.set()
                sent.wait()
                return before, rules.read()
        finally:
            ready.set()

    def send() -> None:
        ready.wait()
        try:
            _send(case)
        finally:
            sent.set()

    unseen: list[str] = []
    before: Rules = {}
    after: Rules = {}
    found: tuple[Part, Part, str] = (Part(), Part(), "")
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(counted)
        try:
            if case.proto == "udp":
                send()
            else:
                found = _captured(case, send, tried)
        except (EngineError, ParseError) as error:
            unseen.append(_words(error))
            if not sent.is_set():  # no tcpdump here, or no right to listen: the rules count all the same
                send()
        finally:
            sent.set()
        try:
            before, after = counting.result()
        except (EngineError, ParseError) as error:
            unseen.append(_words(error))
    fitting = [c for c in walls.dropped(before, after) if _fits(c, case.address, case.port, case.proto)]
    there, back, complaint = found
    return Sight(there, back, complaint, tuple(fitting), " ".join(unseen))


def _words(error: EngineError | ParseError) -> str:
    return getattr(error, "what", str(error))


def _send(case: Case) -> None:
    from netbook.why import datagram  # which knows the case, as this does not

    pid, to, port = case.source.pid, case.address, str(case.port)
    if not case.port:
        case.senses.send(pid, "ping", "-c", "1", "-W", "1", to)
    elif case.proto == "udp":
        datagram.heard(case)
    else:
        case.senses.send(pid, "nc", "-w", "1", to, port, "-e", "true")


def _captured(case: Case, send: Callable[[], None], tried: Callable[[], Heard]) -> tuple[Part, Part, str]:
    """How far it came, there and back, and who complained."""

    def sent(argv: tuple[str, ...]) -> ExecResult:
        send()
        return ExecResult(argv, 0, "", "")

    from netbook.engine.images import tcpdump
    from netbook.trace import record, trace  # with dpkt
    from netbook.trace.probe import Probe

    tcpdump.ensure(case.ws.engine, print)
    probe = Probe(case.source.name, case.address, case.port)
    take = record.record(case.ws.engine, case.ws.name, case.seen, case.graph, probe, sent)
    found = trace.read(replace(take, said=replace(take.said, stdout=tried().said)), shown=case.graph)
    ways: dict[str, Part] = {}
    complaint = ""
    for leg in found.legs:
        what = leg.what.partition(",")[0]
        kind = "there" if what in _THERE else "back" if what in _BACK else ""
        if not kind and leg.what.startswith("ICMP"):
            complaint = f"{leg.what}, says {leg.source}"
        if kind and ways.get(kind, Part()).end in ("", "lost"):  # one that was lost may have been sent again
            ways[kind] = _part(leg)
    return ways.get("there", Part()), ways.get("back", Part()), complaint


def _part(leg: Leg) -> Part:
    """Where it ended, by the words of the trace."""
    if leg.lost:
        return Part("lost", _LOST.sub("", leg.note.rpartition("; ")[2]), leg.stops)
    left = leg.note.rpartition("left the host by ")
    return Part("left", left[2], leg.stops) if left[1] else Part("arrived", "", leg.stops)


def _fits(counted: Counted, address: str, port: int, proto: str) -> bool:
    """Can the rule have met this packet, or its answer? What cannot be decided, can."""
    ports = {m.value for m in counted.rule.matches if m.name in ("dport", "sport") and not m.negated}
    protos = {m.value for m in counted.rule.matches if m.name == "p" and not m.negated}
    if protos - {"all", *((proto,) if port else _PINGS)}:
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
