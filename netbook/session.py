"""Which process made a thing, and whether that process still lives.

A session is written into a label, so that what a dead kernel left can be told
from what the notebook next door is using. psutil (ipykernel brings it) knows
processes on every system; a pid alone is reused too soon.
"""

from __future__ import annotations

import os
import socket
from functools import cache

import psutil

_JITTER = 5.0  # seconds: psutil computes start times from a boot time that a clock step moves


@cache
def current() -> str:
    """This process: `host:pid:started`."""
    return f"{socket.gethostname()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def is_dead(session: str) -> bool:
    """True only if it is certain: a session of another machine is never called dead.

    >>> is_dead(current())
    False
    >>> is_dead("some-other-machine:1:0.00")
    False
    """
    host, pid, started = session.rsplit(":", 2) if session.count(":") >= 2 else ("", "", "")
    if host != socket.gethostname():
        return False
    try:
        process = psutil.Process(int(pid))
        ended = process.status() == psutil.STATUS_ZOMBIE  # killed, and its parent has not looked yet
        return ended or abs(process.create_time() - float(started)) > _JITTER
    except psutil.NoSuchProcess:
        return True
    except (psutil.AccessDenied, ValueError):
        return False


def pid(session: str) -> str:
    """The process id in a session, for messages."""
    return session.rsplit(":", 2)[-2] if ":" in session else "?"
