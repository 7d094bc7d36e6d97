"""Which address one uses to ping another: a table of situations, joined from what kernel and engine say."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest

from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.model.kernel import Address, Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.topology.addressing import address, addresses, together
from netbook.topology.build import build
from netbook.topology.graph import Topology

HOST = 100
UP = ("UP", "LOWER_UP")
NETWORKS = (
    NetworkInfo("a" * 64, "bridge", "bridge", bridge="docker0"),
    NetworkInfo("b" * 64, "back", "bridge", bridge="br-back"),
    NetworkInfo("c" * 64, "lan", "macvlan"),
)


def addressed(*texts: str) -> tuple[Address, ...]:
    return tuple(Address(ip_interface(t), "link" if t.startswith("fe80") else "global") for t in texts)


class Wiring:
    """Containers, their namespaces and cables; numbers are given as they come."""

    def __init__(self) -> None:
        self.host = [
            Interface(1, "lo", ("LOOPBACK", *UP), addresses=addressed("127.0.0.1/8")),
            Interface(2, "wan0", UP, addresses=addressed("192.0.2.9/24")),
            Interface(3, "docker0", UP, addresses=addressed("172.17.0.1/16")),
            Interface(4, "br-back", UP, addresses=addressed("10.0.0.1/24", "fd00::1/64")),
        ]
        self.spaces: dict[int, list[Interface]] = {}
        self.containers: list[ContainerInfo] = []

    def add(self, name: str, space: int, mode: str = "bridge", **more: object) -> Wiring:
        self.containers.append(
            replace(ContainerInfo(f"id-{name}", name, network_mode=mode, namespace=space), **more)
        )
        if space not in (0, HOST):
            self.spaces.setdefault(space, [Interface(1, "lo", ("LOOPBACK", *UP))])
        return self

    def plug(self, space: int, bridge: str, *texts: str) -> Wiring:
        inside, outside = 10 * len(self.host), 10 * len(self.host) + 1
        ports = self.spaces[space]
        ports.append(Interface(inside, f"eth{len(ports) - 1}", UP, link=outside, addresses=addressed(*texts)))
        self.host.append(Interface(outside, f"veth{outside}", UP, link=inside, master=bridge))
        return self

    @property
    def graph(self) -> Topology:
        spaces = tuple(Namespace(inode, tuple(found)) for inode, found in self.spaces.items())
        return build(Snapshot(Namespace(HOST, tuple(self.host)), spaces, tuple(self.containers), NETWORKS))


def wiring() -> Wiring:
    """`a` on docker0 and back, `b` and `c` on one each, and one of every other kind."""
    made = Wiring().add("a", 1).add("b", 2).add("c", 3).add("alone", 4, "none").add("hosted", HOST, "host")
    made.add("twice", 6).add("guest", 3, "container:id-c").add("old", 0, state="exited")
    made.plug(1, "docker0", "172.17.0.2/16").plug(1, "br-back", "fe80::2/64", "fd00::2/64", "10.0.0.2/24")
    made.plug(2, "docker0", "172.17.0.3/16").plug(3, "br-back", "10.0.0.3/24", "fd00::3/64")
    return made.plug(6, "docker0", "172.17.0.6/16").plug(6, "br-back", "10.0.0.6/24", "fd00::6/64")


STALE = (Endpoint("bridge", "172.17.0.2", 16),)  # what an engine goes on saying of another's address


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("a", "b", ("172.17.0.3",)),
        ("b", "a", ("172.17.0.2", "10.0.0.2", "fd00::2")),  # the common network first, IPv4 before IPv6
        ("c", "a", ("10.0.0.2", "172.17.0.2", "fd00::2")),
        ("c", "twice", ("10.0.0.6", "172.17.0.6", "fd00::6")),
        ("a", "twice", ("172.17.0.6", "10.0.0.6", "fd00::6")),  # several common ones: the first interface
        ("b", "c", ("10.0.0.3", "fd00::3")),  # none in common: the first address
        ("b", "guest", ("10.0.0.3", "fd00::3")),  # that of the namespace it shares
        ("c", "guest", ("10.0.0.3", "fd00::3")),
        ("alone", "b", ("172.17.0.3",)),  # it has one; that nothing leads there is for ping to say
        ("b", "alone", ()),
        ("b", "old", ()),
        ("b", "nobody", ()),
        ("nobody", "b", ("172.17.0.3",)),
        ("", "b", ("172.17.0.3",)),  # from the host
        ("b", "hosted", ("172.17.0.1",)),
        ("c", "hosted", ("10.0.0.1", "fd00::1")),  # the bridge that it is plugged into
        ("alone", "hosted", ("172.17.0.1",)),
        ("hosted", "b", ("172.17.0.3",)),
    ],
)
def test_a_situation_and_its_address(source: str, target: str, expected: tuple[str, ...]) -> None:
    graph = wiring().graph
    assert addresses(graph, source, target) == expected
    assert address(graph, source, target) == next(iter(expected), "")
    for family, mark in (("inet", "."), ("inet6", ":")):
        assert address(graph, source, target, family) == next((a for a in expected if mark in a), "")


def test_one_whose_parent_restarted_has_none_whatever_the_engine_says() -> None:
    left = wiring().add("left", 7, "container:id-a", endpoints=STALE).graph
    assert addresses(left, "b", "left") == ()
    assert not together(left, "left", "a")
    assert together(left, "c", "guest")


def test_paused_is_there_as_before() -> None:
    seen = wiring()
    seen.containers = [replace(c, state="paused") if c.name == "b" else c for c in seen.containers]
    assert address(seen.graph, "a", "b") == "172.17.0.3"


def test_an_address_made_by_hand_counts_and_a_flushed_one_does_not() -> None:
    by_hand = wiring().add("hand", 8, endpoints=(Endpoint("bridge", "172.17.0.8", 16),))
    by_hand.plug(8, "docker0", "172.17.0.88/16")
    assert addresses(by_hand.graph, "a", "hand") == ("172.17.0.88",)


def test_a_namespace_that_cannot_be_read_leaves_the_engines_word() -> None:
    shut = wiring().add(
        "shut", 0, endpoints=(Endpoint("bridge", "172.17.0.9", 16, ipv6_address="fd00::9/64"),)
    )
    assert addresses(shut.graph, "a", "shut") == ("172.17.0.9", "fd00::9")


def test_host_whose_bridges_have_no_address_has_that_of_its_own_interface() -> None:
    bare = wiring()
    bare.host = [replace(i, addresses=()) if i.name in ("docker0", "br-back") else i for i in bare.host]
    assert address(bare.graph, "b", "hosted") == "192.0.2.9"


def test_an_ipv6_only_macvlan_port_finds_its_network() -> None:
    rides = wiring().add("rider", 9, "lan", endpoints=(Endpoint("lan", ipv6_address="fd01::5/64"),))
    rides.spaces[9].append(Interface(40, "eth0", UP, link=2, addresses=addressed("fd01::5/64")))
    (port,) = rides.graph.box("rider").ports
    assert (port.network, port.parent) == ("lan", "wan0")
    assert address(rides.graph, "", "rider") == "fd01::5"
