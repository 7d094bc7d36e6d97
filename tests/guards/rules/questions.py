"""What the reader is asked: a guess is judged by a later cell, a quiz is its chapter's.

    guess = lab.guess("Which address will bbox02 get?", choices=["…"])
    guess

    …                      # a later cell, which measures
    guess.judge(bbox02.address)

    netbook.quiz("02")     # below `## Check yourself`

Stored is the book as nobody has answered it. A chapter that asks in neither way is not looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from netbook.errors import NetbookError
from netbook.learn.quiz import quiz
from tests import notebook_files as files
from tests.guards.rules.chapter import Chapter, calls, has_data, rule

_PAPER = '<div class="netbook-paper">'


@rule
def guesses_are_judged(chapter: Chapter) -> Iterator[str]:
    open_: dict[str, str] = {}  # variable → the cell that asked
    questions: set[str] = set()
    for cell in chapter.code:
        for call in calls(cell, "judge"):
            name = ast.unparse(getattr(call.func, "value", call.func))
            if open_.pop(name, None) is None:
                yield f"cell {cell.id} judges `{name}`, which no earlier cell has asked, or which was judged"
        asked = calls(cell, "guess")
        names = [name for call in asked for name in _targets(cell, call)]
        if len(names) < len(asked):
            yield f"cell {cell.id} asks without keeping the guess; write `guess = lab.guess(…)`"
        for name in names:
            if name in open_:
                yield f"cell {cell.id} asks for `{name}` before that of cell {open_[name]} was judged"
            open_[name] = cell.id
        for call in asked:
            question = ast.unparse(call.args[0]) if call.args else ""
            if question in questions:
                yield f"cell {cell.id} asks {question} a second time; a guess is kept for its question"
            questions.add(question)
    for name, where in open_.items():
        yield f"cell {where} asks for `{name}`, and no cell judges it"


def _targets(cell: NotebookNode, call: ast.Call) -> list[str]:
    """The variable to which a call's result is given."""
    for node in ast.walk(files.parsed(cell.source)):
        if isinstance(node, ast.Assign) and ast.dump(node.value) == ast.dump(call):
            return [ast.unparse(target) for target in node.targets]
    return []


@rule
def questions_are_stored_unanswered(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.code:
        shown = [output.data for output in cell.outputs if has_data(output)]
        texts = [str(data.get("text/plain", "")) for data in shown]
        papers = [
            str(data.get("text/html", "")) for data in shown if _PAPER in str(data.get("text/html", ""))
        ]
        asked = len(calls(cell, "guess")) + len(calls(cell, "quiz"))
        if len(papers) < asked:
            yield f"cell {cell.id} asks, but does not show the question; end it in `guess`, and execute it"
        if any("☑" in paper for paper in papers):
            yield f"cell {cell.id} stores an answer"
        judged = [text for text in texts if text.startswith("Measured: ")]
        if len(judged) < len(calls(cell, "judge")):
            yield f"cell {cell.id} judges, but stores no `Measured: …`"
        if any(not text.endswith("You had not guessed.") for text in judged):
            yield f"cell {cell.id} stores somebody's guess"


@rule
def quiz_is_the_chapters(chapter: Chapter) -> Iterator[str]:
    number = chapter.path.name[:2]
    section = ""
    found = 0
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            section = (re.findall(r"^## +(.+?) *$", cell.source, re.MULTILINE) or [section])[-1]
            continue
        for call in calls(cell, "quiz"):
            found += 1
            wanted = [
                ast.literal_eval(argument) for argument in call.args if isinstance(argument, ast.Constant)
            ]
            if wanted != [number]:
                yield f"cell {cell.id}: the quiz of this chapter is `netbook.quiz({number!r})`"
                continue
            if section != "Check yourself":
                yield f"cell {cell.id}: a quiz stands below `## Check yourself`"
            texts = [str(output.data.get("text/plain", "")) for output in cell.outputs if has_data(output)]
            try:
                words = quiz(number).text
            except NetbookError as error:
                yield f"cell {cell.id}: {error}"
                continue
            if words not in texts:
                yield f"cell {cell.id}: the quiz has changed since it was stored: execute the chapter"
    if found > 1:
        yield f"has {found} quizzes; one is enough"
