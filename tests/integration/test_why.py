"""lab.why on a real engine: every fault is made, named, and mended; and of what is sound nothing is said.

The faults of the tickets are asked about in test_tickets.py; here are those that no ticket has.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.learn.program import play
from netbook.observer.errand import ROLE as ERRAND
from netbook.ownership import labels
from netbook.trace.capture import ROLE as CAPTURE
from netbook.why import walls
from tests.frame.day import is_night
from tests.integration.faults import FAULTS, SCENE, SOUND, SOUND_BY_NIGHT, Asked, Fault, asked, named


@pytest.fixture(scope="module")
def lab(engine: Engine) -> Iterator[Lab]:
    with Lab("why", engine=engine, echo=False) as made:
        play(SCENE, made)
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_each_fault_is_named(lab: Lab, fault: Fault) -> None:
    if fault.night and not is_night():
        pytest.skip("a variation of another fault; by night")
    try:
        play(fault.make, lab)
        _, wrong = named(lab, fault.ask)
    finally:
        play(fault.mend, lab)
    assert not wrong, wrong


@pytest.mark.parametrize("pair", SOUND + (SOUND_BY_NIGHT if is_night() else []), ids=str)
def test_what_is_sound_raises_no_alarm(lab: Lab, pair: Asked) -> None:
    made = asked(lab, *pair)
    assert made.ok, f"{made!r}\n{made.table.to_string()}"
    assert not made.notes
    assert set(made.table["ok"]) == {"yes"}
    assert made.diagram.svg


def test_who_is_not_there_is_told(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match="No container 'nobody'"):
        lab.why("nobody", "wy-db")
    with pytest.raises(errors.WrongArgument, match="port is 'http'"):
        lab.why("wy-app", "wy-db", port="http")
    for strange in ("-c", "wy db"):
        with pytest.raises(errors.WrongArgument, match=f"target is '{strange}'"):
            lab.why("wy-app", strange)


def test_no_helper_is_left_and_nothing_is_changed(lab: Lab, engine: Engine) -> None:
    before = lab.snapshot(foreign=True)
    lab.why("wy-app", lab.container("wy-far"))
    assert lab.snapshot(foreign=True) == before
    roles = {c.labels.get(labels.ROLE) for c in engine.containers()}
    assert roles.isdisjoint({CAPTURE, ERRAND, walls.ROLE})


def test_it_is_quick_where_all_is_well(lab: Lab) -> None:
    lab.why("wy-app", "wy-db", port=80)
    began = time.monotonic()
    lab.why("wy-app", "wy-db", port=80)
    assert time.monotonic() - began < 10  # a second where nobody else is at work
