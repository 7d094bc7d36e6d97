"""One set-up at a time: a second start waits for the first, and then finds the work done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def alone(file: Path, say: Callable[[str], object]) -> Iterator[None]:
    """Hold `file` locked. A process that dies lets go by itself, so no lock is ever left over."""
    with file.open("a+b") as held:
        if not _take(held):
            say("Another start is setting up the book; waiting for it …")
            while not _take(held):
                time.sleep(0.2)
        yield


def is_held(file: Path) -> bool:
    """Is somebody at it right now?"""
    try:
        with file.open("r+b") as probe:
            return not _take(probe)
    except OSError:  # not there, or not ours to open
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(held: IO[bytes]) -> bool:
        held.seek(0)
        try:
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(held: IO[bytes]) -> bool:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: better unguarded than not at all
            return True
        return True
