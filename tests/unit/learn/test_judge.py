"""The judge's words, with goals that say what they are told to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from netbook.errors import EngineGone
from netbook.learn.evidence import CannotJudge
from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Finding, Goal, Not
from netbook.learn.judge import Begun, judge
from netbook.learn.sheet import Hint, Sheet, Solution
from netbook.learn.verdict import Verdict
from netbook.learn.words import marked_up


@dataclass(frozen=True)
class Says(Goal):
    """A goal as a test wants it."""

    words: str
    met: bool | Exception
    height: int = 0
    about = ()

    @property
    def layer(self) -> int:  # type: ignore[override]
        return self.height

    def __str__(self) -> str:
        return self.words

    def judge(self, evidence: Any) -> Finding:
        evidence.asked.append(self.words)
        if isinstance(self.met, Exception):
            raise self.met
        return Finding(self.met, f"seen of {self.words}")


class Seen:
    """Evidence of nothing, that notes what is asked."""

    has_begun, wiring = True, "as it was"

    def __init__(self) -> None:
        self.asked: list[str] = []


def exercise(*goals: Goal, mistakes: tuple[Mistake, ...] = ()) -> Exercise:
    return Exercise(
        "07-x",
        "Title",
        "Do `this`.",
        "start",
        goals,
        mistakes,
        ("One.", "Two."),
        "verb()",
        ("!docker x",),
        "Why.",
    )


def said(*goals: Goal, mistakes: tuple[Mistake, ...] = (), begun: Begun | None = None) -> Verdict:
    return judge(Seen(), exercise(*goals, mistakes=mistakes), begun)  # type: ignore[arg-type]


def test_above_the_first_layer_that_fails_nothing_is_looked_at() -> None:
    seen = Seen()
    goals = (Says("top", True, 4), Says("low", True), Says("wrong", False, 1), Says("beside", True, 1))
    verdict = judge(seen, exercise(*goals), None)  # type: ignore[arg-type]
    assert seen.asked == ["low", "wrong", "beside"]
    assert verdict.text.splitlines() == [
        "Not yet. 2 of 4 goals are met.",
        "  met      low",
        "  not yet  wrong  seen: seen of wrong",
        "  met      beside",
        "  later    top",
    ]


def test_the_first_mistake_that_matches_is_told() -> None:
    mistakes = (
        Mistake("no", (Says("a", False),), ""),
        Mistake("gone", (Says("b", CannotJudge("x")),), ""),
        Mistake("this", (Not(Says("c", False)), Says("d", True)), ""),
        Mistake("later", (Says("e", True),), ""),
    )
    assert said(Says("wrong", False), mistakes=mistakes).told == "this"


def test_solved_says_why_and_whether_the_solution_was_shown() -> None:
    verdict = said(Says("a", True))
    assert verdict.text == "Solved.\n  met      a\nWhy."
    assert verdict.after_solution().head == "Solved, after the solution was shown."


def test_untouched_is_no_mistake() -> None:
    goals = (Says("a", True), Says("b", False))
    begun = Begun(said(*goals).lines, Seen.wiring)
    assert said(*goals, begun=begun).head == "Not attempted yet. 1 of 2 goals is met from the start."
    assert said(*goals, begun=Begun(begun.lines, "otherwise")).state == "not yet"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CannotJudge("ann is gone"), "Ann is gone. task.start() makes it anew."),
        (EngineGone("No answer.", remedy="start it"), "No answer.\n  → start it"),
    ],
)
def test_what_cannot_be_judged_is_said_and_never_raised(error: Exception, words: str) -> None:
    verdict = said(Says("a", error))
    assert verdict.text == f"This cannot be judged now.\n{words}"


def test_html_has_the_same_words() -> None:
    verdict = said(Says("a < b", True), Says("c", False))
    assert "<b>met</b> · a &lt; b" in verdict.html
    assert "<b>not yet</b> · c — <i>seen: seen of c</i>" in verdict.html
    assert verdict._repr_mimebundle_()["text/plain"] == repr(verdict)


def test_the_sheet_the_hints_and_the_solution() -> None:
    one = exercise(Says("a", True))
    assert Sheet(one).text.startswith("Exercise 07-x: Title\n\nDo `this`.\n\ntask.check()")
    assert "Do <code>this</code>." in Sheet(one).html
    assert Hint("Both.", one.hints[:1], 2).text == "Both.\nHint 1 of 2: One."
    assert Solution(one).text == "One way:\n\n    verb()\n\nOr:\n\n    !docker x\n\nWhy."
    assert marked_up("see https://example.org/a.") == (
        'see <a href="https://example.org/a">https://example.org/a</a>.'
    )
