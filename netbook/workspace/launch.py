"""Make a container or a network in a workspace: labelled, and with whoever has its name said."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from netbook import errors
from netbook.engine.images import iptables, tcpdump
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.spec import ContainerSpec, NetworkSpec
from netbook.observer import helper
from netbook.ownership import labels, session
from netbook.workspace import conflicts
from netbook.workspace.workspace import Workspace

_MOMENT = 0.5  # seconds; a name is reserved before its container can be found


def container(ws: Workspace, spec: ContainerSpec, *told: str) -> ContainerInfo:
    """`docker run -d …`, printed as `told`. One of this workspace that has the name is replaced.

    Volumes that it names are made first, for Docker would make them without a label. An image of the book's
    is built if it is not there.
    Errors: NameTaken with the holder's name; ImageMissing; else as the engine refuses.
    """
    spec = replace(spec, labels={**spec.labels, **ws.marks()})
    warnings: list[str] = []
    try:
        made = _created(ws, spec, warnings)
    finally:  # in the order in which one would type it: first the name is made free
        if told:
            ws.echo(*told)
        for warning in warnings:
            ws.echo.warning(warning)
    try:
        ws.engine.start(made)
    except errors.NetbookError:
        ws.engine.remove(made)  # `docker run` would leave it behind, with the name taken
        raise
    return ContainerInfo(made, spec.name, spec.image, labels=dict(spec.labels))


def _created(ws: Workspace, spec: ContainerSpec, warnings: list[str]) -> str:
    for image in (iptables, tcpdump):
        if spec.image == image.NAME:
            image.ensure(ws.engine, print)
    for volume in spec.volume:
        if re.match(r"[A-Za-z0-9]", volume):
            ws.engine.volumes.make(volume.partition(":")[0], ws.marks())
    try:
        return ws.engine.create(spec, warn=warnings.append)
    except errors.NameTaken:
        _make_room(ws, spec.name)
        return ws.engine.create(spec, warn=warnings.append)


def _make_room(ws: Workspace, name: str) -> None:
    try:
        holder = ws.engine.container(name)
    except errors.NotFound:  # another process is making it, or removing it, right now
        time.sleep(_MOMENT)
        return
    if not ws.owns(holder.labels):
        raise conflicts.container_name(holder)
    made = holder.labels.get(labels.SESSION, "")
    if made != session.current() and not session.is_dead(made):
        raise helper.open_elsewhere(ws.name, made)
    ws.echo("docker", "rm", "-f", name)
    ws.engine.remove(holder.id)


def network(ws: Workspace, spec: NetworkSpec) -> NetworkInfo:
    """`docker network create …`. Errors: NameTaken and SubnetTaken, with the holder."""
    existing = {n.name: n for n in ws.networks()}
    if spec.name in existing:
        raise conflicts.network_name(existing[spec.name], ws.name)
    try:
        made = ws.engine.create_network(replace(spec, labels=ws.marks()))
    except errors.SubnetTaken as refusal:
        raise conflicts.subnet([pool.subnet for pool in spec.pools], existing.values(), refusal) from refusal
    return ws.network(made)
