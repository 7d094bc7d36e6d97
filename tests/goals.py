"""Take the pictures of the exercises' goals: of a real engine, after each solution.

    python tests/goals.py              all that are not there yet
    python tests/goals.py 07-move …    these, again
    python tests/goals.py --all        all, again

The suite compares them (tests/frame/solving.py, tests/integration/test_exercises.py).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":  # started as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(ROOT))

from netbook import Lab
from netbook.learn import exercises, look
from netbook.learn.exercise import Exercise
from netbook.learn.program import play
from netbook.learn.ticket import Ticket
from netbook.topology.graph import Topology

_CHANCE = (
    re.compile(r"\beth\d+"),  # a cable that is plugged in anew is eth1 on Docker 20.10, and eth0 again on 28
    re.compile(r"\b172\.17\.0\.\d+"),  # on the default bridge, whichever was free
)


def goal(lab: Lab, identity: str) -> str:
    """The picture of what the exercise's solution leads to."""
    exercise = exercises.find(identity)
    task = lab.task(identity)
    play(exercise.solution, lab)
    if (verdict := task.judged()).state != "solved":
        raise SystemExit(f"{identity} is not solved by its solution:\n{verdict}")
    return look.goal(exercise, lab.snapshot(foreign=True)).svg


def stale(exercise: Exercise, seen: Topology) -> str:
    """What is wrong with the kept picture, after a solution; "" if nothing. A ticket has none."""
    if isinstance(exercise, Ticket):
        return ""
    kept = look.picture(exercise).read_text(encoding="utf-8")
    same = _settled(look.goal(exercise, seen).svg) == _settled(kept)
    return "" if same else f"take it again: python tests/goals.py {exercise.id}"


def _settled(picture: str) -> str:
    for words in _CHANCE:
        picture = words.sub("…", picture)
    return picture


def main(arguments: list[str]) -> int:
    # `stale` is run in a notebook's kernel, and needs none of it
    from tests.frame import leftovers
    from tests.frame.engine import EngineOfTests, prepare_kernels, shared

    leftovers.end_killed_runs()
    run = leftovers.new_directory()
    prepare_kernels(run)
    engine = EngineOfTests(run / "main", own=not shared(), foreign=False)
    try:
        engine.need()
        wanted = [name for name in arguments if name != "--all"] or [
            one.id
            for one in exercises.every().values()
            if not isinstance(one, Ticket) and ("--all" in arguments or not look.picture(one).exists())
        ]
        look.PICTURES.mkdir(exist_ok=True)
        for name in wanted:
            with Lab("goals", echo=False) as lab:
                target = look.picture(exercises.find(name))
                target.write_text(goal(lab, name), encoding="utf-8", newline="\n")
                print(target.relative_to(ROOT))
    finally:
        engine.finish()
        leftovers.end(run)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
