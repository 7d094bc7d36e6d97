"""Between the bridges and the world outside: NAT's wires, or the whole host as a router with a firewall."""

from __future__ import annotations

from collections.abc import Sequence

from netbook.diagram.bars import BAR, Bar
from netbook.diagram.boxes import NOTE, SMALL
from netbook.drawing.lettering import clip
from netbook.drawing.palette import QUIET
from netbook.drawing.shapes import Label, Rect, Shape, Wire
from netbook.model.journey import Stop
from netbook.topology.wall import Wall

ROUTER = Stop("", "the router")  # no interface's name has a space
TITLE = "router and firewall of the host"
_HEAD, _LINE, GAP = 30.0, 15.0, 28.0


def height(wall: Wall) -> float:
    return _HEAD + _LINE * len(wall.told) + (4 if wall.told else 2)


def box(wall: Wall, rect: Rect) -> Shape:
    """The firewall; what it does stands in it."""
    labels = [Label(clip(TITLE, BAR, rect.w - 24), rect.x + 14, rect.y + 20, BAR, True)]
    for i, line in enumerate(wall.told):
        y = rect.y + _HEAD + 9 + _LINE * i
        labels.append(Label(clip(line, NOTE, rect.w - 28), rect.x + 14, y, NOTE))
    return Shape("wall", rect, tuple(labels), place=ROUTER)


def ways_out(
    shapes: Sequence[Shape], bars: Sequence[Bar], outside: Shape, stairs: bool, router: Shape | None
) -> list[Wire]:
    """From the bridges to the host's own interfaces: those with NAT; with a router all, by way of it."""
    wires = []
    to = router or outside
    for shape, bar in zip(shapes, bars, strict=True):
        if not (bar.routed if router else bar.nat):
            continue
        x = shape.rect.x + 12 if stairs else shape.rect.mid
        label = Label("" if router else "NAT", x + 6, to.rect.y - 15, SMALL, color=QUIET)
        points, ends = ((x, shape.rect.bottom), (x, to.rect.y)), (shape.place, to.place)
        mark = "" if shape.mark == "changed" else shape.mark
        kind = "forward" if router else "NAT"
        wires.append(Wire(kind, points, label, names=shape.names, mark=mark, ends=ends))
    if router:
        translated = [bar.names[0] for bar in bars if bar.nat]
        x = router.rect.x + 40
        text = clip(f"NAT: {', '.join(translated)}" if translated else "", SMALL, router.rect.w - 60)
        label = Label(text, x + 6, outside.rect.y - 10, SMALL, color=QUIET)
        points = ((x, router.rect.bottom), (x, outside.rect.y))
        wires.append(Wire("NAT" if translated else "forward", points, label, ends=(ROUTER, outside.place)))
    return wires
