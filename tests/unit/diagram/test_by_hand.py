"""What Docker did not make, and what is unusual, in all three forms of a picture."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest

from netbook.diagram import layout
from netbook.diagram.diagram import Diagram
from netbook.diagram.journey import Journey
from netbook.model.docker import NetworkInfo
from netbook.model.journey import Leg, Stop
from netbook.model.kernel import Address
from netbook.topology.graph import Box, Bridge, Cable, Port, Topology
from tests.fixtures.wirings import bridge, port, rider, topology
from tests.unit.diagram.test_layout import check

BRIDGE = bridge("bridge")
HAND = Bridge("br-hand", None, (Address(ip_interface("10.0.0.1/24")),))


def at(address: str, name: str = "eth0", **facts) -> Port:
    return Port(name, 2, (Address(ip_interface(address)),), **facts)


def by_hand() -> Topology:
    boxes = (
        Box(("one",), "own", (port(BRIDGE), at("10.0.0.2/24", "eth1", bridge="br-hand", peer="h1"))),
        Box(
            (), "named", (at("10.0.0.3/24", bridge="br-hand", peer="h2"), at("10.1.0.1/24", "c0")), name="red"
        ),
        Box(("two",), "own", (at("10.1.0.2/24", mtu=1400),)),
        Box(("lone",), "own", (at("10.2.0.2/24", peer="h3"),)),
        Box((), "named", name="empty"),
    )
    cable = Cable((Stop("red", "c0"), Stop("two", "eth0")))
    return replace(topology(*boxes, bridges=[BRIDGE]), bridges=(BRIDGE, HAND), cables=(cable,))


def test_it_is_drawn_where_nothing_overlaps() -> None:
    check(layout.plan(by_hand()))
    picture = layout.plan(by_hand())
    joints = [shape for shape in picture.shapes if shape.kind == "joint"]
    assert [shape.place for shape in joints] == [Stop("", "red c0 – two eth0")]
    ends = {wire.ends[0] for wire in picture.wires if wire.ends[1] == joints[0].place}
    assert ends == {Stop("red", "c0"), Stop("two", "eth0")}
    outside = {wire.ends[0] for wire in picture.wires if wire.ends[1] == Stop("", "") and wire.kind == "veth"}
    assert outside == {Stop("lone", "eth0")}


def test_it_is_told() -> None:
    drawn = Diagram(by_hand())
    assert drawn.text.splitlines() == [
        "engine host",
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside",
        "    one · eth0 172.17.0.2 · veth",
        "  br-hand · 10.0.0.1/24 · no Docker network",
        "    one · eth1 10.0.0.2 · veth",
        "    red · eth0 10.0.0.3 · veth · network namespace · no container",
        "  cable",
        "    red · c0 10.1.0.1 · veth · network namespace · no container",
        "    two · eth0 10.1.0.2 MTU 1400 · veth",
        "  the host's own interfaces → the world outside",
        "    lone · eth0 10.2.0.2 · veth",
        "  without a cable",
        "    empty · network namespace · no container",
    ]
    for part in (
        "3 containers, 1 network and 1 bridge without a network on the engine host",
        "bridge br-hand (10.0.0.1/24, no Docker network) connects one at 10.0.0.2 and red at 10.0.0.3",
        "a cable connects red at 10.1.0.1 and two at 10.1.0.2 (MTU 1400)",
        "cables lead from lone at 10.2.0.2 to the host, into no bridge",
        "etwork namespaces without a container: red and empty",
    ):
        assert part in drawn.alt
    assert Diagram(by_hand(), highlight=["red", "br-hand"]).svg != drawn.svg


def test_a_packet_runs_along_a_cable_between_two_boxes() -> None:
    legs = [Leg("ICMP echo request", (Stop("two", "eth0"), Stop("red", "c0")), "10.1.0.2", "10.1.0.1")]
    journey = Journey(by_hand(), legs)
    (step,) = journey._steps(journey._picture)
    joint = next(shape for shape in journey._picture.shapes if shape.kind == "joint")
    assert any(joint.rect.x <= x <= joint.rect.right and y >= joint.rect.y for x, y in step.way)
    assert "cable" in journey.storyboard


@pytest.mark.parametrize(("mtu", "said"), [(0, False), (1500, False), (1450, True), (9000, True)])
def test_an_mtu_is_told_where_it_is_unusual(mtu: int, said: bool) -> None:
    on = replace(BRIDGE, mtu=mtu)
    for wiring in (
        topology(Box(("one",), "own", (replace(port(BRIDGE), mtu=mtu),)), bridges=[BRIDGE]),
        topology(Box(("one",), "own", (port(on),)), bridges=[on]),
    ):
        drawn = Diagram(wiring)
        assert [f"MTU {mtu}" in form for form in (drawn.svg, drawn.alt, drawn.text)] == [said] * 3


def test_both_protocols_are_told_everywhere() -> None:
    both = replace(BRIDGE, addresses=(*BRIDGE.addresses, Address(ip_interface("fd00::1/64"))))
    plug = replace(port(BRIDGE), addresses=(*port(BRIDGE).addresses, Address(ip_interface("fd00::2/64"))))
    drawn = Diagram(topology(Box(("one",), "own", (plug,)), bridges=[both]))
    for form in (drawn.svg, drawn.alt, drawn.text):
        assert all(word in form for word in ("172.17.0.1/16, fd00::1/64", "172.17.0.2", "fd00::2"))


def test_no_address_of_a_port_is_left_out_without_a_word() -> None:
    many = tuple(Address(ip_interface(f"172.17.0.{n}/16")) for n in range(2, 9))
    drawn = Diagram(
        topology(Box(("one",), "own", (replace(port(BRIDGE), addresses=many),)), bridges=[BRIDGE])
    )
    assert "172.17.0.5" in drawn.svg
    assert "and 3 more" in drawn.svg
    assert "172.17.0.8" in drawn.text


def test_several_subnets_of_one_network() -> None:
    two = ("10.1.0.0/24", "10.2.0.0/24")
    lan = NetworkInfo("ab" * 32, "lan", "macvlan", subnets=two, owned=True)
    wiring = replace(topology(Box(("one",), "own", (rider("lan"),)), bridges=[]), networks=(lan,))
    drawn = Diagram(wiring)
    assert "acvlan network lan (10.1.0.0/24, 10.2.0.0/24) connects one" in drawn.alt
    assert "network lan (10.1.0.0/24, 10.2.0.0/24)" in drawn.text
    bare = bridge("bare", 1, subnets=("172.18.0.0/16", "10.3.0.0/24", "dhcp"))
    assert "172.18.0.1/16, 10.3.0.0/24, dhcp" in Diagram(topology(bridges=[bare])).text
