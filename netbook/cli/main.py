"""The command line: `python3 -m netbook lab | test | doctor | draw | why | engine | handout | …`.

Standard library only at the top: this module runs before anything is installed.
What needs the packages is imported where the venv's Python has taken over.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netbook.book import chapters
from netbook.cli import arguments as syntax
from netbook.engine import sockets
from netbook.engine.private import requirements
from netbook.errors import ImageMissing, NetbookError, NoEngine, SetupError
from netbook.ownership import labels
from netbook.setup import child, console, packages, ports, server, start
from netbook.setup.console import say
from netbook.setup.venv import State

if TYPE_CHECKING:
    from netbook.engine.client.engine import Engine

_NO_ENGINE = "No Docker Engine was found."
_DECLINED = "NETBOOK_DECLINED"  # set for the Python that goes on: this reader was asked, and said no


def main(arguments: Sequence[str]) -> int:
    """The exit code of one command."""
    console.survive_any_terminal()
    try:
        with child.termination_as_exit():
            return _dispatch(list(arguments))
    except NetbookError as error:
        print(f"{console.MARKS['bad']} {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `… | head`: nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["test"]:
        return _test(arguments)
    parser = syntax.parser()
    if not arguments:
        parser.print_help()
        return 2
    options = parser.parse_args(arguments)
    if options.command == "lab":
        return _lab(arguments, options.chapter, options.port, browser=not options.no_browser, yes=options.yes)
    if options.command == "engine":
        return _operate(arguments, options)
    if options.command == "handout":
        return _handout(arguments, options)
    if options.command == "clean":
        return _clean(arguments, options.lab, everything=options.all)
    if options.command in ("draw", "progress", "why"):
        return _tell(arguments, options)
    return _doctor(arguments)


def _continue_in(python: Path, arguments: list[str]) -> None:
    """Go on as that Python, unless we are it already."""
    if python == Path(sys.executable):
        return
    command = [str(python), "-m", "netbook", *arguments]
    sys.stdout.flush()
    if os.name == "nt":  # there, exec would hand the terminal back to the shell
        raise SystemExit(subprocess.call(command))
    os.execv(python, command)  # noqa: S606  # no shell is what we want


# -- lab ------------------------------------------------------------------------


def _lab(arguments: list[str], chapter: str | None, port: int | None, *, browser: bool, yes: bool) -> int:
    notebook = chapters.find(start.ROOT, chapter)
    ports.choose(port)  # a mistake is told before the set-up, not after it
    with _programs_beside([start.READER], yes=yes):
        python = start.prepare([start.READER], yes=yes)
    _continue_in(python, arguments)
    with _engine(yes=yes) as engine:
        free, word = ports.choose(port)
        if word:
            say(word)
        browser = browser and server.has_display()
        fixed = port is not None
        return server.run(start.ROOT, notebook, free, engine.where, fixed=fixed, browser=browser, say=say)


@contextmanager
def _engine(*, yes: bool) -> Iterator[Engine]:
    """An engine with the lab image on it, let go at the end. What is missing on Debian is installed."""
    from netbook.engine import ladder
    from netbook.engine.images import busybox

    try:
        engine = ladder.find(say)
    except NoEngine:
        if not (_programs_installed(yes=yes) or _embedded_installed(yes=yes)):
            raise
        engine = ladder.find(say)  # from the top: apt-get may have started the system's own dockerd
    try:
        say(f"{console.MARKS['ok']} Docker {engine.version} at {engine.where}")
        try:
            busybox.ensure(engine, say)
        except ImageMissing:
            if not _busybox_installed(yes=yes):
                raise
            busybox.ensure(engine, say)
        yield engine
    finally:
        with child.undisturbed():
            engine.close()


def _programs_beside(files: Sequence[Path], *, yes: bool) -> AbstractContextManager[None]:
    """On the first start of a bare machine, apt-get installs an engine's programs while pip is at work."""
    if start.current(files) or start.the_venv().state(files) is not State.MISSING or not _bare():
        return nullcontext()
    start.require_venv_module(yes=yes, say=say)
    if not packages.agreed(packages.ENGINE, _NO_ENGINE, yes=yes):
        os.environ[_DECLINED] = "1"
        return nullcontext()
    return packages.beside(partial(packages.install, packages.ENGINE, if_there=packages.ENGINE_IF_THERE))


def _bare() -> bool:
    """As far as can be told before anything is installed: no engine here, and a private one would do."""
    told = any(os.environ.get(name) for name in ("DOCKER_HOST", "DOCKER_CONTEXT"))
    told = told or os.environ.get("NETBOOK_ENGINE", "private") not in ("", "private")
    if told or not packages.can_install() or "docker.io" not in requirements.missing_programs().values():
        return False
    home = sockets.home()
    elsewhere = (home / ".docker" / "config.json").exists() or any(sockets.found(os.environ, home))
    return not elsewhere and not requirements.missing_capabilities()


def _programs_installed(*, yes: bool) -> bool:
    """Install what a private engine lacks; False if that is not possible, or not wanted."""
    from netbook.engine import ladder

    if os.environ.pop(_DECLINED, ""):
        return False
    missing = set(requirements.missing_programs().values())
    if not missing or not packages.can_install() or not ladder.may_be("private"):
        return False
    wanted = packages.ENGINE if "docker.io" in missing else sorted(missing)
    return packages.offer(wanted, _NO_ENGINE, if_there=packages.ENGINE_IF_THERE, yes=yes)


def _embedded_installed(*, yes: bool) -> bool:
    """Fetch what the embedded engine lacks; False if that is not possible, or not wanted."""
    from netbook.engine import ladder
    from netbook.engine.embedded import machine

    return ladder.may_be("embedded") and machine.installable() and machine.install_programs(say, yes=yes)


def _busybox_installed(*, yes: bool) -> bool:
    package = ["busybox-static"]
    if not packages.can_install() or not packages.absent(package):
        return False
    return packages.offer(package, "The lab image can be built here from a static busybox.", yes=yes)


# -- test -----------------------------------------------------------------------


def _test(arguments: list[str]) -> int:
    """pytest with the reader's arguments. The suite starts its own engines: see to their programs."""
    yes, for_pytest = syntax.of_test(arguments[1:])
    if for_pytest is None:
        print(syntax.TEST_HELP, end="")
        return 0
    files = [start.READER, start.CONTRIBUTOR]
    with _programs_beside(files, yes=yes):
        python = start.prepare(files, yes=yes)
    _continue_in(python, arguments)
    _programs_for_tests(yes=yes)
    command = [sys.executable, "-m", "pytest", *for_pytest]
    return child.run(command, env=server.python_environment(start.ROOT), cwd=start.ROOT)


def _programs_for_tests(*, yes: bool) -> None:
    """On Debian as root: what engines without an uplink need. Without them, the tests that need one fail."""
    from netbook.engine import ladder

    if not packages.can_install() or not ladder.may_be("private"):
        return
    if not requirements.missing_programs():
        packages.offer(packages.ISOLATED, "The suite's own engines need more.", yes=yes)
    elif not ladder.any_runs():
        _programs_installed(yes=yes)


# -- engine ---------------------------------------------------------------------


def _operate(arguments: list[str], options: argparse.Namespace) -> int:
    """`netbook engine VERB`; its set-up is `lab`'s."""
    _continue_in(start.prepare([start.READER]), arguments)
    from netbook.cli import engine

    return engine.main(options)


def _handout(arguments: list[str], options: argparse.Namespace) -> int:
    """`netbook handout`; needs no engine. What was mistyped is told before the set-up."""
    from netbook.cli import handout

    wishes = handout.wishes(options)
    _continue_in(start.prepare([start.READER]), arguments)
    return handout.main(wishes)


def _tell(arguments: list[str], options: argparse.Namespace) -> int:
    """`netbook draw`, `progress` and `why`: of what is there already; no engine is started."""
    _continue_in(start.prepare([start.READER]), arguments)
    from netbook.cli import draw, progress, why

    return int({"draw": draw, "progress": progress, "why": why}[options.command].main(options))


# -- doctor and clean -----------------------------------------------------------


def _doctor(arguments: list[str]) -> int:
    python = start.current([start.READER])
    if python:
        _continue_in(python, arguments)
    from netbook.cli import doctor

    return doctor.main(complete=python is not None)


def _clean(arguments: list[str], lab: str | None, *, everything: bool) -> int:
    python = start.current([start.READER])
    if python is None:
        raise SetupError(
            "The book is not set up here, so it cannot ask an engine what it left there.",
            remedy="`python3 -m netbook lab` sets it up; by hand: docker ps -aq --filter "
            f"label={labels.OWNER}={labels.owner()} | xargs -r docker rm -f",
        )
    _continue_in(python, arguments)
    from netbook.cli import clean

    return clean.main(lab, everything=everything)
