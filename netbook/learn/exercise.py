"""An exercise is data: what the reader should bring about, and how one sees on the engine that it is so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from netbook.learn.goals.base import Goal


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong that was foreseen.

    `when` all of these hold, `says` is told; `program` brings it about, from the start, and is run in the
    suite. In `says` no command, and no `!`. `mended`: the solution leads on from it, without a new start;
    one of a chapter, which is tried each day.
    """

    says: str
    when: tuple[Goal, ...]
    program: str
    mended: bool = False


@dataclass(frozen=True)
class Exercise:
    """`id` is stable, and never given again. Programs are source of a cell, with `lab` at hand and `!docker`.

    The goals are looked at in the order of their layers. `solution` is shown, put into the solved chapter,
    and run in the suite; so is each of the `alternatives`, one of which is by `docker` alone.
    """

    id: str
    title: str
    task: str
    start: str
    goals: tuple[Goal, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    solution: str
    alternatives: tuple[str, ...]
    why: str  # after it is solved: what there was to learn
    met: str = ""  # who met this, in public, and how they mended it: with an address

    @property
    def chapter(self) -> str:
        """The two digits of its chapter."""
        return self.id.partition("-")[0]

    @property
    def after(self) -> str:
        """What is told when it is solved."""
        return self.why

    @cached_property
    def names(self) -> frozenset[str]:
        """The containers and networks that its goals are about."""
        found: Iterable[Goal] = (*self.goals, *(g for mistake in self.mistakes for g in mistake.when))
        return frozenset(name for goal in found for name in goal.names)

    def has(self, name: str) -> bool:
        """Is a container or network of that name a part of it?"""
        return name in self.names

    @cached_property
    def riddle(self) -> frozenset[str]:
        """The containers among which the reader shall find one: the goal's picture must not tell which."""
        return frozenset(name for goal in self.goals if goal.riddle for name in goal.names)
