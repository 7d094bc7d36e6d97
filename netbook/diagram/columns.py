"""Boxes stacked in columns, and the gutters between them where the wires of the upper rows run down."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from netbook.diagram.boxes import SINK, Cell, Plug
from netbook.drawing.routing import PITCH, STUB
from netbook.drawing.shapes import Rect, Shape

GUTTER = 14.0  # between columns, at least


@dataclass(slots=True)
class Columns:
    """Boxes in columns, and for each gutter (one more than columns) the plugs whose wires run down it."""

    cells: list[list[Cell]]
    gutters: list[list[Plug]]
    widths: list[float] = field(default_factory=list)  # of the columns
    gaps: list[float] = field(default_factory=list)  # of the gutters; the outer two vanish when empty
    total: float = 0.0

    def __post_init__(self) -> None:
        self.widths = [max(cell.width for cell in column) for column in self.cells]
        self.gaps = [(len(plugs) - 1) * PITCH + 16 if plugs else 0.0 for plugs in self.gutters]
        self.gaps[1:-1] = [max(GUTTER, gap) for gap in self.gaps[1:-1]]
        self.total = sum(self.widths) + sum(self.gaps)


def stacked(cells: list[Cell], room: float) -> Columns:
    """As few rows as fit into `room`; if none fits, the narrowest."""
    tried = [Columns([], [[]])] if not cells else []
    for rows in range(1, len(cells) + 1):
        tried.append(_guttered(_packed(cells, rows)))
        if tried[-1].total <= room:
            return tried[-1]
    return min(tried, key=lambda columns: columns.total)


def _packed(cells: list[Cell], rows: int) -> list[list[Cell]]:
    """Cells of the same networks fill columns of their own, row by row; small groups share a column."""
    columns: list[list[Cell]] = []
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


def _guttered(columns: list[list[Cell]]) -> Columns:
    """Choose the gutter, left or right, of each plug that has a box below it.

    Towards the neighbour of the same network, so that a network's wires run together;
    else where fewer wires run.
    """

    def alike(c: int, plug: Plug) -> int:
        return uses[c].count(plug.target) if 0 <= c < len(columns) else 0

    uses = [[plug.target for cell in column for plug in cell.wired] for column in columns]
    lefts: list[list[Plug]] = [[] for _ in range(len(columns) + 1)]
    rights: list[list[Plug]] = [[] for _ in range(len(columns) + 1)]
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
    return Columns(columns, [left + right for left, right in zip(lefts, rights, strict=True)])


def placed_in(columns: Columns, starts: list[float], left: float, top: float) -> tuple[list[Shape], float]:
    """Place the rows of boxes and lead the upper rows' wires into the gutters. Also: where all ports end."""
    shapes: list[Shape] = []
    y, bottom = top, top + 10
    for r in range(max(map(len, columns.cells), default=0)):
        row = [(c, column[r]) for c, column in enumerate(columns.cells) if len(column) > r]
        height = max(cell.height for _, cell in row)
        lanes = 0
        for c, cell in row:
            room = columns.widths[c]
            width = room if cell.width > 0.6 * room else cell.width
            shapes.append(cell.place(Rect(left + starts[c] + (room - width) / 2, y, width, height)))
            lefts = [plug for plug in cell.wired if plug.down < plug.x]
            rights = [plug for plug in cell.wired if plug.down > plug.x]
            for side in (lefts, rights[::-1]):
                for lane, plug in enumerate(side):  # the outermost in the top lane
                    plug.lead(left, lane)
                lanes = max(lanes, len(side))
        bottom = y + height + (SINK if any(cell.box.ports for _, cell in row) else 0)
        y = bottom + (STUB + PITCH * lanes + 6 if lanes else 10)
    return shapes, bottom
