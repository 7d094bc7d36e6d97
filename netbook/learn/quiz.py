"""`netbook.quiz("02")`: the questions of a chapter, each answer with its reason. No engine is needed."""

from __future__ import annotations

from functools import cached_property

from netbook.learn import question
from netbook.learn.paper import Paper
from netbook.learn.question import Question, QuizAnswer
from netbook.learn.quiz_form import QuizForm
from netbook.learn.words import Words, marked_up

Given = dict[str, tuple[int, ...]]
_GIVEN: dict[str, Given] = {}  # by chapter: what was answered in this kernel, a cell may be run again


def quiz(chapter: str | int) -> Quiz:
    """The quiz of a chapter, by its number: `netbook.quiz("02")`. No command, the engine is not asked.

    In a notebook, radio buttons and check boxes, and the reason of each answer that is chosen; elsewhere tick
    boxes, with the answers below. Errors: NotFound, with the chapters that have one.
    """
    number = f"{chapter:02}" if isinstance(chapter, int) else str(chapter).strip()
    return Quiz(number, question.read(number))


class Quiz(Words):
    """Questions, their answers, and what was answered in this kernel."""

    def __init__(self, chapter: str, questions: tuple[Question, ...]) -> None:
        self.chapter, self.questions = chapter, questions

    @property
    def given(self) -> Given:
        """The answers that were chosen, by the question's id; they count from 0."""
        return dict(_GIVEN.get(self.chapter, {}))

    @given.setter
    def given(self, answers: Given) -> None:
        known = {question.id: range(len(question.answers)) for question in self.questions}
        kept = {
            name: tuple(n for n in chosen if n in known[name])
            for name, chosen in answers.items()
            if name in known
        }
        _GIVEN[self.chapter] = {name: chosen for name, chosen in kept.items() if chosen}
        if "form" in self.__dict__:
            self.form.refresh()

    # -- words, paper, widgets ------------------------------------------------

    @property
    def text(self) -> str:
        """The questions with tick boxes, and the key at the end."""
        lines: list[str] = []
        key = ["The answers"]
        for number, asked in enumerate(self.questions, 1):
            lines += [f"{number}. {_ask(asked)}", *(f"   {line}" for line in self._boxes(asked)), ""]
            key += [f"{number}. {line}" if n == 0 else f"   {line}" for n, line in enumerate(_key(asked))]
        return "\n".join([*lines, *key])

    @property
    def paper(self) -> Paper:
        """The same in HTML, with the answers of each question folded away below it."""
        parts = []
        for number, asked in enumerate(self.questions, 1):
            boxes = "<br>".join(marked_up(line) for line in self._boxes(asked))
            key = "".join(f"<p>{marked_up(line)}</p>" for line in _key(asked))
            parts.append(
                f"<p><strong>{number}.</strong> {marked_up(_ask(asked))}</p><p>{boxes}</p>"
                f"<details><summary>Answers to {number}</summary>{key}</details>"
            )
        return Paper(self.text, "".join(parts))

    def _boxes(self, asked: Question) -> list[str]:
        chosen = self.given.get(asked.id, ())
        return [
            f"{'☑' if n in chosen else '☐'} {_letter(n)}) {answer.text}"
            for n, answer in enumerate(asked.answers)
        ]

    @property
    def html(self) -> str:
        """The same for the page."""
        return self.paper.html

    @cached_property
    def form(self) -> QuizForm:
        """The radio buttons and check boxes."""
        return QuizForm(self)

    def _ipython_display_(self) -> None:
        self.form.display()


def _ask(asked: Question) -> str:
    return f"{asked.text} (more than one is right)" if asked.many else asked.text


def _key(asked: Question) -> list[str]:
    return [_reason(n, answer) for n, answer in enumerate(asked.answers)]


def _reason(number: int, answer: QuizAnswer) -> str:
    return f"{_letter(number)}) {answer.verdict}"


def _letter(number: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[number]
