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
from netbook.learn import exercises, look
from netbook.learn.exercise import Exercise
from netbook.learn.program import play
from netbook.learn.verdict import Verdict
from tests.frame.day import is_night

Result = tuple[str, str]  # what was tried, and what is wrong with it; "" if nothing is


@pytest.mark.parametrize("identity", exercises.every())
def test_exercise(identity: str, engine: Engine, subtests: pytest.Subtests) -> None:
    for name, wrong in played(exercises.find(identity), engine):
        with subtests.test(name):
            assert not wrong, wrong


def played(exercise: Exercise, engine: Engine) -> Iterator[Result]:
    """By day its solution and its first mistake; the further ones and the further ways by night."""
    with Lab(f"test-{exercise.id}", engine=engine, echo=False) as lab:
        task = lab.task(exercise.id)
        task.start()  # twice equals once
        yield "untouched", expected(task.judged(), "not attempted")
        mistakes = exercise.mistakes if is_night() else exercise.mistakes[:1]
        for number, mistake in enumerate(mistakes, 1):
            if number > 1:  # the first finds it untouched
                task.start()
            play(mistake.program, lab)
            yield f"mistake {number}", expected(task.judged(), "not yet", mistake.says)
        again = [exercise.solution, *exercise.alternatives] if is_night() else []
        for number, way in enumerate([exercise.solution, *again]):
            task.start()
            play(way, lab)
            yield f"way {number}", expected(task.judged(), "solved", exercise.why)
            if not number:
                seen = look.goal(exercise, lab.snapshot(foreign=True)).svg
                kept = look.picture(exercise).read_text(encoding="utf-8")
                same = seen == kept or (is_new(engine) and unnumbered(seen) == unnumbered(kept))
                wrong = "" if same else f"take it again: python tests/goals.py {exercise.id}"
                yield "picture of its goal", wrong


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
