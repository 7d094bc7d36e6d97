"""One processor for the guest's kernel and all of its programs.

Only one of them works at a time, and they hand over at every system call and page fault. On two processors
each hand-over has to wake one that sleeps; on one it is a switch. In a pod, `docker run` took 1.8 s without
this and 0.9 s with it (median of five; a virtual machine with two idle processors, user-mode Linux 7.3).

Which one does not matter, until somebody else is bound to the same: other readers' engines are. The scheduler
cannot part them, so the keeper looks how long the kernel had to wait, and moves it.

Sources: sched_setaffinity(2), Documentation/scheduler/sched-stats.rst (/proc/PID/schedstat).
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from pathlib import Path

import psutil

_CROWDED = 0.25  # of the time; a busy kernel that is alone waits 0.14, with a busy neighbour at least 0.33


class Processor:
    """The one that a guest's kernel is bound to."""

    def __init__(self) -> None:
        self.looked, self._waited = time.monotonic(), 0.0

    def bind(self) -> None:
        """Bind this process, and what it starts from then on. Where that is forbidden, all is only slower."""
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, _any())

    def look(self, kernel: int) -> bool:
        """Move this kernel if it had to wait much since the last look; True if it was crowded."""
        now, waited = time.monotonic(), _waiting(kernel)
        crowded = waited - self._waited > _CROWDED * (now - self.looked)
        self.looked, self._waited = now, waited
        if crowded:
            _move(kernel)
        return crowded


def _move(kernel: int) -> None:
    """All to the same one. It may be the old one: two that move at once must part sooner or later."""
    where = _any()
    with contextlib.suppress(psutil.NoSuchProcess):
        itself = psutil.Process(kernel)
        _bind(itself, where)  # first, so that what it starts from now on is there
        for program in itself.children():
            _bind(program, where)


def _bind(process: psutil.Process, where: set[int]) -> None:
    """All its threads; one that has just ended, or may not be moved, keeps none of the others back."""
    with contextlib.suppress(psutil.Error):
        for thread in process.threads():
            with contextlib.suppress(OSError):
                os.sched_setaffinity(thread.id, where)


def _any() -> set[int]:
    """One of the processors that this process may use."""
    return {random.choice(sorted(os.sched_getaffinity(0)))}  # noqa: S311  # no secret


def _waiting(pid: int) -> float:
    """Seconds for which it was ready to run and did not, since it started; 0 where nobody counts them."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
