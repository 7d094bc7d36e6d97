"""Engine hosts in containers, seen from outside: one host, and on it the namespaces of all these engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netbook.model.docker import ContainerInfo
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Box, Topology

Moment = tuple[Snapshot, Topology]


def within(outer: Moment, inner: Mapping[str, Moment], pids: Mapping[str, int]) -> Moment:
    """The moment of the outer engine with those of the engines inside its containers; a namespace is one.

    `inner`: by the names of these containers. `pids`: of the inner engines' containers, by id, as the outer
    host counts. Of the inner hosts' own bridges nothing is kept: they are those of a machine that is a box
    here. An overlay belongs to all of them.
    """
    seen, graph = outer
    spaces = {space.inode: space for space in seen.namespaces}
    containers, boxes = list(seen.containers), list(graph.boxes)
    bridges, networks = list(graph.bridges), list(graph.networks)
    for name, (here, wiring) in inner.items():
        spaces |= {space.inode: space for space in here.namespaces if space.inode not in spaces}
        containers += [_counted(c, pids) for c in here.containers]
        boxes += [_detached(box, name) for box in wiring.boxes if box.mode in ("own", "none", "stopped")]
        known = {network.id for network in networks}
        new = [n for n in wiring.networks if n.driver == "overlay" and n.id not in known]
        networks += new
        bridges += [
            b for b in wiring.bridges if b.hidden and b.network and b.id not in {x.id for x in bridges}
        ]
    return (
        replace(seen, namespaces=tuple(spaces.values()), containers=tuple(containers)),
        replace(graph, boxes=tuple(boxes), bridges=tuple(bridges), networks=tuple(networks)),
    )


def _counted(container: ContainerInfo, pids: Mapping[str, int]) -> ContainerInfo:
    return replace(container, pid=pids.get(container.id, 0))


def _detached(box: Box, host: str) -> Box:
    """Without its cables to a bridge of its host: what is left of it is what it has on overlays."""
    ports = tuple(port for port in box.ports if port.bridge and not port.peer)
    return replace(box, ports=ports, on=host)
