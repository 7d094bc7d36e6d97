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

from collections.abc import Collection
from dataclasses import dataclass, field

from netbook.diagram.bars import BAR, Bar, bar_of, joint_of
from netbook.diagram.boxes import NOTE, Plug, cell_of
from netbook.diagram.columns import Columns, placed_in, stacked
from netbook.diagram.marking import legend
from netbook.diagram.router import box as router_box
from netbook.diagram.router import height as router_height
from netbook.diagram.router import ways_out
from netbook.diagram.scene import Scene, scene
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import QUIET
from netbook.drawing.routing import EDGE, GAP, PITCH, STUB, boundaries, lanes_for, narrowest, pins_for
from netbook.drawing.shapes import Label, Picture, Rect, Shape
from netbook.model.journey import Stop
from netbook.topology.change import Marks
from netbook.topology.graph import Topology
from netbook.topology.wall import Wall

WIDTH = 980.0  # of the whole picture, unless something in it cannot be made so narrow
MARGIN, PAD = 10.0, 20.0  # around the frame, and inside it
INNER = WIDTH - 2 * (MARGIN + PAD)
NARROWEST = 430.0
STEP = 38.0  # of the staircase: room for one NAT edge and its label
TITLE = 15.0  # size of text


@dataclass(slots=True)
class _Across:
    """Everything's place from left to right, for one way of drawing the bars."""

    columns: Columns
    bars: list[Bar]
    lines: int  # of text in a bar
    stairs: bool
    width: float = NARROWEST  # at least
    inner: float = INNER  # at most, if it can be
    lefts: list[float] = field(default_factory=list)  # of the columns
    ends: list[float] = field(default_factory=list)  # of the bars' parts, and of the way past them
    plugs: list[Plug] = field(default_factory=list)
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
        roomy = self.inner if self.stairs else min(total + sum(extra), self.inner)
        self.width = 4 * -(-max(self.width, total, roomy, narrowest(mins, floors) - GAP / 2) // 4)
        if not self.fits:
            return
        self.plugs = [plug for group in groups for plug in group]
        self._spread(extra)
        starts: list[list[float]] = []
        for _ in range(6):
            self.settle()
            starts = [[plug.down for plug in group] for group in groups]
            self.ends = boundaries(starts, mins, floors, self.width) if groups else []
            before = [*self.lefts]
            self._straighten()
            if self.lefts == before:
                break
        self.lefts = before
        for k, group in enumerate(starts):
            low, high = self.part(k)
            taken = [x for j, xs in enumerate(starts) if j != k for x in xs]
            self.moves += zip(group, pins_for(group, low + EDGE, high - EDGE, taken), strict=True)

    @property
    def fits(self) -> bool:
        """Bars side by side have to stay within the picture's width; the staircase always does its best."""
        return self.stairs or self.width <= max(self.inner, self.columns.total)

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


def _across(columns: Columns, bars: list[Bar], width: float, inner: float) -> _Across:
    """Bars with one or with two lines of text, whichever lets the wires run straighter; else a staircase."""
    ways = [_Across(columns, bars, lines, False, width, inner) for lines in (1, 2)]
    flat = [way for way in ways if way.fits] or [_Across(columns, bars, 1, True, width, inner)]
    chosen = min(flat, key=lambda way: way.cost)
    chosen.settle()
    return chosen


def plan(
    topology: Topology,
    title: str = "",
    marks: Marks | None = None,
    only: Collection[str] = (),
    wall: Wall | None = None,
) -> Picture:
    """Place everything; with `only`, the containers and networks of those names, in their usual colours."""
    found = scene(topology, marks)
    return placed(found.only(only) if only else found, title, wall=wall)


def placed(
    found: Scene, title: str = "", host: str = "", inner: float = INNER, wall: Wall | None = None
) -> Picture:
    """Place all of a scene, in a frame that bears the host's name, `inner` wide inside if it can be.

    With a `wall`, the host's router and firewall stand between the bridges and its own interfaces.
    """
    bars = [*(bar_of(bridge, found) for bridge in found.bridges), *map(joint_of, found.cables)]
    columns = stacked([cell_of(box, found) for box in found.boxes], inner)
    across = _across(columns, bars, max(NARROWEST, min(text_width(title, TITLE) - 2 * PAD, inner)), inner)
    left, top = MARGIN + PAD, MARGIN + (32.0 if title else 0.0)
    boxes, bottom = placed_in(across.columns, across.lefts, left, top + 42)

    lanes = lanes_for(across.moves)
    used = max(lanes, default=-1) + 1
    channel = bottom + STUB + 4
    y = channel + PITCH * used + (10 if used else 4)
    height = 36.0 if across.lines == 1 else 50.0
    laid = []
    for k, bar in enumerate(bars):
        start, end = across.part(k)
        start = STEP * k if across.stairs else start
        laid.append(bar.place(Rect(left + start, y, end - start, height), across.lines))
        y += height + 12 if across.stairs or k == len(bars) - 1 else 0
    router = None
    if wall is not None:
        # beside it there is room for the wires that pass all bars
        end = across.part(len(bars) - 1)[1] if bars else across.width
        router = router_box(wall, Rect(left, y + 28, end, router_height(wall)))
        y = router.rect.bottom
    rect = Rect(left, y + 28, across.width, 36)
    says = (
        Label("the host's own interfaces", rect.x + 14, rect.y + 22.5, BAR, True),
        Label("→ the world outside", rect.right - 14, rect.y + 22, NOTE, anchor="end"),
    )
    outside = Shape("outside", rect, says, place=Stop("", ""))

    wires = []
    for plug, (a, b), lane in zip(across.plugs, across.moves, lanes, strict=True):
        to = outside if plug.target == len(bars) else laid[plug.target or 0]
        at = channel + PITCH * lane
        sideways = [(left + a, at), (left + b, at)] if lane >= 0 else []
        wires.append(plug.wire([*sideways, (left + b, to.rect.y)], to.place))
    wires += ways_out(laid, bars, outside, across.stairs, router)

    frame = Rect(MARGIN, top, across.width + 2 * PAD, rect.bottom + 18 - top)
    labels = [Label(clip(host or found.place, 14, 300), left, top + 26, 14, True)]
    if not boxes:
        labels.append(Label("no containers", frame.mid, top + 56, 12, anchor="middle", color=QUIET))
    keys = legend([*boxes, *laid], wires, left + across.width, top + 11)
    shapes = [
        Shape("frame", frame, tuple(labels)),
        *keys,
        *boxes,
        *laid,
        *([router] if router else []),
        outside,
    ]
    if title:
        shown = Label(clip(title, TITLE, frame.w), MARGIN, MARGIN + 17, TITLE, True)
        shapes.append(Shape("heading", Rect(MARGIN, MARGIN, frame.w, 26), (shown,), names=(title,)))
    return Picture(frame.right + MARGIN, frame.bottom + MARGIN, tuple(shapes), tuple(wires))
