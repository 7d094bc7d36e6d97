"""Folders that outlast a run: what takes minutes to make is kept, by a key of what it is made of.

They are in `~/.cache/netbook-tests`, and go when no run has used them for a week. A key has the month
in it, so that Debian's archive is asked again at times.

    made    a folder that is only read: any number of runs share it
    held    a folder that is worked in: one run has it, a second one goes without
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from netbook.setup import lock
from tests.frame import leftovers

_WEEK = 7 * 24 * 3600  # seconds
_WHOLE = "whole"  # a file: whoever worked here came to an end
spent: list[float] = []  # seconds of making, until somebody has written them down


def cache() -> Path:
    """Where they are; made if it is missing."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "netbook-tests"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def key(*recipe: object) -> str:
    """Of what decides the content, and of the month."""
    words = json.dumps([*map(str, recipe), f"{datetime.date.today():%Y-%m}"])
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def made(name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder `name-key`; if it is not there, `make` fills one beside it: half of it never counts."""
    kept = cache()
    wanted = kept / f"{name}-{key}"
    with lock.alone(kept / f"{name}-lock", lambda _: None):
        if not wanted.is_dir():
            for old in _forgotten(name):
                shutil.rmtree(old)
            with spending(), tempfile.TemporaryDirectory(prefix=f"{name}-", dir=kept) as beside:
                make(Path(beside, "new"))
                Path(beside, "new").rename(wanted)
    os.utime(wanted)
    return wanted


@contextmanager
def held(name: str, key: str) -> Iterator[Path | None]:
    """The folder `name-key`, empty unless it was `finished`; None while another run has it."""
    kept = cache()
    wanted = kept / f"{name}-{key}"
    with (kept / f"{name}-lock").open("a+b") as file:
        if not lock._take(file):
            yield None
            return
        if wanted.exists() and not is_whole(wanted):
            leftovers.end(wanted)
        wanted.mkdir(mode=0o700, exist_ok=True)
        os.utime(wanted)
        for old in _forgotten(name):
            leftovers.end(old)
        yield wanted


def _forgotten(name: str) -> list[Path]:
    """Of another month or recipe. Not at once: another branch may be at work with its own."""
    return [old for old in cache().glob(f"{name}-*/") if time.time() - old.stat().st_mtime > _WEEK]


@contextmanager
def spending() -> Iterator[None]:
    """What takes its time in here, a run that finds it does not need."""
    start = time.monotonic()
    try:
        yield
    finally:
        spent.append(time.monotonic() - start)


def is_whole(folder: Path) -> bool:
    """Does what is in it hold together?"""
    return (folder / _WHOLE).exists()


def begin(folder: Path) -> None:
    """From now on it may be left half-made."""
    (folder / _WHOLE).unlink(missing_ok=True)


def finish(folder: Path) -> None:
    """It holds together again."""
    (folder / _WHOLE).touch()


def empty(folder: Path) -> None:
    """Start from nothing, with nothing that runs or is mounted in it."""
    leftovers.end(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
