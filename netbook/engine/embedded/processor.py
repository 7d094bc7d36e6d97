"""CPUs with AMX: their registers are too large for older kernels of user-mode Linux.

Up to 6.12 it keeps the floating-point state in a buffer of fixed size; a host that has AMX refuses a state
of that size, and the guest ends with "ptrace set fp regs failed, errno = 14" before its first program runs.
(Seen with Debian's 6.1 and 6.12; 7.2 asks the host for the size.)
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_FIXED = (6, 12)  # the last release that was seen to fail


def problem(kernel: Path, cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Why this kernel cannot run on this CPU, as a sentence; "" if it can."""
    if not has_amx(cpuinfo.read_text()) or (version := release(kernel)) > _FIXED:
        return ""
    number = ".".join(map(str, version))
    return f"this CPU has AMX, and user-mode Linux {number} cannot keep its registers (newer ones can)"


def has_amx(cpuinfo: str) -> bool:
    """
    >>> has_amx("processor : 0\\nflags : fpu sse avx amx_bf16 amx_tile\\n")
    True
    """
    return re.search(r"^flags\s*:.*\bamx_tile\b", cpuinfo, re.MULTILINE) is not None


def release(kernel: Path) -> tuple[int, ...]:
    """`linux.uml --version` → (6, 12)."""
    said = subprocess.run([kernel, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"(\d+)\.(\d+)", said)
    return tuple(int(number) for number in found.groups()) if found else (0, 0)
