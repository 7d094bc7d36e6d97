"""What lets user-mode Linux up to 6.12 run on a CPU with AMX: a function of ours in place of libc's `ptrace`.

    tcc -shared -nostdlib -o xstate.so xstate.c;  LD_PRELOAD=$PWD/xstate.so linux.uml …

Compiled where it runs: a binary in the book would be one that nobody can read. tcc needs no header and a few
milliseconds; Debian's package has 0.3 MB.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from netbook.engine.embedded.programs import Programs

_SOURCE = Path(__file__).with_suffix(".c")


def build(programs: Programs, folder: Path) -> Path:
    """Compile it into a folder that allows programs.

    Errors: subprocess.CalledProcessError; what tcc said is in the log.
    """
    target = folder / "xstate.so"
    command = programs.command("tcc", "-shared", "-nostdlib", "-o", str(target), str(_SOURCE))
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target
