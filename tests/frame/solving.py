"""By day a chapter's exercises are solved in its own run: their start takes long, and one serves all.

After each `task.check()`, which finds the exercise untouched, the solution and the check of the solved twin
are run and compared, and the picture of the goal is. In one exercise of each chapter a foreseen mistake comes
first, and its sentence is told: one from which the solution leads on, if there is one, for a new start takes
long. What comes later in the chapter must show what the twin has stored: the same, but for what `lab.clean()`
removes (tests/guards/test_solved.py). By night chapters and twins are run apart, and all mistakes are made.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.lib.pretty import pretty
from nbformat import NotebookNode

from netbook.learn import exercises
from netbook.learn.exercise import Mistake
from tests import notebook_files as files
from tests.frame.day import SOLVED, is_night

CHECK = "task.check()"
_TOLD = "now = task.judged()\nnow.state, now.told"
_PICTURE = "from tests import goals\ngoals.stale(task.exercise, task.workspace.look()[1])"


@dataclass(frozen=True)
class Step:
    """One cell that is run in the place of a chapter's, or after it; `compared` with what it has stored."""

    name: str
    cell: NotebookNode
    compared: bool = True


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
    itself, *more = steps(chapter, twin, item.cell_num)
    item.cell = itself.cell
    yield item
    for step in more:
        options = defaultdict(bool, check=step.compared and item.parent.compare_outputs)
        name = f"{item.name}, {step.name}"
        yield IPyNbCell.from_parent(
            item.parent, name=name, cell_num=item.cell_num, cell=step.cell, options=options
        )


@cache
def _twin(path: Path) -> tuple[NotebookNode, ...]:
    """The code cells of the solved twin of a chapter of the book; () for any other notebook."""
    twin = SOLVED / path.name
    if path.parent != files.NOTEBOOKS or not twin.exists():
        return ()
    return tuple(cell for cell in files.read(twin).cells if cell.cell_type == "code")


def steps(chapter: Sequence[NotebookNode], twin: Sequence[NotebookNode], number: int) -> Iterator[Step]:
    """What is run in the place of a chapter's code cell: it, or its twin's, once an exercise was solved."""
    cell = chapter[number]
    begun = any(earlier.source == CHECK for earlier in chapter[:number])
    yield Step("itself", twin[number] if begun and cell.source == twin[number].source != CHECK else cell)
    if cell.source == CHECK:
        mistake = _mistake(chapter[number - 2])
        mended = mistake is not None and mistake.mended
        if mistake:
            yield Step("mistake", nbformat.v4.new_code_cell(mistake.program), compared=False)
            yield Step("told", _showing(_TOLD, ("not yet", mistake.says)))
            if not mended:
                yield Step("start", nbformat.v4.new_code_cell("task.start()"), compared=False)
        yield Step("solution", twin[number - 1], compared=not mended)
        yield Step("solved", twin[number])
        yield Step("picture", _showing(_PICTURE, ""))


def _mistake(opening: NotebookNode) -> Mistake | None:
    """The one of its chapter that is made by day, if it is one of the exercise that this cell opens."""
    every = exercises.every()
    told = [node.value for node in ast.walk(files.parsed(opening.source)) if isinstance(node, ast.Constant)]
    identity = next(value for value in told if value in every)
    all_ = [(one.id, m) for one in every.values() if one.chapter == identity[:2] for m in one.mistakes]
    chosen, mistake = next((each for each in all_ if each[1].mended), all_[0])
    return mistake if chosen == identity else None


def _showing(source: str, value: object) -> NotebookNode:
    """A cell that must end in that value."""
    data = {"text/plain": pretty(value)}
    shown = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
    return nbformat.v4.new_code_cell(source, outputs=[shown], execution_count=1)
