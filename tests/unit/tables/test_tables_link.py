"""Neighbours and sockets as tables: what time and chance decide is left out, and said to be."""

from __future__ import annotations

import pytest

from netbook import tables
from netbook.model.neighbours import Neighbour
from netbook.model.sockets import Socket
from netbook.parsers import ip_neigh, netstat
from tests.fixtures.golden import FIXTURES

TOOLS = ("busybox-1.35-debian", "busybox-1.36-glibc", "busybox-1.37-debian", "iproute2-6.1")


@pytest.mark.parametrize("tool", TOOLS)
def test_neighbours_without_time_and_chance(tool: str) -> None:
    found = ip_neigh.parse((FIXTURES / tool / "ip_neigh--every_state.out").read_text())
    table = tables.neighbours(found)
    assert table.to_dict("records") == [
        {"address": "10.77.0.2", "interface": "eth0", "state": "known"},
        {"address": "10.77.0.50", "interface": "eth0", "state": "PERMANENT"},
        {"address": "10.77.0.52", "interface": "eth0", "state": "known"},
        {"address": "10.77.0.98", "interface": "eth0", "state": "unanswered"},
        {"address": "10.77.0.99", "interface": "eth0", "state": "unanswered"},
        {"address": "fd77::2", "interface": "eth0", "state": "known"},
        {"address": "fd77::9", "interface": "eth0", "state": "known"},
    ]
    assert table.attrs["left_out"] == len(found) - 7


def test_neighbours_in_full() -> None:
    (row,) = tables.neighbours(
        [Neighbour("fe80::1", "eth0", "02:00:00:00:00:01", "DELAY")], full=True
    ).to_dict("records")
    assert row == {"address": "fe80::1", "mac": "02:00:00:00:00:01", "interface": "eth0", "state": "DELAY"}
    assert list(tables.neighbours([]).columns) == ["address", "interface", "state"]


def test_the_state_stays_while_the_kernel_counts_seconds() -> None:
    good = {
        Neighbour("10.0.0.1", "eth0", state=s).stable_state for s in ("REACHABLE", "STALE", "DELAY", "PROBE")
    }
    bad = {Neighbour("10.0.0.1", "eth0", state=s).stable_state for s in ("INCOMPLETE", "FAILED")}
    assert (good, bad) == ({"known"}, {"unanswered"})


@pytest.mark.parametrize("tool", ["busybox-1.35-debian", "busybox-1.37-debian", "net-tools-2.10"])
def test_sockets_that_serve(tool: str) -> None:
    every = netstat.parse((FIXTURES / tool / "netstat--all.out").read_text())
    servers = netstat.parse((FIXTURES / tool / "netstat--servers.out").read_text())
    table = tables.sockets(servers)
    assert table.equals(tables.sockets(every))
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        ("tcp", "::", 80, "LISTEN"),
        ("tcp", "fd77::1", 81, "LISTEN"),
        ("tcp", "127.0.0.1", 8080, "LISTEN"),
        ("udp", "0.0.0.0", 53, ""),
        ("udp", "fd77::1", 54, ""),
    ]
    full = tables.sockets(every, full=True)
    assert len(full) == len(every)
    assert {"peer", "peer_port"} < set(full.columns)


def test_dockers_own_dns_sockets_are_left_out_and_counted() -> None:
    found = [Socket("tcp", "127.0.0.11", 40513, "LISTEN"), Socket("udp", "127.0.0.11", 42737)]
    table = tables.sockets([*found, Socket("tcp", "::", 80, "LISTEN")])
    assert table.port.tolist() == [80]
    assert table.attrs["left_out"] == 2
    assert len(tables.sockets(found, full=True)) == 2
