"""A chapter as plain data: what the notebook has stored, in its order, and what it asks numbered.

    {"number", "anchor", "title", "lead", "file", "cells": [{"id", "blocks"}, …]}

Blocks are those of `outputs`, and

    {"b": "prose", "c"}                                        tokens of `prose`
    {"b": "heading", "level", "c", "anchor"}
    {"b": "code", "lang", "text"}
    {"b": "predict", "number", "c", "question", "boxes", "unit"}    what the reader says beforehand
    {"b": "exercise", "id", "title", "c", "goals", "solution"}
    {"b": "quiz", "questions"}

A cell that shows what was predicted says so: {"answers": [numbers]}.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from netbook.errors import SetupError
from netbook.handout import asking, outputs, prose
from netbook.handout.outputs import Block

_NAVIGATION = "navigation"


def read(path: Path) -> dict[str, Any]:
    """The chapter in a notebook's file. Errors: SetupError if it was never executed; UnknownMarkup."""
    notebook = load(path)
    number = path.stem.partition("-")[0]
    reader = _Reader(path, f"ch{number}")
    cells = [reader.cell(cell) for cell in notebook["cells"] if cell["id"] != _NAVIGATION]
    opening = cells[0]["blocks"]
    title, lead, *rest = [*opening[0]["c"], *opening[1]["c"]] if opening[0]["b"] == "heading" else []
    cells[0]["blocks"] = [{"b": "prose", "c": rest}, *opening[2:]] if rest else opening[2:]
    return {
        "number": number,
        "anchor": reader.anchor,
        "title": prose.plain([title]),
        "lead": lead["c"],
        "file": path.name,
        "cells": [cell for cell in cells if cell["blocks"]],
    }


def load(path: Path) -> dict[str, Any]:
    """The notebook as JSON. Errors: SetupError with its name if it cannot be read, or shows nothing."""
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        shown = any(cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    except (OSError, ValueError, LookupError, TypeError) as broken:
        raise SetupError(f"{path.name} is no notebook that can be read: {broken}.") from broken
    if not shown:
        raise SetupError(
            f"{path.name} was never executed: none of its cells has an output, and a handout shows outputs.",
            remedy="get the book's copy again; or open it in `python3 -m netbook lab`, run all, and save it",
        )
    return notebook


def source_of(cell: dict[str, Any]) -> str:
    """Its text: one string or lines, as the format allows."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


class _Reader:
    """Goes through the cells once, and remembers what was asked and not answered yet."""

    def __init__(self, path: Path, anchor: str) -> None:
        self.name, self.anchor, self._folder = path.stem, anchor, path.parent
        self._number = 0
        self._level = 1
        self._headings: dict[str, int] = {}
        self._open: dict[str, int] = {}  # a guess's variable → its number
        self._matrices: dict[str, int] = {}  # the same for a matrix to fill in
        self._waits: Block | None = None  # a prediction that no cell has come after
        self._asked: list[int] = []  # what the next cells may answer
        self._exercise: Block | None = None

    def cell(self, cell: dict[str, Any]) -> dict[str, Any]:
        where = f"{self.name}, cell {cell['id']}"
        if cell["cell_type"] == "markdown":
            return self._prose(cell, where)
        if cell["cell_type"] == "code":
            return self._code(cell, where)
        raise outputs.unknown(where, f"a cell of the kind {cell['cell_type']}")

    # -- words ----------------------------------------------------------------

    def _prose(self, cell: dict[str, Any], where: str) -> dict[str, Any]:
        blocks: list[Block] = []
        self._waits = None
        for token in prose.parse(source_of(cell), where):
            if token["t"] == "heading":
                self._asked = []
                blocks.append(self._heading(token))
                if token["level"] == 1:
                    blocks.append({"b": "prose", "c": []})
                continue
            if token["t"] == "picture":
                blocks.append(self._picture(token, where))
                continue
            before, asks = asking.split(token)
            if before:
                if not blocks or blocks[-1]["b"] != "prose":
                    blocks.append({"b": "prose", "c": []})
                blocks[-1]["c"].append(before)
            if asks:
                blocks.append(self._predict([asks]))
        return {"id": cell["id"], "blocks": blocks}

    def _picture(self, token: prose.Token, where: str) -> Block:
        try:
            svg = (self._folder / token["src"]).read_text(encoding="utf-8")
            return outputs.figure(svg, token["alt"])
        except (OSError, ValueError) as missing:
            raise outputs.unknown(where, f"the picture {token['src']} ({missing})") from missing

    def _heading(self, token: prose.Token) -> Block:
        """No level is left out: a screen reader's user would wonder what is missing."""
        self._level = min(token["level"], self._level + 1)
        words = prose.plain(token["c"])
        slug = re.sub(r"\W+", "-", words.lower()).strip("-")
        times = self._headings[slug] = self._headings.get(slug, 0) + 1
        name = f"{self.anchor}-{slug}" + (f"-{times}" if times > 1 else "")
        found = {"b": "heading", "level": self._level, "c": token["c"], "anchor": name}
        return found | {"c": [token]} if self._level == 1 else found

    def _predict(self, tokens: list[prose.Token]) -> Block:
        self._number += 1
        found = {
            "b": "predict",
            "number": self._number,
            "c": tokens,
            "question": [],
            "boxes": [],
            "unit": None,
        }
        self._waits, self._asked = found, [*self._asked, self._number]
        return found

    # -- cells that ran -------------------------------------------------------

    def _code(self, cell: dict[str, Any], where: str) -> dict[str, Any]:
        source, stored = source_of(cell).strip(), cell["outputs"]
        made: dict[str, Any] = {"id": cell["id"], "blocks": []}
        if question := asking.question(stored):
            made["blocks"] = self._guess(source, question)
            return made
        if number := asking.quiz(source):
            made["blocks"] = [{"b": "quiz", "questions": asking.questions(number)}]
            return made
        if task := asking.task(stored):
            self._exercise = task
            streams = [output for output in stored if output["output_type"] == "stream"]
            complaint = [block for output in streams for block in outputs.blocks(output, where)]
            made["blocks"] = [task, *complaint]
            return made
        tags = cell["metadata"].get("tags", [])
        if "exercise" in tags:
            return made
        if "solved" in tags and self._exercise is not None:
            self._exercise["solution"] = source
            return made
        if source == "task.check()" and self._exercise is not None:
            self._exercise["goals"] = asking.goals(stored)
            self._exercise = None
            return made
        made["blocks"] = [{"b": "code", **_language(source)}]
        for output in stored:
            made["blocks"] += outputs.blocks(output, where)
        self._answer(made, source, where)
        return made

    def _guess(self, source: str, question: Block) -> list[Block]:
        """The question goes into the box of the prediction right before it, or gets one of its own."""
        before, variable = _without_guess(source)
        if self._waits is not None and not self._waits["question"]:
            self._waits |= question
            blocks: list[Block] = []
        else:
            blocks = [self._predict([]) | question]
        self._open[variable] = self._number
        self._waits = None
        return [{"b": "code", "lang": "python", "text": before}, *blocks] if before else blocks

    def _answer(self, made: dict[str, Any], source: str, where: str) -> None:
        """Which predictions this cell answers: those that it judges, or the one that nothing will judge."""
        judged = re.findall(r"(\w+)\.judge\(", source)
        measured = [block for block in made["blocks"] if block["b"] == "measured"]
        if len(judged) != len(measured) or any(name not in self._open for name in judged):
            raise outputs.unknown(where, f"{len(measured)} answers to the guesses {', '.join(judged)}")
        for name, block in zip(judged, measured, strict=True):
            block["number"] = self._open.pop(name)
        if matrix := re.search(r"^(\w+) = lab\.predict\(", source, re.MULTILINE):
            self._matrices[matrix[1]] = self._number  # what it shows is room to answer, and buttons in words
            made["blocks"] = [b for b in made["blocks"] if b["b"] != "out"]
            return
        told = [block["number"] for block in measured]
        told += [
            self._matrices.pop(n) for n in re.findall(r"(\w+)\.compare\(", source) if n in self._matrices
        ]
        open_ = {*told, *self._open.values(), *self._matrices.values()}
        told += [n for n in self._asked if n not in open_]
        if answers := told or list(self._open.values()):  # on the way to a judge, what is shown may tell
            made["answers"] = answers
            self._asked = [n for n in self._asked if n not in told]


def _language(source: str) -> dict[str, str]:
    return {"lang": "sh" if source.startswith(("%%sh", "!")) else "python", "text": source}


def _without_guess(source: str) -> tuple[str, str]:
    """What stands in the cell before it asks, and the guess's variable.

    >>> _without_guess('one = [1]\\nguess = lab.guess("Really?")\\nguess')
    ('one = [1]', 'guess')
    """
    body = ast.parse(source).body
    asks = next(node for node in body if isinstance(node, ast.Assign) and "guess(" in ast.unparse(node.value))
    kept = source.splitlines()[: asks.lineno - 1]
    question_only = len(body) == 3 and ast.unparse(body[0]).startswith("question =")
    return "" if question_only else "\n".join(kept).strip(), ast.unparse(asks.targets[0])
