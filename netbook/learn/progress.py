"""What this reader has done: one file, for this user, on this machine. Nothing is sent anywhere.

`solved` stays solved; what there is now, `check` says.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

from netbook.errors import WrongArgument
from netbook.learn.exercise import Exercise
from netbook.ownership import reader
from netbook.setup import lock
from netbook.setup.console import MARKS, say

FORMAT = 1
_ORDER = ("not attempted", "not yet", "shown", "solved after the solution was shown", "solved")


@dataclass(frozen=True, slots=True)
class Record:
    """Of one exercise. `edition`: of its text and goals, so that a changed one can be told."""

    outcome: str = "not attempted"
    attempts: int = 0
    hints: int = 0
    edition: str = ""
    solved_on: str = ""  # a date

    def better(self, other: Record) -> Record:
        """The further of two, with all attempts and hints of either: for an import."""
        first, second = sorted((self, other), key=lambda r: _ORDER.index(r.outcome), reverse=True)
        return replace(
            first, attempts=max(first.attempts, second.attempts), hints=max(first.hints, second.hints)
        )


Records = Mapping[str, Record]


def path() -> Path:
    """Where it is kept: NETBOOK_PROGRESS, or with the user's data. Errors: RuntimeError without a home."""
    told = os.environ.get("NETBOOK_PROGRESS")
    return Path(told) if told else reader.folder() / "progress.json"


def record(
    exercise: Exercise, state: str, *, shown: bool = False, hints: int = 0, attempt: bool = True
) -> None:
    """Note what a check, a hint or a look at the solution came to.

    Where nothing can be written (a home that is read-only, or full; a newer edition's file) nothing is noted,
    and the exercise goes on.
    """
    try:
        with _alone():
            known = dict(read())
            was = known.get(exercise.id, Record())
            known[exercise.id] = _after(was, exercise, state, shown=shown, hints=hints, attempt=attempt)
            if known[exercise.id] != was:
                write(known)
    except (OSError, RuntimeError, WrongArgument):
        return


def _after(was: Record, exercise: Exercise, state: str, *, shown: bool, hints: int, attempt: bool) -> Record:
    outcome = state if state in _ORDER else was.outcome  # what cannot be judged changes nothing
    if outcome == "solved" and (shown or was.outcome == "shown"):
        outcome = "solved after the solution was shown"
    if _ORDER.index(outcome) <= _ORDER.index(was.outcome):
        outcome = was.outcome
    newly = outcome.startswith("solved") and not was.outcome.startswith("solved")
    return Record(
        outcome,
        was.attempts + (attempt and state in ("not yet", "solved")),
        max(hints, was.hints),
        edition(exercise),
        date.today().isoformat() if newly else was.solved_on,  # the reader's day
    )


def edition(exercise: Exercise) -> str:
    """Changes with what the exercise says and wants."""
    words = "\n".join([exercise.title, exercise.task, *map(str, exercise.goals)])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def read(file: Path | None = None) -> Records:
    """All that is known. No file knows nothing; a damaged one of our own is put aside, and said.

    Errors: WrongArgument, if `file` is given and holds no progress.
    """
    try:
        return _parsed((file or path()).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if file is not None:
            raise
        return {}
    except WrongArgument:
        raise
    except ValueError as error:
        if file is not None:
            raise WrongArgument(
                f"{file} holds no progress: {error}",
                remedy="make one with: python3 -m netbook progress export FILE",
            ) from None
        _put_aside(path(), error)
        return {}


def _put_aside(damaged: Path, why: ValueError) -> None:
    """Keep it beside those of earlier times, and say so."""
    names = chain([".damaged.json"], (f".damaged-{number}.json" for number in count(2)))
    aside = next(new for name in names if not (new := damaged.with_suffix(name)).exists())
    try:
        damaged.replace(aside)
    except FileNotFoundError:  # another process was quicker, and has said it
        return
    say(
        f"{MARKS['warn']} Your progress could not be read ({why}), and begins anew.\n"
        f"  → the damaged file is kept: {aside}. To take in what you exported: "
        "python3 -m netbook progress import FILE"
    )


def _parsed(text: str) -> Records:
    found = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("exercises"), dict):
        raise ValueError("it is not the book's JSON")
    if found.get("format") != FORMAT:
        raise WrongArgument(
            f"This progress has the format {found.get('format')!r}; this edition of the book reads {FORMAT}.",
            remedy="read it with the edition that wrote it; nothing was changed",
        )
    return {str(key): _record(value) for key, value in found["exercises"].items()}


def _record(value: Any) -> Record:
    known = {field.name for field in fields(Record)}
    try:
        made = Record(**{key: v for key, v in value.items() if key in known})
    except (AttributeError, TypeError) as error:
        raise ValueError(f"a record is {value!r}") from error
    if made.outcome not in _ORDER:
        raise ValueError(f"an outcome is {made.outcome!r}")
    return made


def shown(records: Records) -> str:
    """As it is written into a file."""
    exercises = {key: asdict(records[key]) for key in sorted(records)}
    return json.dumps({"format": FORMAT, "exercises": exercises}, indent=1, ensure_ascii=False) + "\n"


def write(records: Records, file: Path | None = None) -> Path:
    """Whole, or not at all. Errors: OSError."""
    target = file or path()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, new = tempfile.mkstemp(dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as made:  # noqa: PTH123  # a descriptor
            made.write(shown(records))
        Path(new).replace(target)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise
    return target


def merge(records: Records) -> Records:
    """Take in another file's, each exercise as far as it went in either; returns all."""
    with _alone():
        known = read()
        both = {
            key: known.get(key, Record()).better(records.get(key, Record())) for key in {*known, *records}
        }
        write(both)
        return both


def reset(exercises: set[str] | None = None) -> tuple[str, ...]:
    """Forget these, or all; returns what was forgotten."""
    with _alone():
        known = dict(read())
        gone = tuple(sorted(known if exercises is None else exercises & set(known)))
        write({key: value for key, value in known.items() if key not in gone})
        return gone


@contextmanager
def _alone() -> Iterator[None]:
    """Two kernels that write at once lose nothing."""
    file = path().with_suffix(".lock")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.alone(file, lambda _: None):
        yield
