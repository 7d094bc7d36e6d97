"""Does the answer find its way back, and what did TCP say?"""

from __future__ import annotations

from collections.abc import Iterator

from netbook.model.journey import Stop
from netbook.why.case import Case, Checked

_BACK = "Does the answer find its way back?"
_ANSWER = "What does TCP say?"
_HEARD = "Is the datagram heard?"
_PING = "Does the ping come back?"


def back(case: Case) -> Iterator[Checked]:
    """`ip route get ADDRESS` and `ip neigh` in the one that answers, and what was captured of the answer."""
    server, seen = case.target, case.sight
    if case.answered or case.near or server is None or not server.pid or seen is None or case.proto == "udp":
        return
    to = case.hop.source or next(
        (a.ip for p in case.source.ports for a in p.addresses if a.scope == "global"), ""
    )
    if not to or (server.is_host and case.source.is_host):
        return
    (hop,) = case.senses.ways((server.pid, to))
    there = (Stop(case.source.name, ""), Stop(server.name, ""))
    if hop.error:
        odd = case.odd_prefix(server)
        yield Checked(
            "back",
            _BACK,
            f"{server.label} has no route to {to}: {hop.error}",
            False,
            odd or f"the question arrives, but {server.label} has no route back to {to}",
            f"docker restart {server.name}"
            if odd
            else f"ip route add, in {server.label}; or docker restart {server.name}",
            "no way back",
            there,
        )
        return
    case.spaces.pop(server.pid, None)
    after = hop.gateway or to
    entry = next((n for n in case.space(server).neighbours if n.address == after), None)
    owner = case.owner(after)
    mac = next((p.mac for p in owner.ports if after in {a.ip for a in p.addresses}), "") if owner else ""
    if entry and entry.state == "PERMANENT" and mac and entry.mac.lower() != mac.lower():
        yield Checked(
            "back",
            _BACK,
            f"{server.label} has a static entry for {after} with a wrong MAC",
            False,
            f"{server.label} has a wrong static entry in its table of neighbours, for {after}: the answer "
            f"goes astray",
            f"ip neigh del {after} dev {entry.interface}, in {server.label}",
            "wrong MAC",
            there,
        )
        return
    if entry and entry.stable_state == "unanswered":
        odd = case.odd_prefix(server) or case.odd_prefix(case.source)
        yield Checked(
            "back",
            _BACK,
            f"nobody answers {server.label} for {after}",
            False,
            odd
            or f"the question arrives, but {server.label} gets no answer for {after}, which its answer has "
            f"to go to",
            f"ip route and ip addr, in {server.label}, show why; docker restart {server.name} gives it "
            f"Docker's",
            "no way back",
            there,
        )
        return
    if seen.back.end == "lost":
        gateway = case.owner(hop.gateway) if hop.gateway else None
        cause = f"the answer came no further than {seen.back.where}"
        if gateway and gateway.name and not case.forwards(gateway):
            cause = (
                f"{gateway.name}, by which the answer goes, does not forward: {case.forwarding} is 0 there"
            )
        yield Checked(
            "back",
            _BACK,
            cause,
            False,
            case.odd_prefix(server) or cause,
            "look there: its routes, its rules",
            "the answer is lost",
            seen.back.stops,
        )
        return
    by = f"by {hop.interface}" + (f" to the gateway {hop.gateway}" if hop.gateway else ", on the link")
    yield Checked("back", _BACK, by)


def answer(case: Case) -> Iterator[Checked]:
    """`nc -w 1 ADDRESS PORT`, a datagram, or `ping -c 2 ADDRESS`: the last word."""
    heard = case.heard
    if heard is None:
        return
    question, good = _PING, "yes"
    if heard.word:
        question, good = (_HEARD, "yes") if case.proto == "udp" else (_ANSWER, "the connection is made")
    word = heard.word or heard.ping.outcome
    if case.answered:
        yield Checked("answer", question, good)
        return
    whom = case.target.label if case.target else case.address
    said = case.sight.complaint if case.sight else ""
    cause = {
        "no answer": f"{whom} has not counted the datagram, and no rule of iptables that dropped it",
        "refused": f"{whom} refuses the connection",
        "timed out": f"nothing came back from {whom}, not even a no",
        "no reply": f"the ping arrives, and {whom} does not answer it: its kernel may be told so",
    }.get(word, f"{word}, at {case.address}")
    yield Checked(
        "answer",
        question,
        word,
        False,
        f"{cause} ({said})" if said else cause,
        "its own log may say why" if case.port else "sysctl net.ipv4.icmp_echo_ignore_all, there",
        word,
        (Stop(case.source.name, ""), Stop(case.target.name if case.target else "", "")),
    )
