"""What real runs of real tools printed, and what the parsers make of it: tests/fixtures."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from netbook.models import PingResult
from tests.fixtures import golden
from tests.fixtures.golden import FIXTURES, plain

PAIRS = sorted(FIXTURES.glob("*/*--*.out"))
TOOLS_OF = {  # what must have been heard, at the least
    "ip_addr": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian", "iproute2-6.1"},
    "ip_route": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian", "iproute2-6.1"},
    "ping": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian"},
    "nslookup": {"busybox-1.35-debian", "busybox-1.36-musl", "busybox-1.37-debian"},
    "hosts": {"docker-20.10", "docker-26.1"},
    "resolv_conf": {"docker-20.10", "docker-26.1"},
}


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path):
    expected = json.loads(path.with_suffix(".json").read_text())
    assert plain(golden.parse(path.stem, path.read_text())) == expected


def test_no_half_pairs():
    assert sorted(FIXTURES.glob("*/*--*.json")) == [path.with_suffix(".json") for path in PAIRS]


@pytest.mark.parametrize("parser", TOOLS_OF)
def test_every_tool_was_heard(parser):
    heard = {path.parent.name for path in PAIRS if path.stem.startswith(parser + "--")}
    assert heard >= TOOLS_OF[parser]


# -- the same network looks the same, whichever tool describes it ------------------

TOOLS = [
    path for path in PAIRS if not path.parent.name.startswith(("docker", "iputils", "busybox-1.36-small"))
]
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
    if path.stem.startswith("ip_route--"):  # some list the local table's routes too
        return [route for route in said if route.kind not in ("local", "multicast")]
    return said


@pytest.mark.parametrize("case", CASES)
def test_every_tool_says_the_same(case):
    seen = {path.parent.name: looks(path) for path in TOOLS if path.stem == case}
    first = next(iter(seen))
    for folder, look in seen.items():
        assert look == seen[first], f"{folder} differs from {first}"
