"""A chapter as the rules see it, and the list of rules."""

from __future__ import annotations

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
        """Chapter 00 explains the book; it is shorter than the others."""
        return self.path.name.startswith("00-")


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags") or [])


def has_data(output: NotebookNode) -> bool:
    """Does the output carry a bundle of MIME types?"""
    return output.output_type in ("display_data", "execute_result")
