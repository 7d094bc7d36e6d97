"""What the kernel says, as tables: interfaces, routes, cables, bridges."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from netbook.model.kernel import Interface, Route
from netbook.tables.frame import Row, frame, is_stable
from netbook.topology.build import numbered
from netbook.topology.graph import Topology, VethPair


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
    """`ip route` or `ip -6 route`: columns destination, gateway, interface, source.

    Without those to link-local and multicast addresses (`fe80::/64`, `ff00::/8`), which every interface with
    IPv6 has and not every program prints; `.attrs["left_out"]` is how many they are.
    """
    found = list(found)
    shown = [r for r in found if not r.destination.startswith(_EVERYWHERE)]
    rows = (
        {"destination": r.destination, "gateway": r.gateway, "interface": r.interface, "source": r.source}
        for r in sorted(shown, key=lambda r: r.destination != "default")  # busybox has IPv6's last
    )
    table = frame(["destination", "gateway", "interface", "source"], rows, raw)
    table.attrs["left_out"] = len(found) - len(shown)
    return table


_EVERYWHERE = ("fe80:", "ff00:")  # the kernel makes them itself


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
            "network": b.network.name if b.network else "",
            "address": ", ".join(a.cidr for a in b.addresses if full or is_stable(a)),
            "ports": ", ".join(sorted(b.ports if full else (labels[p] for p in b.ports if p in labels))),
        }
        for b in topology.bridges
        if not b.hidden
    )
    return frame(["bridge", "network", "address", "ports"], rows)


def _short(bridge: str) -> str:
    return "br-…" if bridge.startswith("br-") else bridge
