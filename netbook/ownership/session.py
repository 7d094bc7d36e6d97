"""Which process made a thing, and whether that process still lives.

A session is written into a label, so that what a dead kernel left can be told from what the notebook next
door is using. A pid alone is reused too soon, and says nothing in another PID namespace; so it is

    machine:boot:namespace:pid:started

On Linux `boot` is the kernel's boot id, `namespace` the inode of the PID namespace, `started` the 22nd field
of /proc/PID/stat, in ticks since the boot: no step of the clock changes it. (psutil adds the boot's time,
which moves.) Elsewhere `started` is psutil's time of creation, which the system keeps; the two are empty.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psutil

from netbook.ownership import reader

_FIRST_NAMESPACE = "4026531836"  # PROC_PID_INIT_INO in the kernel's include/linux/proc_ns.h


class _Session(NamedTuple):
    machine: str
    boot: str
    namespace: str
    pid: str
    started: str


def shell() -> Any:
    """The IPython shell whose kernel this process is; None in a script."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


@cache
def current() -> str:
    """This process, as a label's value."""
    return of(os.getpid())


def of(number: int) -> str:
    """A process that lives here, by its id. Errors: OSError or psutil.Error if there is none."""
    boot = namespace = ""
    if sys.platform == "linux":
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = str(Path("/proc/self/ns/pid").stat().st_ino)
    return ":".join(_Session(reader.machine(), boot, namespace, str(number), _started(number)))


def state(session: str) -> Literal["alive", "dead", "unknown"]:
    """Does the process still live? What cannot be looked at from here is unknown, and never called dead.

    >>> state(current())
    'alive'
    >>> state("some-other-machine:1:0.00")
    'unknown'
    """
    parts = session.split(":")
    if len(parts) != len(_Session._fields):
        return "unknown"  # of an earlier edition: by host name, pid and a time that the clock moves
    made, here = _Session(*parts), _Session(*current().split(":"))
    same_machine = made.machine != "" and made.machine == here.machine
    if (made.boot, made.namespace) == (here.boot, here.namespace) and (made.boot or same_machine):
        return _judged(made)
    # a reboot; only in the first namespace, for containers of one image share its machine-id
    first = made.namespace == here.namespace == _FIRST_NAMESPACE
    return "dead" if same_machine and first and made.boot != here.boot else "unknown"


def is_dead(session: str) -> bool:
    """True only if it is certain."""
    return state(session) == "dead"


def pid(session: str) -> str:
    """The process id in a session, for messages.

    >>> pid("machine:boot:4026531836:17:3400"), pid("host:17:1.0"), pid("")
    ('17', '17', '?')
    """
    return session.rsplit(":", 2)[-2] if ":" in session else "?"


def _judged(made: _Session) -> Literal["alive", "dead", "unknown"]:
    """One whose pid counts here."""
    try:
        number = int(made.pid)
        if psutil.Process(number).status() == psutil.STATUS_ZOMBIE:  # killed, and its parent has not looked
            return "dead"
        return "alive" if _started(number) == made.started else "dead"
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        # /proc can hide the processes of others (hidepid); the kernel still knows them
        return "unknown" if psutil.pid_exists(number) else "dead"
    except (psutil.AccessDenied, OSError, ValueError):
        return "unknown"


def _started(number: int) -> str:
    if sys.platform == "linux":
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]
    return f"{psutil.Process(number).create_time():.2f}"
