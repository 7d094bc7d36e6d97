"""A host with an engine of its own, in a container of a lab: all verbs of a lab, there; and a swarm's."""

from __future__ import annotations

import shlex
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pandas as pd

from netbook import tables
from netbook.diagram.hosts import HostsDiagram
from netbook.errors import EngineRefused, NotFound, WrongArgument
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.parsers import bridge_fdb, ip_neigh
from netbook.topology.hosts import union
from netbook.workspace import engine_host
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from netbook.lab.container import Container
    from netbook.lab.network import Network
    from netbook.trace.trace import Trace

_SWARM = 2377  # the port at which a swarm's managers listen
_ALREADY = "already part of a swarm"


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
        place = f"/var/run/docker/netns/1-{info.id[:10]}"
        inside = ("nsenter", f"--net={place}")
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
