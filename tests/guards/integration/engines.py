"""Nested runs that start an engine: what they note of it, and what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.frame.leftovers import PREFIX, is_alive

# A test that notes its engine's pid, and then does what is put in for %s.
TEST = """
import os, time
from pathlib import Path

def test_with_the_engine(docker_host):
    pid = Path(docker_host.removeprefix("unix://")).with_name("dockerd.pid").read_text()
    note = Path(__file__).parent / f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.pid"
    note.with_suffix(".tmp").write_text(pid)
    note.with_suffix(".tmp").rename(note)
    %s
"""


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return result


def noted(folder: Path, count: int = 1) -> list[int]:
    """The engines' pids that the nested run's processes noted, once there are `count` of them."""
    notes = wait_for(lambda: len(found := sorted(folder.glob("integration/*.pid"))) >= count and found)
    return [int(note.read_text()) for note in notes]


def is_dockerd(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return is_alive(process) and process.name() == "dockerd"
    except psutil.NoSuchProcess:
        return False


def nothing_left(folder: Path) -> bool:
    mounts = Path("/proc/self/mountinfo").read_text()
    return not list(folder.glob(f"{PREFIX}*")) and f"{folder}/" not in mounts
