"""Packets that move over a diagram, one after another and again: an SVG file that plays without JavaScript.

All parts have the same length and start together, so that nothing can drift apart;
each is told at which times of it to show. Between two rounds, and wherever nothing
moves (a viewer that does not know SMIL, a reader who asked for less motion), numbers
on the ways tell the same. The captions stay, for a caption that goes cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from netbook.diagram.arrows import arrows, cross, head, trail
from netbook.diagram.captions import WORDS, Step, captions
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import INK, PAPER
from netbook.drawing.shapes import Label, Picture, Rect, Shape
from netbook.drawing.svg import paint, put, sheet, track, write

MOVE, REST, PAUSE = 1.2, 0.8, 3.0  # seconds: on the way, arrived, between two rounds
MARGIN = 16.0
_CALM = (
    "@media (prefers-reduced-motion: reduce){.nb-moving{display:none}.nb-still{visibility:visible!important}}"
)


def film(picture: Picture, steps: Sequence[Step], title: str, description: str) -> str:
    """The animated SVG: the diagram, the packets, and below them what each was."""
    width = max(picture.width, 520.0)
    lines = captions(list(steps), Rect(MARGIN, picture.height - 2, width - 2 * MARGIN, 0))
    bottom = lines[-1].rect.bottom if lines else picture.height
    root = sheet(width, bottom + 8, title, description)
    ET.SubElement(root, "style").text = _CALM
    paint(root, picture)
    total = len(steps) * (MOVE + REST) + PAUSE
    still = ET.SubElement(root, "g", {"class": "nb-still"})
    _shown(still, total - PAUSE, total, total)
    arrows(still, picture, steps)
    for i, (step, line) in enumerate(zip(steps, lines, strict=True)):
        start = i * (MOVE + REST)
        group = ET.SubElement(root, "g", {"class": "nb-moving", "visibility": "hidden"})
        _shown(group, start, start + MOVE + REST, total)
        put(group, Shape("band", line.rect))
        if step.way:
            trail(group, step.way)
            if not step.leg.lost:
                head(group, step.way)
            _packet(group, step, (start, start + MOVE, total), width)
            if step.leg.lost:
                _shown(cross(group, step.way), start + MOVE, start + MOVE + REST, total)
    for line in lines:
        put(root, line)
    return ET.tostring(root, encoding="unicode") + "\n"


def _packet(parent: ET.Element, step: Step, times: tuple[float, float, float], width: float) -> None:
    """A dot with the packet's number and beside it what the packet is; leaves, arrives and waits."""
    start, end, total = times
    group = ET.SubElement(parent, "g")
    left, right = min(x for x, _ in step.way), max(x for x, _ in step.way)
    what, room = step.leg.what, text_width(step.leg.what, WORDS) + 26
    inside = {stop.interface for stop in step.leg.stops} == {"lo"}  # where the containers' names are
    if not inside and right + room <= width:
        tag, label = Rect(0, -9.5, room, 19), Label(what, 16, 4, WORDS, True)
    elif not inside and left >= room:
        tag, label = Rect(-room, -9.5, room, 19), Label(what, -16, 4, WORDS, True, "end")
    else:  # above, as far as there is room on both sides
        what = clip(what, WORDS, 2 * min(left, width - right) - 16)
        room = text_width(what, WORDS) + 16
        tag, label = Rect(-room / 2, -31, room, 19), Label(what, 0, -17.5, WORDS, True, "middle")
    put(group, Shape("packet", tag, (label,)))
    dot = {"r": "10", "fill": INK, "stroke": PAPER, "stroke-width": "2"}
    ET.SubElement(group, "circle", dot)
    write(group, Label(str(step.number), 0, 4.2, 11.5, True, "middle", PAPER))
    motion = {
        "path": track(step.way if len(step.way) > 1 else step.way * 2),
        "keyPoints": "0;0;1;1",
        "keyTimes": _times(0, start, end, total, total=total),
        "calcMode": "spline",
        "keySplines": "0 0 1 1;0.4 0 0.6 1;0 0 1 1",
    }
    ET.SubElement(group, "animateMotion", motion | _round(total))


def _shown(element: ET.Element, start: float, end: float, total: float) -> None:
    """Visible for that part of each round; says nothing where nothing is animated."""
    moments = {0.0: "hidden", start: "visible"} | ({end: "hidden"} if end < total else {})
    change = {
        "attributeName": "visibility",
        "values": ";".join(moments.values()),
        "keyTimes": _times(*moments, total=total),
        "calcMode": "discrete",
    }
    ET.SubElement(element, "animate", change | _round(total))


def _times(*moments: float, total: float) -> str:
    return ";".join(f"{moment / total:.4g}" for moment in moments)


def _round(total: float) -> dict[str, str]:
    return {"dur": f"{total:g}s", "repeatCount": "indefinite"}
