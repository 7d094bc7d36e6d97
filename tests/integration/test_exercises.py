"""Every exercise on a real engine: with each of its mistakes, solved in each of its ways.

By day a chapter's run has solved its exercises (tests/frame/solving.py), and here only the first mistake of
each chapter's first one is made; by night all is done, twice from fresh.

One after another on each engine: while Docker 20.10 makes a network, its rules let pass for a moment what
they hold back before and afterwards, and a wall was found open.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.learn import exercises
from netbook.learn.program import play
from netbook.learn.task import Task
from netbook.learn.verdict import Verdict
from tests import goals
from tests.frame.day import is_night

Result = tuple[str, str]  # what was tried, and what is wrong with it; "" if nothing is
FIRST = list({identity[:2]: identity for identity in reversed(exercises.every())}.values())[::-1]


@pytest.mark.parametrize("identity", exercises.every() if is_night() else FIRST)
def test_exercise(identity: str, engine: Engine, subtests: pytest.Subtests) -> None:
    with Lab(f"test-{identity}", engine=engine, echo=False) as lab:
        task = lab.task(identity)
        for name, wrong in all_of(task, lab) if is_night() else mistaken(task, lab, most=1):
            with subtests.test(name):
                assert not wrong, wrong


def all_of(task: Task, lab: Lab) -> Iterator[Result]:
    exercise = task.exercise
    task.start()  # twice equals once
    yield "untouched", expected(task.judged(), "not attempted")
    for number, way in enumerate([exercise.solution, *exercise.alternatives]):
        if number:  # the first finds it untouched
            task.start()
        play(way, lab)
        yield f"way {number}", expected(task.judged(), "solved", exercise.why)
        if not number:
            yield "picture of its goal", goals.stale(exercise, lab.snapshot(foreign=True))
    task.start()
    yield from mistaken(task, lab)


def mistaken(task: Task, lab: Lab, most: int | None = None) -> Iterator[Result]:
    """Each from the start, which is there."""
    for number, mistake in enumerate(task.exercise.mistakes[:most]):
        if number:
            task.start()
        play(mistake.program, lab)
        yield f"mistake {number + 1}", expected(task.judged(), "not yet", mistake.says)


def expected(verdict: Verdict, state: str, told: str = "") -> str:
    """What is wrong with it."""
    if (verdict.state, verdict.told) == (state, told):
        return ""
    return f"expected {state!r} and {told!r}, but the judge says:\n{verdict}"
