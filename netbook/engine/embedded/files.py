"""The folder of one embedded engine: its socket, this session's keys, what it is doing, its log.

Only its owner may enter. It is on this machine and not in the home, which several machines may share.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import time
from pathlib import Path
from typing import Any

from netbook.errors import NoEngine

if sys.platform != "win32":  # this rung is for Linux; the ladder above it is for all
    import fcntl

    from netbook.engine.embedded import scratch

# of one session: gone when the engine has ended
_PASSING = (
    "docker.sock",
    "slirp.sock",
    "slirp-api.sock",
    "guest_key",
    "guest_key.pub",
    "client_key",
    "client_key.pub",
    "authorized_keys",
    "known_hosts",
    "status.json",
    "stages",
)
_LASTING = ("engine.log", "ended", "lease", "starting", "keeper")


def state_directory() -> Path:
    """`embedded` in NETBOOK_STATE, or a folder of this user's in /tmp."""
    if chosen := os.environ.get("NETBOOK_STATE"):
        return Path(chosen).absolute() / "embedded"
    user = os.getuid() if sys.platform != "win32" else 0
    return Path(f"/tmp/netbook-{user}")  # noqa: S108  # Files.make looks whose it is


class Files:
    """The names in the folder, and what is written in them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.socket = directory / "docker.sock"
        self.log = directory / "engine.log"
        self.ended = directory / "ended"  # why the last one ended
        self._stages = directory / "stages"
        self._status = directory / "status.json"

    def make(self) -> None:
        """Make the folder, or check that it is ours alone.

        Errors: NoEngine, when somebody else made it first: in /tmp anybody can.
        """
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            about = self.directory.lstat()
        except OSError as error:
            raise NoEngine(
                f"The engine's folder {self.directory} cannot be made: {error.strerror}.",
                remedy="set NETBOOK_STATE to a folder of your own",
            ) from error
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
            raise NoEngine(
                f"{self.directory}, where the engine's socket and keys would be, belongs to somebody else.",
                remedy="set NETBOOK_STATE to a folder of your own",
            )
        if stat.S_IMODE(about.st_mode) & 0o077:
            self.directory.chmod(0o700)

    def hold(self) -> int | None:
        """The keeper's mark that it lives: a lock, which ends with its process. None: there is one."""
        descriptor = os.open(self.directory / "keeper", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def keeper(self) -> int | None:
        """The keeper's pid, if it lives."""
        try:
            with (self.directory / "keeper").open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(file.read() or 0) or None
        except (OSError, ValueError):
            pass
        return None

    def unused(self) -> bool:
        """True when nobody holds the lease (netbook.engine.lease); then nobody can take it until we end."""
        descriptor = os.open(self.directory / "lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        return True  # stays open, and so locked, on purpose

    def write_status(self, status: dict[str, Any]) -> None:
        """What others may want to know of a running engine."""
        self._status.write_text(json.dumps({**status, "since": time.time()}) + "\n")

    def ask_to_stay(self) -> None:
        """Tell the keeper of a running engine to go on when nobody uses it. Hold the lease meanwhile."""
        self._status.write_text(json.dumps({**self.status(), "stay": True}) + "\n")

    def status(self) -> dict[str, Any]:
        """What the keeper wrote; {} if there is none."""
        try:
            return dict(json.loads(self._status.read_text()))
        except (OSError, ValueError):
            return {}

    def add_stage(self, name: str, seconds: float) -> None:
        """The engine has come so far, that long after its start."""
        with self._stages.open("a") as file:
            file.write(f"{seconds:.2f} {name}\n")

    def stages(self) -> list[tuple[str, float]]:
        """How far it has come, oldest first."""
        try:
            lines = self._stages.read_text().splitlines()
        except OSError:
            return []
        return [(name, float(seconds)) for seconds, name in (line.split() for line in lines)]

    def last_words(self, lines: int = 6) -> str:
        """The end of the log, indented."""
        try:
            text = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return "    (no log)"
        return "\n".join(f"    {line[:160]}" for line in text[-lines:])

    def forget(self) -> None:
        """Remove what belonged to one session."""
        if memory := self.status().get("scratch"):
            scratch.drop(Path(memory))
        shutil.rmtree(self.directory / "uml", ignore_errors=True)
        for name in _PASSING:
            (self.directory / name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove everything of ours, and the folder if nothing else is in it."""
        self.forget()
        for name in _LASTING:
            (self.directory / name).unlink(missing_ok=True)
        if self.directory.is_dir() and not any(self.directory.iterdir()):
            self.directory.rmdir()
