"""A question of a quiz and its answers, each with its reason; how a chapter's file becomes them.

The files are `quizzes/NN.toml`, data and not code: whoever writes or translates a quiz writes sentences, in
the order in which they are read, and nothing has to be broken into lines.

    [[question]]
    id = "who-is-42"
    text = "`ip addr` says `eth0@if42`. Who is 42?"

    [[question.answer]]
    right = true                      # left out: not right
    text = "An interface on the engine's host."
    reason = "It is the index of the other end, and that end is in the host's namespace."
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netbook.errors import NotFound, WrongArgument

FOLDER = Path(__file__).parent / "quizzes"


@dataclass(frozen=True)
class QuizAnswer:
    """What a reader may think, whether it is so, and why."""

    text: str
    reason: str
    right: bool = False

    @property
    def verdict(self) -> str:
        """In words, for whoever sees no colours."""
        return f"{'Right' if self.right else 'Not right'}. {self.reason}"


@dataclass(frozen=True)
class Question:
    """A question with three answers or more, of which one or several are right; its id is never reused."""

    id: str
    text: str
    answers: tuple[QuizAnswer, ...]

    def __post_init__(self) -> None:
        texts = [answer.text for answer in self.answers]
        for wrong, what in (
            (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id), "its id must be words joined by '-'"),
            (len(texts) < 3, f"it has {len(texts)} answers; it must have three or more"),
            (len(set(texts)) < len(texts), "one answer is there twice"),
            (not any(answer.right for answer in self.answers), "no answer is right"),
            (all(answer.right for answer in self.answers), "every answer is right"),
            (not all(answer.reason.strip() for answer in self.answers), "an answer has no reason"),
        ):
            if wrong:
                raise WrongArgument(f"question {self.id!r}: {what}")

    @property
    def many(self) -> bool:
        """Are several answers right?"""
        return sum(answer.right for answer in self.answers) > 1


def chapters(folder: Path = FOLDER) -> list[str]:
    """The numbers of the chapters that have a quiz."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def read(chapter: str, folder: Path = FOLDER) -> tuple[Question, ...]:
    """The questions of a chapter's file. Errors: NotFound with the chapters that have one; WrongArgument."""
    if chapter not in chapters(folder):
        raise NotFound(
            f"no chapter {chapter!r} has a quiz.", remedy=f"choose one of: {', '.join(chapters(folder))}"
        )
    path = folder / f"{chapter}.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
        questions = tuple(_question(entry) for entry in found)
    except (KeyError, TypeError, tomllib.TOMLDecodeError, WrongArgument) as error:
        raise WrongArgument(f"{path.name}: {getattr(error, 'what', error)}") from error
    if len({question.id for question in questions}) < len(questions):
        raise WrongArgument(f"{path.name}: two questions have one id")
    return questions


def _question(entry: dict[str, Any]) -> Question:
    answers = tuple(QuizAnswer(**answer) for answer in entry["answer"])
    return Question(entry["id"], entry["text"], answers)
