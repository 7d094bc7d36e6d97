"""The book's own virtual environment: made, recognised, mended.

A stamp inside it (`netbook.json`) says what it is and whether it was finished:

    state         "making" until everything is installed, then "ready"
    ours          False if a `.venv` was here before us: such a one is filled, never cleared
    path          where it was made: scripts in it name this path
    python        "3.11": the interpreter's version that the packages were installed for
    requirements  file → fingerprint of the pins that were installed
"""

from __future__ import annotations

import enum
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from netbook.setup import pins

# not -S: up to Python 3.13 it is `site` that knows of the venv
_PROBE = "import sys, sysconfig; print('%d.%d' % sys.version_info[:2]); print(sysconfig.get_path('purelib'))"
_JUPYTERLAB = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
_LONGEST_SCRIPT_PATH = 100  # a `#!` line holds 127 bytes


class State(enum.Enum):
    """What a look at the folder tells."""

    MISSING = "not made yet"
    FOREIGN = "made by something else"
    HALF_MADE = "half-made: an earlier set-up was interrupted"
    BROKEN = "without a working Python: the one it was made from is gone or was replaced"
    MOVED = "made for another place: the book's folder was moved or copied"
    STALE = "made for other packages than requirements.txt lists now"
    READY = "ready"


@dataclass(slots=True)
class Stamp:
    """What the venv says about itself."""

    state: str = "making"
    ours: bool = True
    path: str = ""
    python: str = ""
    requirements: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What the venv's Python says when it is run."""

    version: str
    packages: Path


class Venv:
    """One folder with a Python and packages, for the book in `root`."""

    def __init__(self, directory: Path, root: Path) -> None:
        self.directory, self.root = directory.absolute(), root

    @property
    def python(self) -> Path:
        return self._scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def lock_file(self) -> Path:
        return self.directory / "netbook.lock"

    @property
    def log(self) -> Path:
        return self.directory / "netbook-pip.log"

    @property
    def _scripts(self) -> Path:
        return self.directory / ("Scripts" if os.name == "nt" else "bin")

    def is_running(self) -> bool:
        """Is this the Python that runs us?"""
        return Path(sys.prefix).resolve() == self.directory.resolve()

    def stamp(self) -> Stamp | None:
        """What it says about itself; None if it says nothing that we understand."""
        try:
            return Stamp(**json.loads((self.directory / "netbook.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_stamp(self, stamp: Stamp) -> None:
        """At once or not at all, whenever the power fails."""
        new = self.directory / "netbook.json.new"
        new.write_text(json.dumps(asdict(stamp), indent=2) + "\n", encoding="utf-8")
        new.replace(self.directory / "netbook.json")

    def state(self, files: Sequence[Path]) -> State:
        """Look, and change nothing."""
        stamp = self.stamp()
        if stamp is None:
            used = self.directory.is_dir() and any(
                entry.name != self.lock_file.name for entry in self.directory.iterdir()
            )
            return State.FOREIGN if used else State.MISSING
        if stamp.state != "ready":
            return State.HALF_MADE
        interpreter = self.interpreter()
        if interpreter is None or interpreter.version != stamp.python:
            return State.BROKEN
        if stamp.path != str(self.directory):
            return State.MOVED
        if any(stamp.requirements.get(self._key(file)) != pins.fingerprint(file) for file in files):
            return State.STALE
        return State.READY

    def interpreter(self) -> Interpreter | None:
        """Ask its Python who it is; None if it does not run, or lives elsewhere."""
        if self.is_running():
            return Interpreter("{}.{}".format(*sys.version_info[:2]), Path(sysconfig.get_path("purelib")))
        try:
            answer = subprocess.run(
                [self.python, "-I", "-c", _PROBE],
                capture_output=True,
                encoding="utf-8",
                timeout=60,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        version, packages = answer.stdout.splitlines()
        if not Path(packages).resolve().is_relative_to(self.directory.resolve()):
            return None
        return Interpreter(version, Path(packages))

    def finish(self, files: Sequence[Path], *, ours: bool) -> None:
        """Everything is installed: make the book importable, and say so in the stamp."""
        interpreter = self.interpreter()
        assert interpreter is not None  # pip has just run in it
        self.make_importable(interpreter)
        self._settle_jupyterlab()
        before = self.stamp()
        done = (before.requirements if before else {}) | {self._key(f): pins.fingerprint(f) for f in files}
        self.write_stamp(Stamp("ready", ours, str(self.directory), interpreter.version, done))

    def make_importable(self, interpreter: Interpreter) -> None:
        """A `.pth` file that leads to the book's folder; relative where it can be, so that it moves along."""
        try:
            line = os.path.relpath(self.root, interpreter.packages) if self._inside() else str(self.root)
        except ValueError:  # another drive on Windows
            line = str(self.root)
        (interpreter.packages / "netbook.pth").write_text(line + "\n", encoding="locale")

    def _settle_jupyterlab(self) -> None:
        """No question about Jupyter's news on the first page, and no look for updates to what is pinned."""
        settings = self.directory / "share" / "jupyter" / "lab" / "settings"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "overrides.json").write_text(json.dumps(_JUPYTERLAB, indent=2) + "\n", encoding="utf-8")

    def clear(self) -> None:
        """Empty it, but keep what others may hold open or we need to know: the lock and the stamp."""
        for entry in self.directory.iterdir():
            if entry.name in ("netbook.lock", "netbook.json"):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def relocate(self) -> bool:
        """The folder was moved: mend the scripts that name the old place. False if it takes a new venv."""
        stamp = self.stamp()
        new = str(self.directory)
        if stamp is None or os.name == "nt" or " " in new or len(new.encode()) > _LONGEST_SCRIPT_PATH:
            return False
        interpreter = self.interpreter()
        if interpreter is None:
            return False
        for script in (*self._scripts.iterdir(), self.directory / "pyvenv.cfg"):
            if script.is_file() and not script.is_symlink():
                text = script.read_bytes()
                if os.fsencode(stamp.path) in text:
                    script.write_bytes(text.replace(os.fsencode(stamp.path), os.fsencode(new)))
        self.make_importable(interpreter)
        stamp.path = new
        self.write_stamp(stamp)
        return True

    def _inside(self) -> bool:
        return self.directory.resolve().is_relative_to(self.root.resolve())

    def _key(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()
