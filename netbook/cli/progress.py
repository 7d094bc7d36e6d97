"""`netbook progress`: what the reader has done, as a table; to a file and from one; and forgotten."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from netbook.errors import NotFound, WrongArgument
from netbook.learn import exercises, progress
from netbook.learn.exercise import Exercise
from netbook.learn.progress import Record
from netbook.setup.console import MARKS, say

_NOTES = {
    "not attempted": "",
    "not yet": "begun",
    "shown": "solution shown",
    "solved after the solution was shown": "solved after the solution was shown",
    "solved": "solved",
}


def main(options: argparse.Namespace) -> int:
    """The exit code of one verb."""
    if options.verb == "export":
        return _export(Path(options.file))
    if options.verb == "import":
        return _import(Path(options.file))
    if options.verb == "reset":
        return _reset(None if options.all else set(options.exercises))
    if options.verb == "class":
        return _class([Path(file) for file in options.files])
    return _show()


def _show() -> int:
    known = progress.read()
    for exercise in exercises.every().values():
        say(line(exercise, known.get(exercise.id, Record())))
    say(count(known))
    return 0


def line(exercise: Exercise, record: Record) -> str:
    """One row of the table."""
    mark = MARKS["ok"] if record.outcome == "solved" else " "
    told = [
        _NOTES[record.outcome],
        record.solved_on,
        f"{record.attempts} {'attempt' if record.attempts == 1 else 'attempts'}" if record.attempts else "",
        f"{record.hints} {'hint' if record.hints == 1 else 'hints'}" if record.hints else "",
        "its text has changed since" if record.edition not in ("", progress.edition(exercise)) else "",
    ]
    return f"{mark} {exercise.id:24} {exercise.title:44} {', '.join(filter(None, told))}".rstrip()


def count(known: Mapping[str, Record]) -> str:
    """The last row."""
    every = exercises.every()
    solved = [key for key, record in known.items() if record.outcome == "solved" and key in every]
    return f"{len(solved)} of {len(every)} exercises solved without looking at the solution"


def _export(file: Path) -> int:
    known = progress.read()
    if file.exists():
        raise WrongArgument(f"{file} is there already.", remedy="name another file; this one was not touched")
    try:
        progress.write(known, file)
    except OSError as error:
        raise WrongArgument(
            f"{file} cannot be written: {error.strerror}.", remedy="name a file in a folder of yours"
        ) from None
    say(f"{MARKS['ok']} {file}: {len(known)} exercises")
    return 0


def _read(file: Path) -> Mapping[str, Record]:
    try:
        return progress.read(file)
    except OSError as error:
        raise NotFound(
            f"{file} cannot be read: {error.strerror}.",
            remedy="make one with: python3 -m netbook progress export FILE",
        ) from None


def _import(file: Path) -> int:
    known = progress.merge(_read(file))
    say(f"{MARKS['ok']} {file} was taken in. {count(known)}")
    return 0


def _reset(wanted: set[str] | None) -> int:
    for identity in sorted(wanted or ()):
        exercises.find(identity)
    gone = progress.reset(wanted)
    say(f"{MARKS['ok']} forgotten: {', '.join(gone)}" if gone else "There was nothing to forget.")
    return 0


def _class(files: list[Path]) -> int:
    """One row for each file, one column for each chapter: how many of its exercises are solved."""
    every = exercises.every().values()
    chapters = sorted({one.chapter for one in every})
    wide = max(len("file"), *(len(file.stem) for file in files))
    say("  ".join([f"{'file':{wide}}", *(f"{chapter:>5}" for chapter in chapters), "  all"]))
    for file in files:
        known = _read(file)
        cells = []
        for chapter in [*chapters, ""]:
            here = [one.id for one in every if one.chapter == chapter or not chapter]
            solved = sum(known.get(key, Record()).outcome == "solved" for key in here)
            cells.append(f"{f'{solved}/{len(here)}':>5}")
        say("  ".join([f"{file.stem:{wide}}", *cells]))
    return 0
