"""What real runs of real tools printed, and what the parsers make of it: tests/fixtures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from netbook.model.programs import PingResult
from tests.fixtures import golden
from tests.fixtures.golden import FIXTURES, plain

PAIRS = sorted(FIXTURES.glob("*/*--*.out"))
TOOLS_OF = {  # what must have been heard, at the least
    "ip_addr": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian", "iproute2-6.1"},
    "ip_route": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian", "iproute2-6.1"},
    "ip_neigh": {"busybox-1.35-debian", "busybox-1.36-glibc", "busybox-1.37-debian", "iproute2-6.1"},
    "bridge_fdb": {"iproute2-6.1"},
    "netstat": {"busybox-1.35-debian", "busybox-1.36-glibc", "busybox-1.37-debian", "net-tools-2.10"},
    "iptables_save": {"iptables-1.8.9-nft", "iptables-1.8.9-legacy", "docker-20.10", "docker-28.5"},
    "ss": {"ss-6.1"},
    "wget": {"busybox-1.35-debian", "busybox-1.36-glibc", "busybox-1.37-debian", "wget-1.21.3"},
    "curl": {"curl-7.88.1"},
    "nc": {"busybox-1.35-debian", "busybox-1.36-glibc", "busybox-1.37-debian"},
    "ping": {
        *("busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian"),
        *("iputils-s20121221", "iputils-20221126", "inetutils-2.4", "toybox-0.8.9"),
    },
    "nslookup": {
        *("busybox-1.28-small", "busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian"),
        *("bind-9.11", "bind-9.18"),
    },
    "hosts": {"docker-20.10", "docker-26.1"},
    "resolv_conf": {"docker-20.10", "docker-26.1"},
}


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path):
    expected = json.loads(path.with_suffix(".json").read_text())
    assert plain(golden.parse(path.stem, path.read_text())) == expected


# Whichever ping it is: the same cable gives the same outcome.
OUTCOMES = {
    "reply": "reply",
    "by_name": "reply",
    "interrupted": "reply",
    "time_of_day_goes_back": "reply",
    "wrong_data_byte": "reply",
    "partial": "partial",
    "no_reply": "no reply",
    "no_neighbour_for_long": "no reply",
    "no_network": "network unreachable",
    "network_unreachable": "network unreachable",
    "bad_address": "bad address",
}


# What a connection came to, whichever program tells it.
CONNECTIONS = {
    "page": "",
    "by_name": "",
    "refused": "refused",
    "ipv6_refused": "refused",
    "rejected_with_reset": "refused",
    "reset_after_question": "reset",
    "closed_without_a_word": "reset",
    "network_unreachable": "no route",
    "unreachable_route": "no route",
    "no_neighbour": "no route",
    "dropped": "timed out",
    "silence": "timed out",
    "bad_address": "unknown name",
    "status_404": "status 404",
    "status_503": "status 503",
}
CLIENTS = [
    path
    for path in PAIRS
    for tool, _, case in [path.stem.partition("--")]
    if tool in ("wget", "curl", "nc") and case in CONNECTIONS
]


@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_connection_comes_to_the_same(path: Path):
    said = golden.parse(path.stem, path.read_text())
    assert said == CONNECTIONS[path.stem.partition("--")[2]]


PINGS = [path for path in PAIRS if path.stem.removeprefix("ping--") in OUTCOMES]


@pytest.mark.parametrize("path", PINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_ping_comes_to_the_same(path: Path):
    said = golden.parse(path.stem, path.read_text())
    assert said.outcome == OUTCOMES[path.stem.removeprefix("ping--")]


def test_no_half_pairs():
    assert sorted(FIXTURES.glob("*/*--*.json")) == [path.with_suffix(".json") for path in PAIRS]


@pytest.mark.parametrize("parser", TOOLS_OF)
def test_every_tool_was_heard(parser):
    heard = {path.parent.name for path in PAIRS if path.stem.startswith(parser + "--")}
    assert heard >= TOOLS_OF[parser]


# -- the same network looks the same, whichever tool describes it ------------------

OTHERS = (
    "docker",
    "iputils",
    "inetutils",
    "toybox",
    "bind",
    "wget",
    "busybox-1.28-small",
    "busybox-1.36-small",
)
TOOLS = [path for path in PAIRS if not path.parent.name.startswith(OTHERS)]
NO_NEXT_HOPS = {"ip_route--kinds", "ip_route--kinds_ipv6"}  # in busybox's output
CASES = [
    case
    for case, count in Counter(path.stem for path in TOOLS).items()
    if count > 2 and case not in NO_NEXT_HOPS
]


def looks(path: Path) -> object:
    """What a tool says of a scene, without what each run decides anew."""
    said = golden.parse(path.stem, path.read_text())
    if isinstance(said, PingResult):
        return replace(said, replies=tuple(replace(reply, time_ms=None) for reply in said.replies))
    if path.stem.startswith("ip_addr--"):
        return [
            replace(
                interface,
                mac="",
                link=None,  # a number, where busybox has a name or a wrong one
                flags=tuple(flag for flag in interface.flags if flag != "M-DOWN"),  # follows `link`
                addresses=tuple(a for a in interface.addresses if not a.value.is_link_local),
            )
            for interface in said
        ]
    if path.stem.startswith("ip_neigh--"):  # in the order of a hash
        return {replace(neighbour, mac="") for neighbour in said if neighbour.is_stable}
    if path.stem.startswith("netstat--"):
        return {replace(s, port=min(s.port, 9999), peer_port=min(s.peer_port, 9999)) for s in said}
    if path.stem.startswith("ip_route--"):  # some list the local table's routes too
        return [route for route in said if route.kind not in ("local", "multicast")]
    return said


@pytest.mark.parametrize("case", CASES)
def test_every_tool_says_the_same(case):
    seen = {path.parent.name: looks(path) for path in TOOLS if path.stem == case}
    first = next(iter(seen))
    for folder, look in seen.items():
        assert look == seen[first], f"{folder} differs from {first}"
