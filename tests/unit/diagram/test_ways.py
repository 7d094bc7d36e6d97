"""Where packets go in the picture: along wires, bars and boxes, never across the paper."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbook.diagram.arrows import along, places
from netbook.diagram.captions import Step
from netbook.diagram.layout import plan
from netbook.diagram.wires import LANE, Ways, aside, cleared
from netbook.drawing.shapes import Picture, Point
from netbook.errors import NotFound
from netbook.model.journey import Leg, Stop
from netbook.model.kernel import Interface
from netbook.topology.graph import Box, Port, Topology
from tests.fixtures.wirings import bridge, containers, port, rider, topologies, topology
from tests.unit.diagram.test_layout import check

BRIDGE, CUSTOM, CLOSED = bridge("bridge"), bridge("custom_network", 1), bridge("closed", 2, internal=True)
HOST = Interface(2, "enp3s0")


def cabled(wiring: Topology) -> Topology:
    """With names of their own for the veths' ends on the host, and with an interface of the host's own."""
    boxes = tuple(
        replace(
            box,
            ports=tuple(replace(p, peer=p.peer and f"veth{i}.{p.name}") for p in box.ports),
        )
        for i, box in enumerate(wiring.boxes)
    )
    return replace(wiring, boxes=boxes, host_interfaces=(HOST,))


def every_kind() -> Topology:
    return cabled(
        topology(
            Box(("router",), "own", (port(BRIDGE, 2), port(CUSTOM, 4, "eth1"))),
            Box(("bbox01", "bbox04"), "own", (port(BRIDGE, 3),)),
            Box(("bbox02",), "own", (port(CUSTOM, 3),)),
            Box(("hidden",), "own", (port(CLOSED, 2),)),
            Box(("web",), "host"),
            Box(("alone",), "none"),
            Box(("printer",), "own", (rider("lan"),)),
            Box(("camera",), "own", (rider("lan", 3),)),
            bridges=[BRIDGE, CUSTOM, CLOSED],
        )
    )


def passed(wiring: Topology, *names: str) -> tuple[Stop, ...]:
    """`bbox01.eth0`: a container's interface; `~bbox01.eth0`: the host's end of its veth; else the host's."""
    stops = []
    for name in names:
        container, _, interface = name.removeprefix("~").partition(".")
        if name.startswith("~"):
            found = next(p for p in wiring.box(container).ports if p.name == interface)
            stops.append(Stop("", found.peer))
        else:
            stops.append(Stop(container, interface) if interface else Stop("", name))
    return tuple(stops)


def ways_of(wiring: Topology) -> tuple[Picture, Ways]:
    picture = plan(wiring, "A title")
    return picture, Ways(wiring, picture)


def roads(picture: Picture) -> np.ndarray:
    """Where a packet may be: wires, boxes, bars, the host's interfaces; rows of left, top, right, bottom."""
    rects = [
        (each.rect.x, each.rect.y, each.rect.right, each.rect.bottom)
        for shape in picture.shapes
        if shape.kind not in ("frame", "heading")
        for each in shape.whole
    ]
    pieces = [
        (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        for wire in picture.wires
        for (ax, ay), (bx, by) in pairwise(wire.points)
    ]
    slack = 5.0
    return np.array([*rects, *pieces]) + np.array([-slack, -slack, slack, slack])


def off(road: np.ndarray, way: tuple[Point, ...]) -> list[Point]:
    """The points of a way that are nowhere on it. (All at once: there are a hundred points and rows each.)"""
    points = [along(way, part / 100) for part in range(101)]
    x, y = np.array(points).T[:, :, None]
    left, top, right, bottom = road.T
    near = ((left <= x) & (x <= right) & (top <= y) & (y <= bottom)).any(axis=1)
    return [point for point, found in zip(points, near, strict=True) if not found]


@st.composite
def journeys(draw) -> tuple[Topology, list[tuple[Stop, ...]]]:
    """Any topology, and ways through it as a capture can see them, with or without what lies between."""
    wiring = cabled(draw(topologies()))
    internal = {b.name for b in wiring.bridges if b.network.internal}
    ends: list[tuple[str, Port]] = [
        (draw(st.sampled_from(b.containers)), p) for b in wiring.boxes for p in b.ports
    ]
    legs = [
        (Stop(box.containers[0], "lo"), Stop(box.containers[-1], "lo"))
        for box in wiring.boxes
        if box.mode != "stopped"
    ]
    for name, p in ends:
        there = [(n, q) for n, q in ends if q.bridge == p.bridge] if p.bridge else []
        start = (Stop(name, p.name),)
        full = (*start, *((Stop("", p.peer), Stop("", p.bridge)) if p.bridge else ()))
        if there and draw(st.booleans()):
            other, q = draw(st.sampled_from(there))
            legs += [(*start, Stop(other, q.name)), (*full, Stop("", q.peer), Stop(other, q.name))]
        elif p.bridge not in internal:
            legs += [(*start, Stop("", HOST.name)), (*full, Stop("", HOST.name))[::-1], full]
    return wiring, legs


@settings(max_examples=60, deadline=None)
@given(journeys())
def test_every_way_is_on_the_picture(journey):
    wiring, legs = journey
    picture, ways = ways_of(wiring)
    road = roads(picture)
    for stops in legs:
        way = ways.way(stops)
        assert way, stops
        assert not off(road, way), stops
        for (ax, ay), (bx, by) in pairwise(way):
            assert ax == bx or ay == by, stops


def test_what_a_capture_skipped_is_found():
    wiring = every_kind()
    _, ways = ways_of(wiring)
    seen = passed(wiring, "router.eth0", "~router.eth0", "docker0", "~bbox01.eth0", "bbox01.eth0")
    for stops in (seen[::4], seen[::2], (seen[0], seen[1], seen[4])):
        assert ways.way(stops) == ways.way(seen)
        assert ways.places(stops) == ways.places(seen)


def test_there_and_back_keep_apart():
    wiring = every_kind()
    _, ways = ways_of(wiring)
    stops = passed(wiring, "router.eth0", "bbox01.eth0")
    there, back = ways.way(stops), ways.way(stops[::-1])[::-1]
    assert len(there) == len(back)
    for (ax, ay), (bx, by) in zip(there, back, strict=True):
        assert max(abs(ax - bx), abs(ay - by)) == 2 * LANE


def test_a_lost_packet_ends_where_it_was_seen_last():
    wiring = every_kind()
    picture, ways = ways_of(wiring)
    bar = next(shape.rect for shape in picture.shapes if shape.place == Stop("", "docker0"))
    wire = next(wire for wire in picture.wires if wire.ends == (Stop("bbox01", "eth0"), Stop("", "docker0")))
    at_the_veth = ways.way(passed(wiring, "bbox01.eth0", "~bbox01.eth0"), lost=True)[-1]
    on_the_bridge = ways.way(passed(wiring, "bbox01.eth0", "docker0"), lost=True)[-1]
    assert at_the_veth == (wire.points[-1][0] - LANE, bar.y)
    assert bar.y < on_the_bridge[1] < bar.bottom


def test_what_never_leaves_a_namespace_turns_inside_its_box():
    wiring = every_kind()
    picture, ways = ways_of(wiring)
    boxes = {name: shape.rect for shape in picture.shapes for name in shape.names}
    for names in (["alone.lo"], ["bbox02.lo", "bbox02.lo"], ["bbox01.lo", "bbox04.lo"], ["web.lo"]):
        way = ways.way(passed(wiring, *names))
        rect = boxes[names[0].partition(".")[0]]
        assert len(way) == 4
        assert all(rect.x < x < rect.right and rect.y < y < rect.bottom for x, y in way)


def test_no_way_out_of_a_namespace_without_interfaces():
    wiring = every_kind()
    picture, ways = ways_of(wiring)
    (at,) = ways.way(passed(wiring, "alone.lo"), lost=True)
    box = next(shape.rect for shape in picture.shapes if shape.names == ("alone",))
    assert at == (box.mid, box.bottom)


def test_the_way_to_a_macvlan_upon_a_bridge_leads_over_the_bridge():
    upon = replace(rider("lan"), parent=CUSTOM.name)
    boxes = Box(("printer",), "own", (upon,)), Box(("desk",), "own", (port(CUSTOM),))
    wiring = cabled(topology(*boxes, bridges=[BRIDGE, CUSTOM]))
    picture, ways = ways_of(wiring)
    stops = passed(wiring, "desk.eth0", "printer.eth0")
    assert ways.places(stops)[-2:] == [Stop("", CUSTOM.name), Stop("printer", "eth0")]
    assert not off(roads(picture), ways.way(stops))
    shown = plan(wiring, only=["printer", "desk"])  # without the bridge, its riders are not drawn either
    assert not shown.wires


@pytest.mark.parametrize(
    ("names", "via"),
    [
        (["web.enp3s0", "bbox01.eth0"], ["", "docker0"]),  # on the host network
        (["printer.eth0", "camera.eth0"], [""]),  # macvlan
        (["bbox01.eth0", "enp3s0"], ["docker0"]),  # NAT
        (["bbox01.eth0", "router.eth0", "router.eth1", "bbox02.eth0"], ["docker0", f"{CUSTOM.name}"]),
        (["bbox04.eth0", "router.eth0"], ["docker0"]),  # in another's namespace
    ],
)
def test_ways_of_every_kind(names, via):
    wiring = every_kind()
    picture, ways = ways_of(wiring)
    stops = passed(wiring, *names)
    found = [place.interface for place in ways.places(stops) if not place.container]
    assert [name for name in found if name in ("", "docker0", CUSTOM.name)][: len(via)] == via
    assert not off(roads(picture), ways.way(stops))


def test_where_no_wire_leads_it_crosses_over():
    """From an internal network nothing leads outside; if a packet was seen there, it went."""
    wiring = every_kind()
    picture, ways = ways_of(wiring)
    way = ways.way(passed(wiring, "hidden.eth0", "enp3s0"))
    outside = next(shape.rect for shape in picture.shapes if shape.kind == "outside")
    assert outside.y < way[-1][1] < outside.bottom


def test_a_container_that_is_not_there():
    wiring = every_kind()
    _, ways = ways_of(wiring)
    with pytest.raises(NotFound, match=r"'bbox99'(.|\n)*alone, bbox01, bbox02"):
        ways.way((Stop("bbox99", "eth0"),))


def test_an_interface_that_is_not_there():
    wiring = every_kind()
    _, ways = ways_of(wiring)
    with pytest.raises(NotFound, match=r"'eth7' of 'router'(.|\n)*lo, eth0, eth1"):
        ways.way((Stop("router", "eth7"),))


def test_an_interface_of_the_host_that_the_picture_does_not_show():
    wiring = every_kind()
    _, ways = ways_of(wiring)
    stops = passed(wiring, "router.eth0", "vethforeign", "docker0")
    assert [ways.shows(stop) for stop in stops] == [True, False, True]
    assert ways.way(stops) == ways.way((stops[0], stops[2]))
    assert ways.way((stops[1],)) == ways.way(()) == ()


def test_a_line_that_turns_around_comes_back_beside_itself():
    assert aside([(0, 0), (0, 10), (0, 10), (0, 0)], 2) == ((-2, 0), (-2, 10), (2, 10), (2, 0))
    assert aside([(0, 0), (0, 5), (0, 10)], 2) == ((-2, 0), (-2, 10))
    assert aside([(3, 4), (3, 4)], 2) == ((3, 4),)


@pytest.mark.parametrize("names", [("bbox00.eth0", "bbox03.eth0"), ("bbox00.eth0", "docker0"), ("docker0",)])
def test_numbers_do_not_cover_each_other(names):
    wiring = cabled(containers(4, 1))
    picture, ways = ways_of(wiring)
    there = passed(wiring, *names)
    legs = [Leg("x", there if i % 2 else there[::-1], lost=i == 5) for i in range(6)]
    steps = [Step(i, leg, ways.way(leg.stops, leg.lost)) for i, leg in enumerate(legs)]
    found = [*places(picture, steps), steps[-1].way[-1]]
    assert all(hypot(ax - bx, ay - by) > 15 for i, (ax, ay) in enumerate(found) for bx, by in found[:i])


# -- over no word ---------------------------------------------------------------


def crossed(picture: Picture, way: tuple[Point, ...]) -> list[str]:
    """The words that a way leads over: on shapes, and those beside a wire."""
    labels = [label for shape in picture.shapes for each in shape.whole for label in each.labels]
    found = []
    for label in [*labels, *(wire.label for wire in picture.wires)]:
        (low, high), top = label.span, label.y - 0.7 * label.size
        for (ax, ay), (bx, by) in pairwise(way):
            over = min(ax, bx) < high and max(ax, bx) > low and min(ay, by) < label.y and max(ay, by) > top
            found += [label.text] * over
    return found


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("length", range(1, 40, 3))
def test_a_way_out_leads_over_no_word(length, internal):
    """With NAT's wire, and where none is drawn."""
    net = bridge("n" * length, 1, internal=internal)
    wiring = cabled(topology(Box(("one",), "own", (port(net),)), bridges=[net, CLOSED]))
    stops = passed(wiring, "one.eth0", net.name, "enp3s0")
    plain, ways = ways_of(wiring)
    picture = cleared(plain, {*pairwise(ways.places(stops))})
    assert crossed(picture, Ways(wiring, picture).way(stops)) == []
    assert picture.shapes == plain.shapes
    check(picture)


def test_what_no_packet_passes_is_drawn_as_ever():
    picture, ways = ways_of(every_kind())
    assert (
        cleared(picture, {*pairwise(ways.places(passed(every_kind(), "bbox01.eth0", "docker0")))}) == picture
    )


@pytest.mark.parametrize("names", [("web.eth0", "oslo.eth0"), ("oslo.eth0", "web.eth0")])
def test_from_container_to_container_without_a_wire(names):
    boxes = (Box((name,), "own", (port(net),)) for name, net in (("web", CLOSED), ("oslo", CUSTOM)))
    wiring = cabled(topology(*boxes, bridges=[CUSTOM, CLOSED]))
    picture, ways = ways_of(wiring)
    assert crossed(picture, ways.way(passed(wiring, *names))) == []
