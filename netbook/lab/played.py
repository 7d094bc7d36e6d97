"""A container that plays the host: its bridges and cables as pictures, its rules, and packets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netbook import tables
from netbook.diagram.changes import Changes
from netbook.diagram.diagram import Diagram
from netbook.diagram.hosts import HostsDiagram
from netbook.errors import NotFound
from netbook.lab.container import Container
from netbook.model.snapshot import Snapshot
from netbook.observer import firewall, namespaces
from netbook.parsers import iptables_save
from netbook.topology.graph import Topology
from netbook.topology.hosts import union
from netbook.topology.played import beside, seen_from, translated
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from netbook.trace.trace import Trace


class PlayedHost:
    """The lab as one of its containers sees it, which plays the host. Introduced in chapter 11.

    Made by `lab.as_host(machine)`. Around it: containers of the lab on `none`, wired by hand or not at all.
    """

    def __init__(self, workspace: Workspace, container: Container) -> None:
        self._workspace, self._container = workspace, container

    def __repr__(self) -> str:
        return f"<PlayedHost {self._container.name}>"

    @property
    def _network(self) -> str:
        return f"container:{self._container.name}"

    def _look(self) -> tuple[int, Snapshot, Topology]:
        seen, _ = self._workspace.look()
        player = next((c for c in seen.containers if c.id == self._container.id and c.pid), None)
        if player is None or player.namespace not in {space.inode for space in seen.namespaces}:
            raise NotFound(
                f"{self._container.name} has no network namespace of its own to look into.",
                remedy="start it, and not with --network host: then it can play the host",
            )
        said = self._workspace.engine.exec(player.id, ("sh", "-c", namespaces.BRIDGES))
        return player.pid, *seen_from(seen, player, namespaces.bridges(said.stdout))

    def snapshot(self) -> Topology:
        """`ip addr` in the container and in the namespaces around it, of one moment, joined."""
        return self._look()[2]

    def diagram(self, title: str = "", *, firewall: bool = False) -> Diagram:
        """`ip addr` in the container and around it, as a picture with the container as the host.

        With `firewall` also what its own rules (`iptables-save -t nat`) say of NAT.
        """
        return Diagram(self._with_rules(self.snapshot()) if firewall else self.snapshot(), title)

    def changes(self, title: str = "") -> Changes:
        """`ip addr` in the container and around it, before and after the commands of a block.

        As `lab.changes`: one picture at the end of the block, with what came, went and changed.
        """
        return Changes(self.snapshot(), self.snapshot, title)

    def beside(self, title: str = "") -> HostsDiagram:
        """`ip addr` here and on the engine's host: what was made by hand beside what Docker made.

        Both with NAT, where their rules say so.
        """
        stage = self._with_rules(self.snapshot())
        whole = beside(self._workspace.topology(), stage, self._container.name)
        return HostsDiagram(union({f"{self._container.name}, by hand": stage, "of the engine": whole}), title)

    def trace(
        self,
        source: Container | str,
        target: Container | str,
        *,
        port: int = 0,
        size: int | None = None,
        wait: int = 1,
        full: bool = False,
    ) -> Trace:
        """`tcpdump -i any` in the container and around it, during `docker exec SOURCE ping -c 1 TARGET`.

        As `lab.trace`, but for the host: here that is the container.
        """
        from netbook.trace.follow import Home, follow  # with dpkt; most labs trace nothing

        pid, seen, graph = self._look()
        home = Home(self._container.name, pid, seen, graph)
        return follow(self._workspace, source, target, port=port, size=size, wait=wait, full=full, home=home)

    def firewall(
        self, table: str = "filter", *, chain: str = "", counters: bool = False, ipv6: bool = False
    ) -> pd.DataFrame:
        """`iptables-save -c -t TABLE` in the container's namespace: columns as `lab.host.firewall`.

        A helper reads it, with `--network container:NAME`; it changes nothing. The errors are the same, too.
        """
        self._workspace.echo(*firewall.shown(table, self._network, ipv6=ipv6))
        said = self._rules(table, ipv6=ipv6)
        chains = firewall.chosen(iptables_save.parse(said), chain)
        return tables.firewall(chains, self.snapshot(), said, counters=counters, foreign=True)

    def _rules(self, table: str, *, ipv6: bool = False) -> str:
        engine, lab = self._workspace.engine, self._workspace.name
        return firewall.read(engine, firewall.for_container(engine, lab, self._network), [table], ipv6=ipv6)

    def _with_rules(self, graph: Topology) -> Topology:
        return translated(graph, iptables_save.parse(self._rules("nat")))
