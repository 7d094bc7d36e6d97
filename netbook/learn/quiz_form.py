"""The browser's side of a quiz, as an anywidget: its state here, its looks in quiz.js and .css.

ipywidgets' own radio buttons hold one line of plain text each, which a narrow window cuts, and have no place
for a reason that a screen reader would be told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from netbook.learn import paper
from netbook.learn.paper import Paper
from netbook.learn.question import Question

_HERE = Path(__file__).parent


class QuizWidget(anywidget.AnyWidget):
    """What the browser is told; it tells `given`."""

    _esm = (_HERE / "quiz.js").read_text(encoding="utf-8")
    _css = (_HERE / "quiz.css").read_text(encoding="utf-8")

    questions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    given = traitlets.Dict().tag(sync=True)  # question's id → numbers of the chosen answers


class Answerable(Protocol):
    """What the form fills in."""

    questions: tuple[Question, ...]
    given: dict[str, tuple[int, ...]]

    @property
    def paper(self) -> Paper: ...


class QuizForm:
    """The widget, and the paper for where it does not show."""

    def __init__(self, quiz: Answerable) -> None:
        self._quiz, self._handle = quiz, None
        self.widget = QuizWidget(
            questions=[_plain(question) for question in quiz.questions], given=self._given
        )
        self.widget.observe(self._answered, "given")

    @property
    def _given(self) -> dict[str, list[int]]:
        return {name: list(chosen) for name, chosen in self._quiz.given.items()}

    def _answered(self, change: dict[str, Any]) -> None:
        if change["new"] != self._given:
            self._quiz.given = {name: tuple(chosen) for name, chosen in change["new"].items()}

    def refresh(self) -> None:
        """Widget and paper show what was answered."""
        self.widget.given = self._given
        paper.update(self._handle, self._quiz.paper)

    def display(self) -> None:
        self._handle = paper.show(self._quiz.paper, self.widget)


def _plain(question: Question) -> dict[str, object]:
    answers = [
        {"text": answer.text, "verdict": answer.verdict, "right": answer.right} for answer in question.answers
    ]
    return {"id": question.id, "text": question.text, "many": question.many, "answers": answers}
