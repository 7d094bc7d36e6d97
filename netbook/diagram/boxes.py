"""The boxes of a diagram: how much room they need, and what is drawn in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netbook.diagram.marking import ROOM, color, kind, pill, pill_shape, pill_width, pills, signed
from netbook.diagram.scene import Scene, natural, notes, remarks
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import PAPER, QUIET
from netbook.drawing.routing import PITCH, STUB
from netbook.drawing.shapes import Label, Point, Rect, Shape, Wire
from netbook.model.journey import Stop
from netbook.topology.change import Change
from netbook.topology.graph import Box, Port, stable

SINK = 10.0  # how far a port sticks out of its box
NAME, NOTE, SMALL = 13.5, 11.0, 10.5  # sizes of text
MOST = 4  # addresses of one port


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
    mark: Change | None = None
    pill: str = ""  # none where the box says the same
    cable: Change | None = None  # what happened to its wire
    width: float = 0.0
    offset: float = 0.0  # from the middle of its box
    x: float = 0.0
    down: float = 0.0  # where its wire passes the boxes below: here, or in a gutter
    path: list[Point] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.port:
            first = text_width(self.lines[0], NOTE) + (20 if self.letter else 0)
            rest = (text_width(line, NOTE) for line in self.lines[1:])
            self.width = max(84.0, 16 + max(first, pill_width(self.pill) - 6, *rest))

    @property
    def height(self) -> float:
        return 8 + 13.0 * len(self.lines) + (ROOM if self.pill else 0)

    @property
    def stop(self) -> Stop:
        """What it is on a packet's way."""
        return Stop(self.owner.owner, self.port.name if self.port else "")

    def place(self, rect: Rect) -> Shape:
        y, ink = rect.y + (15 + ROOM if self.pill else 15), color(self.mark)
        labels = [Label(self.lines[0], rect.mid + (9 if self.letter else 0), y, NOTE, True, "middle", ink)]
        for i, line in enumerate(self.lines[1:], 1):
            labels.append(Label(line, rect.mid, y + 13 * i, NOTE, anchor="middle", color=ink))
        parts = [badge(self.letter, labels[0].span[0] - 11, y - 4, 6.5, self.ink)] if self.letter else []
        parts += [pill_shape(self.pill, rect.mid, rect.y + 5)] if self.pill else []
        return Shape(
            "port", rect, tuple(labels), tuple(parts), self.ink, mark=kind(self.mark), place=self.stop
        )

    def lead(self, left: float, lane: int) -> None:
        """Into the gutter, by that lane below the box."""
        x, y = self.path[0]
        self.path += [(x, y + STUB + PITCH * lane), (left + self.down, y + STUB + PITCH * lane)]

    @property
    def sign(self) -> Label:
        """What is written beside the wire."""
        x, y = self.path[0] if self.path else (0.0, 0.0)
        return Label(clip(signed(self.kind, self.cable), SMALL, 90), x + 6, y + 14, SMALL, color=QUIET)

    def wire(self, end: list[Point], to: object) -> Wire:
        network = self.port.network if self.port else ""
        names = (*self.owner.names, network)
        return Wire(
            self.kind,
            (*self.path, *end),
            self.sign,
            self.ink,
            names,
            mark=kind(self.cable),
            place=self.stop,
            ends=(self.stop, to),
        )


def badge(letter: str, x: float, y: float, r: float, ink: int) -> Shape:
    """A network's letter."""
    label = Label(letter, x, y + r * 0.52, r * 1.45, True, "middle", PAPER)
    return Shape("badge", Rect(x - r, y - r, 2 * r, 2 * r), (label,), ink=ink)


@dataclass(slots=True)
class Cell:
    """A box before it has a place."""

    box: Box
    plugs: list[Plug]
    names: list[list[tuple[str, Change | None]]]  # rows of them
    notes: list[str]
    mark: Change | None
    pills: list[str]
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
        notes = [text_width(note, NOTE) for note in self.notes] + [pill_width(pill) for pill in self.pills]
        names = [self._row_width(row) for row in self.names]
        signs = [2 * (plug.offset + plug.sign.span[1]) for plug in self.wired]  # beside the wires
        self.width = max(104.0, *[w + 20 for w in [*names, *notes]], 2 * (x - 8) + self.beside, *signs)
        rows = 28.0 * len(self.names) if self._shared else 22.0
        self.height = 16 + rows + 15 * len(self.notes) + ROOM * len(self.pills)
        if ports:
            self.height += max(plug.height for plug in ports) - SINK + 2

    @property
    def _shared(self) -> bool:
        return len(self.box.containers) > 1

    @staticmethod
    def _row_width(names: list[tuple[str, Change | None]]) -> float:
        return sum(text_width(name, NAME) + 16 for name, _ in names) + 6 * (len(names) - 1)

    def place(self, rect: Rect) -> Shape:
        labels: list[Label] = []
        parts: list[Shape] = []
        quiet = not self.box.owned or self.box.mode == "stopped"
        y = rect.y + 8
        members = iter(self.box.names)  # their names in full
        for row in self.names:
            x = rect.mid - self._row_width(row) / 2
            for name, mark in row:
                chip = Rect(x, y, text_width(name, NAME) + 16, 24)
                label = Label(name, chip.mid, y + 17, NAME, True, "middle", QUIET if quiet else color(mark))
                if self._shared:
                    place = Stop(next(members), "lo")
                    parts.append(Shape("chip", chip, (label,), mark=kind(mark), place=place))
                else:
                    labels.append(label)
                x = chip.right + 6
            y += 28 if self._shared else 22
        for text in self.pills:
            parts.append(pill_shape(text, rect.mid, y))
            y += ROOM
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
            names=box.names,
            mark=kind(self.mark),
            place=Stop(box.owner, ""),
        )


def cell_of(box: Box, found: Scene) -> Cell:
    few = len(found.boxes) <= 6
    shared = len(box.containers) > 1
    names: list[list[tuple[str, Change | None]]] = [[]]
    for name, mark in zip(box.names, found.of(box), strict=True):
        shown = clip(signed(name, mark if shared else None), NAME, 230 if few or shared else 170)
        if names[-1] and sum(text_width(n, NAME) + 22 for n in [*(n for n, _ in names[-1]), shown]) > 260:
            names.append([])
        names[-1].append((shown, mark))
    plugs = [_plug(port, box, found) for port in box.ports]
    plugs.sort(key=lambda p: (p.target is None, p.target or 0, natural(p.port.name if p.port else "")))
    if box.mode == "host":
        plugs.append(Plug("shares", found.outside, box, cable=_gone_or_new(found.of_box(box))))
    said = [clip(note, NOTE, 160) for note in notes(box)]
    return Cell(box, plugs, names, said, found.of_box(box), pills(box, found), 44 if few else 20)


def _gone_or_new(mark: Change | None) -> Change | None:
    return mark if mark and mark.change != "changed" else None


def _plug(port: Port, box: Box, found: Scene) -> Plug:
    wire, target = found.cable(box, port)
    lines = [port.name if port.up else f"{port.name} is down"]
    addresses = [address.ip for address in stable(port.addresses)]
    lines += addresses[:MOST] or ["no address"]
    lines += [f"and {len(addresses) - MOST} more"] if len(addresses) > MOST else []
    lines += remarks(port)
    if port.parent and port.network:
        lines.append(port.network)  # it has no bar to say its name
    name = port.network or port.bridge
    ink, letter = (found.inks[name], found.letter(name)) if name in found.inks else (-1, "")
    mark, whole = found.of_port(box, port), found.of_box(box)
    said = pill(mark) if kind(mark) != kind(whole) or kind(mark) == "changed" else ""
    shown = tuple(clip(line, NOTE, 150) for line in lines)
    return Plug(wire, target, box, port, shown, ink, letter, mark, said, found.of_wire(box, port))
