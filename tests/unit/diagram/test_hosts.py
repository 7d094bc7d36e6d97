"""Two engines in one picture: side by side or above each other, and the network between them."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest

from netbook.diagram.hosts import HostsDiagram, plan
from netbook.drawing.shapes import Picture
from netbook.model.docker import NetworkInfo
from netbook.model.journey import Stop
from netbook.model.kernel import Address, Interface
from netbook.topology.graph import Box, Bridge, Port, Topology
from netbook.topology.hosts import Hosts, union
from tests.fixtures.wirings import bridge, containers, port
from tests.unit.diagram.test_layout import area, crosses, inside, meet, pieces, whole

OVERLAY = NetworkInfo("cc" * 32, "ov1", "overlay", subnets=("10.0.1.0/24",), owned=True)


def uplink(*addresses: str, name: str = "eth0") -> Interface:
    return Interface(
        2, name, ("UP", "LOWER_UP"), addresses=tuple(Address(ip_interface(a)) for a in addresses)
    )


def host(number: int, *, more: tuple[str, ...] = (), overlay: bool = True) -> Topology:
    """docker0 with one container that is on the overlay, too; a network of its own on the second."""
    own = [bridge("bridge"), *([bridge("app", 5)] if number == 2 else [])]
    far = Bridge("overlay ov1", OVERLAY, hidden=True)
    at = Port(
        "eth1", 4, (Address(ip_interface(f"10.0.1.{number}/24")),), network="ov1", bridge=far.name, mtu=1450
    )
    boxes = (Box((f"web{number}",), "own", (port(own[-1], number + 1), *([at] if overlay else []))),)
    bars = (*own, *([far] if overlay else []))
    nets = tuple(b.network for b in bars if b.network)
    return Topology(boxes, bars, nets, (uplink(f"192.168.7.{number}/24", *more),))


def two() -> Hosts:
    return union({"left": host(1), "right": host(2)})


def test_each_node_belongs_to_one_host() -> None:
    both = two()
    assert [name for name, _ in both.each] == ["left", "right"]
    assert [both.hosts_of(name) for name in ("web1", "web2", "web3")] == [("left",), ("right",), ()]
    assert [box.label for box in both.whole.boxes] == ["web1", "web2"]
    assert [network.name for network in both.whole.networks] == ["bridge", "ov1", "app"]


def test_the_underlay_is_what_the_hosts_addresses_say() -> None:
    (between,) = two().underlays
    assert between.subnets == ("192.168.7.0/24",)
    assert between.ends == (
        (Stop("", "eth0", "left"), ("192.168.7.1",)),
        (Stop("", "eth0", "right"), ("192.168.7.2",)),
    )
    dual = union({"a": host(1, more=("fd07::1/64",)), "b": host(2, more=("fd07::2/64",))})
    assert [u.subnets for u in dual.underlays] == [("192.168.7.0/24", "fd07::/64")]
    assert not union({"a": host(1)}).underlays
    same = union({"a": host(1), "b": host(1)})  # each behind its own NAT
    assert not same.underlays


def drawn(hosts: Hosts, title: str = "") -> Picture:
    return plan(HostsDiagram(hosts)._scenes, hosts.underlays, title)


def wide() -> Hosts:
    one = replace(containers(9, 3), host_interfaces=(uplink("192.168.7.1/24"),))
    return union({"left": one, "right": replace(one, host_interfaces=(uplink("192.168.7.2/24"),))})


@pytest.mark.parametrize("title", ["", "Two hosts"])
@pytest.mark.parametrize(("hosts", "beside"), [(two(), True), (wide(), False)])
def test_hosts_stand_side_by_side_if_there_is_room(hosts: Hosts, beside: bool, title: str) -> None:
    picture = drawn(hosts, title)
    left, right = (shape.rect for shape in picture.shapes if shape.kind == "frame")
    assert (left.y == right.y, left.x == right.x) == (beside, not beside)
    assert not meet(area(left), area(right))
    page = (0, 0, picture.width, picture.height)
    assert all(inside(whole(shape), page) for shape in picture.shapes)
    cables = [wire for wire in picture.wires if wire.kind == "underlay"]
    assert {wire.place.host for wire in cables if isinstance(wire.place, Stop)} == {"left", "right"}
    for wire in cables:
        door, bar = (next(s for s in picture.shapes if s.place == end).rect for end in wire.ends)
        assert door.x <= wire.points[0][0] <= door.right
        assert wire.points[-1][1] == bar.y
        others = [
            s for s in picture.shapes if s.kind in ("own", "bar", "outside") and s.rect not in (door, bar)
        ]
        assert not any(crosses(piece, area(s.rect)) for piece in pieces(wire) for s in others)


def test_a_network_over_both_has_one_colour_and_places_are_apart() -> None:
    picture = drawn(two())
    bars = [shape for shape in picture.shapes if shape.kind == "bar"]
    inks = {
        name: {shape.ink for shape in bars if shape.names == (name,)} for name in ("ov1", "app", "bridge")
    }
    assert [len(found) for found in inks.values()] == [1, 1, 1]
    assert len(set.union(*inks.values())) == 3
    places = [shape.place for shape in picture.shapes if isinstance(shape.place, Stop)]
    assert len({*places}) == len(places)


def test_it_is_told_host_by_host() -> None:
    figure = HostsDiagram(two(), "Overlay")
    assert figure.text.splitlines() == [
        "Overlay",
        "host left",
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside",
        "    web1 · eth0 172.17.0.2 · veth",
        "  overlay · network ov1 · 10.0.1.0/24 · DNS",
        "    web1 · eth1 10.0.1.1 MTU 1450 · veth",
        "  the host's own interfaces → the world outside",
        "host right",
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside",
        "  br-… · network app · 172.22.0.1/16 · DNS · NAT to the world outside",
        "    web2 · eth0 172.22.0.3 · veth",
        "  overlay · network ov1 · 10.0.1.0/24 · DNS",
        "    web2 · eth1 10.0.1.2 MTU 1450 · veth",
        "  the host's own interfaces → the world outside",
        "between the hosts · 192.168.7.0/24",
        "  left eth0 192.168.7.1",
        "  right eth0 192.168.7.2",
    ]
    for part in ("1 container and 2 networks on host left", "web2 at 10.0.1.2 (MTU 1450)"):
        assert part in figure.alt
    assert figure.alt.endswith("connects left eth0 192.168.7.1 and right eth0 192.168.7.2.")
    assert "host left" in figure.svg
    assert figure == HostsDiagram(two(), "Overlay") != HostsDiagram(two())
