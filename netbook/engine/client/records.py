"""The engine's JSON, as models. Field names: https://docs.docker.com/reference/api/engine/.

A record is somebody else's: a plugin's, an older engine's, an engine's that took what newer ones refuse. So
nothing in it is taken for granted: what is missing, or is something else than it should be, reads as empty,
and what only looks strange (a subnet with host bits) is passed on as it is, to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo, Publication
from netbook.ownership import labels

Json = Mapping[str, Any]


def endpoint(network: str, record: Json) -> Endpoint:
    """One value of `NetworkSettings.Networks`."""
    ipv6, prefix = _text(record, "GlobalIPv6Address"), _number(record, "GlobalIPv6PrefixLen")
    return Endpoint(
        network=network,
        ip_address=_text(record, "IPAddress"),
        prefixlen=_number(record, "IPPrefixLen"),
        gateway=_text(record, "Gateway"),
        ipv6_address=f"{ipv6}/{prefix}" if ipv6 else "",
        mac=_text(record, "MacAddress"),
        aliases=_texts(record, "Aliases"),
    )


def _endpoints(record: Json) -> tuple[Endpoint, ...]:
    networks = _part(_part(record, "NetworkSettings"), "Networks")
    return tuple(endpoint(name, _part(networks, name)) for name in sorted(networks))


def listed(record: Json, given: Mapping[str, str] | None = None) -> ContainerInfo:
    """One row of `GET /containers/json` (`docker ps`), which knows no pid; `given`: labels of its own."""
    marks = own_labels(record) if given is None else dict(given)
    return ContainerInfo(
        id=_text(record, "Id"),
        name=_name(_texts(record, "Names")),
        image=_text(record, "Image"),
        state=_text(record, "State"),
        network_mode=_text(_part(record, "HostConfig"), "NetworkMode") or "default",
        endpoints=_endpoints(record),
        owned=labels.is_ours(marks),
        labels=marks,
        publications=_sorted(
            Publication(_text(one, "IP"), outside, _number(one, "PrivatePort"), _text(one, "Type") or "tcp")
            for one in _parts(record, "Ports")
            if (outside := _number(one, "PublicPort"))
        ),
    )


def _sorted(found: Iterable[Publication]) -> tuple[Publication, ...]:
    """In one order, whichever listing they are from."""
    return tuple(
        sorted(set(found), key=lambda p: (p.port, p.proto, ":" in p.host_ip, p.host_ip, p.host_port))
    )


def _name(names: tuple[str, ...]) -> str:
    """A linked container is also listed as `/other/alias`; its own name has one slash."""
    own = [name for name in names if name.count("/") == 1]
    return (own or names or [""])[0].lstrip("/")


def inspected(record: Json, given: Mapping[str, str] | None = None) -> ContainerInfo:
    """`GET /containers/ID/json` (`docker inspect`); `given`: labels of its own."""
    config, state = _part(record, "Config"), _part(record, "State")
    marks = own_labels(config) if given is None else dict(given)
    return ContainerInfo(
        id=_text(record, "Id"),
        name=_text(record, "Name").lstrip("/"),
        image=_text(config, "Image"),
        state=_text(state, "Status"),
        network_mode=_text(_part(record, "HostConfig"), "NetworkMode") or "default",
        endpoints=_endpoints(record),
        owned=labels.is_ours(marks),
        pid=_number(state, "Pid"),
        labels=marks,
        publications=published(record),
    )


def published(record: Json) -> tuple[Publication, ...]:
    """Of an inspected container, what is published where: `docker port`."""
    ports = _part(_part(record, "NetworkSettings"), "Ports")
    return _sorted(
        Publication(_text(bound, "HostIp"), int(outside), int(inside), proto or "tcp")
        for key in ports
        for inside, _, proto in [key.partition("/")]
        for bound in _parts(ports, key)
        if inside.isdecimal() and (outside := _text(bound, "HostPort")).isdecimal()
    )


def own_labels(record: object) -> dict[str, str]:
    """The labels of a container's row or configuration, of a network or of an image's configuration."""
    found = _part(record, "Labels") if isinstance(record, Mapping) else {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def links(record: Json) -> dict[str, str]:
    """Of an inspected container, alias → name of the container linked: `/db:/web/store` is store → db."""
    pairs = (link.partition(":") for link in _texts(_part(record, "HostConfig"), "Links"))
    return {alias.rpartition("/")[2]: one.lstrip("/") for one, _, alias in pairs}


def own_links(record: Json) -> dict[str, str]:
    """`links`, and those that are for one network of one's own: an alias in its DNS, for this one alone."""
    pairs = (
        link.partition(":")
        for part in _part(_part(record, "NetworkSettings"), "Networks").values()
        if isinstance(part, Mapping)
        for link in _texts(part, "Links")
    )
    return links(record) | {alias: one for one, _, alias in pairs}


def asked_for(record: Json, network: str) -> str:
    """Of an inspected container, the IPv4 address that it asks that network for (`--ip`); "" for none."""
    ends = _part(_part(record, "NetworkSettings"), "Networks")
    return _text(_part(_part(ends, network), "IPAMConfig"), "IPv4Address")


def behind(record: Json, outside: int) -> set[int]:
    """Of an inspected container, its ports that are published at the host's port `outside`: `docker port`."""
    return {one.port for one in published(record) if one.host_port == outside}


def _masquerades(record: Json) -> bool:
    """Is what leaves given the host's address? Docker's default, unless an option says otherwise.

    The options: https://docs.docker.com/engine/network/drivers/bridge/#options.
    """
    options = _part(record, "Options")
    family = "ipv6" if record.get("EnableIPv4") is False else "ipv4"
    mode = _text(options, f"com.docker.network.bridge.gateway_mode_{family}") or "nat"
    told = _text(options, "com.docker.network.bridge.enable_ip_masquerade") or "true"
    return not (
        record.get("Internal") is True
        or mode in ("routed", "isolated")
        or told.lower() in ("false", "f", "0")
    )


def network(record: Json) -> NetworkInfo:
    """`GET /networks/ID` or a row of `GET /networks` (`docker network inspect`, `ls`).

    A gateway that the engine does not tell, and that does not follow from the subnet, is left out.
    """
    ipam, options = _part(record, "IPAM"), _part(record, "Options")
    pools, driver, marks = _parts(ipam, "Config"), _text(record, "Driver"), own_labels(record)
    bridge = _text(options, "com.docker.network.bridge.name") or f"br-{_text(record, 'Id')[:12]}"
    plain = driver == "bridge" and _text(ipam, "Driver") in ("", "default")
    return NetworkInfo(
        id=_text(record, "Id"),
        name=_text(record, "Name"),
        driver=driver,
        scope=_text(record, "Scope"),
        internal=record.get("Internal") is True,
        subnets=tuple(subnet for pool in pools if (subnet := _text(pool, "Subnet"))),
        gateways=tuple(gateway for pool in pools if (gateway := _gateway(pool, plain))),
        bridge=bridge if driver == "bridge" else "",
        masquerade=driver == "bridge" and _masquerades(record),
        owned=labels.is_ours(marks),
        labels=marks,
    )


def _gateway(pool: Json, plain: bool) -> str:
    """Docker 20.10 tells a gateway only if somebody chose it; else it is the first address of the subnet.

    That is the rule of moby's own `libnetwork/ipam`, which asks for the gateway first. With an IPRange it
    is the range's first that may be had (172.31.8.0 is one, in a /16), or the subnet's, if they do not meet.
    """
    if given := _text(pool, "Gateway"):
        return given
    if not plain or _text(pool, "IPRange"):
        return ""
    try:
        return str(next(ip_network(_text(pool, "Subnet"), strict=False).hosts(), ""))
    except ValueError:
        return ""


def members(record: Json) -> dict[str, dict[str, str]]:
    """Who is attached to an inspected network: id → columns of `tables.members`."""
    found = _part(record, "Containers")
    return {identity: _member(_part(found, identity)) for identity in found}


def _member(record: Json) -> dict[str, str]:
    return {
        "container": _text(record, "Name"),
        "ipv4_address": _text(record, "IPv4Address"),
        "ipv6_address": _text(record, "IPv6Address"),
        "mac": _text(record, "MacAddress"),
        "endpoint": _text(record, "EndpointID")[:12],
    }


# -- one field, whatever is there ----------------------------------------------------


def _part(record: Json, key: str) -> Json:
    found = record.get(key)
    return {k: v for k, v in found.items() if isinstance(k, str)} if isinstance(found, Mapping) else {}


def _list(record: Json, key: str) -> list[Any]:
    found = record.get(key)
    return found if isinstance(found, list) else []


def _parts(record: Json, key: str) -> list[Json]:
    return [part for part in _list(record, key) if isinstance(part, Mapping)]


def _text(record: Json, key: str) -> str:
    found = record.get(key)
    return found if isinstance(found, str) else ""


def _texts(record: Json, key: str) -> tuple[str, ...]:
    return tuple(text for text in _list(record, key) if isinstance(text, str))


def _number(record: Json, key: str) -> int:
    found = record.get(key)
    return found if isinstance(found, int) else 0
