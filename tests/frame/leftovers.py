"""Directories of engines: made per run, and ended by pid if a run was killed.

A run's directory holds `run.json` (pid and start time of the run) and one folder
per engine. Only an engine's processes whose command line names that very directory
are ended, each by its pid, and only if it belongs to this user and its run is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PREFIX = "netbook-tests-"
_NEW = 60  # seconds
_PROGRAMS = (
    "dockerd",
    "containerd",
    "runc",
    "unshare",  # around an engine with a root of its own
)  # with containerd-shim-runc-v2: the kernel cuts names at 15 characters


def _parent() -> Path:
    """The folder for temporary files; a unix socket's path has at most 107 bytes, so not too deep."""
    parent = Path(tempfile.gettempdir())
    return parent if len(str(parent)) <= 40 else Path("/tmp")


def new_directory() -> Path:
    """A directory for this run's engines, owner-only, signed with this process."""
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_parent()))
    me = psutil.Process()
    (directory / "run.json").write_text(json.dumps({"pid": me.pid, "started": me.create_time()}))
    return directory


def end_killed_runs() -> list[Path]:
    """Remove the directories of runs that were killed, with the engines that still live in them."""
    killed = [d for d in sorted(_parent().glob(f"{PREFIX}*")) if _is_mine(d) and not _is_running(d)]
    for directory in killed:
        end(directory)
    return killed


def end(directory: Path) -> list[int]:
    """End every process that lives in `directory`, unmount what is mounted there, remove it.

    Returns the pids that had to be ended.
    """
    ended = _end_processes(directory)
    for mount in _mounts(directory):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    if not _mounts(directory):  # never remove what only shows through a mount
        shutil.rmtree(directory, ignore_errors=True)
    return ended


def _is_mine(directory: Path) -> bool:
    try:
        status = directory.lstat()
    except OSError:  # gone meanwhile: another run tidies too
        return False
    return directory.is_dir() and not directory.is_symlink() and status.st_uid == os.geteuid()


def _is_running(directory: Path) -> bool:
    if not (directory / "run.json").exists():  # signed in a moment, if it is new
        return time.time() - directory.stat().st_mtime < _NEW
    try:
        run = json.loads((directory / "run.json").read_text())
        return abs(psutil.Process(run["pid"]).create_time() - run["started"]) < 1
    except (OSError, ValueError, KeyError, psutil.Error):
        return False


def _end_processes(directory: Path) -> list[int]:
    """Daemons first, with patience; then whatever they left, without."""
    found = _processes(directory)
    for process in found:
        _send(process.terminate)
    _wait(found, 5)
    stubborn = [process for process in {*found, *_processes(directory)} if is_alive(process)]
    for process in stubborn:
        _send(process.kill)
    _wait(stubborn, 5)
    return sorted({process.pid for process in (*found, *stubborn)})


def _send(signal: Callable[[], None]) -> None:
    with contextlib.suppress(psutil.Error):  # it ended by itself
        signal()


def _wait(processes: list[psutil.Process], seconds: float) -> None:
    """Until all have ended. (psutil.wait_procs waits until the parent has collected its dead, too.)"""
    deadline = time.monotonic() + seconds
    while any(map(is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)


def is_alive(process: psutil.Process) -> bool:
    """Does it still run? A zombie has ended; only its parent has not asked yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _processes(directory: Path) -> list[psutil.Process]:
    """An engine's processes, known by a path in `directory`, and their children (the containers)."""
    mark = f"{directory}/"
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            if process.name().startswith(_PROGRAMS) and any(mark in part for part in process.cmdline()):
                found |= {p.pid: p for p in (process, *process.children(recursive=True))}
        except psutil.Error:
            continue
    return list(found.values())


def _mounts(directory: Path) -> list[str]:
    """Mount points in `directory`, the deepest first."""
    try:
        lines = Path("/proc/self/mountinfo").read_text().splitlines()
    except OSError:  # not Linux
        return []
    points = (line.split()[4].replace("\\040", " ") for line in lines)
    return sorted((p for p in points if p.startswith(f"{directory}/")), key=len, reverse=True)
