"""What differs between kernels of user-mode Linux: which CPUs they run on, and how they run a program.

Up to 6.12 it keeps the floating-point state in a buffer of fixed size; a host that has AMX refuses a state
of that size, and the guest ends with "ptrace set fp regs failed, errno = 14" before its first program runs
(seen with Debian's 6.1 and 6.12; 7.2 and 7.3 ask the host for the size). There netbook.engine.embedded.xstate
fills in the rest.

From 6.16 on it can run programs by seccomp in place of ptrace: containers start in half the time. Its own
help (arch/um/os-Linux/start_up.c) calls that unfit for programs that are not trusted, because they can write
to the guest's whole memory. They are the reader's own here; and what the guest's kernel may do to the
host's files is settled outside of it (netbook.engine.embedded.sandbox).
"""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path

_FIXED = (6, 12)  # the last release that was seen to fail on AMX
_BY_SECCOMP = (6, 16)


def hands_over_a_part(kernel: Path, cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Does it give this CPU less of the registers than that takes?"""
    return has_amx(cpuinfo.read_text()) and release(kernel) <= _FIXED


def problem(kernel: Path) -> str:
    """Why this kernel cannot run here, as a sentence; "" if it can."""
    return "" if release(kernel) else f"{kernel} does not start (was its folder moved? then fetch it again)"


def has_amx(cpuinfo: str) -> bool:
    """
    >>> has_amx("processor : 0\\nflags : fpu sse avx amx_bf16 amx_tile\\n")
    True
    """
    return re.search(r"^flags\s*:.*\bamx_tile\b", cpuinfo, re.MULTILINE) is not None


def options(kernel: Path) -> list[str]:
    """What to say on its command line: seccomp if both it and the host can."""
    return ["seccomp=auto"] if release(kernel) >= _BY_SECCOMP else []


def command(kernel: Path, memory: int, network: str, init: Iterable[object]) -> list[str]:
    """`linux.uml …`: `memory` in MiB; `network`: a socket; `init`: a script in the guest, and its arguments.

    The guest's root is this machine's, read-only; its console is our stdin and stdout.
    """
    mac = "02:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(5))
    return [
        str(kernel),
        f"mem={memory}M",
        *("rootfstype=hostfs", "rootflags=/", "ro", "init=/bin/sh"),
        *("con0=fd:0,fd:1", "con=none", "ssl=none"),
        "uml_dir=uml/",
        *options(kernel),
        f"vec0:transport=bess,dst={network},depth=128,mac={mac}",
        *("--", *(f'"{part}"' for part in init)),  # it splits what it is told at spaces
    ]


def release(kernel: Path) -> tuple[int, ...]:
    """`linux.uml --version` → (6, 12); () if it does not say."""
    try:
        said = subprocess.run([kernel, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:  # the loader that it names is not there
        return ()
    found = re.match(r"(\d+)\.(\d+)", said)
    return tuple(int(number) for number in found.groups()) if found else ()
