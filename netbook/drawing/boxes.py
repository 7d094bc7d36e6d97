"""The boxes and bars of a diagram: how much room they need, and what is drawn in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netbook.drawing.lettering import clip, text_width
from netbook.drawing.routing import PITCH, STUB
from netbook.drawing.scene import Scene, marks, natural, notes, stable, where
from netbook.drawing.svg import INK, PAPER, QUIET, Anchor, Label, Point, Rect, Shape, Wire
from netbook.topology import Box, Bridge, Port

SINK = 10.0  # how far a port sticks out of its box
NAME, BAR, NOTE, SMALL = 13.5, 13.0, 11.0, 10.5  # sizes of text


@dataclass(slots=True)
class Plug:
    """Where a wire leaves a box. `port` is None for the host's own namespace."""

    kind: str
    target: int | None
    owner: Box
    port: Port | None = None
    lines: tuple[str, ...] = ()
    ink: int = -1
    letter: str = ""
    width: float = 0.0
    offset: float = 0.0  # from the middle of its box
    x: float = 0.0
    down: float = 0.0  # where its wire passes the boxes below: here, or in a gutter
    path: list[Point] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.port:
            first = text_width(self.lines[0], NOTE) + (20 if self.letter else 0)
            self.width = max(84.0, 16 + max(first, *(text_width(line, NOTE) for line in self.lines[1:])))

    @property
    def height(self) -> float:
        return 8 + 13.0 * len(self.lines)

    def place(self, rect: Rect) -> Shape:
        y = rect.y + 15
        labels = [Label(self.lines[0], rect.mid + (9 if self.letter else 0), y, NOTE, True, "middle")]
        for i, line in enumerate(self.lines[1:], 1):
            labels.append(Label(line, rect.mid, y + 13 * i, NOTE, anchor="middle"))
        badge = [_badge(self.letter, labels[0].span[0] - 11, y - 4, 6.5, self.ink)] if self.letter else []
        return Shape("port", rect, tuple(labels), tuple(badge), self.ink, anchor=self.anchor)

    def lead(self, left: float, lane: int) -> None:
        """Into the gutter, by that lane below the box."""
        x, y = self.path[0]
        self.path += [(x, y + STUB + PITCH * lane), (left + self.down, y + STUB + PITCH * lane)]

    @property
    def sign(self) -> Label:
        """What is written beside the wire."""
        x, y = self.path[0] if self.path else (0.0, 0.0)
        return Label(clip(self.kind, SMALL, 90), x + 6, y + 14, SMALL, color=QUIET)

    @property
    def anchor(self) -> Anchor:
        """The interface; of a container on the host network the box, as `lo` is in it."""
        return self.owner.containers[0], self.port.name if self.port else "lo"

    def wire(self, end: list[Point], to: Anchor | None) -> Wire:
        names = (*self.owner.containers, self.port.network if self.port else "")
        return Wire(self.kind, (*self.path, *end), self.sign, self.ink, names, (self.anchor, to))


def _badge(letter: str, x: float, y: float, r: float, ink: int) -> Shape:
    label = Label(letter, x, y + r * 0.52, r * 1.45, True, "middle", PAPER)
    return Shape("badge", Rect(x - r, y - r, 2 * r, 2 * r), (label,), ink=ink)


@dataclass(slots=True)
class Cell:
    """A box before it has a place."""

    box: Box
    plugs: list[Plug]
    names: list[list[str]]  # rows of them
    notes: list[str]
    beside: float  # free on both sides of the ports
    wired: list[Plug] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0  # without the part of the ports that sticks out

    def __post_init__(self) -> None:
        ports = [plug for plug in self.plugs if plug.port]
        self.wired = [plug for plug in self.plugs if plug.target is not None]
        x = -(sum(plug.width for plug in ports) + 8 * (len(ports) - 1)) / 2
        for plug in ports:
            plug.offset = x + plug.width / 2
            x += plug.width + 8
        notes = [text_width(note, NOTE) for note in self.notes]
        names = [self._row_width(row) for row in self.names]
        signs = [2 * (plug.offset + plug.sign.span[1]) for plug in self.wired]  # beside the wires
        self.width = max(104.0, *[w + 20 for w in [*names, *notes]], 2 * (x - 8) + self.beside, *signs)
        rows = 28.0 * len(self.names) if self._shared else 22.0
        self.height = 16 + rows + 15 * len(notes)
        if ports:
            self.height += max(plug.height for plug in ports) - SINK + 2

    @property
    def _shared(self) -> bool:
        return len(self.box.containers) > 1

    @staticmethod
    def _row_width(names: list[str]) -> float:
        return sum(text_width(name, NAME) + 16 for name in names) + 6 * (len(names) - 1)

    def place(self, rect: Rect) -> Shape:
        labels: list[Label] = []
        parts: list[Shape] = []
        color = QUIET if not self.box.owned or self.box.mode == "stopped" else INK
        y = rect.y + 8
        members = iter(self.box.containers)  # their names in full
        for row in self.names:
            x = rect.mid - self._row_width(row) / 2
            for name in row:
                chip = Rect(x, y, text_width(name, NAME) + 16, 24)
                label = Label(name, chip.mid, y + 17, NAME, True, "middle", color)
                if self._shared:
                    parts.append(Shape("chip", chip, (label,), anchor=(next(members), "")))
                else:
                    labels.append(label)
                x = chip.right + 6
            y += 28 if self._shared else 22
        for note in self.notes:
            y += 15
            labels.append(Label(note, rect.mid, y - 2, NOTE, anchor="middle", color=QUIET))
        tall = max((plug.height for plug in self.plugs if plug.port), default=0.0)
        for plug in self.plugs:
            plug.path = [(rect.mid + plug.offset, rect.bottom)]
            if plug.port:
                port = Rect(plug.path[0][0] - plug.width / 2, rect.bottom + SINK - tall, plug.width, tall)
                parts.append(plug.place(port))
                plug.path = [(port.mid, port.bottom)]
        box = self.box
        return Shape(
            box.mode,
            rect,
            tuple(labels),
            tuple(parts),
            foreign=not box.owned,
            names=box.containers,
            anchor=(box.containers[0], "lo"),
        )


def cell_of(box: Box, found: Scene) -> Cell:
    few = len(found.boxes) <= 6
    names: list[list[str]] = [[]]
    for name in box.containers:
        shown = clip(name, NAME, 230 if few or len(box.containers) > 1 else 170)
        if names[-1] and sum(text_width(n, NAME) + 22 for n in [*names[-1], shown]) > 260:
            names.append([])
        names[-1].append(shown)
    plugs = [_plug(port, box, found) for port in box.ports]
    plugs.sort(key=lambda p: (p.target is None, p.target or 0, natural(p.port.name if p.port else "")))
    if box.mode == "host":
        plugs.append(Plug("shares", len(found.bridges), box))
    return Cell(box, plugs, names, [clip(note, NOTE, 160) for note in notes(box)], 44 if few else 20)


def _plug(port: Port, box: Box, found: Scene) -> Plug:
    kind, target = found.cable(port)
    lines = [port.name if port.up else f"{port.name} is down"]
    lines += [address.ip for address in stable(port.addresses)[:2]] or ["no address"]
    if port.parent and port.network:
        lines.append(port.network)  # it has no bar to say its name
    known = port.network in found.inks
    ink, letter = (found.inks[port.network], found.letter(port.network)) if known else (-1, "")
    return Plug(kind, target, box, port, tuple(clip(line, NOTE, 150) for line in lines), ink, letter)


@dataclass(slots=True)
class Bar:
    """A bridge before it has a place."""

    bridge: Bridge
    left: str
    right: str
    tags: list[str]
    ink: int
    letter: str

    def need(self, lines: int) -> float:
        name = text_width(self.left, BAR)
        rest = text_width(self.right, NOTE) + sum(text_width(tag, 10) + 20 for tag in self.tags)
        return (52 if self.letter else 28) + (name + 22 + rest if lines == 1 else max(name, rest))

    def place(self, rect: Rect, lines: int) -> Shape:
        x, y = rect.x + (38 if self.letter else 14), rect.y + rect.h / 2
        widths = [text_width(tag, 10) + 12 for tag in self.tags]
        if lines == 1:
            end = rect.right - 14 - sum(width + 8 for width in widths)
            labels = (
                Label(self.left, x, y + 4.5, BAR, True),
                Label(self.right, end, y + 4, NOTE, anchor="end"),
            )
            at, middle = end + 8, y
        else:
            labels = (Label(self.left, x, y - 4, BAR, True), Label(self.right, x, y + 14, NOTE))
            at, middle = labels[1].span[1] + 8, y + 10
        parts = [_badge(self.letter, rect.x + 21, y, 9, self.ink)] if self.letter else []
        for tag, width in zip(self.tags, widths, strict=True):
            label = Label(tag, at + width / 2, middle + 3.5, 10, anchor="middle")
            parts.append(Shape("tag", Rect(at, middle - 8, width, 16), (label,), ink=self.ink))
            at += width + 8
        names, anchor = (self.bridge.network.name,), ("", self.bridge.name)
        return Shape("bar", rect, labels, tuple(parts), self.ink, names=names, anchor=anchor)


def bar_of(bridge: Bridge, found: Scene) -> Bar:
    name = bridge.network.name
    left = f"{clip(bridge.short, BAR, 130)} · network {clip(name, BAR, 200)}"
    return Bar(bridge, left, where(bridge), marks(bridge, found), found.inks[name], found.letter(name))
