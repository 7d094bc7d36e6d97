"""What a question for a web page came to."""

from __future__ import annotations

from dataclasses import dataclass

_SHORT = 60  # characters


@dataclass(frozen=True, slots=True)
class Fetched:
    """One question for a web page. `outcome`: `page`, or the word for why none came."""

    url: str
    outcome: str  # page, refused, reset, timed out, no route, unknown name, status 404 …; or wget's own words
    body: str = ""
    words: str = ""  # of the program, on standard error

    @property
    def ok(self) -> bool:
        return self.outcome == "page"

    @property
    def first_line(self) -> str:
        """Of the page, the first line that is not blank; a long one is cut."""
        line = next((line.strip() for line in self.body.splitlines() if line.strip()), "")
        return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"
