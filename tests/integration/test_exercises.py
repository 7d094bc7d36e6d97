"""Every exercise on a real engine: untouched, with each of its mistakes, solved in each of its ways.

Waits for the night, or to be named: by day a chapter's run solves its exercises (tests/frame/solving.py).

One after another on each engine: while Docker 20.10 makes a network, its rules let pass for a moment what
they hold back before and afterwards, and a wall was found open.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.learn import exercises, tickets
from netbook.learn.program import play
from netbook.learn.task import Task
from netbook.learn.verdict import Verdict
from tests import goals

Result = tuple[str, str]  # what was tried, and what is wrong with it; "" if nothing is


@pytest.mark.parametrize("identity", sorted({*exercises.every()} - {*tickets.every()}))
def test_exercise(identity: str, engine: Engine, subtests: pytest.Subtests) -> None:
    with Lab(f"test-{identity}", engine=engine, echo=False) as lab:
        for name, wrong in played(lab.task(identity), lab):
            with subtests.test(name):
                assert not wrong, wrong


def played(task: Task, lab: Lab) -> Iterator[Result]:
    """Each way and each mistake from the start, or the solution straight after a mistake that it mends."""
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
    for number, mistake in enumerate(exercise.mistakes, 1):
        task.start()
        play(mistake.program, lab)
        yield f"mistake {number}", expected(task.judged(), "not yet", mistake.says)
        if mistake.mended:
            play(exercise.solution, lab)
            yield f"mistake {number}, mended", expected(task.judged(), "solved", exercise.why)


def expected(verdict: Verdict, state: str, told: str = "") -> str:
    """What is wrong with it."""
    if (verdict.state, verdict.told) == (state, told):
        return ""
    return f"expected {state!r} and {told!r}, but the judge says:\n{verdict}"
