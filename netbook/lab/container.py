"""One container: what is in its network namespace, and what can be done with it."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd

from netbook import tables
from netbook.engine.client.records import inspected
from netbook.errors import EngineRefused, NotFound
from netbook.lab import addressed
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.parsers import hosts, ip_addr, ip_neigh, ip_route, netstat, nslookup, ping, ss
from netbook.reach import fetch
from netbook.reach.question import question
from netbook.workspace import conflicts
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Container:
    """A container of the lab: made by `Lab.run`, found by `Lab.container`. Introduced in chapter 00."""

    def __init__(self, workspace: Workspace, info: ContainerInfo) -> None:
        self._engine, self._echo = workspace.engine, workspace.echo
        self.id, self.name, self.owned, self._labels = info.id, info.name, info.owned, info.labels

    def __repr__(self) -> str:
        return f"<Container {self.name}>"

    # -- reading ------------------------------------------------------------

    @property
    def info(self) -> ContainerInfo:
        """What the engine knows of it now, as a model: `docker inspect`."""
        return self._engine.container(self.id)

    @property
    def state(self) -> str:
        """`docker inspect -f '{{.State.Status}}'`: created, running, paused, restarting, exited or dead."""
        return self.info.state

    @property
    def addresses(self) -> dict[str, str]:
        """`docker inspect`, as network name → address, for the networks that gave one: IPv4, else IPv6."""
        return addressed.of(self.info)

    @property
    def address(self) -> str:
        """`docker inspect`, its one address: IPv4, else IPv6. Errors: NotFound if it has none or several."""
        return addressed.only(self.name, self.addresses)

    @property
    def address6(self) -> str:
        """`docker inspect`, its one IPv6 address. Errors: NotFound if it has none or several."""
        return addressed.only6(self.name, addressed.of6(self.info))

    def ip_addr(self, *, full: bool = False) -> pd.DataFrame:
        """`docker exec NAME ip addr`: one row per address.

        Columns: interface, state (UP or DOWN), address (CIDR). With `full` also the
        index, the number after `@if`, MAC, MTU (bytes), family and scope, IPv6
        link-local addresses included. The raw text is in `.attrs["raw"]`.
        """
        said = self._read("ip", "addr")
        return tables.interfaces(ip_addr.parse(said.stdout), said.stdout, full=full)

    def ip_route(self, *, ipv6: bool = False) -> pd.DataFrame:
        """`docker exec NAME ip [-6] route`: destination, gateway, interface, source; no fe80::, no ff00::."""
        said = self._read("ip", *["-6"] * ipv6, "route")
        return tables.routes(ip_route.parse(said.stdout), said.stdout)

    def ping(self, target: str, count: int = 1, *, wait: int = 1, full: bool = False) -> pd.DataFrame:
        """`docker exec NAME ping -c COUNT -W WAIT TARGET`: one row.

        Columns: target, address (what the name resolved to), sent, received,
        outcome (`reply`, `partial`, `no reply`, or ping's own words). `wait` is in
        seconds. With `full` one row per reply: seq, ttl, time_ms.
        """
        if count < 1:
            raise ValueError(f"count is {count}; it must be 1 or more (ping takes 0 for without end)")
        if str(target).startswith("-"):
            raise ValueError(f"target is {target!r}; it must be a name or an address, not an option")
        said = self._run("ping", "-c", str(count), "-W", str(wait), str(target))
        return tables.ping(ping.parse(said.text), said.text, full=full)

    def reaches(self, target: str) -> bool:
        """`docker exec NAME ping -c 1 -W 1 TARGET`: did every packet come back?"""
        return bool(self.ping(target).attrs["result"].ok)

    def lookup(self, name: str) -> pd.DataFrame:
        """`docker exec NAME nslookup NAME.`: which server was asked, what it answered.

        The dot says that the name is complete: else busybox asks only for it with a search domain. Columns:
        name (of an address: what was found), server, address (or the server's own words without one).
        """
        said = self._run("nslookup", question(name))
        return tables.lookup(nslookup.parse(said.text), said.text)

    def hosts(self, *, full: bool = False) -> pd.DataFrame:
        """`docker exec NAME cat /etc/hosts`: columns address, names.

        The engine's IPv6 lines for `localhost` and `ip6-…` are left out, and the container's id; `full`
        shows all, and `.attrs["left_out"]` is how many lines are missing.
        """
        said = self._read("cat", "/etc/hosts")
        return tables.hosts(hosts.parse(said.stdout), said.stdout, full=full)

    def neighbours(self, *, full: bool = False) -> pd.DataFrame:
        """`docker exec NAME ip neigh`: who was asked for on the link, one row per address.

        Columns: address, interface, state: `known` (a MAC was heard; the kernel's REACHABLE, STALE, DELAY
        and PROBE, through which it goes by itself), `unanswered` (INCOMPLETE, then FAILED), or the kernel's
        own word (PERMANENT, NOARP). With `full` also mac, the kernel's states, and the link-local and
        multicast addresses; `.attrs["left_out"]` is how many of these are missing.
        """
        said = self._read("ip", "neigh")
        return tables.neighbours(ip_neigh.parse(said.stdout), said.stdout, full=full)

    def sockets(self, *, full: bool = False) -> pd.DataFrame:
        """`docker exec NAME netstat -tuln`, or `ss -tuln` where its image has no netstat: who listens.

        Columns: proto, address (`::`: all, of IPv4 too), port, state (of TCP). With `full` `netstat -tuan`:
        all sockets, also peer and peer_port, and those of Docker's DNS server on 127.0.0.11, whose ports are
        chance; `.attrs["left_out"]` is how many of these are missing.
        """
        options = "-tuan" if full else "-tuln"
        said, parse = self._run("netstat", options), netstat.parse
        if said.exit_code in (126, 127):  # its image has none
            said, parse = self._read("ss", options), ss.parse
        return tables.sockets(parse(said.stdout), said.stdout, full=full)

    def fetch(self, url: str, *, wait: int = 2) -> pd.DataFrame:
        """`docker exec NAME timeout WAIT wget -q -O - URL`, or `curl` where its image has no wget: one row.

        Columns: url, outcome, first_line (of the page). `outcome`: `page`; `status 404` …; `refused` (nobody
        listens, or a firewall says so); `reset` (there was a connection; it ended before the answer did);
        `no route` (or nobody on the link has that address); `unknown name`; `timed out`; else the program's
        own words. `wait`: seconds; what it waited for, a ping tells. The page: `.attrs["result"].body`.

        Errors: NotFound if its image has neither; NotRunning.
        """
        return tables.fetched(fetch.fetch(self._ask, url, wait, self._tell, self.name))

    def inspect(self, *, full: bool = False) -> pd.DataFrame:
        """`docker inspect NAME`, its NetworkSettings: one row per network.

        Columns: network, ip_address, prefixlen, gateway; ipv6_address if there is any. `.attrs["raw"]`: all
        that the engine said, a dict.
        """
        self._echo("docker", "inspect", self.name)
        raw = self._engine.inspect(self.id)
        return tables.endpoints(inspected(raw).endpoints, raw, full=full)

    def wait(self) -> int:
        """`docker wait NAME`: wait until its first process ends; returns that one's exit code."""
        self._echo("docker", "wait", self.name)
        return self._engine.wait(self.id)

    def logs(self) -> str:
        """`docker logs NAME`: what its first process printed."""
        self._echo("docker", "logs", self.name)
        return self._engine.logs(self.id)

    # -- doing --------------------------------------------------------------

    def exec(self, *argv: str, env: Mapping[str, str] | None = None, user: str = "") -> ExecResult:
        """`docker exec NAME ARGV…`: run a command in it, and show what it printed.

        One string is split as a shell would split it, but no shell runs; for pipes
        name one: `exec("sh", "-c", "ip addr | head -3")`. A failing command is not
        an error: look at `.ok` and `.exit_code`.
        """
        argv = tuple(shlex.split(argv[0])) if len(argv) == 1 else argv
        options = [*(f"--env={k}={v}" for k, v in (env or {}).items()), *([f"--user={user}"] if user else [])]
        self._mine("run a command in")
        self._echo("docker", "exec", *options, self.name, *argv)
        return self._engine.exec(self.id, argv, env=env, user=user)

    def stop(self, seconds: int = 0) -> None:
        """`docker stop -t SECONDS NAME`. A shell as first process never listens, so it gets no seconds."""
        self._mine("stop")
        self._echo("docker", "stop", "-t", str(seconds), self.name)
        self._engine.stop(self.id, seconds)

    def start(self) -> None:
        """`docker start NAME`."""
        self._mine("start")
        self._echo("docker", "start", self.name)
        with self._parent_told():
            self._engine.start(self.id)

    def restart(self, seconds: int = 0) -> None:
        """`docker restart -t SECONDS NAME`."""
        self._mine("restart")
        self._echo("docker", "restart", "-t", str(seconds), self.name)
        with self._parent_told():
            self._engine.restart(self.id, seconds)

    def pause(self) -> None:
        """`docker pause NAME`: freeze its processes; its addresses stay."""
        self._mine("pause")
        self._echo("docker", "pause", self.name)
        self._engine.pause(self.id)

    def unpause(self) -> None:
        """`docker unpause NAME`."""
        self._mine("unpause")
        self._echo("docker", "unpause", self.name)
        self._engine.unpause(self.id)

    def remove(self) -> None:
        """`docker rm -f NAME`: stop it and remove it."""
        self._mine("remove")
        self._echo("docker", "rm", "-f", self.name)
        self._engine.remove(self.id)

    @contextmanager
    def _parent_told(self) -> Iterator[None]:
        """Docker wrote down the id of `--network container:NAME`; its refusal gives that id the old name."""
        try:
            yield
        except (NotFound, EngineRefused):
            kind, _, parent = self._engine.container(self.id).network_mode.partition(":")
            if kind != "container" or any(c.id == parent for c in self._engine.containers()):
                raise
            raise conflicts.parent_gone(self.name, parent) from None

    # -- the inside ---------------------------------------------------------

    def _run(self, *argv: str) -> ExecResult:
        self._tell(*argv)
        return self._ask(*argv)

    def _ask(self, *argv: str) -> ExecResult:
        return self._engine.exec(self.id, argv)

    def _tell(self, *argv: str) -> None:
        self._echo("docker", "exec", self.name, *argv)

    def _read(self, *argv: str) -> ExecResult:
        said = self._run(*argv)
        if not said.ok:
            raise NotFound(
                f"`{shlex.join(argv)}` failed in {self.name} with exit code {said.exit_code}: {said}",
                remedy="does its image have that program? The lab image busybox has it",
            )
        return said

    def _mine(self, verb: str) -> None:
        if not self.owned:
            raise conflicts.not_ours(verb, self.name, self._labels)
