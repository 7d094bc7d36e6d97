"""First guess, then measure: `lab.predict()` and what comes of it.

A prediction says for each pair of containers yes, no, or nothing yet; compared with
what was measured, each pair is right, a surprise, not attempted, or not measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pandas as pd

from netbook.diagram.scene import natural
from netbook.drawing import matrix, svg
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import printable
from netbook.errors import NotFound, WrongArgument
from netbook.learn.cells import GUESSES, ITSELF, Cells, Pair, grid, guess, read
from netbook.learn.comparison import Comparison
from netbook.learn.form import MOST, Form
from netbook.reach.reachability import Reachability


class Prediction(Figure):
    """What the reader expects of each pair: yes, no, or nothing yet. Introduced in chapter 08.

    In a notebook it is a grid of buttons, each of which goes through ?, yes and no; `.table` and the
    figure show what has been filled in. `prediction[a, b]` is True, False or None.
    """

    def __init__(
        self, names: Iterable[str], cells: Cells = None, by: str = "address", title: str = ""
    ) -> None:
        if by not in ("address", "name"):
            raise WrongArgument(f"by is {by!r}; it must be 'address' or 'name'")
        self.names = tuple(sorted(names, key=natural))
        self.by, self._asks = by, cells is None
        self.title = printable(title).strip() or f"My prediction: who reaches whom, by {by}"
        self._cells: dict[Pair, bool | None] = {
            (a, b): None for a in self.names for b in self.names if a != b
        }
        for (a, b), value in read(cells).items():
            if a != b:
                self[a, b] = value

    def __getitem__(self, pair: Pair) -> bool | None:
        return self._cells[self._known(pair)]

    def __setitem__(self, pair: Pair, value: object) -> None:
        self._cells[self._known(pair)] = guess(value)

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
        return grid(self.names, lambda a, b: words[self._cells[a, b]])

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
        cells = {pair: GUESSES[value] for pair, value in self._cells.items()}
        cells |= {(name, name): ITSELF for name in self.names}
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
