"""The command line: `python3 -m netbook lab | test | doctor | engine | clean`.

Standard library only at the top: this module runs before anything is installed.
What needs the packages is imported where the venv's Python has taken over.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from netbook import labels
from netbook.errors import ImageMissing, NetbookError, NoEngine, SetupError
from netbook.setup import arguments as syntax
from netbook.setup import chapters, child, console, packages, ports, server, start
from netbook.setup.console import say

if TYPE_CHECKING:
    from netbook.engine.api import Engine


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
    if options.command == "clean":
        return _clean(arguments, options.lab, everything=options.all)
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
    _continue_in(start.prepare([start.READER], yes=yes), arguments)
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
    from netbook.engine import image, ladder

    try:
        engine = ladder.find(say)
    except NoEngine:
        if not (_programs_installed(yes=yes) or _embedded_installed(yes=yes)):
            raise
        engine = ladder.find(say)  # from the top: apt-get may have started the system's own dockerd
    try:
        say(f"{console.MARKS['ok']} Docker {engine.version} at {engine.where}")
        try:
            image.ensure(engine, say)
        except ImageMissing:
            if not _busybox_installed(yes=yes):
                raise
            image.ensure(engine, say)
        yield engine
    finally:
        with child.undisturbed():
            engine.close()


def _programs_installed(*, yes: bool) -> bool:
    """Install what a private engine lacks; False if that is not possible, or not wanted."""
    from netbook.engine import ladder, private

    missing = set(private.missing_programs().values())
    if not missing or not packages.can_install() or not ladder.may_be("private"):
        return False
    wanted = packages.ENGINE if "docker.io" in missing else sorted(missing)
    return packages.offer(wanted, "No Docker Engine was found.", if_there=packages.ENGINE_IF_THERE, yes=yes)


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
    for_pytest = syntax.pytest_arguments(arguments[1:])
    if for_pytest is None:
        print(syntax.TEST_HELP, end="")
        return 0
    _continue_in(start.prepare([start.READER, start.CONTRIBUTOR]), arguments)
    _programs_for_tests()
    command = [sys.executable, "-m", "pytest", *for_pytest]
    return child.run(command, env=server.python_environment(start.ROOT), cwd=start.ROOT)


def _programs_for_tests() -> None:
    """On Debian as root: what engines without an uplink need. Without them, the tests that need one fail."""
    from netbook.engine import ladder, private

    if not packages.can_install() or not ladder.may_be("private"):
        return
    if not private.missing_programs():
        packages.offer(packages.ISOLATED, "The suite's own engines need more.")
    elif not ladder.any_runs():
        _programs_installed(yes=False)


# -- engine ---------------------------------------------------------------------


def _operate(arguments: list[str], options: argparse.Namespace) -> int:
    """`netbook engine VERB`; its set-up is `lab`'s."""
    _continue_in(start.prepare([start.READER]), arguments)
    from netbook import service

    return service.main(options)


# -- doctor and clean -----------------------------------------------------------


def _doctor(arguments: list[str]) -> int:
    python = start.current([start.READER])
    if python:
        _continue_in(python, arguments)
    from netbook import doctor

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
    from netbook import cleaning

    return cleaning.main(lab, everything=everything)
