"""Fault × why: makes each fault of the tickets on an engine, asks `lab.why`, and writes what it said.

    python tests/faults.py              # a line for each: named rightly or not, and how long it took
    python tests/faults.py --write      # … and the table tests/faults.md

On whatever engine the ladder finds: `NETBOOK_ENGINE=private`, or DOCKER_HOST. The faults are those of
tests/integration/test_why.py. Exit code 1 if one was named wrongly, or if something sound raised an alarm.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.learn.program import play
from tests.integration import test_why

TABLE = Path(__file__).with_suffix(".md")
_HEAD = """# Fault × why

What `lab.why` says of each fault, written by `tests/faults.py --write` from a run on Docker {version}.

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
    print(f"Docker {engine.version}, {engine.rung}", flush=True)
    with Lab("faults", engine=engine, echo=False) as lab:
        play(test_why._SCENE, lab)
        for fault in test_why.FAULTS:
            play(fault.make, lab)
            began = time.monotonic()
            made = test_why.asked(lab, *fault.ask)
            seconds = time.monotonic() - began
            play(fault.mend, lab)
            right = re.search(fault.words, repr(made)) and fault.step in ("*", made.step)
            wrong += not right
            print(f"{'ok' if right else 'NO':3}{fault.id:28}{seconds:6.1f} s  {made!r}", flush=True)
            ask, _, says = repr(made).partition(": ")
            rows.append(f"| {fault.id} | {ask} | {made.step or '–'} | {says.replace('|', chr(92) + '|')} |\n")
        for pair in test_why._SOUND + test_why._SOUND_BY_NIGHT:
            began = time.monotonic()
            made = test_why.asked(lab, *pair)
            seconds = time.monotonic() - began
            sound = made.ok and not made.notes
            wrong += not sound
            print(f"{'ok' if sound else 'NO':3}{'sound':28}{seconds:6.1f} s  {made!r}", flush=True)
    return rows, wrong


if __name__ == "__main__":
    raise SystemExit(main())
