"""What a lab shows of its network: tables and pictures of all that is in it, of one moment."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from netbook import errors, labels, latency, reach, tables, topology
from netbook.changes import Changes
from netbook.container import Container
from netbook.diagram import Diagram
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.host import Host
from netbook.latency import Latency
from netbook.models import ContainerInfo, ExecResult, NetworkInfo, Snapshot
from netbook.observer import Observer
from netbook.prediction import Cells, Prediction
from netbook.reachability import Reachability

if TYPE_CHECKING:
    from netbook.live.view import LiveView
    from netbook.trace import Trace


class Views:
    """The half of `Lab` that looks and changes nothing. Introduced in chapter 00."""

    name: str
    engine: Engine
    _echo: Echo
    _observer: Observer

    def snapshot(self, *, foreign: bool = False) -> topology.Topology:
        """`docker ps`, `docker network ls` and `ip addr` of every namespace, of one moment, joined.

        Costs two listings and one exec.
        """
        _, graph = self._look()
        return graph if foreign else graph.owned()

    def _look(self) -> tuple[Snapshot, topology.Topology]:
        """All that is on the engine, what is this lab's marked: as it was read, and joined."""
        seen = self._observer.snapshot()
        return seen, topology.build(seen)

    def veth_pairs(self, *, full: bool = False) -> pd.DataFrame:
        """`ip addr` in every namespace: which veth on the host is whose eth0, matched by their numbers.

        Columns: container, interface, host_end, bridge, network; with `full` also both numbers.
        """
        self._echo("ip", "addr")
        return tables.veth_pairs(self.snapshot().veth_pairs, full=full)

    def diagram(self, title: str = "", *, highlight: Iterable[str] = (), foreign: bool = False) -> Diagram:
        """`docker ps`, `docker network ls` and `ip addr`, as a picture with alt text and a text form.

        `highlight`: names of containers and networks to look at. Errors: NotFound for a name not in it.
        """
        return Diagram(self.snapshot(foreign=foreign), title, tuple(highlight))

    def live(self, title: str = "", *, foreign: bool = False) -> LiveView:
        """`docker events`, and after each the picture of `diagram()` drawn anew, whoever caused it.

        A click, or the arrow keys and Enter, on a container shows its `ip addr`, `ip route` and endpoints.
        It ends by `close()`, when its cell is run again, with the lab and with the kernel; a lab has one at
        a time. Where widgets do not show, there is a figure of the moment when the cell ran.
        """
        from netbook.live.view import LiveView  # widgets take a while to import, and few cells need them

        self._echo("docker", "events", "--filter", "type=container", "--filter", "type=network")
        view = LiveView(self.engine, self._observer, title, foreign=foreign)
        weakref.finalize(self, view.close, "its lab is gone", wait=False).atexit = False
        return view

    def changes(self, title: str = "", *, foreign: bool = False) -> Changes:
        """`docker ps`, `docker network ls` and `ip addr`, before and after the verbs of a block.

            with lab.changes("What docker run does"):
                lab.run("bbox01")

        At its end the block shows one picture with what came, went and changed; `as changes` keeps it,
        and the same as a table: `changes.table`. If a verb raises, that is seen, and what changed until then.
        """
        return Changes(self.snapshot(foreign=foreign), lambda: self.snapshot(foreign=foreign), title)

    def diff(self, before: topology.Topology, after: topology.Topology, title: str = "") -> Changes:
        """`docker ps`, `docker network ls` and `ip addr` of two moments: what came, went and changed.

        `before` and `after` are results of `lab.snapshot()`. Shown as a picture; `.table` is the same
        as a table.
        """
        return Changes(before, after, title)

    def reachability(self, by: Literal["both", "address", "name"] = "both", title: str = "") -> Reachability:
        """`docker exec A ping -c 1 -W 1 B` for every pair: a matrix, rows from, columns to, with reasons.

        By address: every address that B has; those of the container whose network it
        shares, or docker0's for one on the host network. By name: its name. All pings
        of one container run at once, in one exec; one that is stopped or paused cannot
        be asked. `.table` is the matrix as a DataFrame, `.reasons` one row per ping,
        `.diagram(a, b)` the way from a to b.
        """
        if by not in ("both", "address", "name"):
            raise ValueError(f"by is {by!r}; it must be 'both', 'address' or 'name'")
        kinds = ("address", "name") if by == "both" else (by,)
        for kind in kinds:
            self._echo.each(
                "pair", "docker", "exec", "A", "ping", "-c", "1", "-W", "1", f"{kind.upper()}_OF_B"
            )
        found = self._containers()
        answers = reach.measure(self.engine, found, kinds)
        return Reachability((c.name for c in found), answers, by, title, self.snapshot)

    def predict(
        self, cells: Cells = None, *, by: Literal["address", "name"] = "address", title: str = ""
    ) -> Prediction:
        """`docker ps -a`, as a matrix to fill in before measuring: who will reach whom?

        Without `cells`, a grid of buttons, for up to ten containers. Else `cells` is the prediction:
        `{("bbox01", "bbox02"): True, …}`, a DataFrame, or a grid of text with yes, no and ?. Then
        `prediction.compare(lab.reachability())`. Errors: NotFound for a container that is not there.
        """
        if by not in ("address", "name"):
            raise ValueError(f"by is {by!r}; it must be 'address' or 'name'")
        self._echo("docker", "ps", "-a")
        return Prediction((c.name for c in self._containers()), cells, by, title)

    def latency(
        self,
        pairs: Mapping[str, tuple[Container | str, Container | str]] | None = None,
        *,
        count: int = 20,
        title: str = "",
    ) -> Latency:
        """`docker exec A ping -c COUNT B` for some pairs, in turns: round-trip times side by side, in ms.

        `pairs`: a label for each, as in `{"bridge": (bbox01, bbox02), "to the gateway": (bbox01,
        "172.17.0.1")}`; the default is one for each mode that is in the lab. Within one namespace 127.0.0.1
        is pinged; else an address on a network that both are on. Errors: NotRunning, NotFound.
        """
        if count < 1:
            raise ValueError(f"count is {count}; it must be 1 or more")
        found = self._containers()
        ways = latency.chosen(self.engine, found, pairs)
        for way in ways:
            options = ("-c", str(count), "-i", latency.INTERVAL, "-W", "1")
            self._echo("docker", "exec", way.source, "ping", *options, way.address)
        measured = latency.measure(self.engine, ways, {c.name: c.id for c in found}, count)
        return Latency(measured, self.engine.rung, title)

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
        """`tcpdump -i any` everywhere on the way of `docker exec SOURCE ping -c 1 TARGET`, or of `nc`.

        `source`: a container of any lab, or `lab.host`; `target`: a container (then its address), a name
        (then the DNS question is part of it) or an address. `port`: one TCP connection instead of a ping;
        `size`: the ping's data, in bytes; `wait`: seconds for the answer. `.table` has a row for each
        interface that saw a packet, with `full` also times, MACs, ports, lengths.

        Errors: NotFound, NotRunning; EngineRefused if tcpdump may not listen; ImageMissing for the
        helper's image. An unknown name, loss and a closed port are results.
        """
        # there, because most labs trace nothing
        from netbook import capture, probe, trace, tracer
        from netbook.engine import capture_image

        probe.check(target, port, size, wait)
        running = None if isinstance(source, Host) else self._running(source)
        seen, graph = self._look()
        from_ = running.name if running else ""
        to = tracer.address_of(target.name, from_, graph) if isinstance(target, Container) else target
        sent = probe.Probe(from_, to, port, size, wait)
        capture_image.ensure(self.engine, print)
        rights = [word for name in capture.CAPABILITIES for word in ("--cap-add", name)]
        helper = ("docker", "run", "--rm", "--network", "host", "--pid", "host", *rights, capture_image.NAME)
        self._echo.noted("with these rights, until the capture ends", *helper)
        self._echo.each("network namespace on the way", "tcpdump", "-i", "any", "-w", "FILE")
        self._echo(*(("docker", "exec", from_) if from_ else ()), *sent.argv)

        def send(argv: tuple[str, ...]) -> ExecResult:
            return self.engine.exec(running.id, argv) if running else self._observer.exec(*argv)

        take = tracer.record(self.engine, self.name, seen, graph, sent, send)
        if take.dropped:
            self._echo.warning(
                f"{take.dropped} packets came too fast for tcpdump: what follows may lack some"
            )
        strange = any(not box.owned for box in graph.boxes if box.inode in take.files)
        return trace.read(take, shown=graph if strange else graph.owned(), full=full)

    def _running(self, source: Container | str) -> ContainerInfo:
        """The container, if it can run a command."""
        name = source if isinstance(source, str) else source.id
        everyone = self._containers(foreign=True)
        found = next((c for c in everyone if name in (c.name, c.id)), None)
        if found is None:
            names = ", ".join(c.name for c in everyone if c.owned) or "none"
            raise errors.NotFound(
                f"No container {name!r}; this lab has: {names}.", remedy="make it with lab.run(…)"
            )
        if found.state != "running":
            raise errors.NotRunning(
                f"{found.name} is {found.state}, so it cannot send anything.",
                remedy="unpause it first: container.unpause()"
                if found.state == "paused"
                else "start it first: container.start()",
            )
        return found

    # -- whose is it --------------------------------------------------------

    def _containers(self, foreign: bool = False) -> list[ContainerInfo]:
        found = (self._mark(c) for c in self.engine.containers() if labels.ROLE not in c.labels)
        return [c for c in found if foreign or c.owned]

    def _is_here(self, marks: Mapping[str, str]) -> bool:
        return labels.is_of(self.name, marks)

    def _mark(self, container: ContainerInfo) -> ContainerInfo:
        """Within a lab, "ours" means this lab's."""
        return replace(container, owned=self._is_here(container.labels))

    def _mark_network(self, network: NetworkInfo) -> NetworkInfo:
        return replace(network, owned=self._is_here(network.labels))
