"""The three editions: plain data to plain data."""

from __future__ import annotations

import copy
import json

import pytest

from netbook.errors import WrongArgument
from netbook.handout import chapter, notes, workshop
from netbook.handout.edition import KINDS, edition
from tests.unit.handout.conftest import CHAPTERS, SMALL, read


def blocks(made, kind=None):
    return [b for cell in made["cells"] for b in cell["blocks"] if kind in (None, b["b"])]


@pytest.mark.parametrize("kind", KINDS)
def test_the_chapter_itself_stays(small, kind):
    before = copy.deepcopy(small)
    edition(small, kind)
    assert small == before


def test_the_readers_is_the_book(small):
    made = edition(small, "reader")
    assert made.pop("kind") == "reader"
    assert made == small


def test_a_students_chapter_tells_no_answer(one):
    """No picture, table or word stands where it answers a prediction; all of them stand in the key."""
    made = edition(one, "student")
    assert not blocks(made, "measured")
    for cell in made["cells"]:
        if "answers" in cell:
            assert {b["b"] for b in cell["blocks"]} <= {"code", "ran", "came"}, cell["id"]
    moved = [b for entry in made["key"] for b in entry["blocks"]]
    assert sum(b["b"] == "measured" for b in moved) == len(blocks(one, "measured"))
    figures = [b["alt"] for b in blocks(one, "figure")]
    kept = [b["alt"] for b in [*blocks(made, "figure"), *moved] if b["b"] == "figure"]
    assert sorted(kept) == sorted(figures)


def test_the_key_has_the_numbers_of_the_boxes(one):
    made = edition(one, "student")
    boxes = [b["number"] for b in blocks(made, "predict")]
    told = [n for entry in made["key"] for n in entry["numbers"]]
    assert set(told) <= set(boxes)
    came = [n for b in blocks(made, "came") for n in b["numbers"]]
    assert set(came) <= set(told)
    assert all(b["lines"] for b in blocks(made, "predict"))


def test_a_students_quiz_is_tick_boxes(one):
    made = edition(one, "student")
    for quiz in blocks(made, "quiz"):
        assert all("right" not in a and "reason" not in a for q in quiz["questions"] for a in q["answers"])
        assert [q["number"] for q in made["answers"]] == [q["number"] for q in quiz["questions"]]
        assert any(a["right"] for a in made["answers"][0]["answers"])


def test_a_folded_answer_is_moved(small):
    made = edition(small, "student")
    assert "It is" not in json.dumps(made["cells"])
    assert "It is" in json.dumps(made["key"])


def test_two_steps_to_one_answer_are_one_entry(small):
    numbers = [entry["numbers"] for entry in edition(small, "student")["key"]]
    assert numbers == [[1], [2], [], [3]]


def test_without_the_key(small):
    made = edition(small, "student", key=False)
    assert "key" not in made
    assert "answers" not in made


def test_a_teacher_has_solution_mistakes_and_hints():
    told = read(CHAPTERS[2])
    made = edition(told, "teacher", notes=notes.read(told))
    for exercise in blocks(made, "exercise"):
        aid = exercise["aid"]
        assert aid["solution"]
        assert aid["hints"]
        assert len(aid["mistakes"]) >= 3
    assert blocks(made, "remark")
    assert made["minutes"] == sum(b.get("minutes", 0) for b in blocks(made, "heading")) + 1  # its opening


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_notes_are_about_cells_that_are_there(path):
    notes.read(read(path))


def test_minutes_begin_sections():
    """Those of another cell would be lost."""
    for path in CHAPTERS:
        told = read(path)
        begins = {
            c["id"] for c in told["cells"] for b in c["blocks"] if b["b"] == "heading" and b["level"] == 2
        }
        assert set(notes.read(told).minutes) <= begins, path.stem


def test_notes_about_a_cell_that_is_gone(tmp_path, small):
    (tmp_path / "77.toml").write_text('[remarks]\nnowhere = "What?"\n', encoding="utf-8")
    with pytest.raises(WrongArgument, match=r"77.toml tells of cells .* nowhere"):
        notes.read(small, tmp_path)


def test_a_chapter_without_notes_gets_estimates(small):
    made = edition(small, "teacher")
    assert [b["minutes"] for b in blocks(made, "heading") if b["level"] == 2][-1] >= 9  # an exercise


def test_the_ways_through_the_book_are_there():
    made = workshop.front([read(path) for path in CHAPTERS])
    assert [cell["id"] for cell in made["cells"]] == ["workshop", "path-180", "path-420", "path-360"]


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        ('chapter = "55"\nminutes = 5\nwhat = "x"', "a chapter '55'"),
        ('chapter = "77"\ncells = ["measure"]\nminutes = 5\nwhat = "x"', "no section begins with measure"),
        ('what = "x"\nminutes = 4', "takes 4 minutes, and says 5"),
    ],
)
def test_a_way_that_leads_nowhere(tmp_path, small, stop, said):
    (tmp_path / "workshop.md").write_text("# A\n\nB\n", encoding="utf-8")
    way = f'[[path]]\ntitle = "W"\nminutes = 5\nlead = "L"\n[[path.stop]]\n{stop}\n'
    (tmp_path / "paths.toml").write_text(way, encoding="utf-8")
    with pytest.raises(WrongArgument, match=said):
        workshop.front([small], tmp_path)


def after_the_answer(tmp_path, *cells):
    """The student's small chapter with further cells right after the one that measures, and its first key."""
    notebook = json.loads(SMALL.read_text(encoding="utf-8"))
    place = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == "measure") + 1
    for name, kind, text in cells:
        cell = {"cell_type": kind, "id": name, "metadata": {}, "source": text if kind == "markdown" else name}
        shown = [{"output_type": "stream", "name": "stdout", "text": text}]
        notebook["cells"].insert(place, cell if kind == "markdown" else cell | {"outputs": shown})
        place += 1
    path = tmp_path / "77-more.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    made = edition(chapter.read(path), "student")
    return {cell["id"]: [b["b"] for b in cell["blocks"]] for cell in made["cells"]}, made["key"][0]["blocks"]


def test_a_cell_right_after_the_answer_tells_it_too(tmp_path):
    """There is room to note both, once; what only ran stays in its place."""
    kinds, key = after_the_answer(
        tmp_path, ("again", "code", "eth0 is the second\n"), ("quiet", "code", "$ docker ps\n")
    )
    assert (kinds["measure"], kinds["again"], kinds["quiet"]) == (
        ["code", "ran"],
        ["code", "came"],
        ["code", "ran"],
    )
    assert [b["b"] for b in key] == ["measured", "table", "out", "prose"]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("**Look.** Two.\n\nThat is few.", []),
        ("**Look.** Two.\n\nWhy so few? One is `lo`.", []),
        ("**Look.** Two.\n\nThat is few.\n\nThe book counts them:", []),
        ("**Look.** Two.\n\nNow count again.\n\nIt is easy.", ["prose"]),
        ("**Look.** Two.\n\nWho made them? The kernel did.", ["prose"]),
        ("**Look.** Two.\n\n- `lo`\n- `eth0`\n\n## The next", ["heading"]),
    ],
    ids=["told, then words", "why", "led on to words", "now", "asked", "a heading"],
)
def test_the_answer_ends_where_something_leads_on(tmp_path, words, left):
    kinds, key = after_the_answer(tmp_path, ("said", "markdown", words))
    assert kinds.get("said", []) == left
    assert [b["b"] for b in key] == ["measured", "table", "prose"]


def test_what_is_shown_after_the_words_tells_the_answer_unless_they_lead_to_it(tmp_path):
    said, list_ = "**Look.** Two.", ("list", "code", "lo, eth0\n")
    kinds, key = after_the_answer(tmp_path, ("said", "markdown", said), list_)
    assert kinds["list"] == ["code", "came"]
    assert [b["b"] for b in key] == ["measured", "table", "prose", "out", "prose"]
    kinds, key = after_the_answer(tmp_path, ("said", "markdown", said + "\n\nTheir names:"), list_)
    assert (kinds["said"], kinds["list"]) == (["prose"], ["code", "out"])
    assert [b["b"] for b in key] == ["measured", "table", "prose"]
