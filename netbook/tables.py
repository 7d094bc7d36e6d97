"""Models in, DataFrames out.

A default table shows what is the same on every engine and in every run. Ids,
MACs, interface indices and veth names are the run's own business, IPv6
link-local and loopback addresses differ between engine versions: `full=True`
shows them. What the command printed is in `table.attrs["raw"]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from netbook.change import Change
from netbook.models import (
    Address,
    ContainerInfo,
    Endpoint,
    HostEntry,
    Interface,
    Lookup,
    NetworkInfo,
    PingResult,
    Route,
)
from netbook.topology import Topology, VethPair, numbered

Row = Mapping[str, Any]


def frame(columns: Sequence[str], rows: Iterable[Row], raw: object = "") -> pd.DataFrame:
    """Rows as a DataFrame with exactly these columns, also when there are none."""
    table = pd.DataFrame([dict(row) for row in rows], columns=list(columns))
    table.attrs["raw"] = raw
    return table


def is_stable(address: Address) -> bool:
    """IPv4, or IPv6 that somebody chose: what every engine version shows alike."""
    return address.family == "inet" or (address.scope == "global" and not address.value.is_loopback)


def interfaces(found: Iterable[Interface], raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`ip addr`: one row per address, and one for an interface without any.

    Columns: interface, state, address (CIDR). With `full` also index, link (the
    number after `@if`), master, mac, mtu (bytes), family, scope.
    """
    ordered = sorted(numbered(found), key=lambda i: i.index if full else (not i.is_loopback, i.name))
    columns = ["interface", "state", "address"]
    if full:
        columns = [
            "index",
            "interface",
            "link",
            "master",
            "state",
            "mac",
            "mtu",
            "family",
            "address",
            "scope",
        ]
    return frame(columns, (row for i in ordered for row in _interface_rows(i, full)), raw)


def _interface_rows(interface: Interface, full: bool) -> Iterable[Row]:
    base = {
        "index": interface.index,
        "interface": interface.name,
        "link": "" if interface.link is None else interface.link,
        "master": interface.master,
        "state": interface.state,
        "mac": interface.mac,
        "mtu": interface.mtu,
    }
    shown = [a for a in interface.addresses if full or is_stable(a)]
    if not shown:
        yield {**base, "family": "", "address": "", "scope": ""}
    for address in shown:
        yield {**base, "family": address.family, "address": address.cidr, "scope": address.scope}


def routes(found: Iterable[Route], raw: str = "") -> pd.DataFrame:
    """`ip route`: columns destination, gateway, interface, source."""
    rows = (
        {"destination": r.destination, "gateway": r.gateway, "interface": r.interface, "source": r.source}
        for r in found
    )
    return frame(["destination", "gateway", "interface", "source"], rows, raw)


def ping(result: PingResult, raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`ping`: one row: target, address, sent, received, outcome.

    With `full` one row per reply: seq, ttl, time_ms (milliseconds).
    """
    if full:
        rows: Iterable[Row] = ({"seq": r.seq, "ttl": r.ttl, "time_ms": r.time_ms} for r in result.replies)
        table = frame(["seq", "ttl", "time_ms"], rows, raw)
    else:
        table = frame(
            ["target", "address", "sent", "received", "outcome"],
            [
                {
                    "target": result.target,
                    "address": result.address,
                    "sent": result.transmitted,
                    "received": result.received,
                    "outcome": result.outcome,
                }
            ],
            raw,
        )
    table.attrs["result"] = result
    return table


def lookup(result: Lookup, raw: str = "") -> pd.DataFrame:
    """`nslookup`: columns name, server, address; one row per answer, or one that says why there is none."""
    rows = [{"name": result.name, "server": result.server, "address": a} for a in result.addresses]
    if not rows:
        rows = [{"name": result.name, "server": result.server, "address": result.error or "no answer"}]
    return frame(["name", "server", "address"], rows, raw)


def hosts(entries: Iterable[HostEntry], raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`cat /etc/hosts`: columns address, names. Without `full`, no IPv6 lines and no ids among the names."""
    rows = []
    for entry in entries:
        names = [n for n in entry.names if full or not _is_id(n)]
        if full or (":" not in entry.address and names):
            rows.append({"address": entry.address, "names": " ".join(names)})
    return frame(["address", "names"], rows, raw)


def _is_id(name: str) -> bool:
    """A container's short id, which is also its default hostname."""
    return len(name) == 12 and all(c in "0123456789abcdef" for c in name)


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
                "addresses": ", ".join(e.ip_address for e in c.endpoints if e.ip_address),
                "ours": c.owned,
            }
        )
    return frame(["id", "name", "image", "state", "mode", *columns[2:], "ours"] if full else columns, rows)


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

    With `full` also ipv6_address, mac, aliases.
    """
    columns = ["network", "ip_address", "prefixlen", "gateway"]
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
    return frame([*columns, "ipv6_address", "mac", "aliases"] if full else columns, rows, raw)


def members(found: Iterable[Row], raw: object = "", *, full: bool = False) -> pd.DataFrame:
    """`docker network inspect`, Containers: columns container, ipv4_address.

    With `full` also ipv6_address, mac, endpoint.
    """
    columns = ["container", "ipv4_address"]
    return frame([*columns, "ipv6_address", "mac", "endpoint"] if full else columns, found, raw)


def veth_pairs(found: Iterable[VethPair], *, full: bool = False) -> pd.DataFrame:
    """Both ends of each virtual cable: columns container, interface, host_end, bridge, network.

    With `full`, host_end is the kernel's name, and index and host_index are the
    numbers by which the two ends name each other.
    """
    columns = ["container", "interface", "host_end", "bridge", "network"]
    if full:
        columns = ["container", "interface", "index", "host_end", "host_index", "bridge", "network"]
    rows = (
        {
            "container": p.container,
            "interface": p.interface,
            "index": p.index,
            "host_end": p.peer if full else p.label,
            "host_index": p.peer_index,
            "bridge": p.bridge if full else _short(p.bridge),
            "network": p.network,
        }
        for p in found
    )
    return frame(columns, rows)


def bridges(topology: Topology, *, full: bool = False) -> pd.DataFrame:
    """`brctl show`: columns bridge, network, address, ports. With `full` the kernel's names."""
    labels = {pair.peer: pair.label for pair in topology.veth_pairs}
    rows = (
        {
            "bridge": b.name if full else b.short,
            "network": b.network.name,
            "address": ", ".join(a.cidr for a in b.addresses if full or is_stable(a)),
            "ports": ", ".join(sorted(b.ports if full else (labels[p] for p in b.ports if p in labels))),
        }
        for b in topology.bridges
    )
    return frame(["bridge", "network", "address", "ports"], rows)


def changes(found: Iterable[Change]) -> pd.DataFrame:
    """Before and after: columns change (came, went, changed), what, name, before, after."""
    columns = ["change", "what", "name", "before", "after"]
    return frame(columns, ({column: getattr(c, column) for column in columns} for c in found))


def _short(bridge: str) -> str:
    return "br-…" if bridge.startswith("br-") else bridge
