"""What a judge may know: one moment, where nothing is asked for twice and nothing is changed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from ipaddress import IPv4Interface, IPv6Interface
from typing import Any, TypeVar

from netbook.errors import NotFound, NotRunning
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.fetch import Fetched
from netbook.model.firewall import Chain
from netbook.model.kernel import Interface, Route
from netbook.model.neighbours import Neighbour
from netbook.model.programs import Answer, ExecResult, HostEntry, Lookup, PingResult
from netbook.model.snapshot import Snapshot
from netbook.model.sockets import Socket
from netbook.ownership import labels
from netbook.parsers import hosts, ip_neigh, ip_route, iptables_save, netstat, nslookup, ping
from netbook.reach import fetch, measure, unanswered
from netbook.reach.question import question
from netbook.topology import addressing
from netbook.topology.graph import Port, Topology
from netbook.workspace import tentative
from netbook.workspace.workspace import Workspace

T = TypeVar("T")
HOST = "the host"  # where a goal names a container that asks
WAIT = 2  # seconds for a page
OWN: deque[str] = deque(maxlen=1000)  # the ids of the judges' last execs: no deeds of the reader
_UNHEARD = ";; connection timed out; no servers could be reached"  # as nslookup would have put it in time


class CannotJudge(Exception):
    """Something that the exercise itself needs is gone; says what."""


class Evidence:
    """Of one moment. Names are looked for on the whole engine: a reader may use any means."""

    def __init__(self, workspace: Workspace, exercise: str) -> None:
        self._ws, self._exercise = workspace, exercise
        self._known: dict[tuple[object, ...], Any] = {}
        self._since = time.monotonic()

    def _once(self, key: tuple[object, ...], ask: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]  # type: ignore[no-any-return]

    # -- one look -------------------------------------------------------------

    @cached_property
    def _look(self) -> tuple[Snapshot, Topology]:
        seen, graph = self._ws.look()
        tentative.wait_for_routers(self._ws, seen)
        return seen, graph

    @property
    def snapshot(self) -> Snapshot:
        return self._look[0]

    @property
    def graph(self) -> Topology:
        return self._look[1]

    @property
    def has_begun(self) -> bool:
        """Is anything there that `task.start()` made?"""
        seen = self.snapshot
        marks = [*(c.labels for c in seen.containers), *(n.labels for n in seen.networks)]
        return any(map(self.given, marks))

    @cached_property
    def wiring(self) -> Hashable:
        """Changes with whatever is made, ended, removed, attached or given an address in this lab."""
        mine = {c for c in self.snapshot.containers if c.owned}
        spaces = {c.namespace for c in mine}
        return (
            frozenset((c.id, c.name, c.state, c.namespace, c.endpoints) for c in mine),
            frozenset((n.id, n.name) for n in self.snapshot.networks if n.owned),
            frozenset(space for space in self.snapshot.namespaces if space.inode in spaces),
        )

    def container(self, name: str) -> ContainerInfo | None:
        return next((c for c in self.snapshot.containers if c.name == name), None)

    def running(self, name: str) -> ContainerInfo | None:
        return found if (found := self.container(name)) and found.state == "running" else None

    def network(self, name: str) -> NetworkInfo | None:
        return next((n for n in self.snapshot.networks if n.name == name), None)

    def given(self, marks: Mapping[str, str]) -> bool:
        """Are these the labels of something that `task.start()` made?"""
        return marks.get(labels.TASK) == self._exercise

    def ports(self, name: str) -> tuple[Port, ...]:
        """Its interfaces but `lo`; of one that is stopped, or on the host's network, none."""
        return box.ports if (box := addressing.box_of(self.graph, name)) else ()

    def addresses(self, name: str) -> dict[str, tuple[IPv4Interface | IPv6Interface, ...]]:
        """Network → addresses in its namespace; "" for interfaces that no network claims."""
        found: dict[str, tuple[IPv4Interface | IPv6Interface, ...]] = {}
        for port in self.ports(name):
            kept = (a.value for a in port.addresses if a.scope == "global")
            found[port.network] = (*found.get(port.network, ()), *kept)
        return found

    def cards(self, name: str) -> dict[str, str]:
        """Hardware address → network, of its interfaces but `lo`."""
        return {port.mac: port.network for port in self.ports(name)}

    def interface_of_host(self, name: str) -> Interface | None:
        return next((i for i in self.snapshot.host.interfaces if i.name == name), None)

    # -- more, of one container ----------------------------------------------

    def inspected(self, name: str) -> dict[str, Any]:
        """`docker inspect NAME`; {} if it is gone."""
        found = self.container(name)
        return self._once(("inspect", name), lambda: self._inspect(found.id)) if found else {}

    def _inspect(self, identity: str) -> dict[str, Any]:
        with suppress(NotFound):
            return self._ws.engine.inspect(identity)
        return {}

    def _ask(self, name: str, *argv: str) -> str:
        if not (found := self.running(name)):
            return ""
        try:
            said = self._exec(found.id, *argv)
        except (NotFound, NotRunning):  # it ended since the look
            return ""
        return "" if said.exit_code in (126, 127) else said.stdout  # no such program: that is runc's word

    def routes(self, name: str, *, ipv6: bool = False) -> tuple[Route, ...]:
        """`docker exec NAME ip [-6] route`."""
        ask = lambda: ip_route.parse(self._ask(name, "ip", *["-6"] * ipv6, "route"))  # noqa: E731
        return self._once(("routes", name, ipv6), ask)

    def forwards(self, name: str) -> bool:
        """`docker exec NAME cat /proc/sys/net/ipv4/ip_forward`: does it hand on packets for others?"""
        return self.file(name, "/proc/sys/net/ipv4/ip_forward").strip() == "1"

    def rules(self, name: str, table: str) -> tuple[Chain, ...]:
        """`docker exec NAME iptables-save -t TABLE`: what its own firewall does; () if it has none."""
        said = self._once(("rules", name, table), lambda: self._ask(name, "iptables-save", "-t", table))
        return iptables_save.parse(said)

    def sockets(self, name: str) -> tuple[Socket, ...]:
        """`docker exec NAME netstat -tuln`: who listens."""
        said = self._once(("sockets", name), lambda: self._ask(name, "netstat", "-tuln"))
        return netstat.parse(said) if said else ()

    def neighbours(self, name: str) -> tuple[Neighbour, ...]:
        """`docker exec NAME ip neigh`: whom it knows on the link, and whom it was told of by hand."""
        return self._once(("neighbours", name), lambda: ip_neigh.parse(self._ask(name, "ip", "neigh")))

    def hosts(self, name: str) -> tuple[HostEntry, ...]:
        """`docker exec NAME cat /etc/hosts`."""
        return hosts.parse(self.file(name, "/etc/hosts"))

    def file(self, name: str, path: str) -> str:
        """`docker exec NAME cat PATH`; "" if there is none."""
        return self._once(("file", name, path), lambda: self._ask(name, "cat", path))

    def logs(self, name: str) -> str:
        """`docker logs NAME`; "" if it is gone."""
        return self._ws.engine.logs(found.id) if (found := self.container(name)) else ""

    def lookup(self, source: str, name: str, server: str = "") -> Lookup:
        """`docker exec SOURCE nslookup NAME. [SERVER[:PORT]]`: all that DNS tells; SOURCE may be the host."""
        argv: tuple[str, ...] = ("nslookup", question(name))
        argv = ("timeout", str(WAIT), *argv, server) if server else argv
        ask = lambda: nslookup.parse(self._say(source, *argv).text or _UNHEARD)  # noqa: E731
        return self._once(("lookup", source, name, server), ask)

    # -- what packets say -------------------------------------------------------

    def reach(self, source: str, target: str) -> Answer:
        """A ping of a container, by the first address that `lab.trace` and the matrix would take."""
        return self._once(("reach", source, target), lambda: self._reach(source, target))

    def _reach(self, source: str, target: str) -> Answer:
        if self.running(target) is None:
            there = self.container(target)
            reason = f"{target} is {there.state}" if there else f"there is no {target}"
            return Answer(source, target, "address", "", "no", reason)
        address = addressing.address(self.graph, source, target)
        if not address:
            return Answer(source, target, "address", "", "no", "no address")
        said, nobody = self._pinged(source, address)
        if said.received:
            return Answer(source, target, "address", address)
        return Answer(source, target, "address", address, "no", nobody or said.outcome)

    def pinged(self, source: str, name: str) -> PingResult:
        """`docker exec SOURCE ping NAME`, where NAME is a name or an address: did any packet come back?"""
        return self._pinged(source, name)[0]

    def _pinged(self, source: str, name: str) -> tuple[PingResult, str]:
        """And whom the packets waited for in vain, if so."""
        return self._once(("ping", source, name), lambda: self._ping(source, name))

    def _ping(self, source: str, name: str) -> tuple[PingResult, str]:
        argv = ("sh", "-c", _SCRIPT, "sh", name)
        said = self._exec(self._asked(source).id, *argv, env=_PATIENCE).text
        words, asked, gateway = said.partition("\n@ARP")
        nobody = (measure.NO_GATEWAY if gateway.strip() else measure.NOBODY) if asked else ""
        return ping.parse(words), nobody

    def page(self, source: str, url: str) -> Fetched:
        """`docker exec SOURCE wget -q -O - URL`; SOURCE may be the host."""
        return self._once(("page", source, url), lambda: self._page(source, url))

    def _page(self, source: str, url: str) -> Fetched:
        return fetch.patiently(partial(self._say, source), url, WAIT, source, since=self._since)

    def _say(self, source: str, *argv: str) -> ExecResult:
        if source == HOST:
            with self._ws.observer.errand() as errand:
                return errand.exec(*argv)
        return self._exec(self._asked(source).id, *argv)

    def _exec(self, identity: str, *argv: str, env: Mapping[str, str] | None = None) -> ExecResult:
        return self._ws.engine.exec(identity, argv, env=env, note=OWN.append)

    def _asked(self, name: str) -> ContainerInfo:
        """Errors: CannotJudge for one that cannot be asked."""
        if found := self.running(name):
            return found
        there = self.container(name)
        raise CannotJudge(f"{name}, who would be asked, {f'is {there.state}' if there else 'is gone'}")


_PATIENCE = {"RES_OPTIONS": "timeout:1 attempts:2"}
# Two, for a reply can be late, or lost, on a busy machine; the second does not wait for the first.
_SCRIPT = (
    unanswered.SCRIPT
    + """
said=$(ping -c 2 -i 0.2 -W 1 "$1" 2>&1)
echo "$said"
case $said in *" 100% packet loss"*) unanswered "$said";; esac
"""
)
