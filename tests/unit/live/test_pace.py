"""Bursts of events become one look, and no event waits long for its look."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbook.live.pace import Pace

QUIET, LONGEST = 0.06, 0.25


def looks(events: list[float]) -> list[float]:
    """When a follower with nothing else to do would look, given when events happen."""
    pace, found = Pace(QUIET, LONGEST), []
    for at, after in zip(events, [*events[1:], float("inf")], strict=True):
        pace.event(at)
        due = at + (pace.wait(at) or 0.0)
        if due <= after:
            pace.looked()
            found.append(due)
    return found


def test_nothing_to_look_for():
    assert Pace().wait(5.0) is None


def test_one_event():
    assert looks([1.0]) == [1.0 + QUIET]


def test_a_burst_is_one_look():
    assert looks([1.0, 1.02, 1.04, 1.06]) == [1.06 + QUIET]


def test_a_burst_without_end_is_looked_at_in_between():
    found = looks([i / 100 for i in range(200)])
    assert 2 / LONGEST - 1 <= len(found) <= 2 / LONGEST + 1


def test_what_happens_during_a_look_is_looked_for_again():
    pace = Pace(QUIET, LONGEST)
    pace.event(1.0)
    pace.looked()
    pace.event(1.1)
    assert pace.wait(1.1) == pytest.approx(QUIET)


@given(st.lists(st.floats(0, 60), min_size=1).map(sorted))
def test_every_event_is_seen_soon_and_looks_are_few(events):
    found = looks(events)
    for event in events:
        assert any(event <= look <= event + LONGEST + 1e-9 for look in found)
    assert len(found) <= len(events)
    assert all(after - before >= QUIET - 1e-9 for before, after in itertools.pairwise(found))
