"""Models → DataFrames: which columns, what is left out by default, what `full` shows."""

from __future__ import annotations

from ipaddress import ip_interface

import pytest

from netbook import tables
from netbook.model.docker import ContainerInfo, Endpoint
from netbook.model.kernel import Address, Interface, Route
from netbook.model.programs import HostEntry, Lookup, PingResult

ETH0 = Interface(
    6,
    "eth0",
    ("BROADCAST", "UP", "LOWER_UP"),
    1500,
    "02:42:ac:11:00:02",
    link=7,
    addresses=(
        Address(ip_interface("172.17.0.2/16")),
        Address(ip_interface("fd00::2/64")),
        Address(ip_interface("fe80::42/64"), "link"),
    ),
)
LO = Interface(
    1,
    "lo",
    ("LOOPBACK", "UP", "LOWER_UP"),
    addresses=(Address(ip_interface("127.0.0.1/8"), "host"), Address(ip_interface("::1/128"), "host")),
)


def test_default_leaves_out_what_differs_between_engines() -> None:
    table = tables.interfaces([ETH0, LO], "raw text")
    assert table.to_dict("list") == {
        "interface": ["lo", "eth0", "eth0"],
        "state": ["UP", "UP", "UP"],
        "address": ["127.0.0.1/8", "172.17.0.2/16", "fd00::2/64"],
    }
    assert table.attrs["raw"] == "raw text"


def test_full_leaves_out_nothing() -> None:
    table = tables.interfaces([ETH0, LO], full=True)
    assert table.address.tolist() == ["127.0.0.1/8", "::1/128", "172.17.0.2/16", "fd00::2/64", "fe80::42/64"]
    assert table.query("interface == 'eth0'").link.unique().tolist() == [7]


def test_an_interface_without_an_address_has_a_row() -> None:
    table = tables.interfaces([Interface(2, "eth1", ("BROADCAST",))])
    assert table.values.tolist() == [["eth1", "DOWN", ""]]


@pytest.mark.parametrize(
    "table",
    [
        tables.interfaces([]),
        tables.routes([]),
        tables.containers([]),
        tables.networks([]),
        tables.endpoints([]),
        tables.members([]),
        tables.veth_pairs([]),
        tables.hosts([]),
    ],
)
def test_an_empty_table_has_its_columns(table: object) -> None:
    assert len(table.columns) >= 2  # type: ignore[attr-defined]
    assert len(table) == 0  # type: ignore[arg-type]


def test_routes() -> None:
    assert tables.routes([Route("default", "eth0", "172.17.0.1")]).values.tolist() == [
        ["default", "172.17.0.1", "eth0", ""]
    ]


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (PingResult("b", "10.0.0.2", 2, 2), "reply"),
        (PingResult("b", "10.0.0.2", 2, 1), "partial"),
        (PingResult("b", "10.0.0.2", 2, 0), "no reply"),
        (PingResult("b", error="bad address"), "bad address"),
    ],
)
def test_ping_outcome(result: PingResult, outcome: str) -> None:
    table = tables.ping(result)
    assert table.outcome.item() == outcome
    assert table.attrs["result"] is result


def test_lookup_without_an_answer_says_so() -> None:
    assert tables.lookup(Lookup("x", "127.0.0.11", error="NXDOMAIN")).address.item() == "NXDOMAIN"


def test_hosts_without_ids_and_without_what_some_engines_write_only() -> None:
    entries = [
        HostEntry("127.0.0.1", ("localhost",)),
        HostEntry("::1", ("localhost", "ip6-localhost")),
        HostEntry("ff02::1", ("ip6-allnodes",)),
        HostEntry("172.17.0.2", ("db", "3f2a9c01d4e5", "source")),
        HostEntry("172.17.0.3", ("aabbccddeeff",)),
        HostEntry("fd00::7", ("printer",)),  # a reader's own
        HostEntry("::1", ("localhost", "laptop")),
    ]
    table = tables.hosts(entries)
    assert table.values.tolist() == [
        *(["127.0.0.1", "localhost"], ["172.17.0.2", "db source"]),
        *(["fd00::7", "printer"], ["::1", "localhost laptop"]),
    ]
    assert table.attrs["left_out"] == 3
    assert len(tables.hosts(entries, full=True)) == 7
    assert tables.hosts(entries, full=True).attrs["left_out"] == 0


def test_containers_name_whom_they_join() -> None:
    owner = ContainerInfo("1" * 64, "owner", endpoints=(Endpoint("bridge", "172.17.0.2", 16),))
    guest = ContainerInfo("2" * 64, "guest", network_mode="container:" + owner.id)
    table = tables.containers([owner, guest, ContainerInfo("3" * 64, "h", network_mode="host")])
    assert table.networks.tolist() == ["bridge", "container:owner", "host"]


def test_ipv6_routes_that_every_interface_has_are_left_out() -> None:
    found = [
        Route("fd00::/64", "eth0"),
        Route("fe80::/64", "eth0"),
        Route("default", "eth0", "fd00::1"),
        Route("ff00::/8", "eth0", kind="multicast"),
    ]
    table = tables.routes(found)
    assert table["destination"].tolist() == ["default", "fd00::/64"]
    assert table.attrs["left_out"] == 2


def test_the_answers_of_a_look_up_have_ipv4_first_and_else_their_order() -> None:
    table = tables.lookup(Lookup("web", "127.0.0.11", ("fd00::2", "10.0.0.3", "10.0.0.2")))
    assert table["address"].tolist() == ["10.0.0.3", "10.0.0.2", "fd00::2"]


def test_ipv6_addresses_are_shown_where_there_are_any() -> None:
    old, new = Endpoint("old", "10.0.0.2", 24), Endpoint("new", "10.0.1.2", 24, ipv6_address="fd00::2/64")
    only = Endpoint("only", ipv6_address="fd00:1::2/64")
    assert "ipv6_address" not in tables.endpoints([old])
    assert tables.endpoints([old, new])["ipv6_address"].tolist() == ["", "fd00::2/64"]
    box = ContainerInfo("a" * 64, "web", endpoints=(new, only))
    assert tables.containers([box])["addresses"].tolist() == ["10.0.1.2, fd00::2, fd00:1::2"]
    row = {"container": "web", "ipv4_address": "10.0.1.2/24", "ipv6_address": ""}
    assert list(tables.members([row])) == ["container", "ipv4_address"]
    assert list(tables.members([row | {"ipv6_address": "fd00::2/64"}]))[-1] == "ipv6_address"
