"""When to look again: events come in bursts, and one look after a burst shows what all of them did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Look when it has been quiet for a moment, or when the first unseen event has waited long enough.

    Times in seconds, by whatever clock the caller has.

    >>> pace = Pace(quiet=0.1, longest=0.3)
    >>> pace.event(5.0)
    >>> pace.event(5.05)
    >>> round(pace.wait(5.1), 2)
    0.05
    """

    quiet: float = 0.03
    longest: float = 0.25
    _first: float | None = None
    _last: float = 0.0

    def event(self, now: float) -> None:
        """Something happened."""
        self._first = now if self._first is None else self._first
        self._last = now

    def wait(self, now: float) -> float | None:
        """So long until the next look; 0: now; None: there is nothing to look for."""
        if self._first is None:
            return None
        return max(0.0, min(self._last + self.quiet, self._first + self.longest) - now)

    def looked(self) -> None:
        """All events up to the beginning of a look are seen by it: say so before it begins."""
        self._first = None
