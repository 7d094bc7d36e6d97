"""A notebook as plain data, and what of it a handout cannot set."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from netbook.errors import SetupError, UnknownMarkup
from netbook.handout import chapter, links, outputs, prose
from tests.unit.handout.conftest import CHAPTERS, SMALL, read


def test_the_small_chapter_is_this_data(small):
    golden = json.loads(SMALL.with_suffix(".model.json").read_text(encoding="utf-8"))
    assert small == golden


def test_every_prediction_is_answered_once_it_was_asked(one):
    asked: set[int] = set()
    answered: set[int] = set()
    for cell in one["cells"]:
        numbers = set(cell.get("answers", []))
        assert numbers <= asked, cell["id"]
        answered |= numbers
        for block in cell["blocks"]:
            if block["b"] == "measured":
                assert block["number"] in numbers, cell["id"]
            if block["b"] == "predict":
                asked.add(block["number"])
    assert answered == asked == set(range(1, len(asked) + 1))


def test_every_exercise_has_goals(one):
    exercises = [b for cell in one["cells"] for b in cell["blocks"] if b["b"] == "exercise"]
    assert all(exercise["goals"] and exercise["c"] for exercise in exercises)


def test_every_picture_has_its_whole_sentence(one):
    pictures = [b for cell in one["cells"] for b in cell["blocks"] if b["b"] == "figure"]
    assert all(len(picture["alt"]) > 20 and picture["width"] > 0 for picture in pictures)


def test_no_level_of_headings_is_left_out(one):
    levels = [1] + [b["level"] for cell in one["cells"] for b in cell["blocks"] if b["b"] == "heading"]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_link_is_known():
    for path in CHAPTERS:
        links.resolved(read(path), {}, {})


@pytest.mark.parametrize(
    "source",
    [
        "![a picture](x.png)",
        "<b>bold</b>",
        "<div>a box</div>",
        "<details><summary>One</summary>\n\nno end",
        "one\n\n---\n\ntwo",
    ],
)
def test_unknown_words_are_named(source):
    with pytest.raises(UnknownMarkup, match=r"here: a handout does not know how to set"):
        prose.parse(source, "here")


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": "AAAA", "text/plain": "a plot"},
        {"text/html": "<iframe></iframe>", "text/plain": "x"},
        {"text/latex": "$x$", "text/plain": "x"},
    ],
)
def test_unknown_outputs_are_named(data):
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    with pytest.raises(UnknownMarkup, match=r"05-x, cell y: a handout does not know"):
        outputs.blocks(output, "05-x, cell y")


def test_unknown_links_are_named():
    with pytest.raises(UnknownMarkup, match=r"file:///etc"):
        links.resolved({"t": "link", "url": "file:///etc", "c": []}, {}, {})


def changed(tmp_path: Path, change) -> Path:
    notebook = json.loads(SMALL.read_text(encoding="utf-8"))
    change(notebook["cells"])
    path = tmp_path / "77-changed.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_a_judge_without_its_guess_is_named(tmp_path):
    def change(cells):
        cells[:] = [cell for cell in cells if cell["id"] != "guess"]

    with pytest.raises(UnknownMarkup, match=r"cell measure: .* answers to the guesses guess"):
        chapter.read(changed(tmp_path, change))


def test_what_was_never_executed_is_refused_by_name(tmp_path):
    def change(cells):
        for cell in cells:
            if cell["cell_type"] == "code":
                cell["outputs"] = []

    with pytest.raises(SetupError, match=r"77-changed.ipynb was never executed"):
        chapter.read(changed(tmp_path, change))


@pytest.mark.parametrize("text", ["", "{}", '{"cells": 3}', "not JSON"])
def test_what_is_no_notebook_is_refused_by_name(tmp_path, text):
    path = tmp_path / "78-broken.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=r"78-broken.ipynb (is no notebook|was never executed)"):
        chapter.read(path)


def frame(head: str, *rows: str) -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="dataframe"><thead>{head}</thead><tbody>{body}</tbody></table>'


@pytest.mark.parametrize(
    ("markup", "head", "rows", "named"),
    [
        (
            frame("<tr><th></th><th></th><th>up</th></tr><tr><th>box</th><th>port</th><th></th></tr>",
                  '<th rowspan="2">a</th><th>lo</th><td>1</td>', "<th>eth0</th><td>2</td>"),
            ["box", "port", "up"], [["a", "lo", "1"], ["a", "eth0", "2"]], True,
        ),
        (
            frame("<tr><th>to</th><th>a</th></tr><tr><th>from</th><th></th></tr>", "<th>b</th><td>yes</td>"),
            ["from ↓ to →", "a"], [["b", "yes"]], True,
        ),
        (frame("<tr><th></th><th>a</th></tr>", "<th>4</th><td>x</td>"), ["a"], [["x"]], False),
        (frame("<tr><th></th><th>a</th></tr>"), ["", "a"], [], True),
    ],
    ids=["two names a row", "a matrix", "numbered", "empty"],
)  # fmt: skip
def test_tables(markup, head, rows, named):
    output = {"output_type": "execute_result", "data": {"text/html": markup, "text/plain": "x"}}
    assert outputs.blocks(output, "here") == [{"b": "table", "head": head, "rows": rows, "named": named}]


def test_a_film_stands_alone_and_its_table_below_it():
    film = '<style>x</style><div class="netbook-journey"><img alt="One packet." src="data:,"></div>'
    markup = f"<p>a pings b: <b>no</b> reply.</p>\n{film}\n" + frame(
        "<tr><th></th><th>a</th></tr>", "<th>0</th><td>x</td>"
    )
    svg = '<?xml version="1.0"?>\n<svg width="4" viewBox="0 0 4 2"></svg>'
    data = {"text/html": markup, "image/svg+xml": svg, "text/plain": "x"}
    words, picture, table = outputs.blocks({"output_type": "display_data", "data": data}, "here")
    assert words["text"] == "a pings b: no reply."
    assert picture["film"] == film
    assert picture["svg"].startswith("<svg")
    assert (picture["alt"], picture["width"]) == ("One packet.", 4.0)
    assert table["rows"] == [["x"]]


def test_a_picture_file_stands_in_the_text(tmp_path):
    def change(cells):
        cells[1]["source"] += "\n\n![One box, and nothing else](box.svg)"

    path = changed(tmp_path, change)
    with pytest.raises(UnknownMarkup, match=r"cell goals: .*the picture box.svg"):
        chapter.read(path)
    (tmp_path / "box.svg").write_text('<svg width="9" viewBox="0 0 9 9"></svg>', encoding="utf-8")
    *_, picture = chapter.read(path)["cells"][1]["blocks"]
    assert (picture["b"], picture["alt"], picture["width"]) == ("figure", "One box, and nothing else", 9.0)


def test_a_matrix_to_fill_in_is_no_answer():
    """Its comparison with what was measured is."""
    told = read(next(path for path in CHAPTERS if path.stem.startswith("08")))
    cells = {cell["id"]: cell for cell in told["cells"]}
    matrix = cells["predict-by-address"]
    assert [b["b"] for b in matrix["blocks"]] == ["code", "ran", "figure"]
    assert "answers" not in matrix
    assert cells["compare-guess"]["answers"]
