"""A host with an engine of its own, in a container of a lab: all verbs of a lab, there; and a swarm's."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from netbook.diagram.hosts import HostsDiagram
from netbook.errors import EngineRefused, WrongArgument
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.topology.hosts import union
from netbook.workspace import engine_host
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    pass

_SWARM = 2377  # the port at which a swarm's managers listen
_ALREADY = "already part of a swarm"


class EngineHost(Lab):
    """Made by `lab.engine_hosts(…)`: a machine of its own, as far as Docker can tell. Introduced in chapter 18.

    Every verb of a lab works on its engine: `east.run("web")`, `east.diagram()`. What it prints begins with
    `east $`, for that is the terminal where one would type it. It goes with `lab.clean()`, and all in it.
    """

    def __init__(self, outer: Lab, container: ContainerInfo) -> None:
        self._outer, self._container, self._hosts = outer.workspace, container, {}
        self.name, self.engine = container.name, engine_host.reach(self._outer, container)
        self._echo = Echo(self._outer.echo.on, container.name)
        self.workspace = Workspace(outer.name, self.engine, echo=self._echo)
        self.host = Host(self.workspace)

    def __repr__(self) -> str:
        return f"<EngineHost {self.name} on Docker {self.engine.version}>"

    @property
    def address(self) -> str:
        """`docker inspect`: where other hosts reach this one; the container's address on the outer engine."""
        found = self._outer.engine.container(self._container.id)
        return next((e.ip_address for e in found.endpoints if e.ip_address), "")

    def docker(self, *argv: str) -> ExecResult:
        """`docker ARGV…`, typed on this host: for what has no verb, such as `docker swarm init`.

        One word with spaces is split as a shell would. Errors: EngineRefused, in Docker's own words.
        """
        words = tuple(shlex.split(argv[0])) if len(argv) == 1 else argv
        words = words[words[:1] == ("docker",) :]
        self._echo("docker", *words)
        return self._docker(*words)

    def join(self, manager: EngineHost) -> None:
        """`docker swarm join --token TOKEN MANAGER:2377`, with a worker's token, which `manager` gives out.

        Errors: EngineRefused if `manager` has no swarm, or this host is in one already.
        """
        if not isinstance(manager, EngineHost):
            raise WrongArgument(
                f"{manager!r} is no engine host.", remedy="west.join(east): both from lab.engine_hosts(…)"
            )
        token = manager._docker("swarm", "join-token", "--quiet", "worker").stdout.strip()
        where = f"{manager.address}:{_SWARM}"
        self._echo("docker", "swarm", "join", "--token", "TOKEN", where)
        self._docker("swarm", "join", "--token", token, where)

    def beside(self, *others: EngineHost, title: str = "") -> HostsDiagram:
        """`docker ps`, `docker network ls` and `ip addr` on each host: one picture, and what joins them."""
        hosts = (self, *others)
        return HostsDiagram(union({host.name: host.snapshot() for host in hosts}), title)

    def _docker(self, *words: str) -> ExecResult:
        said = self._outer.engine.exec(self._container.id, ("docker", *words))
        if not said.ok:
            raise _refused(self.name, said)
        return said


def _refused(host: str, said: ExecResult) -> EngineRefused:
    words = " ".join(said.text.split()).removeprefix("Error response from daemon: ")
    remedies = {
        "already part of a swarm": f'it leaves that one first: {host}.docker("swarm leave --force")',
        "is not a swarm manager": f'make it one: {host}.docker("swarm init"), or ask the host that is',
    }
    remedy = next((remedy for phrase, remedy in remedies.items() if phrase in words), "")
    shown = shlex.join(["docker", *said.argv[1:3]])
    return EngineRefused(
        f"{host} refused `{shown} …`: {words}",
        remedy=remedy or f"`{shown} --help` says what it takes: {host}.docker({shlex.join(said.argv[1:2] + ('--help',))!r})",
    )
