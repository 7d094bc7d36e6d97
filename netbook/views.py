"""What a lab shows of its network: tables and pictures of all that is in it, of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from netbook import errors, labels, reach, tables, topology
from netbook.container import Container
from netbook.diagram import Diagram
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.host import Host
from netbook.models import ContainerInfo, ExecResult, NetworkInfo, Snapshot
from netbook.observer import Observer

if TYPE_CHECKING:
    from netbook.trace import Trace


class Views:
    """The half of `Lab` that looks and changes nothing. Introduced in chapter 00."""

    name: str
    engine: Engine
    _echo: Echo
    _observer: Observer

    def snapshot(self, *, foreign: bool = False) -> topology.Topology:
        """`docker ps`, `docker network ls` and `ip addr` of every namespace, of one moment, joined.

        Costs two listings, one inspect per running container and one exec.
        """
        _, graph = self._look()
        return graph if foreign else graph.owned()

    def _look(self) -> tuple[Snapshot, topology.Topology]:
        """All that is on the engine, what is this lab's marked: as it was read, and joined."""
        seen = self._observer.snapshot()
        marked = replace(
            seen,
            containers=tuple(self._mark(c) for c in seen.containers),
            networks=tuple(self._mark_network(n) for n in seen.networks),
        )
        return marked, topology.build(marked)

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

    def reachability(self, by: Literal["address", "name"] = "address") -> pd.DataFrame:
        """`docker exec A ping -c 1 -W 1 B` for every pair: rows from, columns to, `yes` or `no`.

        `by="address"` tries every address that B has: those of the container whose
        network it shares, or docker0's for one on the host network. `by="name"` tries
        its name. All pings of one container run at once, in one exec.
        """
        if by not in ("address", "name"):
            raise ValueError(f"by is {by!r}; it must be 'address' or 'name'")
        self._echo.each("pair", "docker", "exec", "A", "ping", "-c", "1", "-W", "1", f"{by.upper()}_OF_B")
        running = [c for c in self._containers() if c.state == "running"]
        return reach.measure(self.engine, running, by)

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
        return labels.is_ours(marks) and marks.get(labels.LAB) == self.name

    def _mark(self, container: ContainerInfo) -> ContainerInfo:
        """Within a lab, "ours" means this lab's."""
        return replace(container, owned=self._is_here(container.labels))

    def _mark_network(self, network: NetworkInfo) -> NetworkInfo:
        return replace(network, owned=self._is_here(network.labels))
