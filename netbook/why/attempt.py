"""The attempt itself: a connection, a datagram or a ping; and the look at its packets, while it is silent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from netbook.why import datagram, routes, servers, sight
from netbook.why.case import Case
from netbook.why.senses import Heard
from netbook.why.sight import Sight

_LEAST, _TIMES = 0.25, 3  # seconds; and times what it takes here to run something that waits for nobody


def made(case: Case) -> tuple[Heard, Sight | None]:
    """What came of it. If it is silent for longer than answers take, it is looked at more closely at once.

    For what is silent stays silent for a second, which is what the helpers take to be ready.
    """
    with ThreadPoolExecutor(1) as pool:
        trying = pool.submit(_tried, case)
        try:
            return trying.result(max(_LEAST, _TIMES * case.pace)), None
        except TimeoutError:
            pass
        case.spaces.pop(case.source.pid, None)  # with its neighbours, of this moment
        around = case.around
        neighbours = case.space(case.source).neighbours
        case.heard = Heard("no answer" if case.port else "", neighbours=neighbours)
        if not is_worth_a_look(case):
            return trying.result(), None
        seen = sight.look(case, around, trying.result)
        heard = trying.result()
    if heard.answered:
        return heard, None
    # the capture lets neighbours be forgotten; but on a busy machine nobody was asked for yet when it began
    return replace(heard, neighbours=(*neighbours, *heard.neighbours)), seen


def _tried(case: Case) -> Heard:
    if case.proto == "udp" and case.port and (found := datagram.heard(case)):
        return found
    return case.senses.attempt(case.source.pid, case.address, case.port if case.proto == "tcp" else 0)


def is_worth_a_look(case: Case) -> bool:
    """Not if the packet cannot leave, or nobody listens anyway."""
    if case.near or (case.published and servers.is_alone(case)):
        return False
    return all(finding.ok for finding in routes.neighbour(case))
