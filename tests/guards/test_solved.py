"""The solved twins are what the chapters and the exercises say."""

from __future__ import annotations

import nbformat
import pytest

from netbook.learn import exercises
from tests import notebook_files as files
from tests import solved
from tests.frame import solving

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
    """All but the exercises and the list of what is cleaned away: by day they are one run."""
    for path in files.chapters(solved.FOLDER):
        pairs = zip(files.read(files.NOTEBOOKS / path.name).cells, files.read(path).cells, strict=True)
        for cell, twin in pairs:
            tags = cell.metadata.get("tags") or []
            its_own = solved.TURN in tags or cell.source in (solving.CHECK, "lab.clean()")
            if not its_own and "nbval-ignore-output" not in tags:
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


def test_by_day_a_chapter_and_its_twin_are_one_run() -> None:
    """Found untouched, then solved; and what comes later shows what the twin does."""
    sources = ('lab.task("07-move")', "# your turn", solving.CHECK, "table", "lab.clean()")
    untouched = [CODE(source) for source in sources]
    twin = [CODE("solution" if source == "# your turn" else source) for source in sources]
    run = [list(solving.steps(untouched, twin, number)) for number in range(len(sources))]
    assert [[step.name for step in steps] for steps in run] == [
        ["itself"],
        ["itself"],
        ["itself", "solution", "solved", "picture"],
        ["itself"],
        ["itself"],
    ]
    assert [steps[0].cell for steps in run] == [*untouched[:3], *twin[3:]]
    assert [step.cell for step in run[2][1:3]] == twin[1:3]


@pytest.mark.parametrize("identity", exercises.every())
def test_by_day_a_mistake_comes_first_in_one_of_each_chapter(identity: str) -> None:
    """Where the solution does not mend it, the exercise is begun anew."""
    cells = [CODE(source) for source in (f'task = lab.task("{identity}")', "# your turn", solving.CHECK)]
    run = {step.name: step for step in solving.steps(cells, cells, 2)}
    exercise = exercises.find(identity)
    here = [m for one in exercises.every().values() if one.chapter == exercise.chapter for m in one.mistakes]
    mended = [mistake for mistake in here if mistake.mended]
    mistake = (mended or here)[0]
    assert ("mistake" in run) == (mistake in exercise.mistakes)
    if "mistake" in run:
        assert run["mistake"].cell.source == mistake.program
        assert mistake.says.split()[0] in run["told"].cell.outputs[0].data["text/plain"]
        assert ("start" in run) == run["solution"].compared == (not mended)
