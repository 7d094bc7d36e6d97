"""What differs between kernels of user-mode Linux: which CPUs they run on, and how they run a program.

Up to 6.12 it keeps the floating-point state in a buffer of fixed size; a host that has AMX refuses a state
of that size, and the guest ends with "ptrace set fp regs failed, errno = 14" before its first program runs
(seen with Debian's 6.1 and 6.12; 7.2 and 7.3 ask the host for the size).

From 6.16 on it can run programs by seccomp in place of ptrace: containers start in half the time. Its own
help (arch/um/os-Linux/start_up.c) calls that unfit for programs that are not trusted, because they can write
to the guest's whole memory. They are the reader's own here; and what the guest's kernel may do to the
host's files is settled outside of it (netbook.engine.embedded.sandbox).
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_FIXED = (6, 12)  # the last release that was seen to fail on AMX
_BY_SECCOMP = (6, 16)


def problem(kernel: Path, cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Why this kernel cannot run on this CPU, as a sentence; "" if it can."""
    version = release(kernel)
    if not version:
        return f"{kernel} does not start (was its folder moved? then fetch it again)"
    if not has_amx(cpuinfo.read_text()) or version > _FIXED:
        return ""
    number = ".".join(map(str, version))
    return f"this CPU has AMX, and user-mode Linux {number} cannot keep its registers (newer ones can)"


def has_amx(cpuinfo: str) -> bool:
    """
    >>> has_amx("processor : 0\\nflags : fpu sse avx amx_bf16 amx_tile\\n")
    True
    """
    return re.search(r"^flags\s*:.*\bamx_tile\b", cpuinfo, re.MULTILINE) is not None


def options(kernel: Path) -> list[str]:
    """What to say on its command line: seccomp if both it and the host can."""
    return ["seccomp=auto"] if release(kernel) >= _BY_SECCOMP else []


def release(kernel: Path) -> tuple[int, ...]:
    """`linux.uml --version` → (6, 12); () if it does not say."""
    try:
        said = subprocess.run([kernel, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:  # the loader that it names is not there
        return ()
    found = re.match(r"(\d+)\.(\d+)", said)
    return tuple(int(number) for number in found.groups()) if found else ()
