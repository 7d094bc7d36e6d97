"""The matrix as a picture: everything in it, nothing cut, nothing that only a colour says."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from netbook.drawing import matrix, palette, svg
from netbook.drawing.shapes import Picture, Shape
from tests.fixtures.wirings import names
from tests.unit.diagram.test_diagram import contrast

YES = matrix.Cell("full", "✓", "yes")
PART = matrix.Cell("half", "◐", "address only", "b", "addr")
NO = matrix.Cell("empty", "✗", "no", "a")
LONG = matrix.Cell("open", "…", "not attempted", "a", "yes", "it is yes")
SELF = matrix.Cell("self", "–")
LEGEND = ["a – by address: no reply, by name: bad address", "no reply: sent, and nothing came back " * 4]


def picture(names: list[str], title: str = "Who reaches whom", cells=(YES, PART, NO)) -> Picture:
    pairs = [(a, b) for a in names for b in names]
    found = {(a, b): SELF if a == b else cells[i % len(cells)] for i, (a, b) in enumerate(pairs)}
    return matrix.plan(names, found, title, LEGEND)


def cells_of(picture: Picture) -> list[Shape]:
    return [shape for shape in picture.shapes if shape.kind != "heading"]


def check(drawn: Picture) -> None:
    for shape in drawn.shapes:
        for label in shape.labels:
            if label.upright:
                low, high = label.span
                assert label.x - label.size >= 0
                assert label.x <= drawn.width
                assert label.y - (high - low) >= 30, "it reaches into the title"
                assert label.y <= drawn.height
                continue
            low, high = label.span
            assert low >= 0
            assert high <= drawn.width
            assert 0 <= label.y <= drawn.height
    for shape in cells_of(drawn):
        for label in shape.labels:
            low, high = label.span
            assert shape.rect.x <= low
            assert high <= shape.rect.right
            assert shape.rect.y <= label.y <= shape.rect.bottom
        for a, b in combinations(shape.labels, 2):
            apart = a.span[1] <= b.span[0] or b.span[1] <= a.span[0] or abs(a.y - b.y) >= min(a.size, b.size)
            assert apart, (a, b)


@pytest.mark.parametrize("cells", [(YES, NO), (YES, PART, NO), (LONG,)])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6, 9, 15, 30])
def test_nothing_is_cut_and_no_two_texts_touch(number, cells):
    check(picture([f"default_bbox{i:02}" for i in range(number)], cells=cells))


@given(
    st.lists(names | st.just("容器一号"), unique=True, max_size=30),
    st.sampled_from(["", "三十个容器：谁能到达谁", "W " * 80]),
)
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_names_fit(names, title):
    check(picture(names, title))


@pytest.mark.parametrize("number", [2, 9, 30])
def test_a_page_is_wide_enough(number):
    assert picture([f"bbox{i:02}" for i in range(number)]).width <= matrix.WIDTH


@pytest.mark.parametrize("number", [3, 30])
def test_each_cell_has_a_symbol_and_a_word(number):
    for shape in cells_of(picture([f"bbox{i:02}" for i in range(number)])):
        said = {word for label in shape.labels for word in label.text.split()}
        assert said & {"–"} or (said & {"✓", "✗", "◐"} and said & {"yes", "no", "addr", "address"})


def test_light_and_dark_are_far_apart_and_text_has_contrast():
    fills = {kind: svg._STYLES[kind]["fill"] for kind in ("full", "half", "empty", "open")}
    assert contrast(fills["full"], fills["half"]) >= 3
    assert contrast(fills["full"], palette.PAPER) >= 4.5
    assert contrast(fills["half"], palette.INK) >= 4.5


def test_same_matrix_same_bytes():
    drawn = [svg.draw(picture(["bbox01", "bbox02"]), "title", "words") for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert ET.fromstring(drawn[0]).get("role") == "img"


def test_upright_text_is_turned_about_its_own_place():
    drawn = svg.draw(picture([f"bbox{i:02}" for i in range(30)]), "title", "words")
    turned = [e for e in ET.fromstring(drawn).iter() if "transform" in e.attrib]
    assert [e.text for e in turned] == [f"bbox{i:02}" for i in range(30)]
    assert all(e.get("transform") == f"rotate(-90 {e.get('x')} {e.get('y')})" for e in turned)
