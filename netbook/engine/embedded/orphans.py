"""The processes of an engine that a killed parent leaves, found by what they are and by their folder.

The kernel's processes are many (one for each address space in the guest), slirp4netns makes two; a
PR_SET_PDEATHSIG reaches only the first of each.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from netbook.engine.private.leftovers import is_alive

_NAMES = ("linux.uml", "slirp4netns", "ld-linux-x86-64")  # the last: one that was started through its loader


def of(directory: Path) -> list[int]:
    """This user's processes of these names that work in that folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # the same folder, not the same name: in a container, another engine's may be called alike
            if (process / "comm").read_text().strip() in _NAMES and (process / "cwd").samefile(directory):
                found.append(int(process.name))
        except OSError:  # it ended by itself, or is another user's
            continue
    return found


def end(directory: Path, seconds: float = 5) -> list[int]:
    """Kill them, and those that they started meanwhile; returns the pids."""
    ended: list[int] = []
    deadline = time.monotonic() + seconds
    while (left := [pid for pid in of(directory) if is_alive(pid)]) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        ended += left
        time.sleep(0.02)
    return sorted(set(ended))
