"""By day a chapter's exercises are solved in its own run: their start takes long, and one serves both.

After each `task.check()`, which finds the exercise untouched, the solution and the check of the solved twin
are run and compared, and the picture of the goal is. What comes later in the chapter must show what the twin
has stored: the same, but for what `lab.clean()` removes (tests/guards/test_solved.py). By night chapters and
twins are run apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from tests import notebook_files as files
from tests.frame.day import SOLVED, is_night

CHECK = "task.check()"
_PICTURE = "from tests import goals\ngoals.stale(task.exercise, task.workspace.look()[1])"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.pluginmanager.hasplugin("nbval") and not is_night():
        items[:] = [each for item in items for each in _solving(item)]


def _solving(item: Any) -> Iterator[pytest.Item]:
    """A test, and those that follow it: of a chapter's cell, what its twin has there."""
    from nbval.plugin import IPyNbCell

    if not isinstance(item, IPyNbCell) or not (twin := _twin(item.path)):
        yield item
        return
    chapter = [cell for cell in item.parent.nb.cells if cell.cell_type == "code"]
    item.cell, *more = cells(chapter, twin, item.cell_num)
    yield item
    for name, cell in zip(("solution", "solved", "picture"), more, strict=False):  # or none of them
        options = defaultdict(bool, check=item.parent.compare_outputs)
        yield IPyNbCell.from_parent(
            item.parent, name=f"{item.name}, {name}", cell_num=item.cell_num, cell=cell, options=options
        )


@cache
def _twin(path: Path) -> tuple[NotebookNode, ...]:
    """The code cells of the solved twin of a chapter of the book; () for any other notebook."""
    twin = SOLVED / path.name
    if path.parent != files.NOTEBOOKS or not twin.exists():
        return ()
    return tuple(cell for cell in files.read(twin).cells if cell.cell_type == "code")


def cells(
    chapter: Sequence[NotebookNode], twin: Sequence[NotebookNode], number: int
) -> Iterator[NotebookNode]:
    """What is run in the place of a chapter's code cell: it, or its twin's, once an exercise was solved."""
    cell = chapter[number]
    begun = any(earlier.source == CHECK for earlier in chapter[:number])
    yield twin[number] if begun and cell.source == twin[number].source != CHECK else cell
    if cell.source == CHECK:
        yield from (twin[number - 1], twin[number], _picture())


def _picture() -> NotebookNode:
    """A cell that says what is wrong with the kept picture of the goal: nothing."""
    nothing = nbformat.v4.new_output("execute_result", data={"text/plain": "''"}, execution_count=1)
    return nbformat.v4.new_code_cell(_PICTURE, outputs=[nothing], execution_count=1)
