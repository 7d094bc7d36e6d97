"""A chapter as the rules see it, and the list of rules."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tests import notebook_files as files

ALLOWED_IGNORES = Path(__file__).parents[1] / "allowed_ignores.toml"

TURN, CHECK = "exercise", "task.check()"  # the tag of the cell where the reader's turn is; the cell after it

Rule = Callable[["Chapter"], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Add a rule to the list, under its function's name."""
    RULES[check.__name__] = check
    return check


def allowed_ignores() -> list[dict[str, Any]]:
    """The entries `[[ignore]]` of allowed_ignores.toml."""
    return list(tomllib.loads(ALLOWED_IGNORES.read_text(encoding="utf-8")).get("ignore", []))


@dataclass
class Chapter:
    """One notebook; `siblings` are all notebooks of its folder, `ignores` the allow-list."""

    path: Path
    siblings: list[Path]
    ignores: list[dict[str, Any]] = field(default_factory=allowed_ignores)

    @cached_property
    def notebook(self) -> NotebookNode:
        return files.read(self.path)

    @cached_property
    def cells(self) -> list[NotebookNode]:
        """Also those of an invalid notebook, so that every rule can look."""
        return [
            nbformat.from_dict({"id": "", "source": "", "metadata": {}} | cell)
            for cell in self.notebook.cells
        ]

    @cached_property
    def code(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @cached_property
    def markdown(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @cached_property
    def prose(self) -> list[NotebookNode]:
        """What the author wrote: markdown without the generated cell."""
        return [cell for cell in self.markdown if cell.id != "navigation"]

    @property
    def is_start(self) -> bool:
        """Chapter 00 and the appendices (90 and on) explain the book; they are shorter than the others."""
        return self.path.name.startswith(("00-", "9"))


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags") or [])


def calls(cell: NotebookNode, name: str) -> list[ast.Call]:
    """Calls of `name(…)` or `….name(…)` in a code cell, in their order."""
    try:
        nodes = list(ast.walk(files.parsed(cell.source)))
    except SyntaxError:  # a mistake that shall be shown
        return []
    found = [node for node in nodes if isinstance(node, ast.Call) and _called(node.func) == name]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def asks(cell: NotebookNode) -> bool:
    """Is it the reader's: a guess, a quiz, a cell of an exercise? Then it is no step of the chapter."""
    if TURN in tags(cell) or cell.source == CHECK:
        return True
    return any(calls(cell, name) for name in ("guess", "quiz", "task", "ticket"))


def has_data(output: NotebookNode) -> bool:
    """Does the output carry a bundle of MIME types?"""
    return output.output_type in ("display_data", "execute_result")
