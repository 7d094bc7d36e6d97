"""Every exercise on a real engine: untouched, with each of its mistakes, solved in each of its ways.

One after another on each engine: while Docker 20.10 makes a network, its rules let pass for a moment what
they hold back before and afterwards, and a wall was found open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.learn import exercises, look, tickets
from netbook.learn.exercise import Exercise
from netbook.learn.program import play
from netbook.learn.verdict import Verdict
from tests.frame.day import is_night

Result = tuple[str, str]  # what was tried, and what is wrong with it; "" if nothing is


@pytest.mark.parametrize("identity", sorted({*exercises.every()} - {*tickets.every()}))
def test_exercise(identity: str, engine: Engine, subtests: pytest.Subtests) -> None:
    for name, wrong in played(exercises.find(identity), engine):
        with subtests.test(name):
            assert not wrong, wrong


def played(exercise: Exercise, engine: Engine) -> Iterator[Result]:
    """By day solved, and the first mistake of each chapter's first one; by night all mistakes and ways."""
    night = is_night()
    first = exercise.id == next(other for other in exercises.every() if other[:3] == exercise.id[:3])
    with Lab(f"test-{exercise.id}", engine=engine, echo=False) as lab:
        task = lab.task(exercise.id)
        if night:
            task.start()  # twice equals once
        yield "untouched", expected(task.judged(), "not attempted")
        for number, way in enumerate([exercise.solution, *(exercise.alternatives if night else ())]):
            if number:  # the first finds it untouched
                task.start()
            play(way, lab)
            yield f"way {number}", expected(task.judged(), "solved", exercise.why)
            if not number:
                seen = look.goal(exercise, lab.snapshot(foreign=True)).svg
                kept = look.picture(exercise).read_text(encoding="utf-8")
                same = seen == kept or (is_new(engine) and unnumbered(seen) == unnumbered(kept))
                wrong = "" if same else f"take it again: python tests/goals.py {exercise.id}"
                yield "picture of its goal", wrong
        for number, mistake in enumerate(exercise.mistakes if night else exercise.mistakes[: int(first)], 1):
            task.start()
            play(mistake.program, lab)
            yield f"mistake {number}", expected(task.judged(), "not yet", mistake.says)


def is_new(engine: Engine) -> bool:
    """Newer than those that the pictures were taken on?"""
    return int(engine.version.partition(".")[0]) >= 28


def unnumbered(picture: str) -> str:
    """A cable that is plugged in anew is eth1 on Docker 20.10, and eth0 again on 28."""
    return re.sub(r"\beth\d+", "eth", picture)


def expected(verdict: Verdict, state: str, told: str = "") -> str:
    """What is wrong with it."""
    if (verdict.state, verdict.told) == (state, told):
        return ""
    return f"expected {state!r} and {told!r}, but the judge says:\n{verdict}"
