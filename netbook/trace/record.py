"""Send one ping or open one TCP connection, and record it in every namespace on its way.

What could differ from run to run is settled before: the containers of this lab that take part
forget their neighbours, and the host forgets them, so that each first packet asks (ARP, ND).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from netbook import errors
from netbook.engine.client import records
from netbook.engine.client.engine import Engine
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.model.snapshot import Snapshot
from netbook.topology import addressing
from netbook.topology.addressing import literal
from netbook.topology.graph import Box, Topology
from netbook.trace.capture import Capture, Plan, bpf
from netbook.trace.places import Places
from netbook.trace.probe import Probe
from netbook.trace.trace import Take

_NOT_THERE = (126, 127)  # exit codes for a program that cannot be run


def address_of(target: str, source: str, graph: Topology) -> str:
    """Where a container is reached from another (from the host, if `source` is ""), or why it is not.

    Errors: NotRunning for one that is stopped, NotFound for one that has only `lo` or is gone.
    """
    if found := addressing.address(graph, source, target):
        return found
    box = addressing.box_of(graph, target)
    if box is None:
        names = ", ".join(name for box in graph.boxes for name in box.containers) or "none"
        raise errors.NotFound(
            f"{target} is not there any more: it was removed or has another name now.",
            remedy=f"choose one that is there: {names}",
        )
    if box.mode == "stopped":
        raise errors.NotRunning(
            f"{target} is not running, so it has no address.", remedy=f"start it first: {target}.start()"
        )
    if box.mode == "unread":
        raise errors.NotFound(
            f"{target} runs, but its network namespace cannot be read, so its address is not known.",
            remedy="has it just started? Run the cell again; else `docker inspect` has what Docker knows",
        )
    raise errors.NotFound(
        f"{target} has no address: its network namespace has only lo.",
        remedy="choose a container with a network; lab.containers() lists them",
    )


def record(
    engine: Engine,
    lab: str,
    seen: Snapshot,
    graph: Topology,
    probe: Probe,
    send: Callable[[tuple[str, ...]], ExecResult],
    home: int = 0,
    around: Iterable[int] = (),
) -> Take:
    """Capture while `send` runs the probe's command. `graph` is all that is on the engine.

    `home`: a process of the container that plays the host; then `seen` is the world as it sees it.
    `around`: namespaces of hosts between which it may go through a tunnel.

    Errors: ImageMissing and EngineRefused as for a Capture; NotFound where there is no such command.
    """
    places = Places(seen, graph)
    pids = {c.namespace: c.pid for c in seen.containers if c.namespace and c.pid}
    own = [box for box in graph.boxes if box.mode in ("own", "none")]
    published = _published(engine, probe, seen.containers, places)
    boxes = {box.inode: box for box in own if probe.source in box.containers}
    boxes |= {box.inode: box for box in _targets(engine, probe, seen, own, places)}
    boxes |= {box.inode: box for box in own if box.inode in {places.owner(to) for to, _ in published}}
    boxes |= {box.inode: box for box in _routers(probe, own, boxes, places)}
    ours = [box for box in boxes.values() if box.owned]
    boxes |= {box.inode: box for box in own if box.inode in set(around)}
    plan = Plan(
        (home, *(pids[inode] for inode in boxes)),
        tuple(sorted({p.bridge for box in boxes.values() for p in box.ports if p.bridge in places.bridges})),
        bpf([probe.port, *(port for _, port in published)] if probe.port else (), tunnels=bool(around)),
        tuple(pids[box.inode] for box in ours),
        tuple(a.ip for box in ours for port in box.ports for a in port.addresses),
        home,
    )
    with Capture(engine, lab, plan) as capture:
        said = send(probe.argv)
        files = capture.stop()
    if said.exit_code in _NOT_THERE:
        raise errors.NotFound(
            f"{probe.source or 'the host'} cannot run {probe.argv[0]}: {said}",
            remedy="does its image have that program? The lab image busybox has it",
        )
    by_namespace = dict(zip((places.host, *boxes), files, strict=True))
    return Take(seen, graph, probe, said, by_namespace, frozenset(published), capture.dropped)


def _targets(
    engine: Engine, probe: Probe, seen: Snapshot, own: Iterable[Box], places: Places
) -> Iterable[Box]:
    """Whose the target can be: the address's owner, or all that the name can mean."""
    if not probe.name:
        owner = places.owner(str(literal(probe.target)))
        return [box for box in own if box.inode == owner]
    meant = {c.name for c in seen.containers if probe.name in (c.name, *_aliases(engine, c))}
    if probe.source:  # `--link`: "/bbox01:/bbox06/web"
        with suppress(errors.NotFound):  # it is on another engine
            meant.add(records.links(engine.inspect(probe.source)).get(probe.name, ""))
    return [box for box in own if meant.intersection(box.containers)]


def _routers(probe: Probe, own: Iterable[Box], ends: Iterable[int], places: Places) -> Iterable[Box]:
    """The lab's containers on several links, which may pass it on, where its target is not next door."""
    sender = next((box.inode for box in own if probe.source in box.containers), places.host)
    if literal(probe.target) is None or places.is_on_link(probe.target, sender):
        return []
    return [box for box in own if box.owned and len(box.ports) > 1 and box.inode not in set(ends)]


def _aliases(engine: Engine, container: ContainerInfo) -> Iterable[str]:
    """Its further names; a listing leaves them out."""
    try:
        found = engine.container(container.id)
    except errors.NotFound:  # it was removed meanwhile
        return []
    return [alias for endpoint in found.endpoints for alias in endpoint.aliases]


def _published(
    engine: Engine, probe: Probe, containers: Iterable[ContainerInfo], places: Places
) -> set[tuple[str, int]]:
    """What stands behind a port of the host: addresses in containers, and ports there."""
    found = literal(probe.target)
    if not (probe.port and found and (found.is_loopback or places.owner(str(found)) == places.host)):
        return set()
    behind: set[tuple[str, int]] = set()
    for container in containers:
        if container.state != "running":
            continue
        inner = records.behind(engine.inspect(container.id), probe.port)
        behind |= {(e.ip_address, port) for e in container.endpoints if e.ip_address for port in inner}
    return behind
