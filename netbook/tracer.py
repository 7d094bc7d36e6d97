"""Send one ping or open one TCP connection, and record it in every namespace on its way.

What could differ from run to run is settled before: the containers of this lab that take part
forget their neighbours, and the host forgets them, so that each first packet asks (ARP, ND).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netbook import errors
from netbook.capture import Capture, Plan, bpf
from netbook.engine.api import Engine
from netbook.models import ContainerInfo, ExecResult, Snapshot
from netbook.places import Places
from netbook.probe import Probe, address
from netbook.topology import Box, Topology
from netbook.trace import Take

_NOT_THERE = (126, 127)  # exit codes for a program that cannot be run


def address_of(target: str, source: str, graph: Topology) -> str:
    """Where a container is reached from another: in a network of both, if they have one.

    Errors: NotRunning for one that is stopped, NotFound for one that has only `lo`.
    """
    box = graph.box(target)
    here = [] if not source else list(graph.box(source).ports)
    bridges = {bridge.name: bridge for bridge in graph.bridges}
    networks = {port.network for port in here}
    if box.mode == "stopped":
        raise errors.NotRunning(
            f"{target} is not running, so it has no address.", remedy=f"start it first: {target}.start()"
        )
    if box.mode == "host":
        gates = [bridges[port.bridge] for port in here if port.bridge in bridges] or list(graph.bridges)
        found = [a for bridge in gates for a in bridge.addresses]
    else:
        ports = sorted(box.ports, key=lambda port: port.network not in networks)
        found = [a for port in ports for a in port.addresses]
    chosen = [a.ip for a in found if a.scope == "global"]
    if not chosen:
        raise errors.NotFound(
            f"{target} has no address: its network namespace has only lo.",
            remedy="choose a container with a network; lab.containers() lists them",
        )
    return chosen[0]


def record(
    engine: Engine,
    lab: str,
    seen: Snapshot,
    graph: Topology,
    probe: Probe,
    send: Callable[[tuple[str, ...]], ExecResult],
) -> Take:
    """Capture while `send` runs the probe's command. `graph` is all that is on the engine.

    Errors: ImageMissing and EngineRefused as for a Capture; NotFound where there is no such command.
    """
    places = Places(seen, graph)
    pids = {c.namespace: c.pid for c in seen.containers if c.namespace and c.pid}
    own = [box for box in graph.boxes if box.mode in ("own", "none")]
    published = _published(engine, probe, seen.containers, places)
    boxes = {box.inode: box for box in own if probe.source in box.containers}
    boxes |= {box.inode: box for box in _targets(engine, probe, seen, own, places)}
    boxes |= {box.inode: box for box in own if box.inode in {places.owner(to) for to, _ in published}}
    ours = [box for box in boxes.values() if box.owned]
    plan = Plan(
        (0, *(pids[inode] for inode in boxes)),
        tuple(sorted({p.bridge for box in boxes.values() for p in box.ports if p.bridge in places.bridges})),
        bpf([probe.port, *(port for _, port in published)] if probe.port else ()),
        tuple(pids[box.inode] for box in ours),
        tuple(a.ip for box in ours for port in box.ports for a in port.addresses),
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
        owner = places.owner(str(address(probe.target)))
        return [box for box in own if box.inode == owner]
    meant = {c.name for c in seen.containers if probe.name in (c.name, *_aliases(engine, c))}
    if probe.source:  # `--link`: "/bbox01:/bbox06/web"
        links = engine.inspect(probe.source)["HostConfig"].get("Links") or []
        pairs = [link.split(":") for link in links]
        meant |= {one.lstrip("/") for one, alias in pairs if alias.rpartition("/")[2] == probe.name}
    return [box for box in own if meant.intersection(box.containers)]


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
    found = address(probe.target)
    if not (probe.port and found and (found.is_loopback or places.owner(str(found)) == places.host)):
        return set()
    behind: set[tuple[str, int]] = set()
    for container in containers:
        if container.state != "running":
            continue
        ports = (engine.inspect(container.id)["NetworkSettings"].get("Ports") or {}).items()
        inner = {
            int(port.partition("/")[0])
            for port, bound in ports
            if any(b["HostPort"] == str(probe.port) for b in bound or ())
        }
        behind |= {(e.ip_address, port) for e in container.endpoints if e.ip_address for port in inner}
    return behind
