"""What a dockerd that was killed leaves: its containerd, its shims, its mounts."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path


def is_alive(pid: int) -> bool:
    """A process that runs; a zombie has ended and waits only for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(directory: Path) -> None:
    """End the processes of the engine in `directory`, undo its mounts, forget its run-time state."""
    runtime = directory / "exec"
    pids = _processes(os.fsencode(f"{runtime}/"))
    for pid in pids:
        _kill(pid)
    deadline = time.monotonic() + 5
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for mount in mounts(f"{directory}/"):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    if not mounts(f"{runtime}/"):
        shutil.rmtree(runtime, ignore_errors=True)  # a stale containerd.pid makes dockerd wait for a ghost


def _processes(mark: bytes) -> list[int]:
    """Processes with an argument that lies in the engine's run-time directory: containerd and the shims."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:  # it ended by itself
            continue
        if arguments[0].rpartition(b"/")[2].startswith(b"containerd") and any(
            argument.startswith(mark) for argument in arguments
        ):
            found.append(int(path.parent.name))
    return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def mounts(prefix: str) -> list[str]:
    """Mount points below `prefix`, the innermost first. /proc/mounts writes a space as \\040."""
    try:
        lines = Path("/proc/mounts").read_text().splitlines()
    except OSError:  # not Linux
        return []
    points = [line.split()[1].replace("\\040", " ") for line in lines]
    return sorted((point for point in points if point.startswith(prefix)), reverse=True)
