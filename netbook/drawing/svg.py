"""The book's visual language: shapes and wires in, the text of an SVG file out.

Knows colours, line widths and letters, and nothing about Docker. Written with the
standard library's ElementTree, which does the escaping; the same shapes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from netbook.drawing.lettering import printable
from netbook.drawing.palette import FONTS, GLOW, GREY, GROUND, INK, PAPER, QUIET, SILVER, SLATE, ink
from netbook.drawing.shapes import Label, Picture, Point, Rect, Shape, Wire

WIDEST = 980  # of what a notebook shows in its own size
_STYLES: dict[str, dict[str, str]] = {
    "frame": {"rx": "14", "fill": GROUND, "stroke": QUIET, "stroke-width": "1.4"},
    "own": {"rx": "10", "fill": PAPER, "stroke": INK, "stroke-width": "1.6"},
    "none": {"rx": "10", "fill": PAPER, "stroke": INK, "stroke-width": "1.6"},
    "host": {"rx": "10", "fill": PAPER, "stroke": INK, "stroke-width": "1.6", "stroke-dasharray": "7 4"},
    "stopped": {
        "rx": "10",
        "fill": "none",
        "stroke": QUIET,
        "stroke-width": "1.4",
        "stroke-dasharray": "3 4",
    },
    "unread": {"rx": "10", "fill": PAPER, "stroke": QUIET, "stroke-width": "1.6", "stroke-dasharray": "1 4"},
    "named": {"rx": "0", "fill": PAPER, "stroke": INK, "stroke-width": "1.6"},
    "chip": {"rx": "6", "fill": GROUND, "stroke": QUIET, "stroke-width": "1"},
    "port": {"rx": "6", "stroke-width": "1.5"},
    "bar": {"rx": "8", "stroke-width": "2"},
    "joint": {"rx": "18", "fill": PAPER, "stroke": QUIET, "stroke-width": "1.6"},
    "tag": {"rx": "8", "fill": PAPER, "stroke-width": "1"},
    "badge": {"stroke": "none"},
    "heading": {"fill": "none", "stroke": "none"},
    "outside": {"rx": "8", "fill": PAPER, "stroke": QUIET, "stroke-width": "1.5"},
    "wall": {"rx": "3", "fill": GREY, "stroke": SLATE, "stroke-width": "2.4"},
    "pill": {"rx": "7", "fill": INK, "stroke": "none"},
    "key": {"rx": "6", "fill": PAPER, "stroke": INK, "stroke-width": "1.4"},
    "flag": {"rx": "9", "fill": PAPER, "stroke": INK, "stroke-width": "2"},
    # cells of a matrix: light and dark, for colours belong to the networks
    "full": {"rx": "4", "fill": SLATE, "stroke": SLATE, "stroke-width": "1"},
    "half": {"rx": "4", "fill": SILVER, "stroke": SLATE, "stroke-width": "1"},
    "empty": {"rx": "4", "fill": PAPER, "stroke": QUIET, "stroke-width": "1"},
    "open": {"rx": "4", "fill": PAPER, "stroke": QUIET, "stroke-width": "1", "stroke-dasharray": "3 3"},
    "self": {"fill": "none", "stroke": "none"},
    # what was said of packets, and packets
    "caption": {"fill": "none", "stroke": "none"},
    "band": {"rx": "6", "fill": GLOW, "stroke": "none"},
    "packet": {"rx": "9.5", "fill": PAPER, "stroke": INK, "stroke-width": "1.5"},
    "number": {"rx": "7.5", "fill": INK, "stroke": PAPER, "stroke-width": "1.5"},
}


_MARKS: dict[str, dict[str, str]] = {  # told by the line: heavy, a ghost's, a little heavier
    "came": {"stroke-width": "3.4"},
    "went": {"stroke": QUIET, "stroke-width": "1.2", "stroke-dasharray": "1.5 3"},
    "changed": {"stroke-width": "2.4"},
}


_COLOURED = ("port", "bar", "tag", "badge")


def draw(
    picture: Picture, title: str, description: str, lit: Iterable[object] = (), *, widest: float = WIDEST
) -> str:
    """The SVG file; shapes and wires that belong to a name or a place in `lit` glow."""
    root = sheet(picture.width, picture.height, title, description, widest)
    paint(root, picture, lit)
    return ET.tostring(root, encoding="unicode") + "\n"


def sheet(width: float, height: float, title: str, description: str, widest: float = WIDEST) -> ET.Element:
    """An empty page; a wide one is shown smaller."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": short(min(width, widest)),
            "height": short(height * min(1, widest / width)),
            "viewBox": f"0 0 {short(width)} {short(height)}",
            "role": "img",
            "font-family": FONTS,
        },
    )
    ET.SubElement(root, "title").text = printable(title)
    ET.SubElement(root, "desc").text = printable(description)
    paper = {"width": short(width), "height": short(height), "rx": "12", "fill": PAPER}
    ET.SubElement(root, "rect", paper)
    return root


def paint(root: ET.Element, picture: Picture, lit: Iterable[object] = ()) -> None:
    """Everything in its order: frames, wires over them, the other shapes over the wires, flags over all."""
    lit = frozenset(lit)
    frames = [shape for shape in picture.shapes if shape.kind == "frame"]
    for shape in frames:
        put(root, shape, lit)
    for wire in picture.wires:
        _wire(root, wire, lit)
    for shape in picture.shapes:
        if shape.kind not in ("frame", "flag"):
            put(root, shape, lit)
    for wire in picture.wires:
        plug = {"fill": ink(wire.ink).line}
        if wire.mark == "went":  # pulled out
            plug = {"fill": GROUND, "stroke": QUIET}
        for x, y in (wire.points[0], wire.points[-1]):
            ET.SubElement(root, "circle", {"cx": short(x), "cy": short(y), "r": "3"} | plug)
    for shape in picture.shapes:
        if shape.kind == "flag":
            put(root, shape, lit)


def put(parent: ET.Element, shape: Shape, lit: frozenset[object] = frozenset()) -> None:
    """One shape with all that is on it."""
    group = ET.SubElement(parent, "g")
    if shape.names:
        ET.SubElement(group, "title").text = printable(" + ".join(shape.names))
    style = dict(_STYLES[shape.kind])
    look = ink(shape.ink)
    if shape.kind in _COLOURED:
        style |= {"stroke": look.line} if shape.kind != "badge" else {"fill": look.line}
        style = {"fill": look.fill} | style
    elif shape.foreign:
        style |= {"stroke": QUIET, "fill": "none" if style["fill"] == "none" else GREY}
    style |= _MARKS.get(shape.mark, {}) | ({"fill": GROUND} if shape.mark == "went" else {})
    r = shape.rect
    if lit & {*shape.names, shape.place}:
        glow = {"rx": "13", "fill": "none", "stroke": GLOW, "stroke-width": "7"}
        ET.SubElement(group, "rect", _box(Rect(r.x - 3, r.y - 3, r.w + 6, r.h + 6)) | glow)
        style["stroke-width"] = "3"
    if shape.kind == "badge":
        ET.SubElement(
            group, "circle", {"cx": short(r.mid), "cy": short(r.y + r.h / 2), "r": short(r.w / 2)} | style
        )
    else:
        ET.SubElement(group, "rect", _box(r) | style)
    for part in shape.parts:
        put(group, part, lit)
    for label in shape.labels:
        write(group, label)


def _wire(parent: ET.Element, wire: Wire, lit: frozenset[object]) -> None:
    """First a broader stroke in the ground's colour: where two wires cross, one passes under the other."""
    path, look = {"d": track(wire.points), "fill": "none"}, ink(wire.ink)
    glows = bool(lit & {*wire.names, wire.place})
    under = {"stroke": GLOW if glows else GROUND, "stroke-width": "9" if glows else "5"}
    ET.SubElement(parent, "path", path | under)
    line = {"stroke": look.line, "stroke-width": "2.2" if wire.ink >= 0 else "1.6"}
    dash = {"shares": "2 4"}.get(wire.kind, look.dash)
    line |= {"stroke-dasharray": dash} if dash else {}
    ET.SubElement(parent, "path", path | line | _MARKS.get(wire.mark, {}))
    write(parent, wire.label)


def write(parent: ET.Element, label: Label) -> None:
    """One line of text."""
    where = {"x": short(label.x), "y": short(label.y), "font-size": short(label.size), "fill": label.color}
    if label.bold:
        where["font-weight"] = "700"
    if label.anchor != "start":
        where["text-anchor"] = label.anchor
    if label.upright:
        where["transform"] = f"rotate(-90 {where['x']} {where['y']})"
    ET.SubElement(parent, "text", where).text = printable(label.text)


def track(points: tuple[Point, ...]) -> str:
    """A path of straight pieces with small rounded corners."""
    parts = [f"M{short(points[0][0])} {short(points[0][1])}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        before, after = abs(bx - ax) + abs(by - ay), abs(cx - bx) + abs(cy - by)
        r = min(5.0, before / 2, after / 2)
        near = (bx + (ax - bx) / before * r, by + (ay - by) / before * r)
        far = (bx + (cx - bx) / after * r, by + (cy - by) / after * r)
        parts.append(
            f"L{short(near[0])} {short(near[1])}Q{short(bx)} {short(by)} {short(far[0])} {short(far[1])}"
        )
    parts.append(f"L{short(points[-1][0])} {short(points[-1][1])}")
    return "".join(parts)


def _box(r: Rect) -> dict[str, str]:
    return {"x": short(r.x), "y": short(r.y), "width": short(r.w), "height": short(r.h)}


def short(value: float) -> str:
    """A number in the shortest form with one decimal."""
    return f"{round(value, 1):g}"
