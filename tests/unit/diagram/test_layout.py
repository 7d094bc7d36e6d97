"""Where things go: nothing overlaps, no text leaves its box, no wire runs through anything."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from netbook.diagram import layout
from netbook.diagram.scene import natural, scene
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.routing import lanes_for
from netbook.drawing.shapes import Label, Picture, Rect, Shape, Wire
from netbook.model.kernel import Address
from netbook.topology.graph import Box, stable
from tests.fixtures.wirings import bridge, containers, port, rider, topologies, topology

Area = tuple[float, float, float, float]  # left, top, right, bottom; a piece of wire has no thickness


def solid(picture: Picture) -> list[Shape]:
    """What wires have to go around."""
    return [shape for shape in picture.shapes if shape.kind not in ("frame", "heading")]


def every(shapes: tuple[Shape, ...]) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        yield from every(shape.parts)


def area(rect: Rect) -> Area:
    return rect.x, rect.y, rect.right, rect.bottom


def whole(shape: Shape) -> Area:
    """The shape with its ports, which stick out below."""
    left, top, right, bottom = area(shape.rect)
    return left, top, right, max([bottom, *(part.rect.bottom for part in shape.parts)])


def extent(label: Label) -> Area:
    left, right = label.span
    return left, label.y - 0.76 * label.size, right, label.y + 0.22 * label.size


def pieces(wire: Wire) -> list[Area]:
    return [
        (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)) for (ax, ay), (bx, by) in pairwise(wire.points)
    ]


def meet(a: Area, b: Area, slack: float = 0.01) -> bool:
    """Do they share more than an edge? Also true of a line that runs through an area."""
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def crosses(line: Area, b: Area) -> bool:
    """Does a line run through an area, not only up to it or along its edge?"""
    return line[0] < b[2] and b[0] < line[2] and line[1] < b[3] and b[1] < line[3]


def inside(inner: Area, outer: Area, slack: float = 0.0) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def along(a: Area, b: Area) -> bool:
    """Do two pieces share a stretch, or run so close that they look like one?"""
    if a[0] == a[2] and b[0] == b[2]:
        return abs(a[0] - b[0]) < 2 and a[1] < b[3] and b[1] < a[3]
    return a[1] == a[3] and b[1] == b[3] and abs(a[1] - b[1]) < 2 and a[0] < b[2] and b[0] < a[2]


def check(picture: Picture) -> None:
    frame = next(area(shape.rect) for shape in picture.shapes if shape.kind == "frame")
    assert inside(frame, (0, 0, picture.width, picture.height))
    solids = [whole(shape) for shape in solid(picture)]
    assert all(inside(shape, frame) for shape in solids)
    assert not [(a, b) for a, b in combinations(solids, 2) if meet(a, b)]
    for shape in every(picture.shapes):
        labels = [extent(label) for label in shape.labels]
        assert all(inside(label, area(shape.rect), 1.5) for label in labels), shape
        on_it = [*labels, *(area(part.rect) for part in shape.parts)]
        assert not [(a, b) for a, b in combinations(on_it, 2) if meet(a, b, 0.5)], shape
    labels = [extent(wire.label) for wire in picture.wires]
    assert not [(a, b) for a, b in combinations([*labels, *solids], 2) if meet(a, b)]
    wires = [(wire, piece) for wire in picture.wires for piece in pieces(wire)]
    for wire, piece in wires:
        assert piece[0] == piece[2] or piece[1] == piece[3], wire
        assert inside(piece, frame), wire
        assert not [other for other in (*solids, *labels) if crosses(piece, other)], wire
    assert not [(v, w) for (v, a), (w, b) in combinations(wires, 2) if v is not w and along(a, b)]


@settings(max_examples=60, deadline=None)
@given(topologies())
def test_any_topology_is_drawn_without_collisions(topology):
    check(layout.plan(topology, "A title"))


@pytest.mark.parametrize("number", range(31))
def test_from_none_to_thirty_containers(number):
    for networks, ports in ((1, 1), (3, 1), (2, 2)):
        picture = layout.plan(containers(number, networks, ports))
        check(picture)
        assert picture.width <= layout.WIDTH


@pytest.mark.parametrize("networks", range(1, 9))
def test_one_container_on_every_network(networks):
    check(layout.plan(containers(3, networks, networks)))


def test_every_wire_leads_from_its_port_to_its_bar():
    bridges = [bridge("bridge"), bridge("custom_network", 1)]
    both = Box(("both",), "own", (port(bridges[0]), port(bridges[1], 2, "eth1")))
    picture = layout.plan(topology(both, bridges=bridges))
    bars = {shape.names[0]: shape.rect for shape in picture.shapes if shape.kind == "bar"}
    ports = next(shape for shape in picture.shapes if shape.kind == "own").parts
    veths = [wire for wire in picture.wires if wire.kind == "veth"]
    assert len(veths) == 2
    for wire, on in zip(veths, bridges, strict=True):
        (ax, ay), (bx, by) = wire.points[0], wire.points[-1]
        assert any((p.rect.mid, p.rect.bottom) == (ax, ay) and p.ink == wire.ink for p in ports)
        bar = bars[on.network.name]
        assert by == bar.y
        assert bar.x < bx < bar.right


def test_wires_run_straight_where_there_is_room():
    for number in range(1, 7):
        veths = [w for w in layout.plan(containers(number, 1)).wires if w.kind == "veth"]
        assert [len(wire.points) for wire in veths] == [2] * number


def crossings(picture: Picture) -> int:
    """How often one wire passes under another."""
    wires = [(wire, piece) for wire in picture.wires for piece in pieces(wire)]
    return sum(v is not w and crosses(a, b) for (v, a), (w, b) in combinations(wires, 2))


@pytest.mark.parametrize(("number", "networks"), [(30, 1), (30, 3), (12, 2), (16, 4)])
def test_networks_of_their_own_do_not_cross(number, networks):
    assert crossings(layout.plan(containers(number, networks))) == 0


def test_a_wire_that_comes_down_where_another_goes_down_has_the_upper_lane():
    upper, lower = 1, 0
    lanes = lanes_for([(0.0, 10.0), (10.0, 30.0), (50.0, 50.0)])
    assert lanes[upper] < lanes[lower]
    assert lanes[2] == -1


@pytest.mark.parametrize("moves", [[(796.5, 740.0), (742.5, 796.0)], [(742.5, 796.0), (796.5, 740.0)]])
def test_of_two_that_change_places_the_nearer_ends_are_kept_apart(moves):
    """One comes down 0.5 beside where the other goes down, and that one 2.5 beside it."""
    lanes = dict(zip(moves, lanes_for(moves), strict=True))
    assert lanes[796.5, 740.0] < lanes[742.5, 796.0]


def test_no_nat_from_an_internal_network():
    bridges = [bridge("bridge"), bridge("closed", 1, internal=True)]
    nats = [wire for wire in layout.plan(topology(bridges=bridges)).wires if wire.kind == "NAT"]
    assert [wire.names for wire in nats] == [("bridge",)]


def test_host_and_macvlan_lead_to_the_hosts_own_interfaces():
    on = bridge("bridge")
    picture = layout.plan(
        topology(Box(("web",), "host"), Box(("printer",), "own", (rider("lan"),)), bridges=[on])
    )
    outside = next(shape.rect for shape in picture.shapes if shape.kind == "outside")
    ends = {wire.names[0]: wire.points[-1][1] for wire in picture.wires if wire.kind != "NAT"}
    assert ends == {"web": outside.y, "printer": outside.y}


def test_many_networks_become_a_staircase():
    picture = layout.plan(containers(8, 8))
    tops = [shape.rect.y for shape in picture.shapes if shape.kind == "bar"]
    assert len(set(tops)) == 8
    assert len({s.rect.y for s in layout.plan(containers(8, 3)).shapes if s.kind == "bar"}) == 1


def test_a_networks_containers_stand_together():
    networks = [box.ports[0].network for box in scene(containers(9, 3)).boxes]
    assert networks == ["bridge"] * 3 + ["net1"] * 3 + ["net2"] * 3


def test_numbers_in_names_are_numbers():
    assert sorted(["bbox10", "bbox2", "bbox1"], key=natural) == ["bbox1", "bbox2", "bbox10"]


def test_link_local_addresses_stay_out():
    kept = [ip_interface("fd00::2/64"), ip_interface("172.17.0.2/16")]
    shown = stable(Address(a) for a in [ip_interface("fe80::42:acff:fe11:2/64"), *kept])
    assert [address.ip for address in shown] == ["172.17.0.2", "fd00::2"]


@pytest.mark.parametrize("face", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_no_character_is_wider_than_it_is_taken_for(face):
    """Measured in the widest of the usual fonts; matplotlib brings it along."""
    font = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf" / face), 1000)
    measured = {char: font.getlength(char) for char in map(chr, range(32, 127))}
    assert {char for char, width in measured.items() if width > text_width(char, 1000)} == set()


def test_chinese_is_one_em_wide():
    assert text_width("容器", 10) == 20


@given(st.text(max_size=80), st.floats(15, 300))
def test_clipped_text_fits(text, room):
    short = clip(text, 11, room)
    assert text_width(short, 11) <= room
    assert short == text or "…" in short


def test_clipping_keeps_both_ends():
    short = clip("docker-compose-project_web_replica_7", 13, 160)
    assert short.startswith("docker")
    assert short.endswith("_7")
