"""The exercises of all chapters, as data: one module for each chapter."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from pathlib import Path

from netbook.errors import NotFound
from netbook.learn.exercise import Exercise


@cache
def every() -> dict[str, Exercise]:
    """id → exercise, in the book's order."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("chapter_*.py"))
    found = [one for name in names for one in import_module(f"{__name__}.{name}").EXERCISES]
    return {one.id: one for one in found}


def find(identity: str) -> Exercise:
    """Errors: NotFound, with those of its chapter; of another number, with what is like it, or with all."""
    known = every()
    if identity in known:
        return known[identity]
    chapter = identity[:2]
    if here := [one for one in known if one[:2] == chapter]:
        remedy = f"chapter {chapter} has: {', '.join(here)}"
    elif near := difflib.get_close_matches(identity, known, 3):
        remedy = f"perhaps: {', '.join(near)}"
    else:
        remedy = f"there are: {', '.join(known)}"
    raise NotFound(f"There is no exercise {identity!r}.", remedy=remedy)
