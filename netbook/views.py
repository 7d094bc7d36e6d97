"""What a lab shows of its network: tables and pictures of all that is in it, of one moment."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from netbook import labels, reach, tables, topology
from netbook.diagram import Diagram
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.models import ContainerInfo, NetworkInfo
from netbook.observer import Observer

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
        return labels.is_of(self.name, marks)

    def _mark(self, container: ContainerInfo) -> ContainerInfo:
        """Within a lab, "ours" means this lab's."""
        return replace(container, owned=self._is_here(container.labels))

    def _mark_network(self, network: NetworkInfo) -> NetworkInfo:
        return replace(network, owned=self._is_here(network.labels))
