"""What forbids an embedded engine here. What can be tried is tried, not looked up."""

from __future__ import annotations

import mmap
import os
import platform
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from netbook.engine.embedded import memory

# in a process of its own: a seccomp profile may kill for it, and a process with threads should not fork
_TRY_PTRACE = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
PTRACE_TRACEME = 0
sys.exit(ctypes.get_errno() if libc.ptrace(PTRACE_TRACEME, 0, None, None) else 0)
"""


def problem(directory: Path) -> tuple[str, str] | None:
    """The first thing that forbids it, as a sentence, and what would change that ("": nothing would).

    `directory` is the engine's own folder, there or not. None: nothing is in the way.
    """
    if sys.platform != "linux":
        return f"the embedded engine needs Linux; this is {sys.platform}", ""
    if platform.machine() != "x86_64":
        return f"the embedded engine needs an x86-64 CPU; this is {platform.machine()}", ""
    if why := not_traced():
        return (
            f"the embedded engine's kernel must trace its own processes, which is forbidden here ({why})",
            "allow ptrace: a seccomp profile that permits it, and kernel.yama.ptrace_scope 0 or 1",
        )
    megabytes = memory.for_guest()
    if megabytes < memory.LEAST:
        total = memory.available() // (1 << 20)
        return (
            f"only {total} MB of memory may be used here: too little for the embedded engine",
            "give this container or pod 2 GB",
        )
    if why := not_ours(directory):
        return (
            f"the embedded engine's folder {directory} cannot be used: {why}",
            "set NETBOOK_STATE to a folder of your own",
        )
    if scratch(directory) is None:
        tried = ", ".join(str(place) for place, _ in _candidates(directory))
        return (
            f"no folder for the embedded engine's memory: it must allow programs to be run from it, "
            f"and have {megabytes} MB free (tried {tried})",
            "set NETBOOK_STATE to a folder on a disk without `noexec`",
        )
    return None


def not_traced() -> str:
    """Try it: may a child of ours be traced by us? "" if it may, else the refusal in the system's words."""
    code = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _TRY_PTRACE], check=False, stderr=subprocess.DEVNULL
    ).returncode
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return os.strerror(code) if code else ""


def not_ours(directory: Path) -> str:
    """Why this user cannot keep sockets and keys there; "" if that is possible, now or once it is made."""
    try:
        about = directory.lstat()
    except FileNotFoundError:
        above = _existing(directory)
        return "" if os.access(above, os.W_OK | os.X_OK) else f"you may not write to {above}"
    except OSError as error:
        return error.strerror or str(error)
    if stat.S_ISLNK(about.st_mode):
        return "it is a link"
    if not stat.S_ISDIR(about.st_mode):
        return "it is not a folder"
    if about.st_uid != os.getuid():
        return f"it belongs to somebody else (uid {about.st_uid})"
    return ""


def scratch(directory: Path) -> Path | None:
    """A folder's name, not yet there, for the file that is the guest's memory; None if no place will do.

    /dev/shm is best: what lies in a file on a disk is written there again and again. In pods it is too small.
    """
    size = memory.for_guest() << 20
    for place, name in _candidates(directory):
        # a name that others can guess, where others can write: theirs is not used
        if not not_ours(place / name) and exec_and_space(_existing(place), size):
            return place / name
    return None


def _candidates(directory: Path) -> list[tuple[Path, str]]:
    """Places in order of preference, and what the folder is called there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111
    name = f"netbook-{os.getuid()}-memory"
    shared = (Path("/tmp"), Path("/var/tmp"), cache)  # noqa: S108
    return [(Path("/dev/shm"), name), (directory, "memory"), *((place, name) for place in shared)]  # noqa: S108


def _existing(place: Path) -> Path:
    """It, or the nearest folder above it that is there."""
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def exec_and_space(place: Path, size: int) -> bool:
    """May a file of `size` bytes that holds programs be in this folder?"""
    try:
        return shutil.disk_usage(place).free >= size and allows_exec(place)
    except OSError:
        return False


def allows_exec(place: Path) -> bool:
    """Try it: may memory that is a file in this folder hold a program?"""
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.truncate(mmap.PAGESIZE)
            mmap.mmap(file.fileno(), mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()
    except OSError:
        return False
    return True
