"""Measured values as strips of points, one strip for each thing that was measured; drawn by matplotlib.

Every point is shown, for a bar of an average would hide what matters: how much they scatter.
The same values give the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from netbook.drawing.lettering import text_width
from netbook.drawing.palette import GREY, INK, INKS, PAPER, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, ROW, HEAD, FOOT = 720.0, 46.0, 40.0, 48.0  # pixels
_FAR = 10.0  # times as large as the smallest: then the axis is logarithmic
_GOLDEN = 0.618034  # spreads any number of points evenly, and always in the same way


def draw(rows: Sequence[tuple[str, Sequence[float]]], title: str, axis: str, description: str) -> str:
    """The SVG file. A label may have two lines; a row without values says so."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    look: dict[Any, Any] = {
        "svg.hashsalt": "netbook",
        "svg.fonttype": "none",  # letters stay letters: searchable, and Chinese in whichever font is there
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
        "axes.edgecolor": QUIET,
        "font.size": 10 * 0.75,
    }
    lines = [line for label, _ in rows for line in label.split("\n")]
    left = 24 + max((text_width(line, 10) for line in lines), default=0.0)
    height = HEAD + ROW * max(1, len(rows)) + FOOT
    with mpl.rc_context(look), warnings.catch_warnings():
        # matplotlib's own font has no Chinese; the browser that shows the picture has one
        warnings.filterwarnings("ignore", r"Glyph .* missing", UserWarning)
        figure = Figure(figsize=(WIDTH / 96, height / 96), facecolor=PAPER)
        area = left / WIDTH, FOOT / height, 1 - (left + 24) / WIDTH, 1 - (HEAD + FOOT) / height
        axes = figure.add_axes(area)
        _axes(axes, rows, axis)
        figure.text(14 / WIDTH, 1 - 24 / height, title, fontsize=13 * 0.75, fontweight="bold")
        file = io.StringIO()
        about = {"Date": None, "Creator": None, "Title": title, "Description": description}
        figure.savefig(file, format="svg", metadata=about)
    return file.getvalue()


def _axes(axes: Axes, rows: Sequence[tuple[str, Sequence[float]]], label: str) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    every = [value for _, values in rows for value in values]
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.tick_params("y", length=0)
    if every and max(every) > _FAR * min(every) > 0:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    elif every:
        axes.set_xlim(0, max(every) * 1.05)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel(label)
    axes.grid(axis="x", which="both", color=GREY)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    for y, (_, values) in enumerate(rows):
        if not values:
            axes.text(0.01, y, "no reply", transform=axes.get_yaxis_transform(), va="center")
            continue
        spread = [y + 0.5 * ((i * _GOLDEN) % 1 - 0.5) for i in range(len(values))]
        axes.scatter(values, spread, s=16, facecolor="none", edgecolor=INKS[0].line, linewidth=0.9)
        axes.vlines(median(values), y - 0.36, y + 0.36, color=INK, linewidth=2.2)
