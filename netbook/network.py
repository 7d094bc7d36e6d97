"""One network: what the engine knows of it, and who is attached."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import pandas as pd

from netbook import labels, tables
from netbook.container import Container
from netbook.echo import Echo
from netbook.engine.api import Engine
from netbook.errors import NetworkInUse, NotFound, NotOurs
from netbook.models import NetworkInfo
from netbook.sweep import remove_network


class Network:
    """A network: made by `Lab.create_network`, found by `Lab.network`. Introduced in chapters 01 and 07."""

    def __init__(self, engine: Engine, info: NetworkInfo, lab: str, echo: Echo) -> None:
        self._engine, self.info, self._lab, self._echo = engine, info, lab, echo

    def __repr__(self) -> str:
        return f"<Network {self.name}>"

    @property
    def id(self) -> str:
        """`docker network inspect -f '{{.Id}}'`, in full."""
        return self.info.id

    @property
    def name(self) -> str:
        """`docker network inspect -f '{{.Name}}'`."""
        return self.info.name

    @property
    def driver(self) -> str:
        """`docker network inspect -f '{{.Driver}}'`: bridge, host, null, macvlan …"""
        return self.info.driver

    @property
    def internal(self) -> bool:
        """`docker network inspect -f '{{.Internal}}'`: no way out of it."""
        return self.info.internal

    @property
    def subnet(self) -> IPv4Network | IPv6Network:
        """`docker network inspect`, its first subnet. Errors: NotFound for host and none, which have none."""
        return ip_network(self._first(self.info.subnets, "subnet"))

    @property
    def gateway(self) -> str:
        """`docker network inspect`, its first gateway address. Errors: NotFound if it has none."""
        return self._first(self.info.gateways, "gateway")

    def _first(self, values: tuple[str, ...], what: str) -> str:
        if not values:
            raise NotFound(
                f"The network {self.name} (driver {self.driver}) has no {what}.",
                remedy="networks of the drivers host and null have none; create one of your own",
            )
        return values[0]

    def inspect(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`docker network inspect NAME`, its Containers: one row per attached container that runs.

        Columns: container, ipv4_address (CIDR). Other programs' and other labs'
        containers are left out unless `foreign`. All that the engine said is in
        `.attrs["raw"]`, a dict.
        """
        self._echo("docker", "network", "inspect", self.name)
        raw = self._engine.inspect_network(self.id)
        known = {c.id: c for c in self._engine.containers()}
        rows = []
        for identity, member in (raw.get("Containers") or {}).items():
            marks = known[identity].labels if identity in known else {}
            ours = labels.is_ours(marks) and marks.get(labels.LAB) == self._lab
            if (foreign or ours) and labels.ROLE not in marks:
                rows.append(_member(member))
        return tables.members(sorted(rows, key=lambda row: row["container"]), raw, full=full)

    def connect(self, container: Container, *, ip: str | None = None, alias: Iterable[str] = ()) -> None:
        """`docker network connect [--ip IP] [--alias ALIAS] NAME CONTAINER`: one more interface for it."""
        self._may_touch(container)
        alias = (alias,) if isinstance(alias, str) else tuple(alias)
        options = [*(["--ip", ip] if ip else []), *(word for a in alias for word in ("--alias", a))]
        self._echo("docker", "network", "connect", *options, self.name, container.name)
        self._engine.connect(self.id, container.id, ip=ip, alias=alias)

    def disconnect(self, container: Container) -> None:
        """`docker network disconnect NAME CONTAINER`: take that interface away again."""
        self._may_touch(container)
        self._echo("docker", "network", "disconnect", self.name, container.name)
        self._engine.disconnect(self.id, container.id)

    def remove(self) -> None:
        """`docker network rm NAME`.

        Errors: NetworkInUse while a container is attached, with their names;
        NotOurs for a network that this lab did not make.
        """
        if not (self.info.owned and self.info.labels.get(labels.LAB) == self._lab):
            raise NotOurs(
                f"netbook does not remove the network {self.name}: it belongs to "
                f"{'the engine itself' if self.info.is_default else labels.holder(self.info.labels)}.",
                remedy="networks of this lab are those that lab.create_network made",
            )
        self._echo("docker", "network", "rm", self.name)
        if not remove_network(self._engine, self.id):
            attached = (self._engine.inspect_network(self.id).get("Containers") or {}).values()
            names = ", ".join(sorted(member["Name"] for member in attached))
            raise NetworkInUse(
                f"Docker refused: network {self.name} has active endpoints: {names}.",
                remedy="disconnect them (network.disconnect(container)) or remove them, then try again",
            )

    def _may_touch(self, container: Container) -> None:
        if not container.owned:
            raise NotOurs(
                f"netbook does not rewire {container.name}: it is not of this lab.",
                remedy="use containers that lab.run made",
            )


def _member(record: dict[str, Any]) -> dict[str, str]:
    return {
        "container": record.get("Name", ""),
        "ipv4_address": record.get("IPv4Address", ""),
        "ipv6_address": record.get("IPv6Address", ""),
        "mac": record.get("MacAddress", ""),
        "endpoint": record.get("EndpointID", "")[:12],
    }
