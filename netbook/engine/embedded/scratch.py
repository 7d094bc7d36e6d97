"""The folder for the file that is the guest's memory: one engine's at a time, by a file lock.

A power cut leaves it, with a name that stays the same; the next engine takes it over. While another engine
of this reader's (with another NETBOOK_STATE) lives in it, the next one takes the name with a number.
(PyPI's filelock says nothing of what lies in a folder: whose it is, and that it may go with the lock.)
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from itertools import count
from pathlib import Path

_LOCK = "held"


def take(wanted: Path) -> tuple[Path, int]:
    """Make it, or take it over empty; the folder, and the descriptor that holds it. `drop` ends that.

    Errors: PermissionError, where somebody else made it first: in /tmp anybody can.
    """
    for number in count(1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else")
        folder.chmod(0o700)
        held = _hold(folder)
        if held is not None:
            for left in folder.iterdir():
                if left.name != _LOCK:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
            return folder, held
    raise AssertionError("count() ends")


def drop(folder: Path) -> None:
    """Take it away, unless an engine lives in it."""
    if not folder.is_dir():
        return
    held = _hold(folder)
    if held is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _hold(folder: Path) -> int | None:
    """Lock it; None if another process has, or has just taken it away."""
    lock = folder / _LOCK
    try:
        held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(held), lock.lstat()):
            return held
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(held)
    return None
