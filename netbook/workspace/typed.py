"""`docker` as a reader types it, in JupyterLab's terminal or after a `!`: the same command, in the open lab.

What `docker run`, `create`, `network create`, `volume create` and `compose up` make gets the labels of the
lab that this reader opened last and that still lives: it is in that lab's tables and pictures, and goes with
`lab.clean()`. `compose` is found wherever the book finds it (netbook/engine/compose.py).
Everything else is handed on as it is; so is all of it where no lab is open, and where `-H` or `--context`
names an engine. The real CLI is the next one on PATH, or the embedded engine's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from netbook.ownership import labels

BIN = Path(__file__).with_name("bin")
# the CLI's global options that take a word: docker/cli, cli/flags/options.go
_WITH_A_WORD = ("--config", "--log-level", "-l", "--tlscacert", "--tlscert", "--tlskey")
_ELSEWHERE = ("-H", "--host", "-c", "--context")
_MAKING = {
    ("run",),
    ("create",),
    ("container", "run"),
    ("container", "create"),
    ("network", "create"),
    ("volume", "create"),
}
_LISTING = f'{{{{.Label "{labels.LAB}"}}}}\t{{{{.Label "{labels.SESSION}"}}}}'
_PATIENCE = 5  # seconds


def main(arguments: Sequence[str]) -> None:
    """Become `docker ARGUMENTS…`; does not return, except by SystemExit."""
    real = docker()
    if not real:
        print(
            "docker: the command is not here; the book works without it.\n"
            "  → on Debian: apt-get install docker-cli (or docker.io); or use lab.run(…) in a cell",
            file=sys.stderr,
        )
        raise SystemExit(127)
    number = _after_options(arguments)
    if arguments[number : number + 1] == ["compose"] and (compose := _compose()):
        from netbook.workspace import composed

        words = composed.marked(compose, arguments[number + 1 :], of_open_lab(real))
        os.execv(compose[0], [*compose, *words])  # noqa: S606
    place = verb(arguments)
    if place:
        marks = of_open_lab(real)
        arguments = [*arguments[:place], *told(marks), *arguments[place:]]
    os.execv(real[0], [*real, *arguments])  # noqa: S606  # no shell is what we want


def verb(arguments: Sequence[str]) -> int:
    """Where the options of a command begin that makes something on the book's engine; 0 for any other.

    >>> verb(["run", "-d", "busybox"]), verb(["-l", "info", "network", "create", "n"]), verb(["ps"])
    (1, 4, 0)
    >>> verb(["-H", "tcp://other", "run", "busybox"]), verb(["exec", "web", "docker", "run"])
    (0, 0)
    """
    number = _after_options(arguments)
    for length in (1, 2):
        if tuple(arguments[number : number + length]) in _MAKING:
            return number + length
    return 0


def _after_options(arguments: Sequence[str]) -> int:
    """Where the command begins; behind the end, if it is for another engine."""
    number = 0
    while number < len(arguments) and arguments[number].startswith("-"):
        option = arguments[number]
        if option.startswith(("-H", "-c")) or option.partition("=")[0] in _ELSEWHERE:
            return len(arguments)
        number += 2 if option in _WITH_A_WORD else 1
    return number


def _compose() -> list[str]:
    """Compose's command; [] if it is not here, or cannot be looked for: then the CLI says so."""
    try:
        from netbook.engine import compose
    except ImportError:  # if another Python runs us
        return []
    return compose.installed()


def told(marks: Mapping[str, str]) -> list[str]:
    """As options."""
    return [word for key, value in marks.items() for word in ("--label", f"{key}={value}")]


def of_open_lab(real: Sequence[str]) -> dict[str, str]:
    """The labels for one more thing of the lab that was opened last; {} if none is open here.

    `docker ps -a --filter label=org.netbook.role=observer`: a lab's claim is the container that looks for it.
    """
    try:
        from netbook.ownership import session  # with psutil: if another Python runs us, nothing can be said
    except ImportError:
        return {}
    command = [*real, "ps", "--all", "--no-trunc", "--format", _LISTING]
    for mark in (f"{labels.OWNER}={labels.owner()}", f"{labels.ROLE}=observer"):
        command += ["--filter", f"label={mark}"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    for line in said.stdout.splitlines():  # the newest first
        lab, _, of = line.partition("\t")
        if session.state(of) == "alive":
            return labels.for_lab(lab, of)
    return {}


def docker() -> list[str]:
    """The real CLI's command; [] if there is none."""
    path = [folder for folder in os.get_exec_path() if Path(folder).resolve() != BIN.resolve()]
    if found := shutil.which("docker", path=os.pathsep.join(path)):
        return [found]
    from netbook.engine.embedded import install
    from netbook.engine.embedded.programs import Programs

    try:
        return Programs(install.directory()).command("docker")
    except FileNotFoundError:
        return []


def on_path(path: str) -> str:
    """PATH with ours first.

    >>> on_path("/usr/bin") == f"{BIN}:/usr/bin", on_path(on_path("/usr/bin")) == on_path("/usr/bin")
    (True, True)
    """
    folders = [folder for folder in path.split(os.pathsep) if folder != str(BIN)]
    return os.pathsep.join([str(BIN), *folders])


def reachable_from_cells(rung: str, where: str) -> None:
    """In a kernel: `!docker` is ours, and reaches the engine that the lab is on. A script's PATH stays."""
    from netbook.ownership import session

    if os.name != "posix" or session.shell() is None:
        return
    os.environ["PATH"] = on_path(os.environ.get("PATH", os.defpath))
    os.environ["NETBOOK_PYTHON"] = sys.executable
    if rung != "yours":
        os.environ.setdefault("DOCKER_HOST", where)
