"""A container's or network's specification in the words of the Docker Engine API.

Field names: https://docs.docker.com/reference/api/engine/. What an engine's API does not know yet is refused
here, for an engine ignores in silence what it does not know.
"""

from __future__ import annotations

from typing import Any

from docker import APIClient
from docker.utils import version_lt

from netbook.errors import EngineRefused
from netbook.model.spec import ContainerSpec, NetworkSpec, Pool, is_own

_MAC_OF_ENDPOINT = "1.44"  # Docker 25; before, a container has one MAC address, of its first network
_KNOWS = {"gw_priority": ("1.48", "28.0"), "ipv4=False": ("1.48", "28.0")}


def require(api: APIClient, what: str) -> None:
    """Errors: EngineRefused if the engine is older than `what`, an option of a verb."""
    least, docker = _KNOWS[what]
    if version_lt(api._version, least):
        raise EngineRefused(
            f"This engine does not know {what}: its API is {api._version}, and Docker {docker} brought it "
            f"with {least}.",
            remedy=f"leave {what} out, or use a Docker Engine {docker} or newer",
        )


def container(api: APIClient, spec: ContainerSpec) -> dict[str, Any]:
    """The arguments of `APIClient.create_container`."""
    own = is_own(spec.network)
    bindings: dict[str, list[tuple[str, int | None]]] = {}
    for one in spec.publish:
        bindings.setdefault(f"{one.port}/{one.proto}", []).append((one.host_ip, one.host_port or None))
    host_config = api.create_host_config(
        port_bindings=bindings,
        links=None if own else dict(spec.link),
        cap_add=list(spec.cap_add) or None,
        sysctls=dict(spec.sysctl) or None,
        dns=list(spec.dns) or None,
        dns_search=list(spec.dns_search) or None,
        dns_opt=list(spec.dns_option) or None,
        extra_hosts=dict(spec.add_host) or None,
        binds=list(spec.volume) or None,
        auto_remove=spec.passing,
    )
    # Not as an argument: the SDK refuses `host` with ports, where the engine only warns.
    host_config["NetworkMode"] = spec.network or "default"
    host_config.update(spec.more)
    endpoint = _endpoint(api, spec, own)
    return {
        "image": spec.image,
        "command": list(spec.command) or None,
        "name": spec.name,
        "hostname": spec.hostname,
        "stdin_open": True,
        "labels": dict(spec.labels),
        "environment": dict(spec.env),
        "ports": [tuple(port.split("/")) for port in {*bindings, *spec.expose}] or None,
        "host_config": host_config,
        "networking_config": {"EndpointsConfig": {spec.network or "default": endpoint}} if endpoint else None,
        "mac_address": spec.mac if spec.mac and version_lt(api._version, _MAC_OF_ENDPOINT) else None,
    }


def _endpoint(api: APIClient, spec: ContainerSpec, own: bool) -> dict[str, Any] | None:
    mac = None if version_lt(api._version, _MAC_OF_ENDPOINT) else spec.mac
    if not (own or mac):
        return None
    return dict(
        api.create_endpoint_config(
            aliases=list(spec.alias) or None,
            links=(dict(spec.link) or None) if own else None,
            ipv4_address=spec.ip,
            ipv6_address=spec.ip6,
            mac_address=mac,
        )
    )


def network(api: APIClient, spec: NetworkSpec) -> dict[str, Any]:
    """The body of `POST /networks/create`. Errors: EngineRefused if the engine must have IPv4."""
    if not spec.ipv4:
        require(api, "ipv4=False")
    pools = [_pool(pool) for pool in spec.pools]
    return {
        "Name": spec.name,
        "Driver": spec.driver,
        "Options": dict(spec.options),
        "IPAM": {"Driver": "default", "Config": pools} if pools else None,
        "Internal": spec.internal,
        "EnableIPv6": spec.ipv6,
        "Labels": dict(spec.labels),
        "CheckDuplicate": True,  # always so since Docker 25
        **({"Attachable": True} if spec.attachable else {}),
    } | ({} if spec.ipv4 else {"EnableIPv4": False})


def _pool(pool: Pool) -> dict[str, str]:
    told = {"Subnet": pool.subnet, "Gateway": pool.gateway, "IPRange": pool.ip_range}
    return {key: value for key, value in told.items() if value}


def attachment(
    api: APIClient,
    *,
    ip: str | None,
    ip6: str | None,
    alias: list[str],
    gw_priority: int | None,
) -> dict[str, Any]:
    """The EndpointConfig of `POST /networks/NETWORK/connect`."""
    found = dict(api.create_endpoint_config(aliases=alias or None, ipv4_address=ip, ipv6_address=ip6))
    if gw_priority is not None:
        require(api, "gw_priority")
        found["GwPriority"] = gw_priority
    return found
