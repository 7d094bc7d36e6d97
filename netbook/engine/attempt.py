"""One rung that was tried, and what to say when none holds."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.errors import NoEngine


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rung that was tried: what happened, and what would mend it."""

    rung: str
    what: str
    where: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return (
            f"{self.rung}: {self.what} ({self.where}): {self.problem}"
            if self.where
            else f"{self.rung}: {self.problem}"
        )


def nothing_holds(fallen: list[Attempt]) -> NoEngine:
    """The error at the bottom of the ladder."""
    tried = "\n".join(f"  - {attempt}" for attempt in fallen)
    # what the reader can do at once comes first; whoever set DOCKER_HOST has only rung 1
    easiest = sorted(fallen, key=lambda attempt: ("private", "embedded", "yours").index(attempt.rung))
    remedies = [attempt.remedy for attempt in easiest if attempt.remedy]
    return NoEngine(
        f"No Docker Engine that the book can use. Tried:\n{tried}",
        remedy=remedies[0] if remedies else "install Docker Engine, then run `python3 -m netbook doctor`",
    )
