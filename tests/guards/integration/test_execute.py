"""The chapter authors' tool: what it stores, and when it stores nothing."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests import execute
from tests import notebook_files as files

SOURCES = {"value": "6 * 7", "text": "for n in range(3):\n    print(n, flush=True)", "end": "None"}


@pytest.fixture
def path(tmp_path):
    cells = [new_code_cell(source, id=name) for name, source in SOURCES.items()]
    cells[0].metadata = {"execution": {"iopub.status.busy": "…"}, "tags": ["mine"]}
    metadata = {"language_info": {"name": "python", "version": "3.9"}, "widgets": {}}
    files.write_raw(new_notebook(cells=cells, metadata=metadata), tmp_path / "some.ipynb")
    return tmp_path / "some.ipynb"


def add(path, source, *tags):
    notebook = files.read(path)
    notebook.cells.append(new_code_cell(source, id="added", metadata={"tags": list(tags)}))
    files.write_raw(notebook, path)


def test_it_stores_outputs_and_nothing_that_changes(path):
    assert execute.execute(path)
    notebook = files.read(path)
    assert notebook.metadata == files.METADATA
    value, text, end = notebook.cells
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert value.metadata == {"tags": ["mine"]}
    assert value.outputs[0].data == {"text/plain": "42"}
    assert text.outputs == [new_output("stream", name="stdout", text="0\n1\n2\n")]
    assert end.outputs == []


def test_a_second_run_changes_nothing(path, capsys):
    execute.execute(path)
    before = path.read_bytes()
    execute.execute(path)
    assert path.read_bytes() == before
    assert "same as before" in capsys.readouterr().out


def test_a_cell_that_raises_leaves_the_file_as_it_was(path, capsys):
    add(path, "1 / 0")
    before = path.read_bytes()
    assert not execute.execute(path)
    assert path.read_bytes() == before
    assert "cell 'added' raised" in capsys.readouterr().err


def test_an_announced_error_is_stored_without_paths(path):
    add(path, "1 / 0", "raises-exception")
    assert execute.execute(path)
    [error] = files.read(path).cells[-1].outputs
    assert error.traceback == ["ZeroDivisionError: division by zero"]


def test_keep(path):
    add(path, "1 / 0")
    assert not execute.execute(path, keep=True)
    assert files.read(path).cells[0].execution_count == 1
