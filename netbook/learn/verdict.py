"""What the judge says, in words: never OK or NO, but what is met, what is not, and what was seen."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from netbook.learn.words import Words

State = Literal["not attempted", "not yet", "solved", "cannot judge"]
Mark = Literal["met", "not yet", "later", "cannot judge"]
_HEADS = {
    "not attempted": "Not attempted yet.",
    "not yet": "Not yet.",
    "solved": "Solved.",
    "cannot judge": "This cannot be judged now.",
}
_SYMBOLS = {"met": "✓", "not yet": "✗", "later": "…", "cannot judge": "?"}


@dataclass(frozen=True, slots=True)
class Line:
    """One goal: its sentence, and what was seen where it is not met."""

    mark: Mark
    goal: str
    seen: str = ""


@dataclass(frozen=True, repr=False)
class Verdict(Words):
    """Of one moment. Nothing in it is chance, so that it can be compared."""

    state: State
    lines: tuple[Line, ...] = ()
    told: str = ""  # of the mistake that was recognised; what is gone; what there was to learn
    shown: bool = False  # the solution was

    @property
    def head(self) -> str:
        """The first line."""
        met = sum(line.mark == "met" for line in self.lines)
        head = _HEADS[self.state]
        if self.state == "solved":
            return f"{head[:-1]}, after the solution was shown." if self.shown else head
        if self.state == "cannot judge":
            return head
        verb = "is" if met == 1 else "are"
        before = "" if self.state == "not yet" else " from the start"
        return f"{head} {met} of {len(self.lines)} goals {verb} met{before}."

    @property
    def text(self) -> str:
        return "\n".join([self.head, *rows(self.lines), *([self.told] if self.told else [])])

    def after_solution(self) -> Verdict:
        return replace(self, shown=True)

    @property
    def html(self) -> str:
        """A list that a screen reader reads as one: the word is there beside the symbol."""
        items = "".join(map(_item, self.lines))
        told = f"<p>{html.escape(self.told)}</p>" if self.told else ""
        return (
            f'<div><p><b>{html.escape(self.head)}</b></p><ul style="padding-left: 0">{items}</ul>{told}</div>'
        )


def _item(line: Line) -> str:
    symbol = (
        f'<span aria-hidden="true" style="display: inline-block; width: 1.5em">{_SYMBOLS[line.mark]}</span>'
    )
    seen = f" — <i>seen: {html.escape(line.seen)}</i>" if line.seen else ""
    style = "list-style: none; margin: 2px 0"
    return f'<li style="{style}">{symbol}<b>{line.mark}</b> · {html.escape(line.goal)}{seen}</li>'


def rows(lines: Sequence[Line]) -> list[str]:
    """As lines of text, what was seen in a column of its own."""
    wide = max((len(line.goal) for line in lines if line.seen), default=0)
    return [
        f"  {line.mark:8} {line.goal:{wide}}  seen: {line.seen}"
        if line.seen
        else f"  {line.mark:8} {line.goal}"
        for line in lines
    ]
