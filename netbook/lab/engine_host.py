"""A host with an engine of its own, in a container of a lab: all verbs of a lab, there; and a swarm's."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from netbook import tables
from netbook.diagram.hosts import HostsDiagram
from netbook.engine.images import busybox
from netbook.errors import EngineRefused, NotFound, ParseError, WrongArgument
from netbook.lab import overlay
from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.lab.network import Network
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.topology import addressing
from netbook.topology.hosts import union
from netbook.workspace import engine_host
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from netbook.trace.trace import Trace

_SWARM = 2377  # the port at which a swarm's managers listen
_PATIENCE, _PAUSE = 60, 0.2  # seconds
_LATE = "context deadline exceeded"  # what an engine says that could not attach to an overlay in time
_STATES = ("--filter", "desired-state=running", "--format", "{{.Node}} {{.CurrentState}}")
_ERRORS = ("--no-trunc", "--format", "{{.Error}}")


class EngineHost(Lab):
    """Made by `lab.engine_hosts(…)`: for Docker it is a machine of its own. Introduced in chapter 18.

    Every verb of a lab works on its engine: `east.run("web")`, `east.diagram()`. What it prints begins with
    `east $`, for that is the terminal where one would type it. It goes with `lab.clean()`, and all in it.
    """

    def __init__(self, outer: Lab, container: ContainerInfo) -> None:
        self._outer, self._container, self._hosts = outer.workspace, container, {}
        self._all = outer._hosts
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

    def run(self, name: str, *command: str, **options: Any) -> Container:
        """`docker run -di --name NAME … IMAGE [COMMAND…]`, as `lab.run`.

        On an overlay, it waits until the other hosts have heard of the container; Docker itself does not.
        """
        made = self._run(name, *command, **options)
        network = _name(options.get("network"))
        found = [n for n in self.workspace.networks() if n.name == network and n.driver == "overlay"]
        for info, host in ((info, host) for info in found for host in self._all.values() if host is not self):
            overlay.wait_for_news(host._exec, info, made.addresses[info.name])
        if found:  # names travel in messages of their own, and may come after addresses
            self._wait_for_name(name, network, 1)
        return made

    def service(
        self,
        name: str,
        *command: str,
        image: str = busybox.NAME,
        network: Network | str,
        replicas: int = 1,
        endpoint_mode: Literal["vip", "dnsrr"] = "vip",
        publish: str = "",
        env: Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        """`docker service create --network … --replicas … --endpoint-mode … IMAGE [COMMAND…]`, until all run.

        And until its name is known wherever the lab has a container on the network. One of that name makes
        room. `publish`: `"8080:80"`, on every host of the swarm; in `env`, `{{.Node.Hostname}}` is the task's
        host. `image`: one that the hosts have; another by `docker("pull …")` on each, first. Then a row for
        each task: `host` and `state`, as `docker service ps`. Errors: EngineRefused, also
        if tasks do not run.
        """
        words = ["--name", name, "--network", _name(network), "--replicas", str(replicas)]
        words += [word for key, value in (env or {}).items() for word in ("--env", f"{key}={value}")]
        words += ["--endpoint-mode", endpoint_mode, *(["--publish", publish] if publish else [])]
        self._echo("docker", "service", "create", *words, image, *command)
        with suppress(EngineRefused):  # there was none
            self._docker("service", "rm", name)
        # at once, and no registry has to confirm the image: it is here
        quietly = ("--detach", "--quiet", "--no-resolve-image")
        self._docker("service", "create", *quietly, *words, image, *command)
        deadline = time.monotonic() + _PATIENCE
        while (found := self._tasks(name))["state"].tolist() != ["Running"] * replicas:
            if time.monotonic() > deadline:
                said = self._docker("service", "ps", *_ERRORS, name).stdout.split("\n")
                raise EngineRefused(
                    f"Not all tasks of {name} run after {_PATIENCE} s: {said[0] or 'no reason is told'}",
                    remedy=f'{self.name}.docker("service ps --no-trunc {name}") says more',
                )
            time.sleep(_PAUSE)
        self._wait_for_name(name, _name(network), replicas if endpoint_mode == "dnsrr" else 1)
        return found

    def beside(self, *others: EngineHost, title: str = "") -> HostsDiagram:
        """`docker ps`, `docker network ls` and `ip addr` on each host: one picture, and what joins them."""
        hosts = (self, *others)
        return HostsDiagram(union({host.name: host.snapshot() for host in hosts}), title)

    def peers(self, network: Network | str) -> pd.DataFrame:
        """`ip neigh` and `bridge fdb` in an overlay's namespace on this host: who is behind which other host.

        What Docker has told the kernel, before any packet. Columns: address, container ("" for what swarm
        itself has there), behind (the other host's address), host. Errors: NotFound for a network that is no
        overlay here, or has no container here.
        """
        info = self.workspace.network(_name(network))
        for words in (("ip", "neigh"), ("bridge", "fdb")):
            self._echo("nsenter", overlay.SHOWN, *words)
        everywhere = (c for host in self._all.values() for c in host.engine.containers())
        names = {e.ip_address: c.name for c in everywhere for e in c.endpoints if e.ip_address}
        hosts = {host.address: name for name, host in self._all.items()}
        return overlay.peers(self._exec, info, self.name, names, hosts)

    def trace(
        self,
        source: Container | Host | str,
        target: Container | str,
        *,
        port: int = 0,
        size: int | None = None,
        wait: int = 1,
        full: bool = False,
    ) -> Trace:
        """`tcpdump -i any` in both containers, on the hosts and between them, during `docker exec … ping`.

        As `lab.trace`; what goes to another host by an overlay is seen as it is packed. `source` has to be on
        this host. From one that is on no overlay, and from `east.host`, it is followed on this host only.
        Errors: as `lab.trace`; NotFound for a container on another host, if `source` is on no overlay.
        """
        if isinstance(source, Host) or not self._is_on_an_overlay(source):
            if isinstance(target, Container) and self._is_elsewhere(target):
                raise NotFound(
                    f"{target.name} is on another host, and no overlay leads there from here.",
                    remedy="put both on one: create_network(…, driver='overlay', …) on the manager",
                )
            return super().trace(source, target, port=port, size=size, wait=wait, full=full)
        from netbook.trace.across import follow  # with dpkt; most labs trace nothing

        hosts = [(host.name, host.workspace) for host in self._all.values()]
        return follow(
            *(self._outer, self.workspace, hosts, source, target), port=port, size=size, wait=wait, full=full
        )

    def _is_elsewhere(self, container: Container) -> bool:
        return container.id not in {c.id for c in self.engine.containers()}

    def _is_on_an_overlay(self, container: Container | str) -> bool:
        name = container if isinstance(container, str) else container.name
        box = addressing.box_of(self.snapshot(foreign=True), name)
        return box is not None and any(port.bridge and not port.peer for port in box.ports)

    def _run(self, name: str, *command: str, **options: Any) -> Container:
        """Again, while the manager is late: an engine waits for it for twenty seconds, and gives up."""
        deadline = time.monotonic() + _PATIENCE
        try:
            return super().run(name, *command, **options)
        except EngineRefused as refusal:
            late = refusal
        while _LATE in late.what and time.monotonic() < deadline:
            with suppress(EngineRefused), self.quiet():
                return super().run(name, *command, **options)
        raise late

    def _tasks(self, service: str) -> pd.DataFrame:
        said = self._docker("service", "ps", *_STATES, service)
        lines = sorted(line.split()[:2] for line in said.stdout.splitlines())
        rows: list[tables.Row] = [{"host": host, "state": state} for host, state in lines]
        return tables.frame(["host", "state"], rows, said.stdout)

    def _wait_for_name(self, name: str, network: str, addresses: int) -> None:
        """One container on each host is asked: an engine's answers are the same for all of its own."""
        deadline = time.monotonic() + _PATIENCE
        for host in self._all.values():
            there = (c for c in host.workspace.containers() if c.state == "running")
            first = next((c for c in there if network in {e.network for e in c.endpoints}), None)
            if first:
                asks = Container(host.workspace, first)
                with host.quiet(), suppress(ParseError):  # its image has no nslookup: it cannot be asked
                    while len(asks.lookup(name)) < addresses and time.monotonic() < deadline:
                        time.sleep(_PAUSE)

    def _exec(self, *argv: str) -> ExecResult:
        return self._outer.engine.exec(self._container.id, argv)

    def _docker(self, *words: str) -> ExecResult:
        said = self._exec("docker", *words)
        if not said.ok:
            raise engine_host.refused(self.name, said)
        return said


def _name(network: object) -> str:
    return network.name if isinstance(network, Network) else str(network or "")
