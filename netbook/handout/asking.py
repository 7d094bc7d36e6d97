"""What a chapter asks of its reader: predictions, guesses, quizzes and exercises, from what is stored."""

from __future__ import annotations

import re
from typing import Any

from netbook.handout import prose
from netbook.handout.outputs import Block
from netbook.learn import question as quizzes

_QUIZ = re.compile(r"""\bquiz\(["'](\d+)["']\)\s*$""")
_SHEET = re.compile(r"(?:Exercise|Ticket) (\d\d-[a-z0-9-]+): (.+)")
_GOAL = re.compile(r"  (met|not yet|later|cannot judge) {2,}(.+?)(?: {2,}seen: (.+))?")
_BOX = re.compile(r"[☐☑] ")


def split(token: prose.Token) -> tuple[prose.Token | None, prose.Token | None]:
    """A paragraph as what stands before "**Predict.**", and what is asked; None for a part that is not there.

    >>> split({"t": "para", "c": [{"t": "strong", "c": [{"t": "text", "s": "Predict."}]}]})[0] is None
    True
    """
    if token["t"] != "para":
        return token, None
    for place, piece in enumerate(token["c"]):
        if piece["t"] == "strong" and re.fullmatch(r"Predict\b.*[.:?]", prose.plain(piece["c"])):
            before = token["c"][:place]
            asks = {"t": "para", "c": token["c"][place:]}
            return ({"t": "para", "c": _stripped(before)} if before else None), asks
    return token, None


def _stripped(pieces: list[prose.Token]) -> list[prose.Token]:
    last = pieces[-1]
    return [*pieces[:-1], last | {"s": last["s"].rstrip()}] if last["t"] == "text" else pieces


def _paper(stored: list[dict[str, Any]], mark: str) -> str:
    """The text of the first output whose HTML has this mark; "" if there is none."""
    for output in stored:
        data = output.get("data", {})
        if mark in "".join(data.get("text/html", "")):
            return "".join(data["text/plain"])
    return ""


def question(stored: list[dict[str, Any]]) -> Block:
    """What a guess asks, from its paper: boxes to tick, or the unit of a number; {} if there is none."""
    paper = _paper(stored, "netbook-paper")
    asked, _, rest = paper.partition("\n")
    if not paper or re.match(r"1\. ", asked):  # a quiz's paper
        return {}
    found: Block = {"question": prose.inline(asked), "boxes": [], "unit": None}
    if _BOX.match(rest):
        found["boxes"] = [part.strip() for part in _BOX.split(rest) if part.strip()]
    else:
        found["unit"] = rest.strip("_ \n")
    return found


def quiz(source: str) -> str:
    """The number in `quiz("NN")`, a cell's last line; "" if that is not what it does."""
    found = _QUIZ.search(source)
    return found[1] if found else ""


def questions(number: str) -> list[Block]:
    """A quiz as its file has it."""
    return [
        {
            "number": place,
            "c": prose.inline(asked.text),
            "many": asked.many,
            "answers": [
                {
                    "letter": "abcdefghijklmnopqrstuvwxyz"[n],
                    "c": prose.inline(answer.text),
                    "right": answer.right,
                    "reason": prose.inline(answer.reason),
                }
                for n, answer in enumerate(asked.answers)
            ],
        }
        for place, asked in enumerate(quizzes.read(number), 1)
    ]


def task(stored: list[dict[str, Any]]) -> Block | None:
    """An exercise, from its sheet; its goals come with the check, its solution with the twin."""
    paper = _paper(stored, "<p><b>Exercise ") or _paper(stored, "<p><b>Ticket ")
    head, _, rest = paper.partition("\n\n")
    if not (named := _SHEET.fullmatch(head)):
        return None
    text = rest.rpartition("\n\n")[0]  # the last line tells the verbs
    return {
        "b": "exercise",
        "id": named[1],
        "title": prose.inline(named[2]),
        "c": prose.paragraphs(text),
        "goals": [],
        "solution": "",
    }


def goals(stored: list[dict[str, Any]]) -> list[prose.Token]:
    """The sentences that are true when an exercise is solved, from what `task.check()` had said."""
    text = "\n".join("".join(output.get("data", {}).get("text/plain", "")) for output in stored)
    lines = [_GOAL.fullmatch(line) for line in text.splitlines()]
    return [{"t": "para", "c": prose.inline(found[2].strip())} for found in lines if found]
