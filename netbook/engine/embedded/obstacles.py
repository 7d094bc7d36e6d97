"""What forbids an embedded engine here. Where a rule could be asked or tried, it is tried."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from netbook.engine.embedded import memory

_TRACEME = 0  # linux/ptrace.h


def problem(directory: Path) -> tuple[str, str] | None:
    """The first thing that forbids it, as a sentence, and what would change that; None if nothing does."""
    if sys.platform != "linux":
        return f"the embedded engine needs Linux; this is {sys.platform}", ""
    if platform.machine() != "x86_64":
        return f"the embedded engine needs an x86-64 CPU; this is {platform.machine()}", ""
    if why := not_traced():
        return (
            f"the embedded engine's kernel must trace its own processes, which is forbidden here ({why})",
            "allow ptrace: a seccomp profile that permits it, and kernel.yama.ptrace_scope below 3",
        )
    megabytes = memory.for_guest()
    if megabytes < memory.LEAST:
        total = memory.available() // (1 << 20)
        return (
            f"only {total} MB of memory may be used here: too little for the embedded engine",
            "give this container or pod 2 GB",
        )
    if scratch(directory) is None:
        tried = ", ".join(map(str, _candidates(directory)))
        return (
            f"no folder for the embedded engine's memory: it must allow programs to be run from it, "
            f"and have {megabytes} MB free (tried {tried})",
            "set NETBOOK_STATE to a folder on a disk without `noexec`",
        )
    return None


def not_traced() -> str:
    """Try it: may a child of ours be traced by us? "" if it may, else the refusal in the system's words."""
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        refused = libc.ptrace(_TRACEME, None, None, None) != 0
        os._exit(ctypes.get_errno() or 255 if refused else 0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return os.strerror(os.WEXITSTATUS(status)) if os.WEXITSTATUS(status) else ""


def scratch(directory: Path) -> Path | None:
    """A folder's name, not yet there, for the file that is the guest's memory; None if no place will do.

    A disk is better than /dev/shm, which is small in pods and counts twice.
    """
    return next((place / name for place, name in _named(directory) if _fits(place)), None)


def _named(directory: Path) -> Iterable[tuple[Path, str]]:
    for place in _candidates(directory):
        yield place, "memory" if place == directory else f"netbook-{os.getuid()}-memory"


def _candidates(directory: Path) -> list[Path]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111
    return [directory, Path("/tmp"), Path("/var/tmp"), cache, Path("/dev/shm")]  # noqa: S108


def _fits(place: Path) -> bool:
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        return shutil.disk_usage(place).free >= memory.for_guest() << 20 and allows_exec(place)
    except OSError:
        return False


def allows_exec(place: Path) -> bool:
    """Try it: may memory that is a file in this folder hold a program?"""
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.truncate(mmap.PAGESIZE)
            mmap.mmap(file.fileno(), mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()
        return True
    except OSError:
        return False
