"""What stands before a teacher's first chapter: how to run a workshop, and ways through the book."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netbook.errors import WrongArgument
from netbook.handout import prose
from netbook.handout.notes import FOLDER
from netbook.handout.outputs import Block

Json = dict[str, Any]


def front(chapters: Sequence[Json], folder: Path = FOLDER) -> Json:
    """The pages as a chapter of their own. Errors: WrongArgument for a stop that the book does not have."""
    text = (folder / "workshop.md").read_text(encoding="utf-8")
    title, lead, *rest = prose.parse(text, "workshop.md")
    cells = [{"id": "workshop", "blocks": list(_blocks(rest))}]
    for way in paths(folder):
        cells.append({"id": f"path-{way['minutes']}", "blocks": _way(way, chapters)})
    return {
        "number": "",
        "anchor": "teacher",
        "file": "",
        "kicker": "For the teacher",
        "kind": "teacher",
        "title": prose.plain(title["c"]),
        "lead": lead["c"],
        "cells": cells,
    }


def paths(folder: Path = FOLDER) -> list[Json]:
    """The ways, as their file has them. Errors: WrongArgument if the minutes of the stops do not add up."""
    found: list[Json] = tomllib.loads((folder / "paths.toml").read_text(encoding="utf-8"))["path"]
    for way in found:
        if (total := sum(stop["minutes"] for stop in way["stop"])) != way["minutes"]:
            raise WrongArgument(f"{way['title']!r} takes {total} minutes, and says {way['minutes']}.")
    return found


def _blocks(tokens: list[prose.Token]) -> list[Block]:
    made: list[Block] = []
    for number, token in enumerate(tokens):
        if token["t"] == "heading":
            anchor = f"teacher-{number}"
            made.append({"b": "heading", "level": token["level"], "c": token["c"], "anchor": anchor})
        else:
            made.append({"b": "prose", "c": [token]})
    return made


def _way(way: Json, chapters: Sequence[Json]) -> list[Block]:
    """A heading, a lead and a table: the hour, the chapter with its sections, what for."""
    rows, clock = [], 0
    for stop in way["stop"]:
        where = _sections(stop, chapters) if "chapter" in stop else prose.inline("–")
        hour = prose.inline(f"{clock // 60}:{clock % 60:02}")
        length = prose.inline(f"{stop['minutes']} min")
        what = prose.parse(stop["what"], "paths.toml")[0]["c"]
        rows.append([hour, length, where, what])
        clock += stop["minutes"]
    head = [prose.inline(word) for word in ("from", "for", "where", "what for")]
    anchor = f"teacher-path-{way['minutes']}"
    return [
        {"b": "heading", "level": 2, "c": prose.inline(way["title"]), "anchor": anchor},
        {"b": "prose", "c": [*prose.paragraphs(way["lead"]), {"t": "table", "head": head, "rows": rows}]},
    ]


def _sections(stop: Json, chapters: Sequence[Json]) -> list[prose.Token]:
    """The chapter as a link, and the headings of the cells that are named."""
    chapter = next((one for one in chapters if one["number"] == stop["chapter"]), None)
    if chapter is None:
        raise WrongArgument(
            f"paths.toml stops at a chapter {stop['chapter']!r}, which the book does not have."
        )
    heads: dict[str, list[prose.Token]] = {}
    for cell in chapter["cells"]:
        for block in cell["blocks"]:
            if block["b"] == "heading":
                heads.setdefault(cell["id"], block["c"])
    if strange := [cell for cell in stop.get("cells", []) if cell not in heads]:
        raise WrongArgument(
            f"paths.toml: in chapter {stop['chapter']} no section begins with {', '.join(strange)}."
        )
    name = f"{chapter['number']} {chapter['title']}"
    tokens: list[prose.Token] = [{"t": "link", "url": chapter["file"], "c": prose.inline(name)}]
    for place, cell in enumerate(stop.get("cells", [])):
        tokens += [{"t": "text", "s": ": " if place == 0 else " · "}, *heads[cell]]
    return tokens
