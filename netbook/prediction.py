"""First guess, then measure: `lab.predict()` and what comes of it.

A prediction says for each pair of containers yes, no, or nothing yet; compared with
what was measured, each pair is right, a surprise, not attempted, or not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from netbook import tables
from netbook.drawing import matrix, svg
from netbook.drawing.lettering import printable
from netbook.drawing.scene import natural
from netbook.errors import NotFound
from netbook.figure import Figure
from netbook.form import MOST, Form
from netbook.reachability import Reachability

Pair = tuple[str, str]
_YES, _NO = {"yes", "y", "true", "1", "✓"}, {"no", "n", "false", "0", "✗"}
_OPEN = {"", "?", "none", "nan", "<na>", "–", "-", "—"}
_GUESSES = {
    True: matrix.Cell("full", "✓", "yes"),
    False: matrix.Cell("empty", "✗", "no"),
    None: matrix.Cell("open", ""),  # on paper there is room for a pencil
}
_ITSELF = matrix.Cell("self", "–")
_STATES = {  # how a cell looks, and its symbol
    "right": ("empty", "✓"),
    "surprise": ("full", "!"),
    "not attempted": ("open", "…"),
    "not measured": ("open", "?"),
}


class Prediction(Figure):
    """What the reader expects of each pair: yes, no, or nothing yet. Introduced in chapter 08.

    In a notebook it is a grid of buttons, each of which goes through ?, yes and no; `.table` and the
    figure show what has been filled in. `prediction[a, b]` is True, False or None.
    """

    def __init__(
        self, names: Iterable[str], cells: object = None, by: str = "address", title: str = ""
    ) -> None:
        self.names = tuple(sorted(names, key=natural))
        self.by, self._asks = by, cells is None
        self.title = printable(title).strip() or f"My prediction: who reaches whom, by {by}"
        self._cells: dict[Pair, bool | None] = {
            (a, b): None for a in self.names for b in self.names if a != b
        }
        for (a, b), value in _read(cells).items():
            if a != b:
                self[a, b] = value

    def __getitem__(self, pair: Pair) -> bool | None:
        return self._cells[self._known(pair)]

    def __setitem__(self, pair: Pair, value: object) -> None:
        self._cells[self._known(pair)] = _guess(value)

    def _known(self, pair: Pair) -> Pair:
        if unknown := [repr(name) for name in pair if name not in self.names]:
            raise NotFound(
                f"{' and '.join(unknown)}: no such container in this prediction.",
                remedy=f"predict for: {', '.join(self.names) or 'nobody, the lab is empty'}",
            )
        if pair[0] == pair[1]:
            raise ValueError(f"{pair[0]!r} to itself is nothing to predict; name two containers")
        return pair

    @property
    def table(self) -> pd.DataFrame:
        """The matrix: rows from, columns to; `yes`, `no`, `?` for what is open, `–` for oneself."""
        words = {True: "yes", False: "no", None: "?"}
        return _table(self.names, lambda a, b: words[self._cells[a, b]])

    def compare(self, measured: Reachability, title: str = "") -> Comparison:
        """Lay what was measured over the prediction. Errors: ValueError if it was measured in another way."""
        if measured.by not in ("both", self.by):
            raise ValueError(
                f"predicted by {self.by}, measured by {measured.by}; use lab.reachability({self.by!r})"
            )
        return Comparison(self._cells, measured, self.by, title)

    # -- picture, words, buttons --------------------------------------------

    @property
    def svg(self) -> str:
        cells = {pair: _GUESSES[value] for pair, value in self._cells.items()}
        cells |= {(name, name): _ITSELF for name in self.names}
        return svg.draw(matrix.plan(self.names, cells, self.title, [self._count]), self.title, self.alt)

    @property
    def _count(self) -> str:
        done = sum(value is not None for value in self._cells.values())
        return f"{done} of {len(self._cells)} pairs predicted"

    @property
    def alt(self) -> str:
        """The count, and the first guesses."""
        made = [
            f"{a} → {b} {'yes' if value else 'no'}"
            for (a, b), value in self._cells.items()
            if value is not None
        ]
        more = [f"{len(made) - 12} more"] if len(made) > 12 else []
        guesses = f" {'; '.join(made[:12] + more)}." if made else ""
        return f"{self.title}: {self._count}.{guesses}"

    @property
    def text(self) -> str:
        shown = self.table.to_string() if self.names else "no containers"
        return f"{self.title}: {self._count}\n{shown}"

    @cached_property
    def form(self) -> Form | None:
        """The grid of buttons; None when the cells were given, or are too many for buttons."""
        return Form(self) if self._asks and 2 <= len(self.names) <= MOST else None

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        if self.form:
            self.form.display()
        else:
            publish_display_data(self._repr_mimebundle_())


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
        return "right" if guess == (answer == "yes") else "surprise"

    def _why(self, pair: Pair) -> str:
        if not set(pair) <= set(self._measured.names):
            return "not there when it was measured"
        return self._measured.why(*pair, self.by) or "reply"

    @property
    def table(self) -> pd.DataFrame:
        """The matrix of states: rows from, columns to."""
        return _table(self.names, self.state)

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
            reason: chr(ord("a") + i % 26) for i, reason in enumerate(r for r in reasons if r != "reply")
        }
        cells = {(name, name): _ITSELF for name in self.names}
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


def _table(names: tuple[str, ...], word: Callable[[str, str], str]) -> pd.DataFrame:
    rows = [["–" if a == b else word(a, b) for b in names] for a in names]
    table = pd.DataFrame(rows, index=list(names), columns=list(names), dtype=object)
    table.index.name, table.columns.name = "from", "to"
    return table


# ---------------------------------------------------------------- what a reader may write


def _read(cells: object) -> dict[Pair, Any]:
    """A mapping of pairs, a DataFrame, or a grid of text whose first line names the columns."""
    if cells is None:
        return {}
    if isinstance(cells, str):
        lines = [line.split() for line in cells.splitlines() if line.strip()]
        if not lines:
            return {}
        heads = [word for word in lines[0] if word not in ("from", "to")]
        for line in lines[1:]:
            if len(line) != len(heads) + 1:
                raise ValueError(
                    f"the row {' '.join(line)!r} has {len(line) - 1} answers; "
                    f"expected {len(heads)}, one for each of: {' '.join(heads)}"
                )
        return {(line[0], b): word for line in lines[1:] for b, word in zip(heads, line[1:], strict=True)}
    if isinstance(cells, pd.DataFrame):
        return {(str(a), str(b)): cells.loc[a, b] for a in cells.index for b in cells.columns}
    if isinstance(cells, Mapping) and all(isinstance(key, tuple) and len(key) == 2 for key in cells):
        return {(_name(a), _name(b)): value for (a, b), value in cells.items()}
    raise ValueError(
        f"a prediction is not {type(cells).__name__}; expected "
        '{("bbox01", "bbox02"): True, …}, a DataFrame, or a grid of text'
    )


def _name(container: object) -> str:
    return str(getattr(container, "name", container))


def _guess(value: object) -> bool | None:
    word = str(value).strip().lower()
    if word in _OPEN:
        return None
    if word in _YES | _NO:
        return word in _YES
    raise ValueError(f"{value!r} is no prediction; it must be yes, no or ? (True, False or None)")
