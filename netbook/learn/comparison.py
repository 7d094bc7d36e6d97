"""A prediction laid over what was measured: `prediction.compare(lab.reachability())`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import pandas as pd

from netbook import tables
from netbook.diagram.scene import natural
from netbook.drawing import matrix, svg
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import printable
from netbook.learn.cells import ITSELF, Pair, grid
from netbook.reach.reachability import REACHED, Reachability

_STATES = {  # how a cell looks, and its symbol
    "right": ("empty", "✓"),
    "surprise": ("full", "!"),
    "not attempted": ("open", "…"),
    "not measured": ("open", "?"),
}


class Comparison(Figure):
    """A prediction and what was measured, one over the other.

    `.table`: each pair `right`, `surprise`, `not attempted` or `not measured`. `.surprises`: one row for
    each surprise, with the reason that the network gave.
    """

    def __init__(
        self, guesses: Mapping[Pair, bool | None], measured: Reachability, by: str, title: str = ""
    ) -> None:
        self._guesses, self._measured, self.by = dict(guesses), measured, by
        names = {name for pair in guesses for name in pair} | set(measured.names)
        self.names = tuple(sorted(names, key=natural))
        self._pairs = [(a, b) for a in self.names for b in self.names if a != b]
        self.title = printable(title).strip() or f"Predicted and measured, by {by}"

    def _answer(self, pair: Pair) -> str:
        here = set(pair) <= set(self._measured.names)
        return self._measured.verdict(*pair, self.by) if here else "?"

    def state(self, source: str, target: str) -> str:
        """`right`, `surprise`, `not attempted` or `not measured`."""
        answer, guess = self._answer((source, target)), self._guesses.get((source, target))
        if answer == "?":
            return "not measured"
        if guess is None:
            return "not attempted"
        return "right" if guess == (answer in REACHED) else "surprise"

    def _why(self, pair: Pair) -> str:
        if not set(pair) <= set(self._measured.names):
            return "not there when it was measured"
        return self._measured.why(*pair, self.by) or ("connection" if self._measured.port else "reply")

    @property
    def table(self) -> pd.DataFrame:
        """The matrix of states: rows from, columns to."""
        return grid(self.names, self.state)

    @property
    def surprises(self) -> pd.DataFrame:
        """Columns source, target, predicted, answer, reason (in ping's own words)."""
        rows = (
            {
                "source": pair[0],
                "target": pair[1],
                "predicted": "yes" if self._guesses[pair] else "no",
                "answer": self._answer(pair),
                "reason": self._why(pair),
            }
            for pair in self._pairs
            if self.state(*pair) == "surprise"
        )
        return tables.frame(["source", "target", "predicted", "answer", "reason"], rows)

    # -- picture and words --------------------------------------------------

    @cached_property
    def svg(self) -> str:
        told = ("surprise", "not measured")
        reasons = dict.fromkeys(self._why(p) for p in self._pairs if self.state(*p) in told)
        letters = {
            reason: chr(ord("a") + i % 26)
            for i, reason in enumerate(r for r in reasons if r not in ("reply", "connection"))
        }
        cells = {(name, name): ITSELF for name in self.names}
        for pair in self._pairs:
            state, answer = self.state(*pair), self._answer(pair)
            look, symbol = _STATES[state]
            note = letters.get(self._why(pair), "") if state in told else ""
            below = "" if answer == "?" else f"it is {answer}"
            cells[pair] = matrix.Cell(look, symbol, state, note, answer, below)
        symbols = " · ".join(f"{symbol} {state}" for state, (_, symbol) in _STATES.items())
        legend = [self._count, symbols, *(f"{letter} – {reason}" for reason, letter in letters.items())]
        return svg.draw(matrix.plan(self.names, cells, self.title, legend), self.title, self.alt)

    @property
    def _count(self) -> str:
        states = [self.state(*pair) for pair in self._pairs]
        said = [f"{states.count(state)} {state}" for state in _STATES if state in states]
        return ", ".join(said) or "nothing to compare"

    @property
    def alt(self) -> str:
        """The count, and the first surprises."""
        rows = list(self._surprised())
        more = f"; {len(rows) - 8} more" if len(rows) > 8 else ""
        found = f" Surprises: {'; '.join(rows[:8])}{more}." if rows else ""
        return f"{self.title}: {self._count}.{found}"

    @property
    def text(self) -> str:
        """The count, the matrix, and one line for each surprise."""
        shown = self.table.to_string() if self.names else "no containers"
        return "\n".join(
            [f"{self.title}: {self._count}", shown, *(f"  ! {row}" for row in self._surprised())]
        )

    def _surprised(self) -> Iterable[str]:
        for row in self.surprises.itertuples():
            yield f"{row.source} → {row.target}: predicted {row.predicted}, it is {row.answer} ({row.reason})"
