"""Who still uses a shared private engine: the kernel's own book-keeping, by file lock.

Every user holds a shared lock; the last to leave can turn it into an exclusive
one and so knows that it is the last. A killed process loses its lock by itself,
which no counter in a file would manage. (filelock, on PyPI, has no shared locks.)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # rung 2 is for Linux; the ladder above it is for all
    import fcntl


class Lease:
    """One user's hold on what lives in `directory`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = directory / "lease"
        self._file: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Let go; True if nobody else holds it (then nobody can join before `done`)."""
        if self._file is None:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.done()
            return False
        return True

    def done(self) -> None:
        """Open the door again after `release`."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_held(file: Path) -> bool:
    """Does anybody hold this lease or lock, at this moment?"""
    with file.open("a") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """One at a time: two kernels that start an engine at the same moment start one."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory / "starting", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
