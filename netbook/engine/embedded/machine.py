"""Rung 3: a Docker Engine in a Linux kernel that runs as an ordinary process of the reader.

One serves all notebooks of a reader on this machine: whoever comes first starts it, whoever comes later
joins. It needs neither root nor the machine's network, and leaves nothing but a log.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from netbook.engine.client.knock import knock
from netbook.engine.embedded import install, kernel, memory, obstacles, orphans, programs
from netbook.engine.embedded.files import Files, state_directory
from netbook.engine.embedded.shell import GUEST, set_clock, ssh
from netbook.engine.lease import Lease, alone
from netbook.errors import NoEngine
from netbook.setup import console

_PATIENCE = 120  # seconds; on a crowded server it takes twenty
_SLOW = 60  # seconds for one that runs
_ROOT = Path(__file__).parents[3]
_WORDS = {"kernel": "the kernel runs", "sshd": "its network is up; Docker starts"}
_LONGEST = 100  # bytes, for DIR/docker.sock and ssh's temporary name beside it


def problem(directory: Path | None = None) -> tuple[str, str] | None:
    """Why no embedded engine can run here, and what would change that; None if one can."""
    if sys.platform != "linux":
        return f"the embedded engine needs Linux; this is {sys.platform}", ""
    directory = directory or state_directory()
    if found := obstacles.problem(directory):
        return found
    where = programs.found(install.directory())
    if where is None:
        lacking = programs.Programs(Path("/")).missing()
        what = f"the embedded engine needs {', '.join(sorted(lacking))}: not installed"
        if why := install.possible():
            return f"{what}; and {why}", "install these packages: " + " ".join(sorted(set(lacking.values())))
        return what, "run `python3 -m netbook engine install` (no root needed)"
    if why := kernel.problem(where.kernel):
        return why, "run `python3 -m netbook clean --all`, then `python3 -m netbook engine install`"
    return None


def installable() -> bool:
    """Are programs all that is lacking, and can they be fetched here?"""
    if sys.platform != "linux" or obstacles.problem(state_directory()) or install.possible():
        return False
    return programs.found(install.directory()) is None


def install_programs(say: Callable[[str], object], *, yes: bool = False) -> bool:
    """Fetch them after asking; False if the reader said no."""
    if programs.found(install.directory()):
        say("Everything that the embedded engine needs is here already.")
        return True
    say(f"The embedded engine needs Debian's packages: {install.MEGABYTES} MB in {install.directory()}.")
    if not console.ask("Fetch them now?", yes=yes):
        return False
    install.install(say)
    return True


class EmbeddedEngine:
    """The engine whose files are in `directory` (default: NETBOOK_STATE or /tmp/netbook-UID)."""

    def __init__(self, directory: Path | None = None) -> None:
        self.files = Files(directory or state_directory())
        self._lease: Lease | None = None

    @property
    def url(self) -> str:
        """As DOCKER_HOST would say it."""
        return f"unix://{self.files.socket}"

    def answers(self) -> bool:
        """Does it run, and can it be used?"""
        return self.files.socket.exists() and not knock(self.files.socket)

    def start(self, say: Callable[[str], object] = lambda _: None, *, stay: bool = False) -> str:
        """Start it, or join the one that runs; returns its DOCKER_HOST value.

        `stay`: it goes on when nobody uses it, until `stop`. `say` gets a line for each stage.
        Errors: NoEngine with the engine's last words.
        """
        if len(os.fsencode(self.files.socket)) > _LONGEST:
            raise NoEngine(
                f"The path {self.files.directory} is too long for the engine's socket.",
                remedy="set NETBOOK_STATE to a folder with a shorter path",
            )
        self.files.make()
        self._lease = self._lease or Lease(self.files.directory)
        try:
            with alone(self.files.directory):
                if not self._answers_in_time(say):
                    self._launch(say, stay)
                elif stay:
                    self.files.ask_to_stay()
        except BaseException:
            self.leave()
            raise
        if stay:
            self.leave()
        return self.url

    def _answers_in_time(self, say: Callable[[str], object]) -> bool:
        """Does it answer, or will it soon? One that is slow (a machine that woke up) has containers."""
        deadline = time.monotonic() + _SLOW
        told = False
        while not self.answers():
            if self.files.keeper() is None or time.monotonic() > deadline:
                return False
            if not told:
                say(f"The embedded engine runs, but does not answer yet: waiting up to {_SLOW} s …")
                told = True
            time.sleep(0.2)
        return True

    def leave(self) -> bool:
        """Leave. True if nobody else uses the engine: then it has ended, unless it was told to stay."""
        lease, self._lease = self._lease, None
        if lease is None:
            return False
        last = lease.release()
        lease.done()
        return last and not self.files.status().get("stay") and self._wait_for_end(5)

    def stop(self) -> bool:
        """End it, whoever uses it; False if none ran."""
        pid = self.files.keeper()
        if pid is None:
            self._clear()
            return False
        os.kill(pid, signal.SIGTERM)
        if not self._wait_for_end(10):
            os.kill(pid, signal.SIGKILL)  # its programs end with it
            self._wait_for_end(5)
        self._clear()
        return True

    def last_end(self) -> str:
        """Why the last one ended, as a sentence; "" if it was told to, or nothing is known."""
        try:
            why = self.files.ended.read_text().strip()
        except OSError:
            why = "" if not self.files.status() else "it was killed"
        return f"The last one ended because {why}." if why.startswith(("its ", "it was killed")) else ""

    def in_use(self) -> bool:
        """Does anybody hold its lease?"""
        lease = Lease(self.files.directory)
        alone_here = lease.release()
        lease.done()
        return not alone_here

    def command(self, *arguments: str, terminal: bool = False) -> list[str]:
        """Runs `arguments` in the guest, or a shell. Its current folder must be the engine's."""
        status = self.files.status()
        root = programs.Programs(Path(status["root"]))
        return ssh(root, status["port"], *(["-t"] if terminal else []), GUEST, *arguments)

    def set_clock(self) -> None:
        """Give the guest this machine's time, if it listens."""
        status = self.files.status()
        set_clock(programs.Programs(Path(status["root"])), status["port"], self.files.directory)

    def _wait_for_end(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.files.keeper() is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _launch(self, say: Callable[[str], object], stay: bool) -> None:
        if why := self.last_end():
            say(f"{why} Starting a new one.")
        self.stop()  # one that hangs; or the files of one that was killed
        if found := problem(self.files.directory):
            raise NoEngine(f"{found[0][0].upper()}{found[0][1:]}.", remedy=found[1])
        where = programs.found(install.directory())
        assert where is not None  # else that was the problem
        settings = {
            "root": str(where.root),
            "memory": memory.for_guest(),
            "scratch": str(obstacles.scratch(self.files.directory)),
            "stay": stay,
        }
        say(f"Starting the embedded Docker Engine ({settings['memory']} MB) …")
        began = time.monotonic()
        self._spawn(json.dumps(settings))
        told, deadline = 0, began + _PATIENCE
        while not self.answers():
            stages = self.files.stages()
            for name, seconds in stages[told:]:
                if name in _WORDS:
                    say(f"  {seconds:4.1f} s  {_WORDS[name]}")
            told = len(stages)
            if self.files.ended.exists():
                how = f"ended while it was starting: {self.files.ended.read_text().strip()}"
            elif self.files.keeper() is None and time.monotonic() > began + 10:
                how = "did not start"
            elif time.monotonic() > deadline:
                how = f"did not answer within {_PATIENCE} s"
                self.stop()
            else:
                time.sleep(0.05)
                continue
            raise NoEngine(
                f"The embedded engine {how}.\n{self.files.last_words()}",
                remedy="`python3 -m netbook engine logs` shows the whole log",
            )
        say(f"  {time.monotonic() - began:4.1f} s  ready")

    def _spawn(self, settings: str) -> None:
        """Start the keeper. It is not our child, for it may outlive us."""
        self.files.ended.unlink(missing_ok=True)
        python_path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
        command = [sys.executable, "-m", "netbook.engine.embedded.keeper", str(self.files.directory)]
        with self.files.log.open("wb") as log:
            subprocess.run(
                ["sh", "-c", 'read -r settings; printf %s "$settings" | setsid "$@" &', "sh", *command],
                input=settings.encode() + b"\n",
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "PYTHONPATH": python_path},
                check=True,
            )

    def _clear(self) -> None:
        """What a killed keeper could not take away."""
        if self.files.directory.is_dir() and self.files.keeper() is None:
            orphans.end(self.files.directory)
            self.files.forget()
