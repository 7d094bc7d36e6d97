"""A matrix of containers: one row for each that asks, one column for each that is asked, and a legend.

    wide    as long as a word and its symbol fit side by side into each cell
    narrow  the symbol above its word, and the columns' names upright: up to 30 containers on a page

Each cell says what it means by a symbol and by a word; light and dark only help the eye.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import INK, PAPER, QUIET
from netbook.drawing.shapes import Label, Picture, Rect, Shape

WIDTH = 980.0  # of the whole picture
MARGIN, GAP = 14.0, 8.0  # around everything; between names and cells
NAME, WORD, SMALL, TITLE = 12.0, 11.0, 8.5, 15.0  # sizes of text
NARROWEST, NARROW = 25.0, 48.0  # cells with the symbol above the word, in small and in usual letters


@dataclass(frozen=True, slots=True)
class Cell:
    """What one pair came to; `note` is the letter of the legend's line that says why."""

    look: str  # full, half, empty, open, self: a key of svg's styles
    symbol: str
    word: str = ""
    note: str = ""
    short: str = ""  # the word for a narrow cell, where it has to be another
    below: str = ""  # a second line

    @property
    def need(self) -> float:
        """The room that it takes with everything side by side."""
        line = text_width(f"{self.symbol} {self.word}", WORD) + (12 if self.note else 0)
        return 14 + max(line, text_width(self.below, WORD))

    def place(self, rect: Rect, wide: bool) -> Shape:
        color = PAPER if self.look == "full" else INK
        size = WORD if wide or rect.w > NARROW - 4 else SMALL
        labels = []
        if self.note:
            edge = 4 if size == WORD else 1
            labels.append(Label(self.note, rect.right - edge, rect.y + 11, size, anchor="end", color=color))
        aside = 4.8 if self.note else 0
        if wide:
            said = " ".join(filter(None, [self.symbol, self.word]))
            y = rect.y + rect.h / 2 + (-3 if self.below else 4)
            lines = [(said, rect.mid - aside, y, WORD, True), (self.below, rect.mid, y + 15, WORD, False)]
        else:
            lines = [
                (self.symbol, rect.mid - aside, rect.y + 15, 12.0, True),
                (self.short or self.word, rect.mid, rect.y + 28, size, False),
            ]
        labels += [Label(*line, "middle", color) for line in lines if line[0]]
        return Shape(self.look, rect, tuple(labels))


def noted(cell: Cell, note: str) -> Cell:
    """The same cell, with the letter of a reason."""
    return replace(cell, note=note)


def plan(
    names: Sequence[str], cells: Mapping[tuple[str, str], Cell], title: str, legend: Sequence[str]
) -> Picture:
    """Place everything. Each line of the legend begins with the letter or the symbol it explains."""
    rows = [clip(name, NAME, 190) for name in names]
    left = MARGIN + max([text_width(name, NAME) for name in rows] + [text_width("from ↓ to →", WORD)]) + GAP
    room = (WIDTH - left - MARGIN) / max(1, len(names))
    need = max((cell.need for cell in cells.values()), default=0.0)
    wide = need <= room
    heads = [clip(name, NAME, 190) for name in names]
    longest = max((text_width(name, NAME) for name in heads), default=0.0)
    flat = wide and longest + 12 <= room
    cell_w = max(need, longest + 12 if flat else 0) if wide else max(NARROWEST, min(NARROW, room))
    cell_h = 46.0 if wide and any(cell.below for cell in cells.values()) else 36.0

    y = MARGIN + 20  # below the title
    head = 18.0 if flat else longest + 8
    top = y + 8 + head
    labels = [Label("from ↓ to →", MARGIN, top - 8, WORD, color=QUIET)] if names else []
    if not names:
        labels.append(Label("no containers", MARGIN, top, NAME, color=QUIET))
    for c, name in enumerate(heads):
        x = left + cell_w * (c + 0.5)
        if flat:
            labels.append(Label(name, x, top - 8, NAME, True, "middle"))
        else:
            labels.append(Label(name, x + 4, top - 6, NAME, True, upright=True))
    shapes = []
    for r, (source, name) in enumerate(zip(names, rows, strict=True)):
        row = top + cell_h * r
        labels.append(Label(name, left - GAP, row + cell_h / 2 + 4, NAME, True, "end"))
        for c, target in enumerate(names):
            rect = Rect(left + cell_w * c + 1, row + 1, cell_w - 2, cell_h - 2)
            shapes.append(cells[source, target].place(rect, wide))

    right = left + cell_w * len(names) + MARGIN
    width = max(right, 360.0, min(WIDTH, 2 * MARGIN + text_width(title, TITLE)))
    at = top + cell_h * len(names) + 22
    for line in legend:
        for i, part in enumerate(wrapped(line, width - 2 * MARGIN, WORD)):
            labels.append(Label(part, MARGIN + (14 if i else 0), at, WORD, color=INK))
            at += 16
    heading = Label(clip(title, TITLE, width - 2 * MARGIN), MARGIN, MARGIN + 13, TITLE, True)
    page = Rect(MARGIN, MARGIN, width - 2 * MARGIN, at - MARGIN)
    shapes.append(Shape("heading", page, (heading, *labels)))
    return Picture(width, at + MARGIN - 10, tuple(shapes), ())


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Lines of whole words that fit, all but the first with 14 pixels less.

    >>> wrapped("a  no reply: nothing came back", 130, 10)
    ['a  no reply: nothing', 'came back']
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and text_width(longer, size) > room - (14 if len(lines) > 1 else 0):
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
