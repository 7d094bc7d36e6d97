"""Does a big packet pass, both ways, and as fast as a small one?"""

from __future__ import annotations

from collections.abc import Iterator

from netbook.model.journey import Stop
from netbook.topology.graph import USUAL_MTU
from netbook.why.case import Case, Checked, End

_QUESTION = "Does a big packet pass?"
_HEADERS = {4: 28, 6: 48}  # bytes: of IP and ICMP
_SLOW = 50  # ms more than a small one takes


def data(case: Case, end: End) -> int:
    """Of the biggest ping that leaves an end in one piece, in bytes."""
    port = case.leaving if end is case.source else next((p for p in end.ports if p.mtu), None)
    mtu = min((port.mtu if port else 0) or USUAL_MTU, 9000)
    return mtu - _HEADERS[6 if ":" in case.address else 4]


def big(case: Case) -> Iterator[Checked]:
    """`ping -c 4 -s SIZE ADDRESS`, as big as the interface's MTU allows; and from the other end, too."""
    target = case.target
    if case.near or target is None or not case.answered:
        return
    size = data(case, case.source)
    small, large = case.senses.sizes(case.source.pid, case.address, size)
    if small is None or large is None:
        return
    if not large.received:
        yield _black(case, size, case.source, target)
        return
    if target.pid and not target.is_host and case.hop.source and (case.hop.gateway or case.source.is_host):
        other = data(case, target)
        _, back = case.senses.sizes(target.pid, case.hop.source, other)
        if back is not None and not back.received:
            yield _black(case, other, target, case.source)
            return
    times = [r.time_ms for r in large.replies if r.time_ms is not None]
    few = [r.time_ms for r in small.replies if r.time_ms is not None]
    if len(times) > 1 and few and min(times[1:]) > min(few) + _SLOW:  # the first may have had credit
        case.notes.append(
            f"it is slow: {size} bytes take {max(times):.0f} ms and a few {min(few):.0f} ms, as behind a "
            f"rate limit (tc qdisc show, in both)"
        )
    yield Checked("big", _QUESTION, f"yes, {size} bytes of data do")


def _black(case: Case, size: int, from_: End, to: End) -> Checked:
    small = _smallest(case)
    return Checked(
        "big",
        _QUESTION,
        f"no: small ones do, {size} bytes from {from_.label} to {to.label} never come back",
        False,
        f"big packets from {from_.label} are lost on the way, and nobody tells it to send smaller ones"
        + (
            f": an MTU of {small[0]} at {small[1]}, and no ICMP that says so"
            if small
            else " (an MTU black hole)"
        ),
        "let ICMP type 3 pass; or the same MTU everywhere; or, on the router, "
        "iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
        "big packets are lost",
        (Stop(from_.name, ""), Stop(to.name, "")),
    )


def _smallest(case: Case) -> tuple[int, str] | None:
    """The smallest MTU between the two, if it is smaller than theirs."""
    mine = (case.leaving.mtu if case.leaving else 0) or USUAL_MTU
    gateway = case.gateway
    found = [(p.mtu, f"{p.name} of {gateway.label}") for p in gateway.ports if p.mtu] if gateway else []
    found += (
        [
            (b.mtu, b.label)
            for b in case.graph.bridges
            if b.mtu and b.name in {p.bridge for p in case.target.ports}
        ]
        if case.target
        else []
    )
    found += (
        [(p.mtu, f"{p.name} of {case.target.label}") for p in case.target.ports if p.mtu]
        if case.target
        else []
    )
    low = min(found, default=None)
    return low if low and low[0] < mine else None
