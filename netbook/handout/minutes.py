"""How long a section takes in a workshop: as the teacher's notes say, or estimated from what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netbook.handout import prose

_WORDS = 180  # that are read in a minute
_EACH = {"code": 0.5, "predict": 1.0, "exercise": 9.0, "quiz": 6.0, "figure": 0.3}


def tell(chapter: dict[str, Any], given: Mapping[str, int]) -> None:
    """Write minutes to the headings of sections, and their sum to the chapter.

    `given`: by the id of the cell that a section begins with.
    """
    total = 0
    for heading, identity, estimated in _sections(chapter):
        spent = given.get(identity) or max(1, round(estimated))
        total += spent
        if heading is not None:
            heading["minutes"] = spent
    chapter["minutes"] = total


def _sections(chapter: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | None, str, float]]:
    """The heading, the cell in which it stands, and the estimated minutes, for each section."""
    heading: dict[str, Any] | None = None
    identity, spent = chapter["cells"][0]["id"], 0.0
    for cell in chapter["cells"]:
        for block in cell["blocks"]:
            if block["b"] == "heading" and block["level"] == 2:
                yield heading, identity, spent
                heading, identity, spent = block, cell["id"], 0.0
            words = sum(len(t["s"].split()) for t in prose.walk(block.get("c", [])) if "s" in t)
            spent += words / _WORDS + _EACH.get(block["b"], 0.0)
    yield heading, identity, spent
