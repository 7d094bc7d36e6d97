"""Random network namespaces: what `ip addr` and `ip route` print equals what `ip -j` says.

Needs no Docker, but Linux, root and iproute2 (with `-j`: 2018 or newer). Each example lives in
two namespaces of its own, without a name, that end with the shell that made them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_interface
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netbook.parsers import ip_addr, ip_route
from tests.fixtures import iproute2_json

SCRIPT = """
unshare --net sleep 60 & there=$!
until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done
ip link set dev lo up
sed "s/THERE/$there/" | ip -force -batch - 2>/dev/null >&2
for command in "$@"; do $command; printf '\\0'; done
kill $there
"""
TOOLS = {"iproute2": "ip", "busybox": "busybox ip"}


@pytest.fixture(scope="module", autouse=True)
def namespaces() -> None:
    for program in ("ip", "unshare"):
        if not shutil.which(program):
            pytest.skip(f"needs {program} (Debian: apt-get install iproute2 util-linux)")
    if os.geteuid() != 0 or subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
        pytest.skip("needs root, to make network namespaces")


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest) -> str:
    if not shutil.which(TOOLS[request.param].split()[0]):
        pytest.skip(f"needs {request.param}")
    return str(request.param)


# -- random networks, as lines of an `ip -batch`; what the kernel refuses is left out --

NAMES = "eth0 eth0.5 docker0 br-3f2a1b4c5d6e veth0a1b2c3 mtu master if7 via dev x_y-z".split()  # noqa: SIM905
KINDS = [
    "bridge",
    "veth peer name {dev}p",
    "veth peer name {dev}p netns THERE",
    "veth peer name {dev}p netns THERE",
]
CHANGES = ["mtu 1400", "promisc on", "allmulticast on", "arp off", "alias of-{dev}", "down"]
ADDRESSES = [
    "{ip4}/{len4}",
    "{ip4}/{len4} brd +",
    "{ip4}/{len4} scope link",
    "{ip4}/{len4} label {dev}:a",
    "{ip4} peer {other4}/{len4}",
    "{ip6}/{len6} nodad",
    "{ip6} peer {other6}/{len6} nodad",
]
ROUTES = [
    "default via {ip4} dev {dev} onlink",
    "::/0 via {ip6} dev {dev} onlink",
    "{net4} via {ip4} dev {dev} onlink metric {digit}",
    "{net6} via {ip6} dev {dev} onlink metric 429496729{digit}",
    "{ip4} dev {dev} scope link",
    "{ip6} dev {dev}",
    "{net4} via inet6 {ip6} dev {dev} onlink",
    "{net4} nexthop via {ip4} dev {dev} onlink weight 2 nexthop via {other4} dev {dev2} onlink",
    "{net6} nexthop via {ip6} dev {dev} onlink weight 2 nexthop via {other6} dev {dev2} onlink",
    "blackhole {net4}",
    "unreachable {net6}",
    "prohibit {ip4} metric {digit}",
]
IP4 = st.integers(11 << 24, (127 << 24) - 1).map(IPv4Address)
IP6 = st.integers(0xFD << 120, (0xFE << 120) - 1).map(IPv6Address)
LEN4, LEN6 = st.integers(1, 32), st.integers(7, 128)


@st.composite
def line(draw: st.DrawFn, start: str, templates: list[str], dev: str, others: list[str]) -> str:
    ip4, ip6, len4, len6 = (draw(each) for each in (IP4, IP6, LEN4, LEN6))
    return start + draw(st.sampled_from(templates)).format(
        dev=dev,
        dev2=draw(st.sampled_from(others)),
        digit=draw(st.integers(0, 5)),
        ip4=ip4,
        len4=len4,
        net4=ip_interface(f"{ip4}/{len4}").network,
        other4=draw(IP4),
        ip6=ip6,
        len6=len6,
        net6=ip_interface(f"{ip6}/{len6}").network,
        other6=draw(IP6),
    )


@st.composite
def network(draw: st.DrawFn) -> list[str]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    bridge = names[0]
    lines = [f"link add name {bridge} type bridge", f"link set dev {bridge} up"]
    low = draw(st.booleans())  # then a far end's number is often one that an interface here has, too
    for number, name in enumerate(names[1:], 40):
        index = "" if low else f"index {number} "
        plugged = draw(st.sampled_from(["", f"master {bridge} "]))
        lines.append(draw(line(f"link add {index}name {name} {plugged}type ", KINDS, name, names)))
        lines += [f"link set dev {name} up", f"link set dev {name}p up"][
            : draw(st.sampled_from([0, 1, 2, 2]))
        ]
    for name in names:
        lines += draw(st.lists(line(f"link set dev {name} ", CHANGES, name, names), max_size=2))
        lines += draw(
            st.lists(line("addr add ", ADDRESSES, name, names).map(f"{{}} dev {name}".format), max_size=3)
        )
    return lines + [
        each
        for name in names
        for each in draw(st.lists(line("route add ", ROUTES, name, names), min_size=1, max_size=4))
    ]


def listen(lines: list[str], *commands: str) -> list[str]:
    done = subprocess.run(
        ["unshare", "--net", "sh", "-c", SCRIPT, "sh", *commands],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split("\0")[:-1]


def compared(
    lines: list[str], tool: str, questions: list[str], truth: Callable[[Any], Any]
) -> list[tuple[str, Any]]:
    """The tool's texts, and the kernel's word on each; again if links were just coming up."""
    asked = [f"ip -j {question}" for question in questions]
    for _ in range(5):
        said = listen(lines, *asked, *[f"{TOOLS[tool]} {question}" for question in questions], *asked)
        before, texts, after = _thirds(said)
        expected = [truth(json.loads(each or "[]")) for each in before]
        if expected == [truth(json.loads(each or "[]")) for each in after]:
            return list(zip(texts, expected, strict=True))
    pytest.fail("the kernel never came to rest")


def _thirds(said: list[str]) -> tuple[list[str], list[str], list[str]]:
    size = len(said) // 3
    return said[:size], said[size:-size], said[-size:]


few = settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(lines=network())
def test_ip_addr(tool, lines):
    ((text, expected),) = compared(lines, tool, ["addr"], iproute2_json.interfaces)
    assert ip_addr.parse(text) == (iproute2_json.as_busybox_says(expected) if tool == "busybox" else expected)


@few
@given(lines=network())
def test_ip_route(tool, lines):
    read = iproute2_json.routes_as_busybox_says if tool == "busybox" else iproute2_json.routes
    for text, expected in compared(lines, tool, ["-4 route", "-6 route"], read):
        found = ip_route.parse(text)
        if tool == "busybox":  # up to 1.36 it counts the multicast routes of table `local` in
            found = tuple(each for each in found if each.kind != "multicast")
        assert found == expected
