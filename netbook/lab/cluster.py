"""A Compose project that is up: its services, their containers and networks, and how many run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from netbook import tables
from netbook.errors import NotFound
from netbook.lab.container import Container
from netbook.lab.network import Network
from netbook.workspace.project import Project
from netbook.workspace.workspace import Workspace


class Cluster:
    """What `Lab.compose` has brought up. Introduced in chapter 17."""

    def __init__(self, workspace: Workspace, file: str | Path) -> None:
        self._workspace, self._project = workspace, Project(workspace, file)
        self.name = self._project.name
        self._project.up()

    def __repr__(self) -> str:
        return f"<Cluster {self.name}: {', '.join(self._project.config['services'])}>"

    def services(self) -> pd.DataFrame:
        """`docker compose ps -a`: one row per container, by service and number.

        Columns: service, container, state, health (healthy, unhealthy, starting; empty without a check),
        ports (published: where on the host, and which of the container's).
        """
        self._workspace.echo("docker", "compose", "-p", self.name, "ps", "-a")
        found = [(c, self._project.health(c)) for c in self._project.containers()]
        return tables.services(found)

    def containers(self, service: str) -> list[Container]:
        """`docker compose ps -a SERVICE`: the containers of a service, by their numbers.

        Errors: NotFound for a service that is not in the file.
        """
        return [Container(self._workspace, info) for info in self._project.containers(service)]

    def container(self, service: str, number: int = 1) -> Container:
        """`docker inspect NAME-SERVICE-NUMBER`. Errors: NotFound."""
        found = self.containers(service)
        if not 1 <= number <= len(found):
            raise NotFound(
                f"The service {service} has {len(found)} containers, and no number {number}.",
                remedy=f"cluster.scale({service!r}, {number})",
            )
        return found[number - 1]

    def network(self, name: str) -> Network:
        """`docker network inspect PROJECT_NAME`, by its name in the file. Errors: NotFound."""
        return Network(self._workspace, self._workspace.network(self._project.network(name)))

    def scale(self, service: str, count: int) -> None:
        """`docker compose up -d --wait --no-deps --no-recreate --scale SERVICE=COUNT SERVICE`.

        So many containers of it; what runs is left as it is. If that fails, the number is as before.
        Errors: NotFound; EngineRefused with Compose's words, for example that a published port is taken.
        """
        self._project.scale(service, count)

    def down(self) -> None:
        """`docker compose down --volumes`: its containers, networks and volumes go, as with the lab."""
        self._project.down()
