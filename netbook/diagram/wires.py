"""By which way a packet runs over a picture: from the interfaces it passed to a line along the wires.

A packet enters a wire below its port, changes from wire to wire along the upper edge of
a bar, above its text, and turns around inside its box when it never leaves it (`lo`).
It keeps to the right, so that a reply does not cover its request.

Where a capture skipped interfaces, the shortest way along wires joins the two that it
saw; where no wire does (an internal network, a container that forwards), the line
crosses over straight, for the packet was seen on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from netbook.drawing.shapes import Picture, Point, Rect, Shape, Wire
from netbook.errors import NotFound
from netbook.model.journey import Stop
from netbook.topology.graph import Topology

LANE = 3.5  # how far right of the wire's middle a packet keeps
RIM = 5.0  # how deep it enters a bar
CLEAR = LANE + 4.0, LANE + 1.5  # from the middle of a way to a word beside it; where there is little room
BELOW = 20.0  # a port: between the words at its wire and the nearest bar
OUTSIDE = Stop("", "")


class Ways:
    """The wires of one picture, as roads between its places."""

    def __init__(self, topology: Topology, picture: Picture) -> None:
        self._topology = topology
        shapes = [each for shape in picture.shapes for each in shape.whole]
        self._shapes = {shape.place: shape for shape in shapes if isinstance(shape.place, Stop)}
        self._rects = {place: shape.rect for place, shape in self._shapes.items()}
        self._roads: dict[Stop, dict[Stop, list[Point]]] = defaultdict(dict)
        peers = {
            Stop(box.owner, port.name): port.peer for box in topology.boxes for port in box.ports if port.peer
        }
        parents = {port.parent for box in topology.boxes for port in box.ports if port.parent}
        drawn = {bridge.name for bridge in topology.bridges}
        self._own = ({i.name for i in topology.host_interfaces} | parents) - drawn
        for wire in picture.wires:
            start, end = wire.ends
            if not isinstance(start, Stop) or not isinstance(end, Stop):
                continue
            x, y = wire.points[-1]
            points = [self._gate(start, wire.points[0][0]), *wire.points]
            if peer := peers.get(start):
                self._rects[Stop("", peer)] = Rect(x, y, 0, 0)  # the host's end: where the wire meets the bar
                self._join(start, Stop("", peer), points)
                start, points = Stop("", peer), [(x, y)]
            self._join(start, end, [*points, self._gate(end, x)])

    def places(self, stops: Iterable[Stop]) -> list[Stop]:
        """All that a packet comes by, the unseen included; what the picture does not show is left out.

        Errors: NotFound for a container, or an interface of one, that is not in the topology.
        """
        seen = [place for place in map(self._place, stops) if place is not None]
        found = seen[:1]
        for a, b in pairwise(seen):
            found += self._between(a, b)
        return found

    def shows(self, stop: Stop) -> bool:
        """Is that interface in the picture?"""
        return self._place(stop) is not None

    def way(self, stops: Sequence[Stop], lost: bool = False) -> tuple[Point, ...]:
        """The line, of right angles, in the lane of its direction; one point if it never moved."""
        found = self.places(stops)
        if not found:
            return ()
        if len(set(found)) == 1:
            rect = self._rects[found[0]]
            inside = found[0].container and found[0].interface in ("", "lo")
            return _around(rect) if inside and not lost else (self._gate(found[0], rect.mid),)
        points: list[Point] = []
        for a, b in pairwise(found):
            points += self._roads[a].get(b) or self._across(a, b, points[-1] if points else None)
        return aside(points, LANE)

    def _place(self, stop: Stop) -> Stop | None:
        name = stop.interface
        if not stop.container:
            if name in self._own:
                return OUTSIDE if OUTSIDE in self._rects else None
            return stop if stop in self._rects else None
        try:
            box = self._topology.box(stop.container)
        except KeyError:
            known = sorted(name for box in self._topology.boxes for name in box.names)
            raise NotFound(
                f"a packet came by {stop.container!r}, which is not in the picture",
                remedy=f"draw its way over a topology that has it; this one has: {', '.join(known)}",
            ) from None
        if box.mode == "host" or name == "lo":
            shared = Stop(stop.container, "lo")
            return shared if shared in self._rects else Stop(box.owner, "")
        if name not in {port.name for port in box.ports}:
            raise NotFound(
                f"a packet came by {name!r} of {stop.container!r}, which has no such interface",
                remedy=f"it has: {', '.join(['lo', *(port.name for port in box.ports)])}",
            )
        return Stop(box.owner, name)

    def _gate(self, place: Stop, x: float) -> Point:
        """Where a way enters a shape: from below into a container, from above into what is the host's."""
        rect = self._rects[place]
        y = rect.bottom if place.container else rect.y + min(RIM, rect.h)
        return (x if rect.x <= x <= rect.right else rect.mid), y

    def _join(self, a: Stop, b: Stop, points: list[Point]) -> None:
        self._roads[a][b] = points
        self._roads[b][a] = points[::-1]

    def _between(self, start: Stop, end: Stop) -> list[Stop]:
        """The shortest way over roads, without its start; just the end if there is none.

        Between two interfaces of one container a packet stays inside.
        """
        if start == end or start.container == end.container != "":
            return [end] * (start != end)
        back: dict[Stop, Stop] = {start: start}
        queue = [start]
        for at in queue:
            for other in self._roads[at]:
                if other not in back:
                    back[other] = at
                    queue.append(other)
        found = [end]
        while back.get(found[-1], start) != start:
            found.append(back[found[-1]])
        return found[::-1]

    def _across(self, a: Stop, b: Stop, at: Point | None) -> list[Point]:
        """From one shape to another with no wire between them."""
        start, end = self._rects[a], self._rects[b]
        if a.interface == b.interface == "lo":  # two containers of one namespace
            top = min(start.y, end.y) - RIM
            return [(start.mid, start.y + 3), (start.mid, top), (end.mid, top), (end.mid, end.y + 3)]
        x, y = at or self._gate(a, start.mid)
        to, down = self._gate(b, x)
        if a.container and b.container and a.container != b.container:  # below both, off their addresses
            low = max(start.bottom, end.bottom) + BELOW
            return [(x, y), (x, low), (to, low), (to, down)]
        free = off_words(self._shapes[a], x) if not a.container and a in self._shapes and down > y else x
        return [(x, y), (free, y), (free, down), (to, down)]


def cleared(picture: Picture, ends: Collection[tuple[object, object]]) -> Picture:
    """The picture, the wires between these places moved aside where they would lead over a bar's words."""
    shapes = {shape.place: shape for shape in picture.shapes}
    right = max(shape.rect.right for shape in picture.shapes if shape.place)

    def clear(wire: Wire) -> Wire:
        start, end = wire.ends
        if (start, end) not in ends and (end, start) not in ends:
            return wire
        (x, top), (_, low) = wire.points[0], wire.points[-1]
        free = off_words(shapes[start], x)
        label = replace(wire.label, x=wire.label.x + free - x)
        if label.span[1] > right:
            label = replace(label, x=2 * free - label.x, anchor="end")
        return replace(wire, points=((free, top), (free, low)), label=label)

    wires = (clear(wire) if wire.kind == "NAT" else wire for wire in picture.wires)
    return replace(picture, wires=tuple(wires))


def off_words(shape: Shape, x: float) -> float:
    """The nearest x at which a way can lead through a bar and over none of its words; x if there is none."""
    spans = [label.span for each in shape.whole for label in each.labels if label.text]
    spans += [(part.rect.x, part.rect.right) for part in shape.parts]

    for clear in CLEAR:
        low, high = shape.rect.x + clear, shape.rect.right - clear
        spots = [x, *(left - clear for left, _ in spans), *(right + clear for _, right in spans)]
        free = [
            at
            for at in spots
            if low <= at <= high and all(at <= left - clear or at >= right + clear for left, right in spans)
        ]
        if free:
            return min(free, key=lambda at: abs(at - x))
    return x


def _around(rect: Rect) -> tuple[Point, ...]:
    """Over the top of a box, from its left to its right."""
    left, right, middle, top = rect.x + 6, rect.right - 6, rect.y + rect.h / 2, rect.y + RIM
    return (left, middle), (left, top), (right, top), (right, middle)


def aside(points: Iterable[Point], right: float) -> tuple[Point, ...]:
    """The same line of right angles, moved to the right of its own direction.

    >>> aside([(0, 0), (0, 10), (20, 10)], 2)
    ((-2.0, 0.0), (-2.0, 12.0), (20.0, 12.0))
    """
    line: list[Point] = []
    for point in points:
        if line and point == line[-1]:
            continue
        if len(line) > 1 and _heading(line[-2], line[-1]) == _heading(line[-1], point):
            line.pop()
        line.append(point)
    if len(line) < 2:
        return tuple(line)
    headings = [_heading(a, b) for a, b in pairwise(line)]
    moved: list[Point] = []
    for (x, y), (ax, ay), (bx, by) in zip(
        line, headings[:1] + headings, headings + headings[-1:], strict=True
    ):
        before, after = (-ay * right, ax * right), (-by * right, bx * right)
        if (ax, ay) == (bx, by):
            moved.append((x + after[0], y + after[1]))
        elif (ax, ay) == (-bx, -by):  # it turns around
            moved += [(x + before[0], y + before[1]), (x + after[0], y + after[1])]
        else:
            moved.append((x + before[0] + after[0], y + before[1] + after[1]))
    return tuple(moved)


def _heading(a: Point, b: Point) -> tuple[float, float]:
    dx, dy = b[0] - a[0], b[1] - a[1]
    return float((dx > 0) - (dx < 0)), float((dy > 0) - (dy < 0))
