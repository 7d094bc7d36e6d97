"""What became of a ping or a connection, in words: from the packets, and from what the command said."""

from __future__ import annotations

from collections.abc import Iterable

from netbook.model.programs import ExecResult, PingResult
from netbook.topology.addressing import literal
from netbook.trace.passages import Passage
from netbook.trace.probe import Probe

_REQUESTS = ("ICMP echo request", "ICMPv6 echo request", "TCP SYN")
_ANSWERS = ("ICMP echo reply", "ICMPv6 echo reply", "TCP SYN-ACK", "TCP RST")


def sentence(shown: Iterable[Passage], probe: Probe, said: ExecResult, heard: PingResult) -> str:
    """Who asked whom, and what came of it; how far the packet came if nothing did."""
    shown = list(shown)
    who = probe.source or "the host"
    begin = f"{who} pings {probe.target}:"
    if probe.port:
        begin = f"{who} connects to {probe.target} port {probe.port}:"
    there = [p for p in shown if _kind(p) in _REQUESTS or p.packet.protocol == "fragment"]
    back = [p for p in shown if _kind(p) in _ANSWERS]
    if not there:
        return f"{begin} {_why_nothing(shown, probe, said, heard)}."
    if back and back[-1].end == "arrived":
        good = "the connection was made" if probe.port else "the reply came back"
        return f"{begin} {'refused' if _kind(back[0]) == 'TCP RST' else good}."
    way = next((p for p in [*there, *back] if p.end == "lost"), (back or there)[-1])
    last = way.sightings[-1]
    became = {
        "lost": f"came no further than {_the(way.where)}",
        "left": f"left the host by {last.stop.interface}",
        "arrived": f"arrived at {_the(last.where)}",
    }[way.end]
    complaint = next((p for p in shown if p.packet.quoted), None)
    because = f" ({_complaint(complaint)}, says {complaint.leg.source})" if complaint else ""
    return f"{begin} no answer. The {_kind(way)} {became}{because}."


def _complaint(passage: Passage) -> str:
    return ", ".join(filter(None, (passage.leg.what, passage.packet.detail)))


def _the(where: str) -> str:
    """
    >>> _the("bridge of custom_network"), _the("eth0 of bbox01")
    ('the bridge of custom_network', 'eth0 of bbox01')
    """
    return f"the {where}" if where.startswith(("bridge ", "veth ")) else where


def _kind(passage: Passage) -> str:
    return passage.leg.what.partition(",")[0]


def _why_nothing(shown: Iterable[Passage], probe: Probe, said: ExecResult, heard: PingResult) -> str:
    if heard.error == "bad address" or any(p.packet.protocol == "DNS" for p in shown):
        return "the name has no address, so nothing was sent to it"
    asked = [p.packet.target for p in shown if p.packet.what.startswith(("ARP who", "ND who"))]
    if asked:
        targets = {str(literal(probe.target) or heard.address)}
        whose = "its address" if targets & {"", *asked} else f"the gateway's address, {asked[0]}"
        return f"nobody answered for {whose}, so nothing could be sent to it"
    who = probe.source or "the host"
    words = heard.error or (said.text.strip().splitlines() or ["it said nothing"])[-1]
    return f"nothing left {who} ({words})"
