"""Two moments of the wiring in one: what there is, and beside it what is gone."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from netbook.topology.change import of_interface
from netbook.topology.graph import Box, Topology


def union(before: Topology, after: Topology) -> Topology:
    """All of `after`, and of `before` what is not there any more, each where it was.

    A container that is gone stays with the owner of its namespace, an interface with its container.
    """
    here = {identity for box in after.boxes for identity in box.ids}
    gone = {box.ids[0]: _without(box, here) for box in before.boxes}
    boxes = [_with(box, [gone[i] for i in box.ids if i in gone]) for box in after.boxes]
    ghosts = [box for owner, box in gone.items() if owner not in here]
    networks = {network.id for network in after.networks}
    bridges = {each for bridge in after.bridges for each in (bridge.id, bridge.name)}
    return replace(
        after,
        boxes=(*boxes, *ghosts),
        bridges=(*after.bridges, *(b for b in before.bridges if not bridges & {b.id, b.name})),
        networks=(*after.networks, *(n for n in before.networks if n.id not in networks)),
        cables=(*after.cables, *(c for c in before.cables if c not in after.cables)),
    )


def _without(box: Box, here: Container[str]) -> Box:
    """The same box with only those of its containers that are gone."""
    kept = [i for i, identity in enumerate(box.ids) if identity not in here]
    return replace(
        box,
        containers=tuple(box.containers[i] for i in kept if box.containers),
        members=tuple(box.members[i] for i in kept if box.members),
    )


def _with(box: Box, gone: Iterable[Box]) -> Box:
    """The box with the containers and the interfaces that it had."""
    for was in gone:
        here = {of_interface(box, port) for port in box.ports}
        lost = [port for port in was.ports if of_interface(box, port) not in here]
        box = replace(
            box,
            containers=(*box.containers, *was.containers),
            members=(*box.members, *was.members),
            ports=(*box.ports, *lost),
        )
    return box
