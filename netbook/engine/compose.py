"""Docker Compose: the CLI's plugin, wherever it is; where it is not, fetched with the cluster's programs.

A plugin is a program that runs by itself, too: `docker-compose up` is `docker compose up`. It is asked
directly, for the `docker` that is first on PATH may be the book's own (netbook/workspace/typed.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from netbook.engine.embedded.programs import Programs
from netbook.engine.images import debian
from netbook.errors import ComposeMissing
from netbook.model.programs import ExecResult
from netbook.setup import packages

OLDEST = (2, 24)  # of 2024: files may bring the content of their configs along
_PLUGIN = "docker-compose"
# where the CLI looks: https://docs.docker.com/compose/install/linux/ (cli/cli-plugins/manager in docker/cli)
_PLACES = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
    "/Applications/Docker.app/Contents/Resources/cli-plugins",
    r"C:\Program Files\Docker\cli-plugins",
)
_PATIENCE = 300  # seconds for one command: images may be pulled


def find(say: Callable[[str], object] = print) -> list[str]:
    """The command of the first that is new enough; fetched if there is none.

    Errors: ComposeMissing with what was found, and what to do; SetupError if it cannot be fetched.
    """
    seen: list[str] = []
    if command := installed(seen.append):
        return command
    if why := debian.cannot_fetch():
        found = f" ({'; '.join(seen)})" if seen else ""
        raise ComposeMissing(
            f"Docker Compose {OLDEST[0]}.{OLDEST[1]} or newer is not here{found}, and {why}.",
            remedy=_remedy(),
        )
    debian.fetch(say)
    return next(_fetched())


def installed(note: Callable[[str], object] = lambda _: None) -> list[str]:
    """The command of the first that is new enough; [] if there is none. `note` hears why others are not."""
    for command in _candidates():
        version = _version(command)
        if version >= OLDEST:
            return command
        note(f"{command[-1]} is {'.'.join(map(str, version)) or 'not to be run'}")
    return []


def run(command: list[str], where: str, *arguments: str, env: Mapping[str, str] | None = None) -> ExecResult:
    """`docker compose ARGUMENTS…` on the engine at `where`; a failure is a result."""
    environment = {**os.environ, "COMPOSE_ANSI": "never", "COMPOSE_PROGRESS": "plain", **(env or {})}
    done = subprocess.run(
        [*command, *arguments],
        env={**environment, "DOCKER_HOST": where},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=_PATIENCE,
    )
    return ExecResult(tuple(arguments), done.returncode, done.stdout, done.stderr)


def _candidates() -> Iterator[list[str]]:
    config = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    path = os.pathsep.join([str(config / "cli-plugins"), *_PLACES, os.environ.get("PATH", "")])
    for folder in path.split(os.pathsep):
        if found := shutil.which(_PLUGIN, path=folder):
            yield [found]
    yield from _fetched()


def _fetched() -> Iterator[list[str]]:
    root = debian.directory()
    program = root / "usr/libexec/docker/cli-plugins" / _PLUGIN
    if program.exists():
        yield [*Programs(root).loader, str(program)]


def _version(command: list[str]) -> tuple[int, ...]:
    """() for what cannot be run, or says no version."""
    try:
        said = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, found.groups())) if found else ()


def _remedy() -> str:
    if packages.has_apt():
        return (
            "install it: docker-compose-plugin of Docker's archive, docker-compose of Debian 13 or newer, "
            "docker-compose-v2 of Ubuntu"
        )
    return "install Docker's plugin: https://docs.docker.com/compose/install/"
