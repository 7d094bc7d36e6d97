"""One network: what the engine knows of it, and who is attached."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

import pandas as pd

from netbook import tables
from netbook.engine.client import records
from netbook.errors import NetworkInUse, NotFound, NotOurs
from netbook.lab.container import Container
from netbook.lab.options import Words, many
from netbook.model.docker import NetworkInfo
from netbook.ownership import labels
from netbook.workspace.cleanup import remove_network, users
from netbook.workspace.workspace import Workspace


class Network:
    """A network: made by `Lab.create_network`, found by `Lab.network`. Introduced in chapters 01 and 07."""

    def __init__(self, workspace: Workspace, info: NetworkInfo) -> None:
        self._workspace, self.info = workspace, info
        self._engine, self._echo = workspace.engine, workspace.echo

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
        """`docker network inspect`, its first subnet: 192.168.0.0/16, also if Docker shows 192.168.10.0/16.

        Errors: NotFound for host and none, which have none, and for one that is no subnet at all.
        """
        shown = self._first(self.info.subnets, "subnet")
        try:
            return ip_network(shown, strict=False)
        except ValueError:
            raise NotFound(
                f"The network {self.name} (driver {self.driver}) has the subnet {shown!r}, which is none.",
                remedy="its driver or its IPAM driver said so; network.info.subnets is the text",
            ) from None

    @property
    def gateway(self) -> str:
        """`docker network inspect`, its first gateway address. Errors: NotFound if it has none.

        Where the engine does not tell (Docker 20.10, with an `ip_range`), it is the bridge's own address, or
        the gateway that its containers were given.
        """
        if self.info.bridge and len(self.info.gateways) < len(self.info.subnets):
            seen = next(
                (n for n in self._workspace.observer.snapshot().networks if n.id == self.id), self.info
            )
            return self._first(seen.gateways, "gateway that could be read")
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

        Columns: container, ipv4_address (CIDR), ipv6_address if there is any. Other programs' and other labs'
        containers are left out unless `foreign`. All that the engine said is in
        `.attrs["raw"]`, a dict.
        """
        self._echo("docker", "network", "inspect", self.name)
        raw = self._engine.inspect_network(self.id)
        known = {c.id: c for c in self._engine.containers()}
        rows = []
        for identity, member in records.members(raw).items():
            marks = known[identity].labels if identity in known else {}
            if (foreign or self._workspace.owns(marks)) and labels.ROLE not in marks:
                rows.append(member)
        return tables.members(sorted(rows, key=lambda row: row["container"]), raw, full=full)

    def connect(
        self,
        container: Container,
        *,
        ip: str | None = None,
        ip6: str | None = None,
        alias: Words = (),
        gw_priority: int | None = None,
    ) -> None:
        """`docker network connect [--ip IP] [--ip6 IP] [--alias ALIAS] NAME CONTAINER`: one more interface.

        `gw_priority`: the network with the highest gives the default gateway; it needs Docker 28.
        Errors: SubnetTaken for an `ip` that is given out; EngineRefused for an engine that is too old.
        """
        self._may_touch(container)
        pairs = [("--ip", ip), ("--ip6", ip6), *(("--alias", word) for word in many(alias))]
        words = [word for option, value in pairs if value for word in (option, value)]
        words += ["--gw-priority", str(gw_priority)] if gw_priority is not None else []
        self._echo("docker", "network", "connect", *words, self.name, container.name)
        self._engine.connect(
            self.id, container.id, ip=ip, ip6=ip6, alias=many(alias), gw_priority=gw_priority
        )

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
        if not self._workspace.owns(self.info.labels):
            raise NotOurs(
                f"netbook does not remove the network {self.name}: it belongs to "
                f"{'the engine itself' if self.info.is_default else labels.holder(self.info.labels)}.",
                remedy="networks of this lab are those that lab.create_network made",
            )
        self._echo("docker", "network", "rm", self.name)
        if not remove_network(self._engine, self.id):
            names = ", ".join(users(self._engine, self.id)) or "no container's"
            raise NetworkInUse(
                f"Docker refused: network {self.name} has active endpoints. "
                f"(netbook looked up whose: {names}.)",
                remedy="disconnect them (network.disconnect(container)) or remove them, then try again",
            )

    def _may_touch(self, container: Container) -> None:
        if not container.owned:
            raise NotOurs(
                f"netbook does not rewire {container.name}: it is not of this lab.",
                remedy="use containers that lab.run made",
            )
