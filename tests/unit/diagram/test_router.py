"""The host as a router with a firewall: a box between bridges and interfaces, only where it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netbook.diagram import layout
from netbook.diagram.diagram import Diagram
from netbook.diagram.router import ROUTER, TITLE
from netbook.diagram.scene import scene
from netbook.model.docker import Publication
from netbook.model.journey import Stop
from netbook.model.programs import Answer
from netbook.topology.graph import Topology
from netbook.topology.path import way
from netbook.topology.wall import Wall
from tests.fixtures.wirings import bridge, containers
from tests.unit.diagram.test_by_hand import by_hand
from tests.unit.diagram.test_diagram import chapter_8, modes
from tests.unit.diagram.test_layout import check

SHUT = Wall(
    (("bridge", "custom", False), ("custom", "bridge", False)), (("web", Publication("0.0.0.0", 80, 80)),)
)


@pytest.mark.parametrize(
    "wiring", [Topology(), chapter_8(), modes(), by_hand(), containers(30, 8), containers(12, 3, 2)]
)
def test_nothing_overlaps(wiring: Topology) -> None:
    picture = layout.plan(wiring, "A wall", wall=SHUT)
    check(picture)
    (router,) = [shape for shape in picture.shapes if shape.kind == "wall"]
    into = [wire.ends[0] for wire in picture.wires if wire.ends[1] == ROUTER]
    assert into == [Stop("", bar.name) for bar in scene(wiring).bridges]
    assert all(wire.points[-1][1] == router.rect.y for wire in picture.wires if wire.ends[1] == ROUTER)
    assert [wire.ends[1] for wire in picture.wires if wire.ends[0] == ROUTER] == [Stop("", "")]


def test_it_is_there_only_if_it_is_asked_for() -> None:
    plain, walled = Diagram(chapter_8()), Diagram(chapter_8(), wall=SHUT)
    for before, after in ((plain.svg, walled.svg), (plain.alt, walled.alt), (plain.text, walled.text)):
        assert TITLE not in before
        for part in (TITLE, "a ping from bridge to bridge: dropped", "0.0.0.0:80 → web:80"):
            assert part in after
    assert plain.svg == Diagram(chapter_8(), wall=None).svg


def test_nat_is_the_routers() -> None:
    routed = bridge("routed", 5, masquerade=False)
    wiring = replace(chapter_8(), bridges=(*chapter_8().bridges, routed))
    (out,) = [wire for wire in layout.plan(wiring, wall=Wall()).wires if wire.ends[0] == ROUTER]
    assert out.kind == "NAT"
    assert out.label.text == "NAT: bridge, custom_network"


def test_a_way_that_breaks_between_two_bridges_breaks_at_the_wall() -> None:
    wiring = chapter_8()
    lost = way(wiring, Answer("default_bbox02", "custom_bbox01", "address", answer="no", reason="no reply"))
    with_wall, without = (Diagram(wiring, way=lost, wall=wall).svg for wall in (SHUT, None))
    assert with_wall.count("✗ no reply</text>") == without.count("✗ no reply</text>") == 1
    place = {s.place: s for s in layout.plan(wiring, wall=SHUT).shapes}[ROUTER]
    flag = f'y="{place.rect.bottom - 5:g}"'
    assert flag in with_wall
    near = way(wiring, Answer("default_bbox01", "default_bbox02", "address", answer="no", reason="refused"))
    assert near.stops[-1].container == "default_bbox02"
    assert 'rx="9"' in Diagram(wiring, way=near, wall=SHUT).svg
