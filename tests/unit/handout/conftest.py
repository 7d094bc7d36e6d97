"""A small chapter that has one of each kind, and the real ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from netbook.handout import chapter

HERE = Path(__file__).parent / "fixtures"
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
CHAPTERS = sorted(NOTEBOOKS.glob("[0-9]*-*.ipynb"))
SMALL = HERE / "77-small.json"  # a notebook; so named that nobody runs it


@pytest.fixture
def small() -> dict[str, Any]:
    return chapter.read(SMALL)


@cache
def read(path: Path) -> dict[str, Any]:
    """A chapter, read once. Whoever changes it, copies it."""
    return chapter.read(path)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def one(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(request.param)
