"""The engine's host as the engine sees it: its interfaces, its bridges, its routes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from netbook import tables
from netbook.engine.own import is_the_books
from netbook.errors import NotFound
from netbook.lab.rules import RuleChanges
from netbook.model.kernel import Interface
from netbook.model.programs import ExecResult
from netbook.observer import firewall
from netbook.parsers import ip_addr, ip_route, iptables_save
from netbook.reach import fetch
from netbook.topology.graph import Topology
from netbook.workspace import tentative
from netbook.workspace.workspace import Workspace


class Host:
    """The machine that the engine runs on: yours, or a virtual machine. Introduced in chapter 01.

    Its commands run in a helper container with `--network host`, so that they
    show the engine's host also where that is a virtual machine.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._observer, self._look, self._echo = workspace.observer, workspace.topology, workspace.echo

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

    def ip_route(self, *, ipv6: bool = False) -> pd.DataFrame:
        """`ip route` on the host, or with `ipv6` `ip -6 route`: destination, gateway, interface, source.

        Link-local and multicast routes are left out.
        """
        argv = ("ip", *["-6"] * ipv6, "route")
        self._echo(*argv)
        said = self._observer.exec(*argv)
        return tables.routes(ip_route.parse(said.stdout), said.stdout)

    def bridges(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`brctl show`, as `ls /sys/class/net/*/brif` tells it: one row per bridge of a Docker network.

        Columns: bridge, network, address, ports (which veth is plugged in). With
        `full` the kernel's names.
        """
        self._echo("brctl", "show")
        return tables.bridges(self._look(foreign=foreign), full=full)

    def firewall(
        self,
        table: str = "filter",
        *,
        chain: str = "",
        counters: bool = False,
        full: bool = False,
        foreign: bool = False,
        ipv6: bool = False,
    ) -> pd.DataFrame:
        """`iptables-save -c -t TABLE` on the host, with `ipv6` `ip6tables-save`: a row per rule, in order.

        `table`: filter, nat, mangle, raw or security; `chain`: only that one. Columns: chain, number
        (`policy` for what no rule has decided), target, match. Bridges, networks and containers have their
        names; rules that are only about other programs' containers are left out unless `foreign`, and
        `number` counts the others. With `counters` also packets and bytes. With `full` all rules in the
        kernel's own words, also backend: nft and legacy are two firewalls, a packet has to pass both.

        `.attrs["chains"]`: the same as values, for comparing two moments. It reads in a helper container
        that has NET_ADMIN (for nft's rules), NET_RAW (for legacy's) and no other right; it changes nothing.

        Errors: NotFound for a chain that is not there; ImageMissing; EngineRefused if it may not read.
        """
        self._echo(*firewall.shown(table, ipv6=ipv6))
        said = self._observer.firewall(table, ipv6=ipv6)
        if firewall.UNREAD in said:
            self._echo.warning("the host has iptables-legacy rules too, which this image cannot read")
        chains = firewall.chosen(iptables_save.parse(said), chain)
        seen = self._look(foreign=True)
        return tables.firewall(chains, seen, said, counters=counters, full=full, foreign=foreign)

    def rule_changes(self, *, foreign: bool = False) -> RuleChanges:
        """`iptables-save -c`, before and after the verbs of a block: which rules came, went and counted.

            with lab.host.rule_changes() as rules:
                lab.run("bbox01")

        Then `rules.new()` and `rules.gone()`, with columns table, chain, target, match; and `rules.counted`:
        the rules that packets of the block have met, with how many. Of the tables raw, nat and filter; names
        and `foreign` as in `firewall`. Errors: ImageMissing; EngineRefused if it may not read.
        """
        return RuleChanges(self._workspace, foreign=foreign)

    @contextmanager
    def docker_user(self, *rules: str) -> Iterator[bool]:
        """`docker run --network host … iptables -I DOCKER-USER RULE`: the first rules there, for a block.

        A rule is what follows `-A DOCKER-USER`: `"-s 10.66.0.0/24 -j DROP"`. On the book's own engine only
        (private, embedded): on an engine of yours nothing is written, a sentence says so, and the block runs
        without the rules; it is told by `as written:`. Errors: EngineRefused, in iptables' own words.
        """
        split = [shlex.split(rule) for rule in rules]
        if not is_the_books(self._workspace.engine):
            self._echo.warning(f"this engine is yours: the book writes no rule into its {firewall.USER}")
            yield False
            return
        for rule in reversed(split):
            self._echo(*firewall.writing("-I", rule))
        with self._observer.ruled(split):
            yield True
        for rule in split:
            self._echo(*firewall.writing("-D", rule))

    def fetch(self, url: str, *, wait: int = 2) -> pd.DataFrame:
        """`timeout WAIT wget -q -O - URL` on the host: one row: url, outcome, first_line.

        As `docker run --rm --network host busybox timeout WAIT wget -q -O - URL` does it. The outcomes are
        those of `Container.fetch`.
        """
        tentative.wait(self._workspace, self._look().networks)
        with self._observer.errand() as errand:
            return tables.fetched(fetch.fetch(errand.exec, url, wait, self._echo, "the engine's host"))

    def exec(self, *argv: str) -> ExecResult:
        """The command itself, on the host: in the host's network, with the lab image's programs.

        Equals `docker exec OBSERVER ARGV…`: the helper container that appendix 90 introduces.
        """
        argv = tuple(shlex.split(argv[0])) if len(argv) == 1 else argv
        self._echo(*argv)
        return self._observer.exec(*argv)


def _stable(found: tuple[Interface, ...], topology: Topology, raw: str, *, named: bool) -> pd.DataFrame:
    names = topology.host_names
    cables = {pair.peer for pair in topology.veth_pairs}
    bridges = {bridge.name for bridge in topology.bridges if not bridge.hidden}
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
