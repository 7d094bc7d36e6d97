"""The engine's host as the engine sees it: its interfaces, its bridges, its routes."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pandas as pd

from netbook import tables
from netbook.echo import Echo
from netbook.errors import NotFound
from netbook.models import ExecResult, Interface
from netbook.observer import Observer
from netbook.parsers import ip_addr, ip_route
from netbook.topology import Topology


class Host:
    """The machine that the engine runs on: yours, or a virtual machine. Introduced in chapter 00.

    Its commands run in a helper container with `--network host`, so that they
    show the engine's host also where that is a virtual machine.
    """

    def __init__(self, observer: Observer, look: Callable[..., Topology], echo: Echo) -> None:
        self._observer, self._look, self._echo = observer, look, echo

    def ip_addr(self, interface: str = "", *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`ip addr` on the host, or `ip addr show INTERFACE`: one row per address.

        Columns: interface, kind (`loopback`, `bridge`, `veth`, `host`), state, address.
        A veth is shown as `veth of CONTAINER`, `br-1a2b…` as `bridge of NETWORK`; what other
        programs' containers need is left out unless `foreign`. With `full` the
        kernel's own names and numbers, all of them, as `Container.ip_addr(full=True)`.

        Errors: NotFound if the host has no such interface.
        """
        argv = ("ip", "addr", "show", interface) if interface else ("ip", "addr")
        self._echo(*argv)
        said = self._observer.exec(*argv)
        if interface and not said.ok:
            raise NotFound(
                f"The host has no interface {interface!r}: {said}",
                remedy="lab.host.ip_addr() lists those it has",
            )
        found = ip_addr.parse(said.stdout)
        if full:
            return tables.interfaces(found, said.stdout, full=True)
        return _stable(found, self._look(foreign=foreign), said.stdout, named=bool(interface))

    def ip_route(self) -> pd.DataFrame:
        """`ip route` on the host: columns destination, gateway, interface, source."""
        self._echo("ip", "route")
        said = self._observer.exec("ip", "route")
        return tables.routes(ip_route.parse(said.stdout), said.stdout)

    def bridges(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`brctl show`, as `ls /sys/class/net/*/brif` tells it: one row per bridge of a Docker network.

        Columns: bridge, network, address, ports (which veth is plugged in). With
        `full` the kernel's names.
        """
        self._echo("brctl", "show")
        return tables.bridges(self._look(foreign=foreign), full=full)

    def exec(self, *argv: str) -> ExecResult:
        """The command itself, on the host: in the host's network, with the lab image's programs.

        Equals `docker exec OBSERVER ARGV…`: the helper container that chapter 00 introduces.
        """
        argv = tuple(shlex.split(argv[0])) if len(argv) == 1 else argv
        self._echo(*argv)
        return self._observer.exec(*argv)


def _stable(found: tuple[Interface, ...], topology: Topology, raw: str, *, named: bool) -> pd.DataFrame:
    names = topology.host_names
    cables = {pair.peer for pair in topology.veth_pairs}
    bridges = {bridge.name for bridge in topology.bridges}
    rows = []
    for i in found:
        if i.name in cables:
            kind = "veth"
        elif i.name in bridges:
            kind = "bridge"
        elif i.is_loopback:
            kind = "loopback"
        elif i.name in names or named:
            kind = "host"
        else:
            continue
        name = names.get(i.name, i.name)
        addresses = [a.cidr for a in i.addresses if tables.is_stable(a)] or [""]
        rows += [{"interface": name, "kind": kind, "state": i.state, "address": a} for a in addresses]
    order = ["loopback", "host", "bridge", "veth"]
    rows.sort(key=lambda row: (order.index(row["kind"]), row["interface"]))
    return tables.frame(["interface", "kind", "state", "address"], rows, raw)
