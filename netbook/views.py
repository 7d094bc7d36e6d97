"""What a lab shows of its network: tables and pictures of all that is in it, of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

import pandas as pd

from netbook import labels, reach, tables, topology
from netbook.changes import Changes
from netbook.diagram import Diagram
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.models import ContainerInfo, NetworkInfo
from netbook.observer import Observer


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
        seen = self._observer.snapshot()
        marked = replace(
            seen,
            containers=tuple(self._mark(c) for c in seen.containers),
            networks=tuple(self._mark_network(n) for n in seen.networks),
        )
        graph = topology.build(marked)
        return graph if foreign else graph.owned()

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
