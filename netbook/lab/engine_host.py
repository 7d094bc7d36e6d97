"""A host with an engine of its own, in a container of a lab: all verbs of a lab, there; and a swarm's."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from netbook import tables
from netbook.diagram.hosts import HostsDiagram
from netbook.engine.images import busybox
from netbook.errors import EngineRefused, NotFound, WrongArgument
from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.programs import ExecResult
from netbook.parsers import bridge_fdb, ip_neigh
from netbook.topology.hosts import union
from netbook.workspace import engine_host
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from netbook.lab.network import Network
    from netbook.trace.trace import Trace

_SWARM = 2377  # the port at which a swarm's managers listen
_PATIENCE, _PAUSE = 60, 0.2  # seconds
_HEARD = """
tries=50
until [ ! -e "$1" ] || nsenter --net="$1" ip neigh | grep -qF "$2 " || [ $tries = 0 ]; do
  tries=$((tries - 1)); sleep 0.1
done
"""


class EngineHost(Lab):
    """Made by `lab.engine_hosts(…)`: a machine of its own, as far as Docker can tell. Introduced in chapter 18.

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
        made = super().run(name, *command, **options)
        given = options.get("network")
        network = getattr(given, "name", given)
        if network and self.workspace.network(network).driver == "overlay":
            self._wait_for_news(network, made.addresses[network])
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
        host. Then a row for each task: `host` and `state`, as `docker service ps`. Errors: EngineRefused, also if tasks do not run.
        """
        where = str(getattr(network, "name", network))
        words = ["--name", name, "--network", where, "--replicas", str(replicas)]
        words += [word for key, value in (env or {}).items() for word in ("--env", f"{key}={value}")]
        words += ["--endpoint-mode", endpoint_mode, *(["--publish", publish] if publish else [])]
        self._echo("docker", "service", "create", *words, image, *command)
        with suppress(EngineRefused):
            self._docker("service", "rm", name)
        # its image is the lab's, which no registry has to confirm
        self._docker("service", "create", "--detach", "--quiet", "--no-resolve-image", *words, image, *command)
        deadline = time.monotonic() + _PATIENCE
        while (found := self._tasks(name))["state"].tolist() != ["Running"] * replicas:
            if time.monotonic() > deadline:
                said = self._docker("service", "ps", "--no-trunc", "--format", "{{.Error}}", name).stdout.split("\n")
                raise EngineRefused(
                    f"Not all of {name}'s {replicas} tasks run after {_PATIENCE} s: {said[0] or 'no reason told'}",
                    remedy=f'{self.name}.docker("service ps --no-trunc {name}") says more',
                )
            time.sleep(_PAUSE)
        self._wait_for_name(name, where, replicas if endpoint_mode == "dnsrr" else 1)
        return found

    def beside(self, *others: EngineHost, title: str = "") -> HostsDiagram:
        """`docker ps`, `docker network ls` and `ip addr` on each host: one picture, and what joins them."""
        hosts = (self, *others)
        return HostsDiagram(union({host.name: host.snapshot() for host in hosts}), title)

    def peers(self, network: Network | str) -> pd.DataFrame:
        """`ip neigh` and `bridge fdb` in an overlay's namespace on this host: who is behind which other host.

        Columns: address, container ("" for what swarm itself has there), behind (the other host's address),
        host; with the MAC address between `address` and `behind` it is what Docker has told the kernel, before
        any packet. Errors: NotFound for a network that is no overlay here, or has no container here.
        """
        info = self.workspace.network(getattr(network, "name", network))
        inside = ("nsenter", f"--net={_namespace(info)}")
        self._echo("nsenter", "--net=/var/run/docker/netns/1-…", "ip", "neigh")
        self._echo("nsenter", "--net=/var/run/docker/netns/1-…", "bridge", "fdb")
        said = [
            self._outer.engine.exec(self._container.id, (*inside, *words))
            for words in (("ip", "neigh"), ("bridge", "fdb"))
        ]
        if not all(one.ok for one in said):
            words = " ".join(said[0].text.split()) or " ".join(said[1].text.split())
            raise NotFound(
                f"{info.name} has no namespace on {self.name} that could be read: {words}",
                remedy=f"is it an overlay, and is a container on it here? {self.name}.run(…, network={info.name!r})",
            )
        behind = {entry.mac: entry.behind for entry in bridge_fdb.parse(said[1].stdout) if entry.behind}
        known = [n for n in ip_neigh.parse(said[0].stdout) if n.mac in behind]
        names, hosts = self._names(), {host.address: name for name, host in self._all.items()}
        rows: list[tables.Row] = [
            {
                "address": n.address,
                "container": names.get(n.address, ""),
                "behind": behind[n.mac],
                "host": hosts.get(behind[n.mac], ""),
            }
            for n in sorted(known, key=lambda n: ip_address(n.address))
        ]
        return tables.frame(["address", "container", "behind", "host"], rows, said[0].stdout + said[1].stdout)

    def _names(self) -> dict[str, str]:
        """Address → container, of all these hosts."""
        found = (c for host in self._all.values() for c in host.engine.containers())
        return {e.ip_address: c.name for c in found for e in c.endpoints if e.ip_address}

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
        """`tcpdump -i any` in both containers, on the hosts and between them, during `docker exec SOURCE ping`.

        As `lab.trace`; what goes to another host is seen as it is packed. Only `source` has to be on this one.
        From this host itself (`east.host`) it is followed on this host.
        """
        if isinstance(source, Host):
            return super().trace(source, target, port=port, size=size, wait=wait, full=full)
        from netbook.trace.across import follow  # with dpkt; most labs trace nothing

        hosts = [(host.name, host.workspace) for host in self._all.values()]
        return follow(
            self._outer,
            self.workspace,
            hosts,
            source,
            target,
            port=port,
            size=size,
            wait=wait,
            full=full,
        )

    def _tasks(self, service: str) -> pd.DataFrame:
        form = "{{.Node}} {{.CurrentState}}"
        said = self._docker("service", "ps", "--filter", "desired-state=running", "--format", form, service)
        lines = sorted(line.split()[:2] for line in said.stdout.splitlines())
        rows: list[tables.Row] = [{"host": host, "state": state} for host, state in lines]
        return tables.frame(["host", "state"], rows, said.stdout)

    def _wait_for_name(self, name: str, network: str, addresses: int) -> None:
        """Until each of the lab's containers that is on the network gets so many addresses for the name."""
        deadline = time.monotonic() + _PATIENCE
        for host in self._all.values():
            for info in host.workspace.containers():
                if info.state == "running" and network in {e.network for e in info.endpoints}:
                    asks = Container(host.workspace, info)
                    with host.quiet():
                        while len(asks.lookup(name)) < addresses and time.monotonic() < deadline:
                            time.sleep(_PAUSE)

    def _wait_for_news(self, network: str, address: str) -> None:
        """Until each other host that is on the network has been told of a container here."""
        place = _namespace(self.workspace.network(network))
        for host in self._all.values():
            if host is not self:
                argv = ("sh", "-c", _HEARD, "sh", place, address)
                self._outer.engine.exec(host._container.id, argv)

    def _docker(self, *words: str) -> ExecResult:
        said = self._outer.engine.exec(self._container.id, ("docker", *words))
        if not said.ok:
            raise _refused(self.name, said)
        return said


def _namespace(network: NetworkInfo) -> str:
    """Where libnetwork keeps an overlay's bridge and tunnel, as a file; there while a container is on it."""
    return f"/var/run/docker/netns/1-{network.id[:10]}"


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
