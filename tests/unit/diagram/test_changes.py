"""Before and after as a reader meets them: a picture whose marks need no colour, words, and a table."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from netbook.diagram import changes as module
from netbook.diagram import layout
from netbook.diagram.changes import Changes
from netbook.diagram.diagram import Diagram
from netbook.drawing import svg
from netbook.drawing.shapes import Picture, Shape
from netbook.errors import EngineGone
from netbook.topology.change import marks
from netbook.topology.difference import difference
from netbook.topology.graph import Topology
from netbook.topology.union import union
from tests.fixtures.wirings import bridge, containers, port, rider
from tests.unit.diagram.test_diagram import contrast, painted, rerun, shuffled, texts
from tests.unit.diagram.test_layout import check, every
from tests.unit.topology.test_difference import BRIDGE, CUSTOM, ONE, STOPPED, box, moments, wiring

SECOND = box("bbox01", ports=(port(BRIDGE), port(CUSTOM, 2, "eth1")))
JOINED = box("bbox01", "bbox04", ports=(port(BRIDGE),))
ALONE = box("bbox01", mode="none")
OTHER = bridge("other", 2)

PAIRS = {
    "came": (wiring(), wiring(ONE)),
    "gone": (wiring(ONE), wiring()),
    "stopped": (wiring(ONE), wiring(STOPPED)),
    "started": (wiring(STOPPED), wiring(ONE)),
    "second network": (wiring(ONE), wiring(SECOND)),
    "no network": (wiring(ONE), wiring(ALONE)),
    "joined": (wiring(ONE), wiring(JOINED)),
    "left": (wiring(JOINED), wiring(ONE)),
    "both left": (wiring(JOINED), wiring()),
    "networks": (wiring(), wiring(bridges=(BRIDGE, OTHER))),
    "host": (wiring(box("web", mode="host")), wiring(box("app", mode="host"))),
    "macvlan": (wiring(), wiring(box("printer", ports=(rider("lan"),)))),
    "moved": (wiring(ONE), wiring(box("bbox01", ports=(port(CUSTOM),)))),
    "address": (wiring(ONE), wiring(box("bbox01", ports=(port(BRIDGE, 3),)))),
    "many": (containers(10, 2), containers(6, 3, 2)),
    "a crowd": (containers(30, 3), containers(20, 8)),
    "Chinese": (
        wiring(bridges=(BRIDGE, bridge("教室网络", 1))),
        wiring(box("容器一号", ports=(port(BRIDGE),))),
    ),
}


def plan(before: Topology, after: Topology) -> Picture:
    found = marks(difference(before, after))
    return layout.plan(union(before, after), "A title", found)


def marked(picture: Picture, kind: str) -> list[Shape]:
    """What bears the mark; not the legend, which explains it."""
    return [shape for shape in every(picture.shapes) if shape.mark == kind and shape.kind != "key"]


# ---------------------------------------------------------------- the picture


@pytest.mark.parametrize("pair", PAIRS)
def test_pictures_of_changes_have_no_collisions(pair):
    check(plan(*PAIRS[pair]))
    check(plan(*reversed(PAIRS[pair])))


@settings(max_examples=60, deadline=None)
@given(moments())
def test_no_two_moments_collide_in_a_picture(pair):
    check(plan(*pair))


def test_what_is_there_in_both_is_not_marked():
    picture = plan(wiring(ONE), wiring(ONE, box("bbox02", ports=(port(BRIDGE, 3),))))
    assert [shape.names for shape in picture.shapes if shape.mark and shape.kind != "key"] == [("bbox02",)]
    assert sorted(wire.mark for wire in picture.wires) == ["", "", "", "came"]  # two of them NAT


@pytest.mark.parametrize(
    ("pair", "kinds"),
    [("came", {"came"}), ("gone", {"went"}), ("stopped", {"went", "changed"}), ("address", {"changed"})],
)
def test_the_legend_explains_what_is_in_the_picture(pair, kinds):
    picture = plan(*PAIRS[pair])
    assert {shape.mark for shape in picture.shapes if shape.kind == "key"} == kinds
    assert {shape.mark for shape in every(picture.shapes)} - {""} == kinds


def test_no_legend_without_marks():
    assert not [shape for shape in layout.plan(wiring(ONE)).shapes if shape.kind == "key"]


@pytest.mark.parametrize(
    ("pair", "pill"), [("came", "+ new"), ("gone", "− gone"), ("stopped", "~ was running")]
)
def test_marks_are_read_without_colour(pair, pill):
    before, after = PAIRS[pair]
    assert pill in texts(Changes(before, after).diagram)


def test_a_ghost_is_dashed_and_what_is_new_is_heavy():
    def outline(pair: str, name: str) -> dict[str, str]:
        drawn = ET.fromstring(Changes(*PAIRS[pair]).diagram.svg)
        groups = [g for g in drawn.iter("{http://www.w3.org/2000/svg}g") if g[0].text == name]
        return groups[0].find("{http://www.w3.org/2000/svg}rect").attrib

    assert outline("gone", "bbox01")["stroke-dasharray"]
    assert float(outline("came", "bbox01")["stroke-width"]) >= 2 * float(svg._STYLES["own"]["stroke-width"])
    assert outline("networks", "other")["stroke-width"] == outline("came", "bbox01")["stroke-width"]
    assert outline("networks", "custom_network")["stroke-dasharray"]


def test_a_wire_is_a_ghost_with_its_interface():
    wires = {wire.kind: wire for wire in plan(*PAIRS["no network"]).wires}
    assert (wires["veth"].mark, wires["veth"].label.text) == ("went", "− veth")
    wires = {wire.names[0]: wire for wire in plan(*PAIRS["host"]).wires}
    assert (wires["web"].mark, wires["app"].mark) == ("went", "came")


def test_a_stopped_container_stays_where_it_was():
    def columns(picture: Picture) -> list[tuple[str, ...]]:
        return [s.names for s in picture.shapes if s.kind in ("own", "stopped")]

    two = box("bbox02", ports=(port(CUSTOM),))
    assert columns(plan(wiring(ONE, two), wiring(STOPPED, two))) == [("bbox01",), ("bbox02",)]


def test_in_a_shared_box_each_container_has_its_mark():
    chips = [s for s in every(plan(*PAIRS["joined"]).shapes) if s.kind == "chip"]
    assert [(chip.labels[0].text, chip.mark) for chip in chips] == [("bbox01", ""), ("+ bbox04", "came")]
    assert marked(plan(*PAIRS["joined"]), "came") == [chips[1]]


def test_contrast_of_marked_text():
    pairs = {p for pair in PAIRS.values() for p in painted(Changes(*pair, "Title").diagram)}
    assert min(contrast(text, ground) for text, ground in pairs) >= 4.5


# ---------------------------------------------------------------- words and table


def test_words_say_the_changes_first():
    shown = Changes(*PAIRS["stopped"], "docker stop")
    assert shown.text.splitlines() == [
        "docker stop",
        "gone: bbox01 eth0",
        "changed: bbox01 (was running)",
        "engine host",
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside",
        "    bbox01 (was running) · eth0 172.17.0.2 (gone) · veth · stopped",
        "  br-… · network custom_network · 172.18.0.1/16 · DNS · NAT to the world outside",
        "  the host's own interfaces → the world outside",
    ]
    assert shown.diagram.alt.startswith(
        "docker stop: Gone: bbox01 eth0; changed: bbox01 (was running). 1 container and 2 networks on"
    )


def test_what_is_gone_is_not_counted():
    assert Changes(*PAIRS["gone"]).diagram.alt.startswith("Gone: bbox01. No containers and 2 networks on")
    assert "New: network other; gone: network custom_network. No containers and 2 networks" in (
        Changes(*PAIRS["networks"]).diagram.alt
    )


def test_the_table_has_stable_columns():
    table = Changes(*PAIRS["came"]).table
    assert list(table.columns) == ["change", "what", "name", "before", "after"]
    assert table.what.tolist() == ["container", "interface", "veth pair"]
    assert list(Changes(wiring(), wiring()).table.columns) == list(table.columns)


def test_nothing_changed_is_said():
    assert repr(Changes(wiring(ONE), wiring(ONE))) == "Nothing changed"
    bundle = Changes(wiring(ONE), wiring(ONE), "<ping>")._repr_mimebundle_()
    assert bundle == {
        "text/plain": "<ping>: nothing changed",
        "text/html": "<p>&lt;ping&gt;: nothing changed</p>",
    }
    assert Changes(wiring(ONE), wiring(ONE)).table.empty


@pytest.mark.parametrize("pair", PAIRS)
def test_equal_moments_give_equal_bytes(pair):
    before, after = PAIRS[pair]
    first = Changes(before, after)._repr_mimebundle_()
    for seed in range(3):
        assert Changes(shuffled(before, seed), shuffled(after, seed + 9))._repr_mimebundle_() == first


@pytest.mark.parametrize("pair", PAIRS)
def test_nothing_of_one_run_shows(pair):
    again = [replace(t, networks=tuple(b.network for b in t.bridges)) for t in map(rerun, PAIRS[pair])]
    first, second = Changes(*PAIRS[pair]), Changes(*again)
    assert first._repr_mimebundle_() == second._repr_mimebundle_()
    assert first.table.equals(second.table)
    written = first.diagram.svg + first.text + first.diagram.alt + first.table.to_string()
    assert not re.search(r"c0ffee|veth\w{7}|enp3s0|fe80|id of|31000", written)


def test_three_forms_for_the_notebook():
    bundle = Changes(*PAIRS["came"])._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert set(Changes(*PAIRS["came"])._repr_mimebundle_(include={"text/html"})) == {"text/html"}


def test_marks_of_what_just_appeared_go_on_any_diagram():
    before, after = PAIRS["came"]
    fresh = Diagram(after, marks=marks(difference(before, after)))
    assert fresh.text.startswith("new: bbox01\n")
    assert Diagram(after) != fresh


# ---------------------------------------------------------------- the block


@pytest.fixture
def shown(monkeypatch) -> list[Changes]:
    seen: list[Changes] = []
    monkeypatch.setattr(module, "display", seen.append)
    return seen


def test_a_block_shows_itself_at_its_end(shown):
    looks = iter([wiring(ONE)])
    with Changes(wiring(), lambda: next(looks)) as changes:
        assert shown == []
    assert shown == [changes]
    assert [*changes.table.name, *changes.table.name].count("bbox01") == 2  # without another look


def test_within_the_block_it_says_what_changed_until_now(shown):
    looks = iter([wiring(), wiring(ONE), wiring()])
    with Changes(wiring(), lambda: next(looks)) as changes:
        assert changes.table.empty
        assert not changes.table.empty
    assert changes.table.empty


def test_an_error_in_the_block_is_seen_and_the_changes_are_kept(shown):
    with pytest.raises(ZeroDivisionError), Changes(wiring(), lambda: wiring(ONE)) as changes:
        raise ZeroDivisionError
    assert shown == [changes]
    assert not changes.table.empty


def test_an_engine_that_is_gone_does_not_hide_the_blocks_error(shown):
    def gone() -> Topology:
        raise EngineGone("killed")

    with pytest.raises(ZeroDivisionError), Changes(wiring(), gone):
        raise ZeroDivisionError
    with pytest.raises(EngineGone), Changes(wiring(), gone):
        pass
    assert shown == []


@pytest.mark.parametrize("wrong", [None, "bbox01", Diagram(wiring())])
def test_only_snapshots_can_be_compared(wrong):
    with pytest.raises(TypeError, match=r"must be results of lab\.snapshot\(\), not"):
        Changes(wrong, wiring())
    with pytest.raises(TypeError, match=r"must be results of lab\.snapshot\(\), not"):
        Changes(wiring(), wrong)
    with pytest.raises(TypeError, match="not function and"):
        Changes(lambda: wiring(), wiring())
