"""The bars of a diagram, one for each bridge: how wide they must be, and what is drawn on them."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.change import Change
from netbook.drawing.boxes import NOTE, badge
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.marking import color, kind, pill, pill_shape, pill_width
from netbook.drawing.scene import Scene, tags, where
from netbook.drawing.svg import Label, Rect, Shape
from netbook.journey import Stop
from netbook.topology import Bridge

BAR = 13.0  # size of text


@dataclass(slots=True)
class Bar:
    """A bridge before it has a place."""

    bridge: Bridge
    left: str
    right: str
    tags: list[str]
    ink: int
    letter: str
    mark: Change | None

    @property
    def widths(self) -> list[float]:
        """Of the tags, the pill before them."""
        pills = [pill_width(pill(self.mark))] if self.mark else []
        return [*pills, *(text_width(tag, 10) + 12 for tag in self.tags)]

    def need(self, lines: int) -> float:
        name = text_width(self.left, BAR)
        rest = text_width(self.right, NOTE) + sum(width + 8 for width in self.widths)
        return (52 if self.letter else 28) + (name + 22 + rest if lines == 1 else max(name, rest))

    def place(self, rect: Rect, lines: int) -> Shape:
        x, y = rect.x + (38 if self.letter else 14), rect.y + rect.h / 2
        widths, ink = self.widths, color(self.mark)
        if lines == 1:
            end = rect.right - 14 - sum(width + 8 for width in widths)
            labels = (
                Label(self.left, x, y + 4.5, BAR, True, color=ink),
                Label(self.right, end, y + 4, NOTE, anchor="end", color=ink),
            )
            at, middle = end + 8, y
        else:
            labels = (
                Label(self.left, x, y - 4, BAR, True, color=ink),
                Label(self.right, x, y + 14, NOTE, color=ink),
            )
            at, middle = labels[1].span[1] + 8, y + 10
        parts = [badge(self.letter, rect.x + 21, y, 9, self.ink)] if self.letter else []
        if self.mark:
            width = widths.pop(0)
            parts.append(pill_shape(pill(self.mark), at + width / 2, middle - 7.5))
            at += width + 8
        for tag, width in zip(self.tags, widths, strict=True):
            label = Label(tag, at + width / 2, middle + 3.5, 10, anchor="middle", color=ink)
            parts.append(Shape("tag", Rect(at, middle - 8, width, 16), (label,), ink=self.ink))
            at += width + 8
        names, place = (self.bridge.network.name,), Stop("", self.bridge.name)
        return Shape(
            "bar", rect, labels, tuple(parts), self.ink, names=names, mark=kind(self.mark), place=place
        )


def bar_of(bridge: Bridge, found: Scene) -> Bar:
    name = bridge.network.name
    left = f"{clip(bridge.short, BAR, 130)} · network {clip(name, BAR, 200)}"
    said, ink, letter = tags(bridge, found), found.inks[name], found.letter(name)
    return Bar(bridge, left, where(bridge), said, ink, letter, found.of_bar(bridge))
