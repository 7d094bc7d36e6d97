"""A picture of several hosts and the network between them, in three forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from netbook.diagram.bars import BAR
from netbook.diagram.boxes import NOTE, SMALL
from netbook.diagram.layout import MARGIN, PAD, TITLE, WIDTH, placed
from netbook.diagram.scene import Scene, scene
from netbook.diagram.words import SEPARATOR, lines, listed, sentences
from netbook.drawing import svg
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import clip, printable
from netbook.drawing.palette import QUIET
from netbook.drawing.shapes import Label, Picture, Rect, Shape, Wire, moved
from netbook.model.journey import Stop
from netbook.topology.hosts import Hosts, Underlay

BROAD = 1180.0  # side by side at most; it is shown a little smaller then
GUTTER, LANE = 26.0, 14.0  # beside hosts that stand above each other; between two wires in it
HIGH, GAP = 36.0, 34.0  # of an underlay's bar, and above it


class HostsDiagram(Figure):
    """Several engines' wirings in one picture: what `docker network inspect` says on each of the hosts.

    Side by side, or above each other where that is too wide; below them the network that joins them.
    A network that reaches over several hosts (an overlay) has one colour on all.
    """

    def __init__(self, hosts: Hosts, title: str = "") -> None:
        self.hosts = hosts
        self.title = printable(title).strip()

    @cached_property
    def _scenes(self) -> list[tuple[str, Scene]]:
        inks = scene(self.hosts.whole).inks
        return [(name, scene(topology, inks=inks)) for name, topology in self.hosts.each]

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        return svg.draw(plan(self._scenes, self.hosts.underlays, self.title), self._name, self.alt)

    @property
    def _name(self) -> str:
        return self.title or f"The wiring of {listed([name for name, _ in self.hosts.each], 12)}"

    @property
    def alt(self) -> str:
        """Host by host in a few sentences, and what joins them."""
        said = [sentences(found, "", (), f"host {name}") for name, found in self._scenes]
        said += [f"{'; '.join(_joins(underlay))}." for underlay in self.hosts.underlays]
        return " ".join([f"{self._name}.", *said])

    @property
    def text(self) -> str:
        """Host by host as indented lines; below them what joins them."""
        said = [line for name, found in self._scenes for line in lines(found, "", (), f"host {name}")]
        for underlay in self.hosts.underlays:
            said.append(SEPARATOR.join(["between the hosts", *underlay.subnets]))
            said += [f"  {_end(stop, addresses)}" for stop, addresses in underlay.ends]
        return "\n".join([*([self.title] if self.title else []), *said])


def _end(stop: Stop, addresses: Iterable[str]) -> str:
    return " ".join([stop.host, stop.interface, *addresses])


def _joins(underlay: Underlay) -> Iterable[str]:
    ends = [_end(stop, addresses) for stop, addresses in underlay.ends]
    yield f"The network between the hosts ({', '.join(underlay.subnets)}) connects {listed(ends, 12)}"


def plan(scenes: list[tuple[str, Scene]], underlays: Iterable[Underlay], title: str) -> Picture:
    """Place the hosts, then the underlays' bars below all of them."""
    room = BROAD / max(1, len(scenes)) - 2 * (MARGIN + PAD)
    pictures = [(name, placed(found, host=f"host {name}", inner=room)) for name, found in scenes]
    beside = sum(picture.width for _, picture in pictures) <= BROAD
    if not beside:
        pictures = [(name, placed(found, host=f"host {name}")) for name, found in scenes]
    x, y = 0.0 if beside else GUTTER, 32.0 * bool(title)
    parts: list[Picture] = []
    for name, picture in pictures:
        parts.append(moved(picture, x, y, lambda place, name=name: _on(place, name)))  # type: ignore[misc]
        x, y = (x + picture.width, y) if beside else (x, y + picture.height)
    width = max([part.width for part in parts], default=WIDTH)
    bottom = max([part.height for part in parts], default=y)
    shapes = [shape for part in parts for shape in part.shapes]
    wires = [wire for part in parts for wire in part.wires]
    doors = {s.place.host: s for s in shapes if s.kind == "outside" and isinstance(s.place, Stop)}
    used = dict.fromkeys(doors, 0)  # wires that left a host so far
    for underlay in underlays:
        rect = Rect(MARGIN, bottom + GAP, width - 2 * MARGIN, HIGH if beside else HIGH + 16)
        shapes.append(_bar(underlay, rect, [] if beside else [_end(*end) for end in underlay.ends]))
        for stop, addresses in underlay.ends:
            door, number = doors[stop.host].rect, used[stop.host]
            down = door.x + 30 + 200 * number if beside else MARGIN + 8 + LANE * sum(used.values())
            level = door.y + 12 + 12 * number
            points = [(down, door.bottom)] if beside else [(door.x, level), (down, level)]
            text = " ".join([stop.interface, *addresses]) if beside else ""
            label = Label(clip(text, SMALL, 190), down + 6, rect.y - 8, SMALL, color=QUIET)
            ends = doors[stop.host].place, underlay
            wires.append(Wire("underlay", (*points, (down, rect.y)), label, place=stop, ends=ends))
            used[stop.host] += 1
        bottom = rect.bottom
    if title:
        label = Label(clip(title, TITLE, width - 2 * MARGIN), MARGIN, MARGIN + 17, TITLE, True)
        heading = Rect(MARGIN, MARGIN, width - 2 * MARGIN, 26)
        shapes.append(Shape("heading", heading, (label,), names=(title,)))
    return Picture(width, bottom + MARGIN, tuple(shapes), tuple(wires))


def _on(place: object, host: str) -> object:
    return replace(place, host=host) if isinstance(place, Stop) else place


def _bar(underlay: Underlay, rect: Rect, ends: list[str]) -> Shape:
    x, y = rect.x + 14, rect.y + 22.5
    subnets = clip(", ".join(underlay.subnets), NOTE, rect.w - 260)
    labels = [
        Label("the network between the hosts", x, y, BAR, True),
        Label(subnets, rect.right - 14, y - 0.5, NOTE, anchor="end"),
    ]
    if ends:
        labels.append(Label(clip(SEPARATOR.join(ends), SMALL, rect.w - 28), x, y + 17, SMALL, color=QUIET))
    return Shape("outside", rect, tuple(labels), names=underlay.subnets, place=underlay)
