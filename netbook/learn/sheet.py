"""What is read of an exercise: its text, its hints, its solution. Each as lines, and as HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass

from netbook.learn.exercise import Exercise
from netbook.learn.words import Words, marked_up

VERBS = "task.check() · task.hint() · task.look() · task.solution() · task.start()"


@dataclass(frozen=True, repr=False)
class Sheet(Words):
    """Number, title, what to do, and the verbs."""

    exercise: Exercise

    @property
    def text(self) -> str:
        title = f"Exercise {self.exercise.id}: {self.exercise.title}"
        return f"{title}\n\n{self.exercise.task}\n\n{VERBS}"

    @property
    def html(self) -> str:
        return (
            f"<p><b>Exercise {self.exercise.id}: {marked_up(self.exercise.title)}</b></p>"
            f"{paragraphs(self.exercise.task)}<p><code>{VERBS}</code></p>"
        )


@dataclass(frozen=True, repr=False)
class Hint(Words):
    """What the recognised mistake says, and the hints that were asked for so far."""

    told: str
    hints: tuple[str, ...]
    of: int

    @property
    def _lines(self) -> list[str]:
        hints = [f"Hint {number} of {self.of}: {hint}" for number, hint in enumerate(self.hints, 1)]
        return [self.told, *hints] if self.told else hints

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    @property
    def html(self) -> str:
        return "".join(map(paragraphs, self._lines))


@dataclass(frozen=True, repr=False)
class Solution(Words):
    """One way to do it, others, why; and who met this."""

    exercise: Exercise

    @property
    def _ways(self) -> list[tuple[str, str]]:
        others = [("Or:", way) for way in self.exercise.alternatives]
        return [("One way:", self.exercise.solution), *others]

    @property
    def _after(self) -> list[str]:
        met = f"Who met this: {self.exercise.met}" if self.exercise.met else ""
        return [line for line in (self.exercise.why, met) if line]

    @property
    def text(self) -> str:
        ways = [f"{head}\n\n{indented(way)}" for head, way in self._ways]
        return "\n\n".join([*ways, *self._after])

    @property
    def html(self) -> str:
        ways = (f"<p>{head}</p><pre>{html.escape(way.strip())}</pre>" for head, way in self._ways)
        return "".join([*ways, *map(paragraphs, self._after)])


def indented(source: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in source.strip().splitlines())


def paragraphs(text: str) -> str:
    """Blank lines part them."""
    return "".join(f"<p>{marked_up(part)}</p>" for part in text.strip().split("\n\n"))
