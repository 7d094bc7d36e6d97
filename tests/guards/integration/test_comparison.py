"""The book's main promise: a chapter whose output changed fails, one that is as it was passes."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import execute
from tests import notebook_files as files
from tests.guards.integration import nested

CELLS = {
    "lab": 'from netbook import Lab\nlab = Lab("comparison")',
    "run": 'bbox01 = lab.run("bbox01-comparison")',
    "table": "bbox01.ip_addr()",
    "text": 'print("state:", bbox01.state)',
    "figure": "lab.diagram()",
    "error": 'lab.container("nobody-has-this-name")',
    "time": 'bbox01.exec("ping", "-c", "1", "127.0.0.1").stdout.splitlines()[1]',
    "clean": "lab.clean()",
}


@pytest.fixture(scope="module")
def chapter(docker_host, tmp_path_factory):
    """A small chapter that ran on the engine."""
    path = tmp_path_factory.mktemp("book") / "mini.ipynb"
    cells = [new_code_cell(source, id=name) for name, source in CELLS.items()]
    notebook = new_notebook(cells=cells, metadata=files.METADATA)
    cell(notebook, "error").metadata["tags"] = ["raises-exception"]
    files.write_raw(notebook, path)
    assert execute.execute(path)
    return path


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def replace(notebook, name, kind, old, new):
    """Change one MIME type of a cell's first output that has it."""
    output = next(o for o in cell(notebook, name).outputs if kind in o.get("data", {}))
    assert old in output.data[kind]
    output.data[kind] = output.data[kind].replace(old, new)


def test_unchanged_passes(chapter):
    result = nested.run("-n0", chapter)
    assert result.code == 0, result.text
    assert f"{len(CELLS)} passed" in result.text


def test_every_changed_output_fails(chapter, tmp_path):
    notebook = files.read(chapter)
    replace(notebook, "table", "text/html", "127.0.0.1", "127.0.0.2")
    cell(notebook, "text").outputs[0].text += "and more\n"
    replace(notebook, "figure", "image/svg+xml", "bbox01", "bbox02")
    cell(notebook, "error").outputs[0].evalue = "another message"
    cell(notebook, "run").outputs = []
    cell(notebook, "clean").outputs.append(nbformat.v4.new_output("stream", text="gone since\n"))
    path = tmp_path / "changed.ipynb"
    files.write_raw(notebook, path)
    result = nested.run("-n0", path)
    assert result.code == 1, result.text
    order = list(CELLS)
    changed = ("run", "table", "text", "figure", "error", "clean")
    assert [int(f.removeprefix("Cell ")) for f in result.failed()] == [order.index(name) for name in changed]


def test_a_cell_that_begins_to_raise_fails(chapter, tmp_path):
    notebook = files.read(chapter)
    cell(notebook, "text").source += '\nraise RuntimeError("since today")'
    path = tmp_path / "raises.ipynb"
    files.write_raw(notebook, path)
    result = nested.run("-n0", path)
    assert result.code == 1
    assert result.failed() == [f"Cell {list(CELLS).index('text')}"]
    assert "since today" in result.text
