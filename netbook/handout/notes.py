"""What a teacher gets besides the book: minutes and remarks from `teaching/NN.toml`, and aids to exercises.

[minutes]                     # of a section, by the id of the cell that it begins with
one-container = 8             # where none are given they are estimated

[remarks]                     # below a cell, by its id; Markdown
run-bbox01 = "Let them say the number aloud before anybody runs the cell."
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netbook.errors import WrongArgument
from netbook.handout import prose

FOLDER = Path(__file__).parent / "teaching"


@dataclass
class Notes:
    """For one chapter: by cell ids, and by the ids of exercises."""

    minutes: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, list[prose.Token]] = field(default_factory=dict)
    aids: dict[str, dict[str, Any]] = field(default_factory=dict)


def read(chapter: dict[str, Any], folder: Path = FOLDER) -> Notes:
    """The notes of a chapter; none are fine. Errors: WrongArgument for an id that the chapter has not."""
    path = folder / f"{chapter['number']}.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    ids = {cell["id"] for cell in chapter["cells"]}
    if strange := sorted({*table.get("minutes", {}), *table.get("remarks", {})} - ids):
        raise WrongArgument(
            f"{path.name} tells of cells that its chapter does not have: {', '.join(strange)}.",
            remedy="name cells by their ids, as they stand in the notebook's file",
        )
    remarks = {
        name: prose.parse(text, f"{path.name}, {name}") for name, text in table.get("remarks", {}).items()
    }
    exercises = [b["id"] for cell in chapter["cells"] for b in cell["blocks"] if b["b"] == "exercise"]
    return Notes(table.get("minutes", {}), remarks, aids(exercises))


def aids(identities: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Solution, other ways, mistakes that are recognised, and hints, from the exercises' own data."""
    wanted = list(identities)
    if not wanted:
        return {}
    from netbook.learn import exercises

    found = {}
    for identity in wanted:
        one = exercises.find(identity)
        mistakes = [
            {"c": prose.paragraphs(m.says), "program": m.program.strip()} for m in one.mistakes if m.says
        ]
        found[identity] = {
            "solution": one.solution.strip(),
            "alternatives": [way.strip() for way in one.alternatives],
            "mistakes": mistakes,
            "hints": [prose.paragraphs(hint) for hint in one.hints],
            "why": prose.paragraphs(one.why),
            "met": prose.paragraphs(one.met) if one.met else [],
        }
    return found
