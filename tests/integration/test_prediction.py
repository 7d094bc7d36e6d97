"""A prediction in a real kernel: two outputs, equal when run again, and a figure that follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tests import execute
from tests import notebook_files as files
from tests.guards.integration import nested

LAB = 'from netbook import Lab\nlab = Lab("guess")\nfor name in ("one", "two"):\n    lab.run(f"{name}-guess")'
CELLS = {
    "lab": LAB,
    "ask": "guess = lab.predict()\nguess",
    "plain": 'lab.predict({("one-guess", "two-guess"): True})',
    "compare": 'guess.compare(lab.reachability("address"))',
    "reach": "lab.reachability()",
    "clean": "lab.clean()",
}


def ran(path: Path, cells: dict[str, str]) -> NotebookNode:
    made = [new_code_cell(source, id=name) for name, source in cells.items()]
    files.write_raw(new_notebook(cells=made, metadata=files.METADATA), path)
    assert execute.execute(path)
    return files.read(path)


def shown(notebook: NotebookNode, name: str) -> list[dict[str, str]]:
    outputs = next(cell for cell in notebook.cells if cell.id == name).outputs
    return [output.data for output in outputs if "data" in output]


@pytest.fixture(scope="module")
def path(docker_host: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("book") / "guess.ipynb"
    ran(found, CELLS)
    return found


def test_buttons_are_one_output_and_the_figure_is_another(path: Path) -> None:
    buttons, figure = shown(files.read(path), "ask")
    assert set(buttons) == {"text/plain"}  # stored; the widget itself lives with its kernel
    assert buttons["text/plain"] == "2 buttons, one for each pair: ?, yes or no"
    assert set(figure) == {"image/svg+xml", "text/html", "text/plain"}
    assert 'alt="My prediction: who reaches whom, by address: 0 of 2 pairs predicted."' in figure["text/html"]


def test_cells_given_show_a_figure_alone(path: Path) -> None:
    (figure,) = shown(files.read(path), "plain")
    assert "1 of 2 pairs predicted" in figure["text/plain"]


def test_compared_without_a_guess(path: Path) -> None:
    (figure,) = shown(files.read(path), "compare")
    assert figure["text/plain"].startswith("Predicted and measured, by address: 2 not attempted\n")


def test_nbval_finds_no_difference(path: Path) -> None:
    result = nested.run("-n0", path)
    assert result.code == 0, result.text
    assert f"{len(CELLS)} passed" in result.text


def test_the_figure_follows_the_buttons(docker_host: str, tmp_path: Path) -> None:
    press = 'for button in guess.form.buttons.values():\n    button.click()\nguess["two-guess", "one-guess"]'
    notebook = ran(tmp_path / "press.ipynb", CELLS | {"plain": press})
    assert shown(notebook, "plain")[0]["text/plain"] == "True"
    assert "2 of 2 pairs predicted" in shown(notebook, "ask")[1]["text/plain"]
    assert shown(notebook, "compare")[0]["text/plain"].startswith(
        "Predicted and measured, by address: 2 right\n"
    )
