"""What a reader may write for a prediction: a mapping, a DataFrame or a grid of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from netbook.drawing import matrix

Pair = tuple[str, str]


Cells = Mapping[Pair, object] | pd.DataFrame | str | None


_YES, _NO = {"yes", "y", "true", "1", "✓"}, {"no", "n", "false", "0", "✗"}


_OPEN = {"", "?", "none", "nan", "<na>", "–", "-", "—"}
GUESSES = {
    True: matrix.Cell("full", "✓", "yes"),
    False: matrix.Cell("empty", "✗", "no"),
    None: matrix.Cell("open", ""),  # on paper there is room for a pencil
}


ITSELF = matrix.Cell("self", "–")


def grid(names: tuple[str, ...], word: Callable[[str, str], str]) -> pd.DataFrame:
    rows = [["–" if a == b else word(a, b) for b in names] for a in names]
    table = pd.DataFrame(rows, index=list(names), columns=list(names), dtype=object)
    table.index.name, table.columns.name = "from", "to"
    return table


def read(cells: Cells) -> dict[Pair, Any]:
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


def guess(value: object) -> bool | None:
    word = str(value).strip().lower()
    if word in _OPEN:
        return None
    if word in _YES | _NO:
        return word in _YES
    raise ValueError(f"{value!r} is no prediction; it must be yes, no or ? (True, False or None)")
