"""The engine's JSON, as models. Field names: https://docs.docker.com/reference/api/engine/."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from netbook import labels
from netbook.models import ContainerInfo, Endpoint, NetworkInfo

Json = Mapping[str, Any]


def endpoint(network: str, record: Json) -> Endpoint:
    """One value of `NetworkSettings.Networks`."""
    ipv6, prefix = record.get("GlobalIPv6Address"), record.get("GlobalIPv6PrefixLen")
    return Endpoint(
        network=network,
        ip_address=record.get("IPAddress") or "",
        prefixlen=record.get("IPPrefixLen") or 0,
        gateway=record.get("Gateway") or "",
        ipv6_address=f"{ipv6}/{prefix}" if ipv6 else "",
        mac=record.get("MacAddress") or "",
        aliases=tuple(record.get("Aliases") or ()),
    )


def _endpoints(record: Json) -> tuple[Endpoint, ...]:
    networks: Json = (record.get("NetworkSettings") or {}).get("Networks") or {}
    return tuple(endpoint(name, networks[name]) for name in sorted(networks))


def listed(record: Json) -> ContainerInfo:
    """One row of `GET /containers/json` (`docker ps`), which knows no pid."""
    marks = dict(record.get("Labels") or {})
    return ContainerInfo(
        id=record["Id"],
        name=_name(record.get("Names") or []),
        image=record.get("Image") or "",
        state=record.get("State") or "",
        network_mode=(record.get("HostConfig") or {}).get("NetworkMode") or "default",
        endpoints=_endpoints(record),
        owned=labels.is_ours(marks),
        labels=marks,
    )


def _name(names: list[str]) -> str:
    """A linked container is also listed as `/other/alias`; its own name has one slash."""
    own = [name for name in names if name.count("/") == 1]
    return (own or names or [""])[0].lstrip("/")


def inspected(record: Json) -> ContainerInfo:
    """`GET /containers/ID/json` (`docker inspect`)."""
    config, state = record.get("Config") or {}, record.get("State") or {}
    marks = dict(config.get("Labels") or {})
    return ContainerInfo(
        id=record["Id"],
        name=record["Name"].lstrip("/"),
        image=config.get("Image") or "",
        state=state.get("Status") or "",
        network_mode=(record.get("HostConfig") or {}).get("NetworkMode") or "default",
        endpoints=_endpoints(record),
        owned=labels.is_ours(marks),
        pid=state.get("Pid") or 0,
        labels=marks,
    )


def _gateway(pool: Json, driver: str | None) -> str:
    """Docker 20.10 tells a gateway only if somebody chose it; else it is the first address of the pool.

    The rule: moby `libnetwork/ipam`, and `docker network inspect` of a newer engine.
    """
    if given := pool.get("Gateway"):
        return str(given)
    if driver != "bridge" or not pool.get("Subnet"):
        return ""
    return str(next(ip_network(pool.get("IPRange") or pool["Subnet"]).hosts()))


def network(record: Json) -> NetworkInfo:
    """`GET /networks/ID` or a row of `GET /networks` (`docker network inspect`, `ls`)."""
    pools = (record.get("IPAM") or {}).get("Config") or []
    options: Json = record.get("Options") or {}
    bridge = options.get("com.docker.network.bridge.name") or f"br-{record['Id'][:12]}"
    marks = dict(record.get("Labels") or {})
    return NetworkInfo(
        id=record["Id"],
        name=record["Name"],
        driver=record.get("Driver") or "",
        scope=record.get("Scope") or "",
        internal=bool(record.get("Internal")),
        subnets=tuple(pool["Subnet"] for pool in pools if pool.get("Subnet")),
        gateways=tuple(gateway for pool in pools if (gateway := _gateway(pool, record.get("Driver")))),
        bridge=bridge if record.get("Driver") == "bridge" else "",
        owned=labels.is_ours(marks),
        labels=marks,
    )
