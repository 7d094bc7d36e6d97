"""The bars of a diagram, one for each bridge: how wide they must be, and what is drawn on them."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.diagram.boxes import NOTE, badge
from netbook.diagram.marking import color, kind, pill, pill_shape, pill_width
from netbook.diagram.scene import Scene, tags, where
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.shapes import Label, Rect, Shape
from netbook.model.journey import Stop
from netbook.topology.change import Change
from netbook.topology.graph import Bridge, Cable

BAR = 13.0  # size of text


@dataclass(slots=True)
class Bar:
    """A bridge, or a cable from box to box, before it has a place."""

    place_of: Stop
    left: str
    right: str
    tags: list[str]
    ink: int
    letter: str
    mark: Change | None
    names: tuple[str, ...]
    nat: bool = False
    routed: bool = False  # the host forwards from and to it
    kind: str = "bar"

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
        return Shape(
            self.kind,
            rect,
            labels,
            tuple(parts),
            self.ink,
            names=self.names,
            mark=kind(self.mark),
            place=self.place_of,
        )


def bar_of(bridge: Bridge, found: Scene) -> Bar:
    name = bridge.title
    left = clip(bridge.short, BAR, 130)
    left += f" · network {clip(name, BAR, 200)}" if bridge.network else ""
    said, ink, letter, mark = tags(bridge, found), found.inks[name], found.letter(name), found.of_bar(bridge)
    place = Stop("", bridge.name)
    return Bar(place, left, where(bridge), said, ink, letter, mark, (name,), bridge.nat, not bridge.hidden)


def joint_of(cable: Cable) -> Bar:
    """A cable's own bar: nothing is plugged into it but its two ends."""
    return Bar(Stop("", cable.label), "cable", "", [], -1, "", None, (cable.label,), kind="joint")
