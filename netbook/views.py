"""What a lab shows of its network: tables and pictures of all that is in it, of one moment."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from netbook import labels, latency, reach, tables, topology
from netbook.changes import Changes
from netbook.container import Container
from netbook.diagram import Diagram
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.latency import Latency
from netbook.models import ContainerInfo, NetworkInfo
from netbook.observer import Observer
from netbook.prediction import Cells, Prediction
from netbook.reachability import Reachability

if TYPE_CHECKING:
    from netbook.live.view import LiveView


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
        graph = topology.build(self._observer.snapshot())
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
