"""Who reaches whom, once it is measured: tables, words, picture, and the way on the wiring."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netbook.errors import NotFound
from netbook.model.programs import Answer
from netbook.reach.reachability import Reachability
from netbook.topology.graph import Box, Topology
from tests.fixtures.wirings import bridge, port, rider, topologies, topology
from tests.unit.diagram.test_diagram import chapter_8, texts


def answers(**reasons: str) -> list[Answer]:
    """`a_b="no reply/bad address"`: by address and by name; empty for yes."""
    found = []
    for pair, said in reasons.items():
        a, b = pair.split("_")
        for by, reason in zip(("address", "name"), said.split("/"), strict=False):
            state = "?" if reason in ("paused", "not running") else "no" if reason else "yes"
            found.append(Answer(a, b, by, "10.0.0.2", state, reason))
    return found


THREE = answers(
    a_b="/", a_c="no reply/bad address", b_a="/", b_c="/bad address", c_a="paused/paused", c_b="paused/paused"
)


@pytest.fixture
def three() -> Reachability:
    return Reachability("abc", THREE)


def test_table(three):
    assert three.table.to_dict("index") == {
        "a": {"a": "–", "b": "yes", "c": "no"},
        "b": {"a": "yes", "b": "–", "c": "address only"},
        "c": {"a": "?", "b": "?", "c": "–"},
    }
    assert (three.table.index.name, three.table.columns.name) == ("from", "to")


def test_one_way_of_asking_has_plain_yes_and_no():
    by_name = Reachability("abc", [a for a in THREE if a.by == "name"], "name")
    assert by_name.table.loc["b"].tolist() == ["yes", "–", "no"]
    assert by_name.why("b", "c") == "bad address"


def test_why(three):
    assert three.why("a", "b") == ""
    assert three.why("a", "c") == "by address: no reply, by name: bad address"
    assert three.why("a", "c", "name") == "bad address"
    assert three.why("b", "c") == "by name: bad address"
    assert three.why("c", "a") == "paused"


def test_reasons_has_one_row_per_ping(three):
    assert list(three.reasons) == ["source", "target", "by", "address", "answer", "reason"]
    assert len(three.reasons) == 12
    assert three.reasons.query("source == 'a' and target == 'c'").reason.tolist() == [
        "no reply", "bad address"
    ]  # fmt: skip


def test_an_address_in_vain_is_no_reason_when_another_answers():
    tried = [
        Answer("a", "b", "address", "172.17.0.2", "no", "no reply"),
        Answer("a", "b", "address", "10.0.0.2"),
    ]
    found = Reachability("ab", [*tried, Answer("b", "a", "address", "10.0.0.1")], "address")
    assert (found.verdict("a", "b"), found.why("a", "b")) == ("yes", "")
    assert "no reply" not in found.text + found.alt + "".join(ET.fromstring(found.svg).itertext())


def test_text(three):
    assert three.text.splitlines() == [
        "Who reaches whom, by address and by name",
        "  a",
        "    yes: b",
        "    no (by address: no reply, by name: bad address): c",
        "  b",
        "    yes: a",
        "    address only (by name: bad address): c",
        "  c",
        "    not asked (paused): a, b",
    ]
    assert repr(three) == three.text


def test_alt(three):
    assert three.alt.startswith(
        "Who reaches whom, by address and by name: 3 containers, 6 pairs: "
        "2 yes, 1 address only, 1 no, 2 not asked. a: yes: b; no ("
    )


def test_alt_of_many_is_short():
    names = [f"bbox{i:02}" for i in range(30)]
    every = [Answer(a, b, "address", "", "no", "no reply") for a in names for b in names if a != b]
    alt = Reachability(names, every, "address").alt
    assert alt.endswith("870 no. 870 pairs: no reply.")
    assert len(alt) < 200


def test_picture_names_reasons_by_letters_and_explains_them(three):
    written = "\n".join(texts(three))
    assert "a – by address: no reply, by name: bad address" in written
    assert "bad address: no such name" in written
    assert "✗ no" in written
    assert "◐ by address, but not by name" in written


def test_sorted_as_people_count():
    found = Reachability(
        ["bbox10", "bbox2"], [Answer("bbox10", "bbox2", "name"), Answer("bbox2", "bbox10", "name")]
    )
    assert list(found.table) == ["bbox2", "bbox10"]


def test_same_answers_same_bytes_in_any_order(three):
    other = Reachability("cba", THREE[::-1])
    assert other._repr_mimebundle_() == three._repr_mimebundle_()


def test_three_forms(three):
    bundle = three._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    alt, data = re.fullmatch(
        r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,(.*)">', bundle["text/html"]
    ).groups()
    assert alt == three.alt
    assert base64.b64decode(data).decode() == bundle["image/svg+xml"]


def test_title_is_in_every_form():
    found = Reachability("ab", answers(a_b="/", b_a="/"), title="谁能到达谁")
    assert all("谁能到达谁" in form for form in (found.text, found.alt, found.svg))


@pytest.mark.parametrize("names", ["", "a"])
def test_nobody_or_one_alone(names):
    found = Reachability(names, [])
    assert found.table.shape == (len(names), len(names))
    assert ET.fromstring(found.svg) is not None
    assert found.text


# ---------------------------------------------------------------- the way


def reach(source: str, target: str, reason: str = "", address: str = "", wiring: Topology | None = None):
    wiring = wiring or chapter_8()
    names = [name for box in wiring.boxes for name in box.containers]
    state = "no" if reason else "yes"
    every = [Answer(a, b, "address", address, state, reason) for a in names for b in names if a != b]
    return Reachability(names, every, "address", look=lambda: wiring).diagram(source, target)


def last(diagram) -> str:
    return diagram.text.splitlines()[-1]


def test_way_on_a_shared_network():
    assert last(reach("default_bbox01", "custom_bbox02", address="172.18.0.3")) == (
        "the way: default_bbox01 eth1 → bridge of custom_network → custom_bbox02 eth0"
    )
    assert last(reach("default_bbox02", "default_bbox01")) == (
        "the way: default_bbox02 eth0 → docker0 → default_bbox01 eth0"
    )


def test_way_that_breaks_at_the_bridge():
    drawn = reach("default_bbox02", "custom_bbox01", "no reply", "172.18.0.2")
    assert last(drawn) == "the way: default_bbox02 eth0 → docker0 ✗ no reply"
    assert "✗ no reply" in texts(drawn)
    assert drawn.title == "default_bbox02 → custom_bbox01: no reply"
    assert drawn.alt.endswith("The way: default_bbox02 eth0 → docker0 ✗ no reply.")


def test_way_that_never_begins():
    drawn = reach("custom_bbox01", "default_bbox02", "network unreachable")
    assert last(drawn) == "the way: custom_bbox01 ✗ network unreachable"


def test_no_way_leads_to_one_that_lost_its_network_since_it_answered():
    on = bridge("bridge")
    wiring = topology(Box(("one",), "own", (port(on),)), Box(("left",), "none"), bridges=[on])
    assert last(reach("one", "left", wiring=wiring)) == "the way: one ✗ no network any more"
    assert last(reach("left", "one", wiring=wiring)) == "the way: left ✗ no network any more"


def test_only_the_way_glows():
    drawn = reach("default_bbox01", "custom_bbox02", address="172.18.0.3")
    lit = [e for e in ET.fromstring(drawn.svg).iter() if e.get("stroke") == "#ffd24d"]
    boxes = [e for e in lit if e.tag.endswith("rect")]
    wires = [e for e in lit if e.tag.endswith("path")]
    assert (len(boxes), len(wires)) == (5, 2)  # two boxes with a port each, one bar; two cables of five


def test_way_within_one_namespace_and_from_and_to_the_host():
    on = bridge("bridge")
    wiring = topology(
        Box(("one", "two"), "own", (port(on),)),
        Box(("hosted",), "host"),
        Box(("other",), "host"),
        bridges=[on],
    )
    assert last(reach("one", "two", wiring=wiring)) == "the way: one → two"
    assert last(reach("two", "hosted", wiring=wiring)) == "the way: two eth0 → docker0 → hosted"
    assert last(reach("hosted", "two", wiring=wiring)) == "the way: hosted → docker0 → two eth0"
    assert last(reach("hosted", "other", wiring=wiring)) == "the way: hosted → other"


def test_way_over_what_is_not_drawn():
    """macvlan has no bridge."""
    riders = [Box((name,), "own", (rider("lan", 2 + i),)) for i, name in enumerate(("one", "two"))]
    assert last(reach("one", "two", wiring=topology(*riders, bridges=[]))) == (
        "the way: one eth0 → the host's interfaces → two eth0"
    )


def test_way_to_a_macvlan_upon_a_bridge():
    shop = bridge("shop", 2)
    upon = replace(rider("lan"), parent=shop.name)
    boxes = [Box(("one",), "own", (upon,)), Box(("two",), "own", (port(shop),))]
    wiring = topology(*boxes, bridges=[shop])
    assert last(reach("one", "two", wiring=wiring)) == "the way: one eth0 → bridge of shop → two eth0"


def test_way_over_a_bridge_that_is_not_the_books():
    theirs = bridge("theirs", 2, owned=False)
    boxes = [Box((name,), "own", (port(theirs, 2 + i),)) for i, name in enumerate(("one", "two"))]
    wiring = topology(*boxes, bridges=[theirs, bridge("unused", 3, owned=False)]).owned()
    assert last(reach("one", "two", wiring=wiring)) == "the way: one eth0 → bridge of theirs → two eth0"
    broken = reach("one", "two", "no reply", wiring=wiring)
    assert "✗ no reply" in texts(broken)
    assert "unused" not in broken.text


@given(topologies(), st.data())
@settings(max_examples=40, deadline=None)
def test_every_way_can_be_drawn(wiring, data):
    names = [name for box in wiring.boxes for name in box.containers]
    assume(len(names) > 1)
    a, b = data.draw(st.permutations(names))[:2]
    reason = data.draw(st.sampled_from(["", "no reply", "bad address", "not running", "no address"]))
    drawn = reach(a, b, reason, wiring=wiring)
    assert ET.fromstring(drawn.svg) is not None
    one, other = wiring.box(a), wiring.box(b)
    apart = one is not other and not one.mode == other.mode == "host"
    unplugged = apart and any(not box.ports and box.mode != "host" for box in (one, other))
    assert ("✗" in drawn.text) is (bool(reason) or unplugged)


def test_way_of_containers_that_are_not_there(three):
    with pytest.raises(NotFound, match=r"'x': not in this matrix(.|\n)*a, b, c"):
        three.diagram("a", "x")
    with pytest.raises(NotFound, match="gone since"):
        three.diagram("a", "b")  # its topology is empty
    with pytest.raises(ValueError, match="two containers"):
        three.diagram("a", "a")
    with pytest.raises(ValueError, match="by address"):
        Reachability("ab", [Answer("a", "b", "address")], "address").diagram("a", "b", by="name")
