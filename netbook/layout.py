"""Topology in, geometry out: where every box, port, bar and wire of a diagram goes.

    boxes    sorted by their networks, so that a network's containers stand together;
             stacked in columns when one row would be too wide
    gutters  between the columns: here the wires of the upper rows run down
    channel  below the boxes: here a wire that is not above its bar moves sideways
    bars     the bridges, side by side; a staircase when there is no room for that
    outside  the host's own interfaces

A wire crosses no box, no bar and no text, and no two wires share a stretch; they may
cross at right angles. Nothing here depends on what an engine makes up for one run:
no ids, no MAC addresses, no indices, no veth names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from netbook.models import Address
from netbook.svg import INK, PAPER, QUIET, Label, Picture, Point, Rect, Shape, Wire, clip, text_width
from netbook.topology import Box, Bridge, Port, Topology

WIDTH = 980.0  # of the whole picture, unless something in it cannot be made so narrow
MARGIN, PAD = 10.0, 20.0  # around the frame, and inside it
INNER = WIDTH - 2 * (MARGIN + PAD)
PITCH = 6.0  # between two wires side by side
STUB = 20.0  # straight below a port: room for the wire's label
GUTTER, GAP = 14.0, 16.0  # between columns, between bars
SINK = 10.0  # how far a port sticks out of its box
STEP = 38.0  # of the staircase: room for one NAT edge and its label
EDGE = 14.0  # how far a wire stays from the ends of its bar
TITLE, NAME, BAR, NOTE, SMALL = 15.0, 13.5, 13.0, 11.0, 10.5  # sizes of text


# ---------------------------------------------------------------- what is in the picture


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sort key that puts bbox2 before bbox10."""
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), "") if i % 2 else (-1, part) for i, part in enumerate(parts)], name


def stable(addresses: Iterable[Address]) -> list[Address]:
    """The addresses that are the same in every run, IPv4 first: link-local ones follow the MAC address."""
    kept = [a for a in addresses if not a.value.is_link_local and not a.value.is_loopback]
    return sorted(kept, key=lambda a: a.value.version)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a diagram of a topology shows, in the order in which it shows it."""

    bridges: tuple[Bridge, ...]
    boxes: tuple[Box, ...]
    riders: dict[str, str]  # networks without a bridge that containers use → their driver
    inks: dict[str, int]  # network → its colour; -1: not the book's

    def cable(self, port: Port) -> tuple[str, int | None]:
        """What kind of wire leaves a port, and to which bar; one past the last is the host itself."""
        for k, bridge in enumerate(self.bridges):
            if bridge.name == port.bridge:
                return "veth", k
        if port.parent:
            return self.riders.get(port.network, "sub-interface"), len(self.bridges)
        return "", None

    def letter(self, network: str) -> str:
        """A for the first network, B for the second; nothing while there is only one."""
        return chr(ord("A") + [*self.inks].index(network) % 26) if len(self.inks) > 1 else ""


def scene(topology: Topology) -> Scene:
    """Sort a topology and number its networks."""
    infos = {info.name: info for info in topology.networks}
    infos |= {bridge.network.name: bridge.network for bridge in topology.bridges}

    def foreign(network: str) -> bool:
        return network in infos and not infos[network].owned and not infos[network].is_default

    def rank(bridge: Bridge) -> tuple[object, ...]:
        name = bridge.network.name
        return foreign(name), not bridge.network.is_default, natural(name)

    bridges = tuple(sorted(topology.bridges, key=rank))
    ridden = {port.network for box in topology.boxes for port in box.ports if port.parent and port.network}
    riders = {
        name: infos[name].driver if name in infos else "sub-interface" for name in sorted(ridden, key=natural)
    }
    inks: dict[str, int] = {}
    for name in [*(bridge.network.name for bridge in bridges), *riders]:
        # The default bridge has the same colour in every chapter.
        inks[name] = -1 if foreign(name) else 0 if name == "bridge" else max(0, *inks.values(), 0) + 1
    found = Scene(bridges, (), riders, inks)
    return replace(found, boxes=tuple(sorted(topology.boxes, key=lambda box: _rank(found, box))))


def _rank(found: Scene, box: Box) -> tuple[object, ...]:
    """Boxes of the same networks together, in the order of the bars; those without a bar to the right."""
    targets = sorted(t for _, t in map(found.cable, box.ports) if t is not None)
    last = len(found.bridges)
    middle = sum(targets) / len(targets) if targets else last + 0.1
    middle = {"none": last + 0.2, "stopped": last + 0.3, "host": last + 1.0}.get(box.mode, middle)
    return middle, targets, not box.owned, [natural(name) for name in box.containers]


def marks(bridge: Bridge, found: Scene) -> list[str]:
    """What is to be said of a bridge's network besides its name and address."""
    network = bridge.network
    said = [("DNS", not network.is_default), ("internal", network.internal)]
    return [mark for mark, so in [*said, ("not the book's", found.inks[network.name] < 0)] if so]


def where(bridge: Bridge) -> str:
    """The bridge's own address with the prefix; its subnet when it has none."""
    addresses = stable(bridge.addresses)
    return addresses[0].cidr if addresses else next(iter(bridge.network.subnets), "no address")


# ---------------------------------------------------------------- boxes


@dataclass(slots=True)
class _Plug:
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
        return Shape("port", rect, tuple(labels), tuple(badge), self.ink)

    def lead(self, left: float, lane: int) -> None:
        """Into the gutter, by that lane below the box."""
        x, y = self.path[0]
        self.path += [(x, y + STUB + PITCH * lane), (left + self.down, y + STUB + PITCH * lane)]

    @property
    def sign(self) -> Label:
        """What is written beside the wire."""
        x, y = self.path[0] if self.path else (0.0, 0.0)
        return Label(clip(self.kind, SMALL, 90), x + 6, y + 14, SMALL, color=QUIET)

    def wire(self, end: list[Point]) -> Wire:
        network = self.port.network if self.port else ""
        return Wire(self.kind, (*self.path, *end), self.sign, self.ink, (*self.owner.containers, network))


def _badge(letter: str, x: float, y: float, r: float, ink: int) -> Shape:
    label = Label(letter, x, y + r * 0.52, r * 1.45, True, "middle", PAPER)
    return Shape("badge", Rect(x - r, y - r, 2 * r, 2 * r), (label,), ink=ink)


@dataclass(slots=True)
class _Cell:
    """A box before it has a place."""

    box: Box
    plugs: list[_Plug]
    names: list[list[str]]  # rows of them
    notes: list[str]
    beside: float  # free on both sides of the ports
    wired: list[_Plug] = field(default_factory=list)
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
        for row in self.names:
            x = rect.mid - self._row_width(row) / 2
            for name in row:
                chip = Rect(x, y, text_width(name, NAME) + 16, 24)
                label = Label(name, chip.mid, y + 17, NAME, True, "middle", color)
                if self._shared:
                    parts.append(Shape("chip", chip, (label,)))
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
        return Shape(box.mode, rect, tuple(labels), tuple(parts), foreign=not box.owned, names=box.containers)


def _cell(box: Box, found: Scene) -> _Cell:
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
        plugs.append(_Plug("shares", len(found.bridges), box))
    return _Cell(box, plugs, names, [clip(note, NOTE, 160) for note in notes(box)], 44 if few else 20)


def notes(box: Box) -> list[str]:
    """What is to be said of a box besides names and ports."""
    said = {
        "own": ["one network namespace"] if len(box.containers) > 1 else [],
        "none": ["only lo is left", f"joined {box.joins}"] if box.joins else ["none: only lo"],
        "host": ["host network"],
        "stopped": ["stopped", f"joins {box.joins}"] if box.joins else ["stopped"],
    }[box.mode]
    return said if box.owned else [*said, "not the book's"]


def _plug(port: Port, box: Box, found: Scene) -> _Plug:
    kind, target = found.cable(port)
    lines = [port.name if port.up else f"{port.name} is down"]
    lines += [address.ip for address in stable(port.addresses)[:2]] or ["no address"]
    if port.parent and port.network:
        lines.append(port.network)  # it has no bar to say its name
    known = port.network in found.inks
    ink, letter = (found.inks[port.network], found.letter(port.network)) if known else (-1, "")
    return _Plug(kind, target, box, port, tuple(clip(line, NOTE, 150) for line in lines), ink, letter)


# ---------------------------------------------------------------- columns


@dataclass(slots=True)
class _Columns:
    """Boxes in columns, and for each gutter (one more than columns) the plugs whose wires run down it."""

    cells: list[list[_Cell]]
    gutters: list[list[_Plug]]
    widths: list[float] = field(default_factory=list)  # of the columns
    gaps: list[float] = field(default_factory=list)  # of the gutters; the outer two vanish when empty
    total: float = 0.0

    def __post_init__(self) -> None:
        self.widths = [max(cell.width for cell in column) for column in self.cells]
        self.gaps = [(len(plugs) - 1) * PITCH + 16 if plugs else 0.0 for plugs in self.gutters]
        self.gaps[1:-1] = [max(GUTTER, gap) for gap in self.gaps[1:-1]]
        self.total = sum(self.widths) + sum(self.gaps)


def _columns(cells: list[_Cell]) -> _Columns:
    """As few rows as fit into the width; if none fits, the narrowest."""
    tried = [_Columns([], [[]])] if not cells else []
    for rows in range(1, len(cells) + 1):
        tried.append(_guttered(_packed(cells, rows)))
        if tried[-1].total <= INNER:
            return tried[-1]
    return min(tried, key=lambda columns: columns.total)


def _packed(cells: list[_Cell], rows: int) -> list[list[_Cell]]:
    """Cells of the same networks fill columns of their own, row by row; small groups share a column."""
    columns: list[list[_Cell]] = []
    room = 0
    for _, grouped in groupby(cells, key=lambda cell: (cell.box.mode, [plug.target for plug in cell.plugs])):
        group = list(grouped)
        if len(group) <= room:
            columns[-1] += group
            room -= len(group)
            continue
        count = -(-len(group) // rows)
        columns += [group[i::count] for i in range(count)]
        room = rows - len(columns[-1]) if count == 1 else 0
    return columns


def _guttered(columns: list[list[_Cell]]) -> _Columns:
    """Choose the gutter, left or right, of each plug that has a box below it.

    Towards the neighbour of the same network, so that a network's wires run together;
    else where fewer wires run.
    """

    def alike(c: int, plug: _Plug) -> int:
        return uses[c].count(plug.target) if 0 <= c < len(columns) else 0

    uses = [[plug.target for cell in column for plug in cell.wired] for column in columns]
    lefts: list[list[_Plug]] = [[] for _ in range(len(columns) + 1)]
    rights: list[list[_Plug]] = [[] for _ in range(len(columns) + 1)]
    for c, column in enumerate(columns):
        for cell in column[:-1]:
            plugs = cell.wired
            load = [len(lefts[g]) + len(rights[g]) for g in (c, c + 1)]
            splits = []  # so many plugs go left, the others right
            for split in range(len(plugs) + 1):
                likes = sum(alike(c - 1, p) for p in plugs[:split]) + sum(
                    alike(c + 1, p) for p in plugs[split:]
                )
                splits.append((-likes, max(load[0] + split, load[1] + len(plugs) - split), split))
            split = min(splits)[-1]
            # The top row's wires stay in the middle of the gutter, so that no lower one has to cross them.
            rights[c] += plugs[:split]
            lefts[c + 1][:0] = plugs[split:]
    return _Columns(columns, [left + right for left, right in zip(lefts, rights, strict=True)])


# ---------------------------------------------------------------- bars


@dataclass(slots=True)
class _Bar:
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
        return Shape("bar", rect, labels, tuple(parts), self.ink, names=(self.bridge.network.name,))


def _bar(bridge: Bridge, found: Scene) -> _Bar:
    name = bridge.network.name
    left = f"{clip(bridge.short, BAR, 130)} · network {clip(name, BAR, 200)}"
    return _Bar(bridge, left, where(bridge), marks(bridge, found), found.inks[name], found.letter(name))


# ---------------------------------------------------------------- dividing the width, routing


def _boundaries(
    starts: list[list[float]], mins: list[float], floors: list[float], width: float
) -> list[float]:
    """Divide 0…width among the bars (and the way past them) so that wires run straight.

    `starts[k]`: where the wires of bar k come down; `mins[k]`: how wide its part must be;
    `floors[k]`: how far to the right it must reach at least. Returns where each part ends.
    """
    step = 4.0
    places = [step * i for i in range(int(width / step) + 1)]
    best = [0.0] + [float("inf")] * (len(places) - 1)
    back: list[list[int]] = []
    for k in range(len(mins) - 1):
        left, right = starts[k], starts[k + 1]
        wish = (max(left) + min(right)) / 2 if left and right else width * (k + 1) / len(mins)
        reach = [0]  # up to here, which place is the best for the boundary before
        for i in range(1, len(places)):
            reach.append(i if best[i] < best[reach[-1]] else reach[-1])
        skip = int(-(-(mins[k] + GAP) // step))
        cost, froms = [], []
        for i, p in enumerate(places):
            froms.append(reach[max(0, i - skip)])
            if i < skip or p < floors[k] + GAP / 2:
                cost.append(float("inf"))
                continue
            low, high = p - GAP / 2 - EDGE, p + GAP / 2 + EDGE
            aside = sum(x - low for x in left if x > low) + sum(high - x for x in right if x < high)
            cost.append(best[froms[-1]] + aside + abs(p - wish) / 1000)
        best, back = cost, [*back, froms]
    at = min((i for i, p in enumerate(places) if p <= width - mins[-1]), key=best.__getitem__)
    ends = [width + GAP / 2]
    for froms in reversed(back):
        ends.append(places[at])
        at = froms[at]
    return ends[::-1]


def _narrowest(mins: list[float], floors: list[float]) -> float:
    """The width below which `_boundaries` finds no place for all."""
    end = 0.0
    for need, floor in zip(mins, floors, strict=True):
        end = 4 * -(-max(end + need + GAP, floor + GAP / 2) // 4)
    return end


def _pins(starts: list[float], low: float, high: float, taken: list[float]) -> list[float]:
    """Where each wire meets its bar: straight below if it can, else near, and never past a neighbour.

    `taken`: where wires of other bars come down; those places stay free.
    """
    order = sorted(range(len(starts)), key=starts.__getitem__)
    pins = [*starts]
    for side, edge, sequence in ((1, high, order[::-1]), (-1, -low, order)):
        for i in sequence:
            x = min(side * pins[i], edge)
            while side * x != starts[i] and any(abs(side * x - other) < 3 for other in taken):
                x -= 1
            pins[i], edge = side * x, x - PITCH
    if taken and pins and (min(pins) < low or max(pins) > high):
        return _pins(starts, low, high, [])  # too crowded; lanes can still keep the wires apart
    return pins


def _lanes(moves: list[tuple[float, float]]) -> list[int]:
    """For each wire from x to another x a lane, 0 at the top, with few crossings and no two on one stretch.

    Wire i above wire j crosses it where i's way down meets j's lane, and where j's way down meets i's.
    A wire that goes straight down gets lane -1.
    """

    def inside(x: float, move: tuple[float, float]) -> bool:
        return min(move) < x < max(move)

    def crossings(i: int, j: int) -> int:
        blocked = abs(moves[i][1] - moves[j][0]) < 3
        return inside(moves[i][1], moves[j]) + inside(moves[j][0], moves[i]) + 1000 * blocked

    waiting = [i for i, (a, b) in enumerate(moves) if abs(a - b) > 0.01]
    gain = {i: {j: crossings(i, j) - crossings(j, i) for j in waiting if j != i} for i in waiting}
    score = {i: sum(row.values()) for i, row in gain.items()}
    lanes = [-1] * len(moves)
    done: list[int] = []
    while waiting:
        top = min(waiting, key=lambda i: (score[i], moves[i]))
        waiting.remove(top)
        for other in waiting:
            score[other] -= gain[other][top]
        a, b = min(moves[top]) - PITCH, max(moves[top]) + PITCH
        lanes[top] = 1 + max((lanes[i] for i in done if min(moves[i]) < b and max(moves[i]) > a), default=-1)
        done.append(top)
    return lanes


# ---------------------------------------------------------------- from left to right


@dataclass(slots=True)
class _Across:
    """Everything's place from left to right, for one way of drawing the bars."""

    columns: _Columns
    bars: list[_Bar]
    lines: int  # of text in a bar
    stairs: bool
    width: float = 430.0  # at least
    lefts: list[float] = field(default_factory=list)  # of the columns
    ends: list[float] = field(default_factory=list)  # of the bars' parts, and of the way past them
    plugs: list[_Plug] = field(default_factory=list)
    moves: list[tuple[float, float]] = field(default_factory=list)  # per plug: from x to x

    def __post_init__(self) -> None:
        wired = [plug for column in self.columns.cells for cell in column for plug in cell.wired]
        groups = [[plug for plug in wired if plug.target == k] for k in range(len(self.bars) + 1)]
        if not groups[-1]:
            groups.pop()  # nobody needs the way past the bars
        mins = [max(60.0, len(group) * (PITCH + 2) + 2 * EDGE) for group in groups]  # 2: to dodge others
        floors = [0.0] * len(groups)
        for k, bar in enumerate(self.bars):
            if self.stairs:
                floors[k] = STEP * k + bar.need(self.lines)
            else:
                mins[k] = max(mins[k], bar.need(self.lines))
        extra = self._room(mins)
        total = self.columns.total
        roomy = INNER if self.stairs else min(total + sum(extra), INNER)
        self.width = 4 * -(-max(self.width, total, roomy, _narrowest(mins, floors) - GAP / 2) // 4)
        if not self.fits:
            return
        self.plugs = [plug for group in groups for plug in group]
        self._spread(extra)
        starts: list[list[float]] = []
        for _ in range(6):
            self.settle()
            starts = [[plug.down for plug in group] for group in groups]
            self.ends = _boundaries(starts, mins, floors, self.width) if groups else []
            before = [*self.lefts]
            self._straighten()
            if self.lefts == before:
                break
        self.lefts = before
        for k, group in enumerate(starts):
            low, high = self.part(k)
            taken = [x for j, xs in enumerate(starts) if j != k for x in xs]
            self.moves += zip(group, _pins(group, low + EDGE, high - EDGE, taken), strict=True)

    @property
    def fits(self) -> bool:
        """Bars side by side have to stay within the picture's width; the staircase always does its best."""
        return self.stairs or self.width <= max(INNER, self.columns.total)

    @property
    def cost(self) -> float:
        """How often and how far the wires move sideways, with a preference for flat bars."""
        return sum(30 + abs(a - b) for a, b in self.moves if a != b) + 40 * self.lines

    def part(self, k: int) -> tuple[float, float]:
        """From where to where the wires of bar k may come down."""
        return (self.ends[k - 1] if k else -GAP / 2) + GAP / 2, self.ends[k] - GAP / 2

    def settle(self) -> None:
        """Tell each plug its x and, if its wire runs down a gutter, the x of that."""
        edges = [0.0]
        for left, width, column in zip(self.lefts, self.columns.widths, self.columns.cells, strict=True):
            edges += [left, left + width]
            for plug in (plug for cell in column for plug in cell.plugs):
                plug.x = plug.down = left + width / 2 + plug.offset
        edges.append(self.width)
        for g, plugs in enumerate(self.columns.gutters):
            low, high, half = edges[2 * g], edges[2 * g + 1], self.columns.gaps[g] / 2
            middle = high - half if g == 0 else low + half if high == self.width else (low + high) / 2
            for i, plug in enumerate(plugs):
                plug.down = middle + (i - (len(plugs) - 1) / 2) * PITCH

    def _room(self, needs: list[float]) -> list[float]:
        """What to leave free before each column and after the last, so that bars come to lie below boxes."""
        widths = self.columns.widths
        extra = [0.0] * len(self.columns.gaps)
        uses = [[p.target or 0 for cell in column for p in cell.wired] for column in self.columns.cells]
        for k, need in enumerate(needs):
            mine = [c for c, targets in enumerate(uses) if k in targets]
            later = [c for c, targets in enumerate(uses) if targets and min(targets) > k]
            if mine:
                lack = max(0, round(need - sum(widths[c] * uses[c].count(k) / len(uses[c]) for c in mine)))
                extra[mine[0]] += lack / 2
                extra[mine[-1] + 1 if any(uses[mine[-1] + 1 :]) else -1] += lack / 2
            elif later:
                extra[later[0]] += need + GAP
        return extra

    def _spread(self, extra: list[float]) -> None:
        """Put the columns into their first places."""
        slack, asked = self.width - self.columns.total, sum(extra)
        if asked > slack:
            extra = [slack * e // asked for e in extra]
        else:
            extra[0] += (slack - asked) / 2
        x = 0.0
        for c, width in enumerate(self.columns.widths):
            self.lefts.append(x + extra[c] + self.columns.gaps[c])
            x = self.lefts[-1] + width

    def _straighten(self) -> None:
        """Shift columns towards their bars, as far as their neighbours leave room."""
        widths, gaps = self.columns.widths, self.columns.gaps
        for c, column in enumerate(self.columns.cells):
            plugs = [(plug.x, self.part(plug.target or 0)) for plug in column[-1].wired]
            low = max((a + EDGE - x for x, (a, _) in plugs), default=0.0)
            high = min((b - EDGE - x for x, (_, b) in plugs), default=0.0)
            self.lefts[c] += min(max(0.0, low), high) if low <= high else (low + high) / 2
        edge = 0.0
        for c, width in enumerate(widths):
            self.lefts[c] = max(self.lefts[c], edge + gaps[c])
            edge = self.lefts[c] + width
        edge = self.width
        for c in reversed(range(len(widths))):
            self.lefts[c] = min(self.lefts[c], edge - gaps[c + 1] - widths[c])
            edge = self.lefts[c]


def _across(columns: _Columns, bars: list[_Bar], width: float) -> _Across:
    """Bars with one or with two lines of text, whichever lets the wires run straighter; else a staircase."""
    ways = [_Across(columns, bars, lines, False, width) for lines in (1, 2)]
    flat = [way for way in ways if way.fits] or [_Across(columns, bars, 1, True, width)]
    chosen = min(flat, key=lambda way: way.cost)
    chosen.settle()
    return chosen


# ---------------------------------------------------------------- from top to bottom


def plan(topology: Topology, title: str = "") -> Picture:
    """Place everything."""
    found = scene(topology)
    bars = [_bar(bridge, found) for bridge in found.bridges]
    columns = _columns([_cell(box, found) for box in found.boxes])
    across = _across(columns, bars, max(430.0, min(text_width(title, TITLE) - 2 * PAD, INNER)))
    left, top = MARGIN + PAD, MARGIN + (32.0 if title else 0.0)
    boxes, bottom = _boxes(across, left, top + 42)

    lanes = _lanes(across.moves)
    used = max(lanes, default=-1) + 1
    channel = bottom + STUB + 4
    y = channel + PITCH * used + (10 if used else 4)
    height = 36.0 if across.lines == 1 else 50.0
    placed = []
    for k, bar in enumerate(bars):
        start, end = across.part(k)
        start = STEP * k if across.stairs else start
        placed.append(bar.place(Rect(left + start, y, end - start, height), across.lines))
        y += height + 12 if across.stairs or k == len(bars) - 1 else 0
    outside = Rect(left, y + 28, across.width, 36)

    wires = []
    for plug, (a, b), lane in zip(across.plugs, across.moves, lanes, strict=True):
        end = outside.y if plug.target == len(bars) else placed[plug.target or 0].rect.y
        at = channel + PITCH * lane
        sideways = [(left + a, at), (left + b, at)] if lane >= 0 else []
        wires.append(plug.wire([*sideways, (left + b, end)]))
    for shape, bar in zip(placed, bars, strict=True):
        if not bar.bridge.network.internal:
            x = shape.rect.x + 12 if across.stairs else shape.rect.mid
            label = Label("NAT", x + 6, outside.y - 15, SMALL, color=QUIET)
            wires.append(Wire("NAT", ((x, shape.rect.bottom), (x, outside.y)), label, names=shape.names))

    frame = Rect(MARGIN, top, across.width + 2 * PAD, outside.bottom + 18 - top)
    labels = [Label("engine host", left, top + 26, 14, True)]
    if not boxes:
        labels.append(Label("no containers", frame.mid, top + 56, 12, anchor="middle", color=QUIET))
    says = (
        Label("the host's own interfaces", outside.x + 14, outside.y + 22.5, BAR, True),
        Label("→ the world outside", outside.right - 14, outside.y + 22, NOTE, anchor="end"),
    )
    shapes = [Shape("frame", frame, tuple(labels)), *boxes, *placed, Shape("outside", outside, says)]
    if title:
        shown = Label(clip(title, TITLE, frame.w), MARGIN, MARGIN + 17, TITLE, True)
        shapes.append(Shape("heading", Rect(MARGIN, MARGIN, frame.w, 26), (shown,), names=(title,)))
    return Picture(frame.right + MARGIN, frame.bottom + MARGIN, tuple(shapes), tuple(wires))


def _boxes(across: _Across, left: float, top: float) -> tuple[list[Shape], float]:
    """Place the rows of boxes and lead the upper rows' wires into the gutters. Also: where all ports end."""
    columns = across.columns
    shapes, y, bottom = [], top, top + 10
    for r in range(max(map(len, columns.cells), default=0)):
        row = [(c, column[r]) for c, column in enumerate(columns.cells) if len(column) > r]
        height = max(cell.height for _, cell in row)
        lanes = 0
        for c, cell in row:
            room = columns.widths[c]
            width = room if cell.width > 0.6 * room else cell.width
            shapes.append(cell.place(Rect(left + across.lefts[c] + (room - width) / 2, y, width, height)))
            lefts = [plug for plug in cell.wired if plug.down < plug.x]
            rights = [plug for plug in cell.wired if plug.down > plug.x]
            for side in (lefts, rights[::-1]):
                for lane, plug in enumerate(side):  # the outermost in the top lane
                    plug.lead(left, lane)
                lanes = max(lanes, len(side))
        bottom = y + height + (SINK if any(cell.box.ports for _, cell in row) else 0)
        y = bottom + (STUB + PITCH * lanes + 6 if lanes else 10)
    return shapes, bottom
