"""Packets on their way in still pictures: one for each exchange, of what took part in it, for paper."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from xml.etree import ElementTree as ET

from netbook.diagram.arrows import arrows
from netbook.diagram.captions import Step, captions
from netbook.drawing.palette import INK
from netbook.drawing.shapes import Label, Picture, Rect
from netbook.drawing.svg import paint, put, sheet, short, write

GAP, TITLE = 18.0, 34.0
MOST = 6  # packets in a frame
NARROW = 600.0  # so wide a frame can stand beside another and still be read on paper


def storyboard(picture: Picture, steps: Sequence[Step], title: str, description: str) -> str:
    """The frames in rows, each read as a sentence: the diagram, its arrows, its captions."""
    frames = exchanges(steps) or [[]]
    width = max(picture.width, 440.0)
    texts = [captions(frame, Rect(8, picture.height - 2, width - 16, 0)) for frame in frames]
    heights = [(lines[-1].rect.bottom if lines else picture.height) + GAP for lines in texts]
    columns = min(2, len(frames)) if width <= NARROW else 1
    rows = [range(i, min(i + columns, len(frames))) for i in range(0, len(frames), columns)]
    top = TITLE if title else 8.0
    height = top + sum(max(heights[i] for i in row) for row in rows)
    root = sheet(columns * (width + GAP) + GAP, height, title or "A packet's way, step by step", description)
    if title:
        write(root, Label(title, GAP, 24, 15, True, color=INK))
    wiring = ET.SubElement(ET.SubElement(root, "defs"), "g")
    paint(wiring, picture)
    # several such pictures may come to stand in one page
    name = "wiring-" + sha256(ET.tostring(wiring)).hexdigest()[:8]
    wiring.set("id", name)
    for row in rows:
        for column, i in enumerate(row):
            place = f"translate({short(GAP + column * (width + GAP))} {short(top)})"
            frame = ET.SubElement(root, "g", {"transform": place})
            ET.SubElement(frame, "use", {"href": f"#{name}"})
            arrows(frame, picture, frames[i])
            for line in texts[i]:
                put(frame, line)
        top += max(heights[i] for i in row)
    return ET.tostring(root, encoding="unicode") + "\n"


def exchanges(steps: Sequence[Step]) -> list[list[Step]]:
    """Packets of one protocol that went the same way, there or back, share a frame."""
    frames: list[list[Step]] = []
    for step in steps:
        last = frames[-1][0].leg if frames else None
        alike = last and step.leg.what.split()[:1] == last.what.split()[:1]
        if alike and last and step.leg.stops in (last.stops, last.stops[::-1]) and len(frames[-1]) < MOST:
            frames[-1].append(step)
        else:
            frames.append([step])
    return frames
