"""Fault × why: makes each fault on an engine, asks `lab.why`, and writes what it said.

    python tests/faults.py              # a line for each: named rightly or not, and how long it took
    python tests/faults.py --write      # … and the table tests/faults.md

On whatever engine the ladder finds: `NETBOOK_ENGINE=private`, or DOCKER_HOST. The faults are those of the
tickets, and those of tests/integration/faults.py. Exit code 1 if one was named wrongly, or if something sound
raised an alarm.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.learn import tickets
from netbook.learn.program import play
from netbook.why.verdict import Why
from tests.integration import faults

T = TypeVar("T")
TABLE = Path(__file__).with_suffix(".md")
_HEAD = """# Fault × why

What `lab.why` says of each fault, written by `tests/faults.py --write` from a run on Docker {version}.

Those with a number are tickets (`lab.ticket("19-marina")`); the others have none, and are in
`tests/integration/faults.py`.

| fault | asked | the check that says no | what it says |
|---|---|---|---|
"""


def main() -> int:
    engine = ladder.find(print)
    try:
        rows, wrong = asked(engine)
    finally:
        engine.close()
    if "--write" in sys.argv and not wrong:
        TABLE.write_text(_HEAD.format(version=engine.version) + "".join(rows), encoding="utf-8")
    return bool(wrong)


def asked(engine: Engine) -> tuple[list[str], int]:
    """The table's rows, and how many were wrong."""
    rows, wrong = [], 0

    def told(fault: str, made: Why, seconds: float, *, right: bool) -> None:
        nonlocal wrong
        wrong += not right
        print(f"{'ok' if right else 'NO':3}{fault[:48]:49}{seconds:5.1f} s  {made!r}", flush=True)
        if fault != "sound":
            ask, _, says = repr(made).partition(": ")
            rows.append(f"| {fault} | {ask} | {made.step or '–'} | {says.replace('|', chr(92) + '|')} |\n")

    print(f"Docker {engine.version}, {engine.rung}", flush=True)
    with Lab("faults", engine=engine, echo=False) as lab:
        for ticket in (one for one in tickets.every().values() if one.why_asked):
            lab.ticket(ticket.id)
            (made, no), seconds = _timed(faults.named, lab, ticket.why_asked)
            told(f"{ticket.id}: {ticket.cause}", made, seconds, right=not no)
            lab.clean()
        play(faults.SCENE, lab)
        for fault in faults.FAULTS:
            play(fault.make, lab)
            (made, no), seconds = _timed(faults.named, lab, fault.ask)
            play(fault.mend, lab)
            told(fault.id, made, seconds, right=not no)
        for pair in faults.SOUND + faults.SOUND_BY_NIGHT:
            made, seconds = _timed(faults.asked, lab, *pair)
            told("sound", made, seconds, right=made.ok and not made.notes)
    return rows, wrong


def _timed(ask: Callable[..., T], *about: object) -> tuple[T, float]:
    began = time.monotonic()
    return ask(*about), time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main())
