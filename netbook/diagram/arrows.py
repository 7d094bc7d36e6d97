"""Drawn over a diagram for a packet: the arrow of its way, its number, a cross where it was lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from xml.etree import ElementTree as ET

from netbook.diagram.captions import NUMBER, Step, numbered
from netbook.diagram.wires import aside
from netbook.drawing.palette import INK, PAPER
from netbook.drawing.shapes import Picture, Point
from netbook.drawing.svg import put, short, track

HEAD = 7.0  # length of an arrow's head
CROSS = 10.0  # radius of a cross's disc
BESIDE = 2 * NUMBER + 3  # between two numbers
_FROM_THE_MIDDLE = sorted(range(25), key=lambda part: abs(part - 10))


def trail(parent: ET.Element, way: tuple[Point, ...]) -> None:
    """A line on white."""
    if len(way) > 1:
        line = {"d": track(way), "fill": "none"}
        ET.SubElement(parent, "path", line | {"stroke": PAPER, "stroke-width": "5"})
        ET.SubElement(parent, "path", line | {"stroke": INK, "stroke-width": "2"})


def head(parent: ET.Element, way: tuple[Point, ...]) -> None:
    """The head of an arrow at the way's end."""
    if len(way) > 1:
        (ax, ay), (x, y) = way[-2:]
        length = hypot(x - ax, y - ay)
        dx, dy = (x - ax) / length * HEAD, (y - ay) / length * HEAD
        corners = (x, y), (x - dx - dy * 0.6, y - dy + dx * 0.6), (x - dx + dy * 0.6, y - dy - dx * 0.6)
        d = "M" + "L".join(f"{short(cx)} {short(cy)}" for cx, cy in corners) + "Z"
        ET.SubElement(parent, "path", {"d": d, "fill": INK, "stroke": PAPER, "stroke-width": "1"})


def end_of(way: tuple[Point, ...]) -> Point:
    """Where a cross stands: at the way's end, but below a port that it leads up to, off the port's address.

    >>> end_of(((0, 50), (0, 20))), end_of(((0, 20), (0, 50)))
    ((0, 31.0), (0, 50))
    """
    x, y = way[-1]
    return (x, y + CROSS + 1) if len(way) > 1 and way[-2][1] > y else (x, y)


def cross(parent: ET.Element, way: tuple[Point, ...]) -> ET.Element:
    """Where the way ends and nobody saw the packet again."""
    x, y = end_of(way)
    group = ET.SubElement(parent, "g")
    disc = {"cx": short(x), "cy": short(y), "r": short(CROSS)}
    ET.SubElement(group, "circle", disc | {"fill": PAPER, "stroke": INK})
    a, b, c, d = (short(value) for value in (x - 5, x + 5, y - 5, y + 5))
    bars = {"d": f"M{a} {c}L{b} {d}M{a} {d}L{b} {c}", "stroke": INK, "stroke-width": "3.5"}
    ET.SubElement(group, "path", bars)
    return group


def arrows(parent: ET.Element, picture: Picture, steps: Sequence[Step]) -> None:
    """The ways of several packets: a head where one arrived, a cross where it did not, and its number."""
    moved = [step for step in steps if step.way]
    for step in moved:
        trail(parent, step.way)
    for step in moved:
        (cross if step.leg.lost else head)(parent, step.way)
    for step, at in zip(moved, places(picture, moved), strict=True):
        put(parent, numbered(step, at))


def places(picture: Picture, steps: Sequence[Step]) -> list[Point]:
    """For each number a point near the middle of its way, or beside it, off words and off the others."""
    labels = [label for shape in picture.shapes for each in shape.whole for label in each.labels]
    spans = [(label.y, *label.span) for label in [*labels, *(wire.label for wire in picture.wires)]]
    taken = [end_of(step.way) for step in steps if step.leg.lost]
    found: list[Point] = []
    for step in steps:
        if len(step.way) == 1:
            x, y = step.way[0]
            spots = [(x + side * k * BESIDE, y) for k in range(1, 4) for side in (-1, 1)]
        else:
            shifted = [aside(step.way, k * BESIDE) for k in range(4)]
            spots = [along(way, part / 24) for way in shifted for part in _FROM_THE_MIDDLE]
        costs = []
        for i, (x, y) in enumerate(spots):
            near = min((hypot(x - a, y - b) for a, b in taken), default=99.0)
            written = any(
                low - NUMBER < x < high + NUMBER and -NUMBER < base - y < 14 for base, low, high in spans
            )
            costs.append(max(0.0, BESIDE - near) + 6 * written + i // 25)
        found.append(spots[costs.index(min(costs))])
        taken.append(found[-1])
    return found


def along(way: tuple[Point, ...], part: float) -> Point:
    """The point after that part of the way.

    >>> along(((0, 0), (0, 10), (10, 10)), 0.75)
    (5.0, 10.0)
    """
    lengths = [abs(bx - ax) + abs(by - ay) for (ax, ay), (bx, by) in pairwise(way)]
    rest = part * sum(lengths)
    for (ax, ay), (bx, by), length in zip(way, way[1:], lengths, strict=False):
        if rest <= length:
            share = rest / length
            return ax + (bx - ax) * share, ay + (by - ay) * share
        rest -= length
    return way[-1]
