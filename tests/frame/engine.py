"""The engine of one test process: found or started when the first test needs it, left at the end as it was.

As root on Linux with dockerd installed, each process gets a private engine in a
network namespace of its own, so that workers can run side by side. If the reader
names an engine (DOCKER_HOST, NETBOOK_ENGINE=yours), or none can be started, all
processes share that one, and the plugin sends what needs it to a single worker.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing import resource_tracker
from pathlib import Path

import psutil
import pytest

from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private import dockerd, requirements
from netbook.errors import NetbookError
from tests.frame.foreign import Foreign

ROOT = Path(__file__).parents[2]
_PATIENCE = 2  # seconds for threads and processes that are just ending
_VARIABLES = ("DOCKER_HOST", "NETBOOK_ENGINE", "NETBOOK_STATE")


def shared() -> str:
    """Why one engine serves all processes; "" if each can have its own."""
    if os.environ.get("DOCKER_HOST"):
        return f"DOCKER_HOST is {os.environ['DOCKER_HOST']}"
    if os.environ.get("NETBOOK_ENGINE", "private") != "private":
        return f"NETBOOK_ENGINE is {os.environ['NETBOOK_ENGINE']}"
    if why := requirements.problem():
        return why
    if not shutil.which("unshare") or subprocess.run(["unshare", "--net", "true"], check=False).returncode:
        return "no network namespace can be made here"
    return ""


def prepare_kernels(directory: Path) -> None:
    """Kernels that start from now on find the library, and skip the user's start-up files and history."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.environ["NETBOOK_PROGRESS"] = str(directory / "progress.json")  # the reader's own is not ours
    profile = directory / "ipython"
    profile.mkdir(parents=True, exist_ok=True)  # or each kernel makes a temporary one, and leaves it
    os.environ["IPYTHONDIR"] = str(profile)


class EngineOfTests:
    """`need` before a test that needs the engine; `finish` once, after the last."""

    def __init__(self, directory: Path, *, own: bool, foreign: bool = True) -> None:
        self._directory, self._own, self._plant = directory, own, foreign
        self._daemon: dockerd.PrivateEngine | None = None
        self._engine: Engine | None = None
        self._foreign: Foreign | None = None
        self._refusal = ""
        self._environment = {name: os.environ.get(name) for name in _VARIABLES}
        self._threads: set[threading.Thread] = set()

    def need(self) -> str:
        """DOCKER_HOST of an engine that runs, has the lab image, and foreign things on it."""
        if self._refusal:
            pytest.fail(self._refusal, pytrace=False)
        if self._engine is None:
            try:
                self._start()
            except NetbookError as error:
                self._refusal = str(error)
                pytest.fail(self._refusal, pytrace=False)
        assert self._engine is not None
        return self._engine.where

    def finish(self) -> list[str]:
        """Check, tidy and stop; returns what is wrong, as sentences."""
        wrong: list[str] = []
        if self._foreign is not None:
            wrong += self._attempt(self._foreign.check)
            wrong += self._attempt(self._processes_and_threads)
            if not self._own:  # an engine of our own goes away with all that is on it
                wrong += self._attempt(self._foreign.remove)
        wrong += self._attempt(self._stop)
        self._engine = self._foreign = None
        return wrong

    def _start(self) -> None:
        os.environ["NETBOOK_STATE"] = str(self._directory / "state")
        if self._own:
            self._daemon = dockerd.PrivateEngine(self._directory / "engine", isolated=True)
            os.environ["DOCKER_HOST"] = self._daemon.start()
            os.environ.pop("NETBOOK_ENGINE", None)
        self._engine = ladder.find()
        os.environ["DOCKER_HOST"] = self._engine.where  # for the notebooks' kernels
        busybox.ensure(self._engine)
        self._threads = set(threading.enumerate())
        if self._plant:
            self._foreign = Foreign(self._engine._api)

    def _stop(self) -> None:
        try:
            if self._engine is not None:
                self._engine.close()
        finally:
            if self._daemon is not None:
                self._daemon.stop()
            for name, value in self._environment.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value

    @staticmethod
    def _attempt(step: Callable[[], Iterable[str] | None]) -> list[str]:
        """One failing step must not keep the others from running: the engine has to stop."""
        try:
            return list(step() or [])
        except Exception as error:  # noqa: BLE001
            return [f"tidying up failed: {type(error).__name__}: {error}"]

    def _processes_and_threads(self) -> list[str]:
        deadline = time.monotonic() + _PATIENCE
        while (left := self._left()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def _left(self) -> list[str]:
        # Whoever had a pool of processes (the handouts) has Python's tracker, which ends with this process.
        mine = {resource_tracker._resource_tracker._pid}  # type: ignore[attr-defined]
        if self._daemon:
            mine.add(self._daemon.pid)
        children = [child for child in psutil.Process().children() if child.pid not in mine]
        threads = [t for t in threading.enumerate() if t not in self._threads and t.is_alive()]
        return [f"process {c.pid} was left behind: {' '.join(_command(c))[:120]}" for c in children] + [
            f"thread {t.name!r} was left behind" for t in threads
        ]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline() or [process.name()]
    except psutil.Error:
        return ["(ended)"]
