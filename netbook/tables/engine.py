"""What the engine says, as tables: containers, networks, endpoints, members."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.tables.frame import Row, frame


def containers(found: Iterable[ContainerInfo], *, full: bool = False) -> pd.DataFrame:
    """`docker ps -a`: columns name, state, networks, addresses. With `full` also id, image, mode, ours."""
    columns = ["name", "state", "networks", "addresses"]
    found = list(found)
    names = {c.id: c.name for c in found}
    rows = []
    for c in found:
        kind, _, joined = c.network_mode.partition(":")
        mode = f"container:{names.get(joined, joined[:12])}" if joined else kind
        rows.append(
            {
                "id": c.id[:12],
                "name": c.name,
                "image": c.image,
                "state": c.state,
                "mode": mode,
                "networks": mode if joined else ", ".join(e.network for e in c.endpoints) or mode,
                "addresses": ", ".join(address for e in c.endpoints for address in e.addresses),
                "ours": c.owned,
            }
        )
    return frame(["id", "name", "image", "state", "mode", *columns[2:], "ours"] if full else columns, rows)


def services(found: Iterable[tuple[ContainerInfo, str]]) -> pd.DataFrame:
    """`docker compose ps -a`: columns service, container, state, health, ports. `found`: with health."""
    rows = (
        {
            "service": container.labels.get("com.docker.compose.service", ""),
            "container": container.name,
            "state": container.state,
            "health": health,
            "ports": ", ".join(str(one) for one in container.publications),
        }
        for container, health in found
    )
    return frame(["service", "container", "state", "health", "ports"], rows)


def networks(found: Iterable[NetworkInfo], *, full: bool = False) -> pd.DataFrame:
    """`docker network ls`: columns name, driver, scope.

    With `full` also id, subnet, gateway, internal, bridge.
    """
    columns = ["name", "driver", "scope"]
    if full:
        columns = ["id", *columns, "subnet", "gateway", "internal", "bridge"]
    rows = (
        {
            "id": n.id[:12],
            "name": n.name,
            "driver": n.driver,
            "scope": n.scope,
            "subnet": ", ".join(n.subnets),
            "gateway": ", ".join(n.gateways),
            "internal": n.internal,
            "bridge": n.bridge,
        }
        for n in found
    )
    return frame(columns, rows)


def endpoints(found: Iterable[Endpoint], raw: object = "", *, full: bool = False) -> pd.DataFrame:
    """`docker inspect`, NetworkSettings.Networks: columns network, ip_address, prefixlen, gateway.

    And ipv6_address, if there is any. With `full` also that, mac, aliases.
    """
    found = list(found)
    columns = ["network", "ip_address", "prefixlen", "gateway"]
    columns += ["ipv6_address"] * (full or any(e.ipv6_address for e in found))
    rows = (
        {
            "network": e.network,
            "ip_address": e.ip_address,
            "prefixlen": e.prefixlen,
            "gateway": e.gateway,
            "ipv6_address": e.ipv6_address,
            "mac": e.mac,
            "aliases": ", ".join(e.aliases),
        }
        for e in found
    )
    return frame([*columns, "mac", "aliases"] if full else columns, rows, raw)


def members(found: Iterable[Row], raw: object = "", *, full: bool = False) -> pd.DataFrame:
    """`docker network inspect`, Containers: columns container, ipv4_address.

    And ipv6_address, if there is any. With `full` also that, mac, endpoint.
    """
    found = list(found)
    columns = ["container", "ipv4_address"]
    columns += ["ipv6_address"] * (full or any(row.get("ipv6_address") for row in found))
    return frame([*columns, "mac", "endpoint"] if full else columns, found, raw)
