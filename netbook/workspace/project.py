"""A Compose project of a workspace: the reader's file as it is, and an override file with our labels.

    docker compose -f compose.yaml -f OVERRIDE -p NAME up -d --wait

So what Compose makes is the lab's, as what any verb makes: it is drawn, and goes by label. A project, a
network or a volume of that name which is somebody else's is never joined: Compose would take it for its own.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from netbook import errors
from netbook.engine import compose
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.workspace import cleanup, marking, preflight
from netbook.workspace.marking import NUMBER, PROJECT, SERVICE
from netbook.workspace.workspace import Workspace

_READY = 120  # seconds until all are healthy
_UP = ("up", "--detach", "--wait", "--wait-timeout", str(_READY))
_ONE_BY_ONE = {"COMPOSE_PARALLEL_LIMIT": "1"}  # addresses are given out in the order of the start
_LAST = 6  # lines of what Compose said


class Project:
    """What one file describes, up and running. `name` is the project's, the beginning of all its names."""

    def __init__(self, ws: Workspace, file: str | Path) -> None:
        self._ws = ws
        self._command = compose.find()
        self._given = _given(file)
        self.shown = ["-f", str(file) if isinstance(self._given, Path) else "-"]
        self.name, self._named = self._name()
        self.config = self._read()
        self._override = json.dumps(marking.override(self.config, self._marks()))

    # -- what it is -----------------------------------------------------------

    def containers(self, service: str = "") -> list[ContainerInfo]:
        """`docker compose ps -a [SERVICE]`, by service and number. Errors: NotFound."""
        if service and service not in self.config["services"]:
            raise errors.NotFound(
                f"No service {service!r} in the project {self.name}; it has: "
                f"{', '.join(self.config['services'])}.",
                remedy="add it to the file, and run lab.compose again",
            )
        found = [c for c in self._ws.containers() if c.labels.get(PROJECT) == self.name]
        order = list(self.config["services"])
        found.sort(key=lambda c: (order.index(_service(c)) if _service(c) in order else 99, _number(c)))
        return [c for c in found if service in ("", _service(c))]

    def network(self, name: str) -> str:
        """The engine's name of a network of the file. Errors: NotFound."""
        networks = self.config.get("networks") or {}
        if name not in networks:
            raise errors.NotFound(
                f"No network {name!r} in the project {self.name}; it has: {', '.join(networks) or 'none'}.",
                remedy="add it to the file, and run lab.compose again",
            )
        return str(networks[name].get("name") or name)

    def health(self, container: ContainerInfo) -> str:
        """`docker inspect -f '{{.State.Health.Status}}'`: healthy, unhealthy, starting; "" if unchecked."""
        state = self._ws.engine.inspect(container.id).get("State") or {}
        return str((state.get("Health") or {}).get("Status") or "")

    # -- what is done with it -------------------------------------------------

    def up(self) -> None:
        """`docker compose up -d --wait`. What an earlier up of this project has left is replaced.

        If it fails, nothing of it stays. Errors: as `_refusal`; NameTaken for what is somebody else's.
        """
        preflight.no_strangers(self._ws, self.name, self.config)
        self.down()
        preflight.images(self._ws, self.config)
        preflight.open_doors(self._ws, self.config)
        self._ws.echo("docker", "compose", *self.shown, *self._named, "up", "-d", "--wait")
        try:
            self._do(*_UP)
        except BaseException:  # Ctrl-C, too
            self._sweep()
            raise

    def scale(self, service: str, count: int) -> None:
        """`docker compose up -d --wait --no-deps --no-recreate --scale SERVICE=COUNT SERVICE`.

        As it was if that fails. (Without `--no-deps` Compose brings what the service depends on back to the
        file's number; `docker compose scale` makes anew what runs.)
        """
        before = len(self.containers(service))
        if count < 0:
            raise errors.WrongArgument(
                f"count is {count}; it must be 0 or more.", remedy="how many shall run?"
            )
        kept = ("--no-deps", "--no-recreate", "--scale")
        told = ("up", "-d", "--wait", *kept, f"{service}={count}", service)
        self._ws.echo("docker", "compose", *self.shown, *self._named, *told)
        waiting = (*_UP, *kept)
        try:
            self._do(*waiting, f"{service}={count}", service)
        except errors.NetbookError:
            self._do(*waiting, f"{service}={before}", service)
            raise

    def down(self) -> None:
        """`docker compose down --volumes`: by our labels, so that nothing of anybody else's goes."""
        if self.containers():
            self._ws.echo("docker", "compose", "-p", self.name, "down", "--volumes")
        self._sweep()

    def _sweep(self) -> None:
        cleanup.sweep(self._ws.engine, self._ws.name, only=lambda marks: marks.get(PROJECT) == self.name)

    # -- before it is up --------------------------------------------------------

    @contextmanager
    def _files(self, override: str = "") -> Iterator[list[str]]:
        """The options that name them. Ours are there while Compose runs: a kernel may be killed later."""
        with tempfile.TemporaryDirectory(prefix="netbook-compose-") as folder:
            file, home = Path(folder, "compose.yaml"), Path.cwd()
            if isinstance(self._given, Path):
                file, home = self._given, self._given.parent
            else:
                file.write_text(self._given, encoding="utf-8")
            options = ["-f", str(file)]
            if override:
                marks = Path(folder, "override.yaml")
                marks.write_text(override, encoding="utf-8")
                options += ["-f", str(marks)]
            yield [*options, "--project-directory", str(home)]  # else that would be the last file's

    def _name(self) -> tuple[str, list[str]]:
        """The project's: as the file says, else the lab's; and as an option, where it has to be said."""
        text = self._given if isinstance(self._given, str) else self._given.read_text(encoding="utf-8")
        found = re.search(r"(?m)^name:\s*[\"']?([\w-]+)", text)
        if found:
            return found[1], []
        name = re.sub(r"[^a-z0-9_-]", "-", self._ws.name.lower())
        return name, ["-p", name]

    def _read(self) -> dict[str, Any]:
        asked = ("-p", self.name, "config", "--format", "json")
        with self._files() as files:
            said = compose.run(self._command, self._ws.engine.where, *files, *asked)
        if not said.ok:
            raise errors.WrongArgument(
                f"Compose cannot read the file:{_last(said)}", remedy="mend that line; the indentation counts"
            )
        config = dict(json.loads(said.stdout))
        if not config.get("services"):
            raise errors.WrongArgument(
                "The file has no services.", remedy="services:, and below it, indented, a name and its image:"
            )
        return config

    def _marks(self) -> dict[str, str]:
        return marking.of_project(self._ws.marks(), self.name)

    # -- Compose itself ---------------------------------------------------------

    def _do(self, *words: str) -> None:
        with self._files(self._override) as files:
            said = compose.run(
                self._command, self._ws.engine.where, *files, "-p", self.name, *words, env=_ONE_BY_ONE
            )
        if not said.ok:
            raise self._refusal(said)

    def _refusal(self, said: ExecResult) -> errors.NetbookError:
        scaling = "--scale" in said.argv
        aim = f"scale {said.argv[-1]}" if scaling else f"bring {self.name} up"
        what = f"Compose did not {aim}:{_last(said)}"
        for container in self.containers():
            if container.state == "exited" or self.health(container) == "unhealthy":
                what += f"\nThe last words of {container.name} ({container.state}):{self._logs(container)}"
        if re.search(r"port is already allocated|address already in use", said.stderr):
            return errors.EngineRefused(
                what, remedy="choose another port of the host: the first number of ports:"
            )
        if "Pool overlaps" in said.stderr:
            return errors.SubnetTaken(what, remedy="choose another subnet in the file")
        left = "its number is as before" if scaling else "nothing of it is left"
        return errors.EngineRefused(what, remedy=f"{left}; mend the file, and run the cell again")

    def _logs(self, container: ContainerInfo) -> str:
        try:
            lines = self._ws.engine.logs(container.id).strip().splitlines()[-_LAST:]
        except errors.NetbookError:  # a logging driver that only writes, or it is gone
            lines = []
        return "".join(f"\n    {line}" for line in lines) or " none"


def _given(file: str | Path) -> Path | str:
    """A file's place, or its text. Errors: NotFound, with the files there are."""
    if isinstance(file, str) and "\n" in file:
        return file
    place = Path(file)
    if not place.is_file():
        near = sorted(str(p) for pattern in ("*.y*ml", "*/*.y*ml") for p in Path().glob(pattern))
        raise errors.NotFound(
            f"There is no file {str(file)!r} in {Path.cwd()}; there are: {', '.join(near) or 'none'}.",
            remedy="name a Compose file, or give its text, of several lines",
        )
    return place.absolute()


def _last(said: ExecResult) -> str:
    """Its last words, without what it only reports."""
    lines = [line.strip() for line in said.stderr.splitlines() if line.strip()]
    wrong = [line for line in lines if not re.search(r" (Creat|Start|Wait|Runn|Heal|Recreat)\w+$", line)]
    return "".join(f"\n    {line}" for line in wrong[-_LAST:]) or " it did not say why"


def _service(container: ContainerInfo) -> str:
    return container.labels.get(SERVICE, "")


def _number(container: ContainerInfo) -> int:
    number = container.labels.get(NUMBER, "")
    return int(number) if number.isdecimal() else 0
