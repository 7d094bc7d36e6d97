"""Before a Compose project is brought up: nothing of it is somebody else's, and its images are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from netbook import errors
from netbook.engine.images import services
from netbook.ownership import labels
from netbook.workspace import conflicts
from netbook.workspace.marking import PROJECT
from netbook.workspace.workspace import Workspace

Config = Mapping[str, Any]  # what `docker compose config --format json` said


def no_strangers(ws: Workspace, project: str, config: Config) -> None:
    """Compose would take somebody else's project, network or volume of these names for its own.

    Errors: NameTaken, with the holder.
    """
    names = _containers(project, config)
    for container in ws.containers(foreign=True):
        if container.owned:
            continue
        if container.labels.get(PROJECT) == project:
            raise errors.NameTaken(
                f"There is a Compose project {project!r} already, of {labels.holder(container.labels)}: "
                f"its container {container.name} is {container.state}.",
                remedy="give yours another name: at the top of the file, name: …",
            )
        if container.name in names:
            raise conflicts.container_name(container)
    networks = {n.name: n for n in ws.networks() if not n.owned}
    for name in _made(config, "networks"):
        if name in networks:
            raise conflicts.network_name(networks[name], ws.name)
    mine = ws.engine.volumes.owned(ws.name)
    for name in _made(config, "volumes"):
        if name not in mine and ws.engine.volumes.exists(name):
            raise errors.NameTaken(
                f"The volume {name!r} is taken by something outside this lab.",
                remedy="choose another name, or say in the file that it is external: true",
            )


def images(ws: Workspace, config: Config) -> None:
    """`docker pull`, for each that is not there; those of `services.NAMES` are built if need be.

    Errors: ImageMissing.
    """
    for service in config["services"].values():
        image = service.get("image")
        if not image or service.get("build") or ws.engine.images.inspect(image):
            continue
        if image in services.NAMES:
            services.ensure(ws.engine, image, print)
        else:
            _pull(ws, image)


def _pull(ws: Workspace, image: str) -> None:
    tag = re.search(r":([^/:]+)$", image)  # not a registry's port
    name = image[: tag.start()] if tag else image
    try:
        ws.engine.images.pull(name, tag[1] if tag else "latest")
    except (errors.EngineRefused, errors.NotFound) as refusal:
        raise errors.ImageMissing(
            f"The image {image!r} is not on this engine, and cannot be pulled: {refusal.what}",
            remedy=f"look for a typing error; the book itself can build busybox, {', '.join(services.NAMES)}",
        ) from refusal


def open_doors(ws: Workspace, config: Config) -> None:
    """A warning for each port that is published to everybody who reaches the host."""
    for name, service in config["services"].items():
        for port in service.get("ports") or []:
            if port.get("published") and port.get("host_ip") in (None, "", "0.0.0.0", "::"):  # noqa: S104
                ws.echo.warning(
                    f"{name} publishes port {port['published']} on all addresses of the host; "
                    f"for this machine alone: 127.0.0.1:{port['published']}:{port.get('target')}"
                )


def _containers(project: str, config: Config) -> set[str]:
    """The names of its containers, as far as the file tells."""
    found: set[str] = set()
    for name, service in config["services"].items():
        count = (service.get("deploy") or {}).get("replicas") or service.get("scale") or 1
        given = service.get("container_name")
        found |= {given} if given else {f"{project}-{name}-{number}" for number in range(1, count + 1)}
    return found


def _made(config: Config, kind: str) -> Iterator[str]:
    """The engine's names of the networks or volumes that Compose makes itself."""
    for key, about in (config.get(kind) or {}).items():
        if not (about or {}).get("external"):
            yield str((about or {}).get("name") or key)
