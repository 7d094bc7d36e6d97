"""Which Python runs the book, and whether it is complete: the first half of every start.

NETBOOK_VENV unset    the running Python if it meets every pin (a Binder image, an activated
                      environment), else `.venv` in the book's folder, made on the first start
NETBOOK_VENV=none     the running Python, whatever its versions
NETBOOK_VENV=FOLDER   a virtual environment there
"""

from __future__ import annotations

import errno
import importlib
import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from netbook.errors import SetupError
from netbook.setup import console, disk, lock, packages, pins, pip
from netbook.setup.venv import Stamp, State, Venv

ROOT = Path(__file__).resolve().parents[2]
READER, CONTRIBUTOR = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"
NEEDED_MB = {READER: 800, CONTRIBUTOR: 1000}  # measured, pip's cache included
UPDATE_MB = 200
_VENV_MB = 40  # pip alone


def the_venv() -> Venv:
    """Where the book's venv is, or would be."""
    chosen = os.environ.get("NETBOOK_VENV", "")
    return Venv(Path(chosen).expanduser() if chosen else ROOT / ".venv", ROOT)


def as_it_is() -> bool:
    """Did the reader ask us to use the running Python, whatever it has?"""
    return os.environ.get("NETBOOK_VENV", "").lower() == "none"


def current(files: Sequence[Path]) -> Path | None:
    """The Python that can run the book right now; None if there is none. Changes nothing."""
    if as_it_is():
        return Path(sys.executable)
    venv = the_venv()
    if not venv.is_running() and not any(pins.unmet(file) for file in files):
        return Path(sys.executable)
    return venv.python if venv.state(files) is State.READY else None


def prepare(files: Sequence[Path], *, yes: bool = False, say: Callable[[str], object] = console.say) -> Path:
    """The Python that runs the book, with everything in `files` installed.

    Errors: SetupError, a sentence each for no venv module, no disk, no network, a read-only folder …
    """
    if as_it_is():
        _must_be_there(files, say)
        return Path(sys.executable)
    if ready := current(files):
        return ready
    venv = the_venv()
    with disk.writing(venv.directory):
        venv.directory.mkdir(parents=True, exist_ok=True)
        with lock.alone(venv.lock_file, say):
            if venv.state(files) is not State.READY:
                _bring_up(venv, files, yes, say)
    return venv.python


def _must_be_there(files: Sequence[Path], say: Callable[[str], object]) -> None:
    unmet = {name: what for file in files for name, what in pins.unmet(file).items()}
    absent = sorted(name for name, what in unmet.items() if what.endswith("not installed"))
    if absent:
        raise SetupError(
            f"NETBOOK_VENV=none, but this Python ({sys.executable}) lacks {', '.join(absent)}.",
            remedy=f"unset NETBOOK_VENV, or: {shlex.quote(sys.executable)} -m pip install -r {files[-1]}",
        )
    for name, what in unmet.items():
        say(f"! {name}: {what}")


def _bring_up(venv: Venv, files: Sequence[Path], yes: bool, say: Callable[[str], object]) -> None:
    """From whatever state it is in to READY."""
    state = venv.state(files)
    if state is State.MOVED and venv.relocate():
        state = venv.state(files)
        if state is State.READY:
            say(f"The book's folder was moved; {venv.directory} has been mended.")
            return
    stamp = venv.stamp() or Stamp(ours=state is not State.FOREIGN)
    fill = state is State.STALE or not stamp.ours
    if not stamp.ours and not _can_be_filled(venv):
        raise SetupError(
            f"{venv.directory} exists, was not made by the book, and has no working Python 3.11 or newer.",
            remedy=f"move it away, or put the packages elsewhere: {disk.elsewhere()}",
        )
    if state is State.MISSING:
        say(f"First start: setting up the book in {venv.directory} (once, a minute or so).")
    else:
        say(f"{venv.directory} is {state.value}.")
    if not fill:
        require_venv_module(yes=yes, say=say)
        disk.check(venv.directory, max(NEEDED_MB[file] for file in files))
    elif state is State.STALE:
        disk.check(venv.directory, UPDATE_MB)
    # what else was installed still is, when it is only added to
    venv.write_stamp(Stamp(ours=stamp.ours, requirements=stamp.requirements if fill else {}))
    if not fill:
        venv.clear()
        _make(venv)
    pip.install(venv.python, files, venv.log, say)
    venv.finish(files, ours=stamp.ours)
    say(f"{console.MARKS['ok']} The book's packages are installed.")


def _can_be_filled(venv: Venv) -> bool:
    interpreter = venv.interpreter()
    return interpreter is not None and tuple(map(int, interpreter.version.split("."))) >= (3, 11)


def require_venv_module(*, yes: bool, say: Callable[[str], object]) -> None:
    """Debian splits `ensurepip` off Python; as root there, it is installed.

    Errors: SetupError with the command that helps.
    """
    if not lacks_venv():
        return
    if _is_debians_python() and packages.can_install():
        package = packages.venv_package()
        why = f"Python's own venv module is incomplete on this machine: {package} is not installed."
        if packages.offer([package], why, yes=yes, say=say):
            importlib.invalidate_caches()
            if not lacks_venv():
                return
    raise SetupError(
        f"This Python ({sys.executable}) cannot make virtual environments: venv or ensurepip is missing.",
        remedy=venv_remedy(),
    )


def venv_remedy() -> str:
    """What helps a Python without venv."""
    if _is_debians_python():
        return packages.command([packages.venv_package()])
    return "install a complete Python 3.11 or newer, from python.org for example"


def _is_debians_python() -> bool:
    return packages.has_apt() and sys.base_prefix == "/usr"


def lacks_venv() -> bool:
    """Are the parts missing that Debian splits off Python?"""
    return any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip"))


def _make(venv: Venv) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "venv", venv.directory],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode:
        if disk.free_mb(venv.directory) < _VENV_MB:
            raise disk.refused(venv.directory, OSError(errno.ENOSPC, "full"))
        words = "".join(f"\n    {line[:200]}" for line in made.stdout.strip().splitlines()[-4:])
        raise SetupError(f"Python could not make a virtual environment in {venv.directory}:{words}")
