"""A grid of buttons for a matrix to be filled in, by mouse or by keyboard, and the figure beside it.

The buttons are one output and the figure is another: where widgets do not show (print, a
notebook that is not trusted, a repository's page), the figure is what is left. It follows
the buttons, also in the file.
"""

from __future__ import annotations

import html
from typing import Any, Protocol

MOST = 10  # containers; a grid of a hundred buttons is no pleasure
_FACES = {None: "?", True: "✓ yes", False: "✗ no"}
_NEXT = {None: True, True: False, False: None}


class Fillable(Protocol):
    """A figure whose cells the buttons fill in."""

    names: tuple[str, ...]

    def __getitem__(self, pair: tuple[str, str], /) -> bool | None: ...
    def __setitem__(self, pair: tuple[str, str], value: object, /) -> None: ...
    def _repr_mimebundle_(self) -> dict[str, str]: ...


class Form:
    """One button for each pair; pressed, it goes from ? to yes to no and back."""

    def __init__(self, matrix: Fillable) -> None:
        import ipywidgets as widgets

        self._matrix = matrix
        self._figure: Any = None
        self.buttons: dict[tuple[str, str], widgets.Button] = {}
        wide, look = widgets.Layout(width="auto"), widgets.ButtonStyle()  # shared: one model for all

        def label(text: str) -> widgets.HTML:
            style = "display: inline-block; line-height: 1.25; overflow-wrap: anywhere"
            return widgets.HTML(f'<span style="{style}">{html.escape(text)}</span>', layout=wide)

        cells = [label("from ↓ to →"), *map(label, matrix.names)]
        for a in matrix.names:
            cells.append(label(a))
            for b in matrix.names:
                if a == b:
                    cells.append(label("–"))
                    continue
                button = widgets.Button(
                    description=_FACES[matrix[a, b]], tooltip=f"{a} → {b}", layout=wide, style=look
                )
                button.on_click(lambda _, pair=(a, b): self.press(pair))
                self.buttons[a, b] = button
                cells.append(button)
        columns = f"minmax(5em, max-content) repeat({len(matrix.names)}, minmax(4em, 9em))"
        grid = widgets.Layout(grid_template_columns=columns, grid_gap="2px 6px", overflow="auto")
        self.widget = widgets.GridBox(cells, layout=grid)

    def press(self, pair: tuple[str, str]) -> None:
        """The next answer for one pair; the figure follows."""
        self._matrix[pair] = _NEXT[self._matrix[pair]]
        self.buttons[pair].description = _FACES[self._matrix[pair]]
        if self._figure is not None:
            self._figure.update(self._matrix._repr_mimebundle_(), raw=True)

    def display(self) -> None:
        """The buttons, and under them the figure."""
        from IPython.display import DisplayHandle, publish_display_data

        bundle = dict(self.widget._repr_mimebundle_())
        bundle["text/plain"] = f"{len(self.buttons)} buttons, one for each pair: ?, yes or no"  # not the tree
        publish_display_data(bundle)
        self._figure = DisplayHandle()
        self._figure.display(self._matrix._repr_mimebundle_(), raw=True)
