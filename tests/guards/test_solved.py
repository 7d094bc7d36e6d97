"""The solved twins are what the chapters and the exercises say."""

from __future__ import annotations

import nbformat
import pytest

from netbook.learn import exercises
from tests import notebook_files as files
from tests import solved

CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell


def test_all_are_current() -> None:
    assert not [path.name for path in solved.stale()], "python tests/solved.py --write"


def test_all_are_solved() -> None:
    """After each solution the next check has said so."""
    for path in files.chapters(solved.FOLDER):
        cells = [cell for cell in files.read(path).cells if cell.cell_type == "code"]
        for here, cell in enumerate(cells):
            if solved.SOLVED in (cell.metadata.get("tags") or []):
                check = next(c for c in cells[here:] if "task.check()" in c.source)
                said = "".join(output.get("data", {}).get("text/plain", "") for output in check.outputs)
                assert said.startswith("Solved."), f"{path.name}, {check.id}: {said}"


def test_a_twin_shows_what_its_chapter_shows() -> None:
    """Up to the reader's first turn: by day they are run on two engines (tests/frame/day.py)."""
    for path in files.chapters(solved.FOLDER):
        pairs = zip(files.read(files.NOTEBOOKS / path.name).cells, files.read(path).cells, strict=True)
        for cell, twin in pairs:
            tags = cell.metadata.get("tags") or []
            if solved.TURN in tags:
                break
            if "nbval-ignore-output" not in tags:
                assert twin.get("outputs") == cell.get("outputs"), f"{path.name}: {cell.id}"


def chapter() -> nbformat.NotebookNode:
    turn = CODE("# your turn", metadata={"tags": [solved.TURN]})
    cells = [
        TEXT("# Title\n\nSee [the next](08-talk.ipynb), [a page](https://docs.docker.com/), [here](#recap)."),
        CODE('task = lab.task("07-move")\ntask'),
        turn,
        CODE("task.check()", outputs=[nbformat.v4.new_output("stream", text="Not yet.")]),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_twin_has_the_solution_and_nothing_that_was_shown() -> None:
    made = chapter()
    twin = solved.solved(made)
    assert twin.cells[2].source == exercises.find("07-move").solution.strip()
    assert twin.cells[2].metadata["tags"] == [solved.SOLVED]
    assert not twin.cells[3].outputs
    links = "[the next](../08-talk.ipynb), [a page](https://docs.docker.com/), [here](#recap)"
    assert twin.cells[0].source == f"# Title: solved\n\nSee {links}."
    assert [cell.id for cell in twin.cells] == [cell.id for cell in made.cells]
    assert made.cells[2].source == "# your turn"


def test_a_turn_without_a_task_is_an_error() -> None:
    made = chapter()
    made.cells[1].source = "lab"
    with pytest.raises(ValueError, match="no cell before it"):
        solved.solved(made)
