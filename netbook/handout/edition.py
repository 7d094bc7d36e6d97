"""Editions of a chapter: plain data in, plain data out. Nothing here knows of PDF or HTML.

reader    the book as it is
student   room to write; what a prediction asks for is moved to a key at the end, under its number
teacher   all of it, with solutions, recognised mistakes, hints, minutes and remarks

What a student's edition adds: {"b": "came", "numbers"} in place of what was moved, "lines" (of room) in
predictions and exercises, {"t": "lines"} in place of folded answers, and "key", a list of
{"numbers", "question", "blocks"}, and "answers", the quiz's. A teacher's adds "minutes" to the chapter and to
headings, {"b": "remark", "c"} blocks, and "aid" to exercises.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Literal, get_args

from netbook.handout import minutes, prose
from netbook.handout.notes import Notes
from netbook.handout.outputs import Block

Kind = Literal["reader", "student", "teacher"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_ROOM = 5  # lines for an exercise
_SHOWN = {"out", "table", "figure", "measured"}
_RAN = {"code", "ran", *_SHOWN}
_LEADS_ON = re.compile(r"Now\b|(?!Why\b)[^.:?!]*\?")

Json = dict[str, Any]


def edition(chapter: Json, kind: Kind, *, key: bool = True, notes: Notes | None = None) -> Json:
    """A copy of the chapter for one kind of reader; `key=False`: a student's without the key."""
    made = copy.deepcopy(chapter) | {"kind": kind}
    if kind == "student":
        _student(made, with_key=key)
    elif kind == "teacher":
        _teacher(made, notes or Notes())
    return made


# -- the student's ------------------------------------------------------------


def _student(chapter: Json, *, with_key: bool) -> None:
    asked: dict[int, Block] = {}
    key: list[Json] = []
    entry: Json | None = None
    cells: list[Json] = []
    for number, cell in enumerate(chapter["cells"]):
        numbers = cell.get("answers", [])
        if entry is not None and not numbers:
            if _is_words(cell):
                first = bool(chapter["cells"][number - 1]["blocks"])  # not words after words
                entry["blocks"] += _words_told(chapter["cells"], number) if first else []
                entry = None if cell["blocks"] else entry  # something is left, and leads on
            elif _kinds(cell) & _SHOWN and _kinds(cell) <= _RAN:  # what comes right after tells it as well
                numbers = entry["numbers"]
            elif _kinds(cell) - _RAN or any(block["b"] == "prose" for block in entry["blocks"]):
                entry = None
        for block in cell["blocks"]:
            _give_room(block)
            if block["b"] == "predict":
                asked[block["number"]] = block
        if numbers:
            again = bool(key) and key[-1]["numbers"] == numbers  # shown in more steps than one
            entry = _moved(cell, numbers, asked, again=again)
            if again:
                if entry["blocks"]:
                    _end_with_room(cells[-1], cell)
                key[-1]["blocks"] += entry["blocks"]
                entry = key[-1]
            else:
                key.append(entry)
        for block in cell["blocks"]:
            if block["b"] == "prose":
                key += _unfolded(block)
        if cell["blocks"]:
            cells.append(cell)
    chapter["cells"] = cells
    quizzes = [
        q for cell in cells for block in cell["blocks"] if block["b"] == "quiz" for q in block["questions"]
    ]
    if with_key:
        chapter["key"] = [entry for entry in key if entry["blocks"]]
        chapter["answers"] = copy.deepcopy(quizzes)
    for question in quizzes:
        for answer in question["answers"]:
            del answer["right"], answer["reason"]


def _give_room(block: Block) -> None:
    if block["b"] == "predict":
        block["lines"] = 1 if block["question"] else 2
    elif block["b"] == "exercise":
        block["lines"] = _ROOM
        block["solution"] = ""


def _moved(cell: Json, numbers: list[int], asked: dict[int, Block], *, again: bool) -> Json:
    """Take what the cell had shown; its code and its command lines stay, unless they alone are the answer."""
    shown = [block for block in cell["blocks"] if block["b"] not in ("code", "ran")]
    if not again and not any(block["b"] != "measured" for block in shown):
        shown = [block for block in cell["blocks"] if block["b"] != "code"]
    cell["blocks"] = [block for block in cell["blocks"] if not any(block is moved for moved in shown)]
    if shown:
        cell["blocks"].append({"b": "came", "numbers": numbers})
    for block in shown if len(numbers) == 1 else []:
        block.pop("number", None)  # the entry bears it
    question = [copy.deepcopy(asked[n]["question"] or _first(asked[n])) for n in numbers if n in asked]
    return {"numbers": numbers, "question": question, "blocks": shown}


def _end_with_room(before: Json, cell: Json) -> None:
    """Room to note what came back is wanted once, after the last of the cells that answer."""
    if before["blocks"] and before["blocks"][-1]["b"] == "came" and cell["blocks"][-1]["b"] == "came":
        before["blocks"].pop()


def _first(predict: Block) -> list[Json]:
    """What is asked where no guess asks it: the paragraph without its "Predict."."""
    pieces: list[Json] = predict["c"][0]["c"][1:] if predict["c"] else []
    if pieces and pieces[0]["t"] == "text":
        pieces = [pieces[0] | {"s": pieces[0]["s"].lstrip()}, *pieces[1:]]
    return pieces


def _is_words(cell: Json) -> bool:
    return bool(cell["blocks"]) and bool(cell["blocks"][0]["b"] == "prose")


def _kinds(cell: Json) -> set[str]:
    return {block["b"] for block in cell["blocks"]}


def _words_told(cells: list[Json], number: int) -> list[Block]:
    """Take from a cell the words that tell the answer before it, up to those that lead on."""
    words, *rest = cells[number]["blocks"]
    after = [*rest, *(block for cell in cells[number + 1 : number + 2] for block in cell["blocks"])]
    told = _told(words["c"], leads=bool(after) and after[0]["b"] not in ("heading", "prose"))
    words["c"], moved = words["c"][told:], words["c"][:told]
    if not words["c"]:
        cells[number]["blocks"] = rest
    return [{"b": "prose", "c": moved}]


def _told(tokens: list[Json], *, leads: bool) -> int:
    """How many tokens tell the answer; the first does.

    One that begins with "Now", or asks (but why, which is about what was seen), leads on, and so does the
    last where a cell or a question comes next (`leads`).
    """
    for place, token in enumerate(tokens[1:], 1):
        if token["t"] == "para" and _LEADS_ON.match(prose.plain(token["c"])):
            return place
    last = tokens[-1]
    asks_why = last["t"] == "para" and prose.plain(last["c"]).startswith("Why ")
    return len(tokens) if not leads or asks_why else max(1, len(tokens) - 1)


def _unfolded(block: Block) -> list[Json]:
    """Folded answers of the text: moved, with the words before them; lines stay in their place."""
    moved = []
    for place, token in enumerate(block["c"]):
        if token["t"] == "answer":
            question = block["c"][place - 1].get("c", []) if place else []
            moved.append({"numbers": [], "question": [question], "blocks": [{"b": "prose", "c": token["c"]}]})
            block["c"][place] = {"t": "lines", "n": 3}
    return moved


# -- the teacher's ------------------------------------------------------------


def _teacher(chapter: Json, notes: Notes) -> None:
    minutes.tell(chapter, notes.minutes)
    for cell in chapter["cells"]:
        for block in cell["blocks"]:
            if block["b"] == "exercise":
                block["aid"] = notes.aids.get(block["id"])
        if remark := notes.remarks.get(cell["id"]):
            cell["blocks"].append({"b": "remark", "c": remark})
