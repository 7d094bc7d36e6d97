"""The packets of a journey as numbered lines: what each was, from where to where, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import INK, PAPER, QUIET
from netbook.drawing.shapes import Label, Point, Rect, Shape
from netbook.model.journey import Leg

NUMBER, WORDS, LINE = 7.5, 11.5, 17.0  # a number's radius, the size of text, the height of a line
INDENT = 26.0


@dataclass(frozen=True)
class Step:
    """One packet, its number in the journey and its way over a picture; no way: nobody saw it move."""

    number: int
    leg: Leg
    way: tuple[Point, ...] = ()

    @cached_property
    def route(self) -> str:
        """`172.17.0.2 → 172.17.0.3`, or the one of them that is known."""
        return " → ".join(filter(None, [self.leg.source, self.leg.target]))


def caption(step: Step, rect: Rect, tab: float) -> Shape:
    """The lines of one packet, at the top of `rect`; the shape is as high as they need.

    `tab`: how much room the first words take at least, so that the addresses stand in a column.
    """
    labels: list[Label] = []
    x, y = rect.x + INDENT, rect.y + 15
    note = f"✕ {step.leg.note}" if step.leg.lost else step.leg.note
    said = [(step.leg.what, True, INK), (step.route, False, INK), (note, step.leg.lost, QUIET)]
    for text, bold, color in said:
        if not text:
            continue
        text = clip(text, WORDS, rect.w - INDENT - 8)
        width = text_width(text, WORDS)
        if labels and x + width > rect.right - 8:
            x, y = rect.x + INDENT, y + LINE
        labels.append(Label(text, x, y, WORDS, bold, color=color))
        x += max(width, tab if len(labels) == 1 else 0) + 12
    place = Rect(rect.x, rect.y, rect.w, y - rect.y + 7)
    return Shape("caption", place, tuple(labels), (numbered(step, (rect.x + 13, rect.y + 11)),))


def captions(steps: list[Step], rect: Rect) -> list[Shape]:
    """One below the other."""
    shapes: list[Shape] = []
    first = [text_width(step.leg.what, WORDS) for step in steps]
    tab = max((width for width in first if width <= 0.4 * rect.w), default=0.0)
    for step in steps:
        top = shapes[-1].rect.bottom if shapes else rect.y
        shapes.append(caption(step, Rect(rect.x, top, rect.w, LINE), tab))
    return shapes


def numbered(step: Step, at: Point) -> Shape:
    """The packet's number in a dot."""
    x, y = at
    size = 10.5 if step.number < 10 else 8.5
    label = Label(str(step.number), x, y + size * 0.36, size, True, "middle", PAPER)
    return Shape("number", Rect(x - NUMBER, y - NUMBER, 2 * NUMBER, 2 * NUMBER), (label,))
