"""Is an exercise solved? The judge reads the engine and the namespaces, changes nothing, and never raises."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from netbook.errors import NetbookError
from netbook.learn.evidence import CannotJudge, Evidence
from netbook.learn.exercise import Exercise
from netbook.learn.goals.base import Goal
from netbook.learn.verdict import Line, Verdict


@dataclass(frozen=True, slots=True)
class Begun:
    """An exercise that nobody has touched: what the judge saw, and the wiring."""

    lines: tuple[Line, ...]
    wiring: Hashable


def judge(evidence: Evidence, exercise: Exercise, begun: Begun | None = None) -> Verdict:
    """Now, by whatever means it came about. `begun`: how it was at the start, as far as that is known."""
    try:
        if exercise.start and not evidence.has_begun:
            raise CannotJudge("nothing of its start is there")
        lines = tuple(_lines(exercise.goals, evidence))
        if all(line.mark == "met" for line in lines):
            return Verdict("solved", lines, exercise.after)
        told = _mistake(exercise, evidence)  # may be of what no line shows: a server in the wrong container
        if not told and begun and begun.lines == lines and begun.wiring == evidence.wiring:
            return Verdict("not attempted", lines)
        return Verdict("not yet", lines, told)
    except CannotJudge as gone:
        return Verdict(
            "cannot judge", (), f"{str(gone)[:1].upper()}{str(gone)[1:]}. task.start() makes it anew."
        )
    except NetbookError as error:
        return Verdict("cannot judge", (), str(error))


def _lines(goals: Sequence[Goal], evidence: Evidence) -> Iterator[Line]:
    """In layers: above the first that is not met nothing is looked at, for it would only repeat the same."""
    failed = False
    for _, layer in groupby(sorted(goals, key=lambda goal: goal.layer), key=lambda goal: goal.layer):
        here = list(layer)
        if failed:
            yield from (Line("later", str(goal)) for goal in here)
            continue
        for goal in here:
            found = goal.judge(evidence)
            failed = failed or not found.met
            yield Line("met", str(goal)) if found.met else Line("not yet", str(goal), found.seen)


def _mistake(exercise: Exercise, evidence: Evidence) -> str:
    """The sentence of the first mistake that this is."""
    for mistake in exercise.mistakes:
        try:
            if all(goal.judge(evidence).met for goal in mistake.when):
                return mistake.says
        except CannotJudge:
            continue
    return ""
