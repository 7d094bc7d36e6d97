"""What a picture is made of, before it is drawn: boxes, labels and wires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from netbook.drawing.lettering import text_width
from netbook.drawing.palette import INK

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def mid(self) -> float:
        return self.x + self.w / 2


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; `y` is its baseline."""

    text: str
    x: float
    y: float
    size: float = 11
    bold: bool = False
    anchor: str = "start"  # start, middle, end
    color: str = INK
    upright: bool = False  # reads from the bottom to the top

    @property
    def span(self) -> tuple[float, float]:
        """From where to where it reaches at most."""
        width = text_width(self.text, self.size)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return left, left + width


@dataclass(frozen=True, slots=True)
class Shape:
    """A box with its text and with what is drawn on it. `names` says who it is, in full."""

    kind: str  # a key of _STYLES
    rect: Rect
    labels: tuple[Label, ...] = ()
    parts: tuple[Shape, ...] = ()
    ink: int = -1
    foreign: bool = False
    names: tuple[str, ...] = ()
    mark: str = ""  # a key of _MARKS
    place: object = None  # the one thing that it stands for

    @property
    def whole(self) -> tuple[Shape, ...]:
        """It and all its parts."""
        return (self, *(each for part in self.parts for each in part.whole))


@dataclass(frozen=True, slots=True)
class Wire:
    """A line of right angles; `kind` and `label` say what it means."""

    kind: str  # veth, macvlan …, shares, NAT
    points: tuple[Point, ...]
    label: Label
    ink: int = -1
    names: tuple[str, ...] = ()
    mark: str = ""  # a key of _MARKS
    place: object = None
    ends: tuple[object, object] = (None, None)  # the places that it joins


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    shapes: tuple[Shape, ...]
    wires: tuple[Wire, ...]


def moved(picture: Picture, x: float, y: float, rename: Callable[[object], object]) -> Picture:
    """The picture elsewhere, the places that its parts stand for renamed."""

    def put(shape: Shape) -> Shape:
        rect = replace(shape.rect, x=shape.rect.x + x, y=shape.rect.y + y)
        labels = tuple(lift(label) for label in shape.labels)
        parts = tuple(put(part) for part in shape.parts)
        return replace(shape, rect=rect, labels=labels, parts=parts, place=rename(shape.place))

    def lift(label: Label) -> Label:
        return replace(label, x=label.x + x, y=label.y + y)

    def lead(wire: Wire) -> Wire:
        points = tuple((a + x, b + y) for a, b in wire.points)
        ends = rename(wire.ends[0]), rename(wire.ends[1])
        return replace(wire, points=points, label=lift(wire.label), place=rename(wire.place), ends=ends)

    shapes, wires = tuple(map(put, picture.shapes)), tuple(map(lead, picture.wires))
    return Picture(picture.width + x, picture.height + y, shapes, wires)


def flagged(picture: Picture, place: object, text: str) -> Picture:
    """The picture with a flag on what stands for `place`: on a box's upper edge, on a bar's lower one."""
    on = next(shape for shape in picture.shapes if shape.place == place)
    width, low = text_width(text, 11) + 16, on.kind in ("bar", "outside", "wall")
    x = on.rect.right - width - 12 if low else on.rect.mid - width / 2
    y = on.rect.bottom - 5 if low else on.rect.y - 9
    x = min(max(x, 2), picture.width - width - 2)
    flag = Shape("flag", Rect(x, y, width, 18), (Label(text, x + 8, y + 13, 11, True),))
    return replace(picture, shapes=(*picture.shapes, flag))
