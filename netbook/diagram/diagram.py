"""A picture of the wiring: `lab.diagram()`, for a screen, for paper and in words: one line for each edge."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from netbook.diagram.layout import plan
from netbook.diagram.router import ROUTER, TITLE
from netbook.diagram.scene import Scene, natural, scene
from netbook.diagram.words import lines, sentences
from netbook.drawing import shapes, svg
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import printable
from netbook.errors import NotFound
from netbook.model.journey import Stop
from netbook.topology.change import Marks
from netbook.topology.graph import Topology
from netbook.topology.path import Way
from netbook.topology.wall import Wall


class Diagram(Figure):
    """Containers, namespaces, bridges and cables of one topology, drawn.

    What `docker network inspect` of every network says, and what `ip link` shows of the cables, in one
    picture. `title` stands above it; `highlight` names containers and networks that are to glow;
    `marks` (see `netbook.topology.change`) says what of it is new, gone or changed, in every form;
    `way` is a packet's: its stops glow, with a flag where it breaks; `wall` is what the host's firewall does.
    Equal topologies give the same bytes, in whatever order they were read.
    """

    def __init__(
        self,
        topology: Topology,
        title: str = "",
        highlight: Collection[str] = (),
        *,
        marks: Marks | None = None,
        way: Way | None = None,
        wall: Wall | None = None,
    ) -> None:
        self.topology, self.way, self.wall = topology, way, wall
        self.marks = marks or {}
        self.title = printable(title).strip()
        self.highlight = frozenset([highlight] if isinstance(highlight, str) else highlight)
        known = {name for box in topology.boxes for name in box.names} | set(self._scene.inks)
        if unknown := self.highlight - known:
            raise NotFound(
                f"nothing in the diagram is called {', '.join(map(repr, sorted(unknown)))}",
                remedy=f"highlight some of: {', '.join(sorted(known, key=natural)) or 'nothing is in it'}",
            )

    @cached_property
    def _scene(self) -> Scene:
        return scene(self.topology, self.marks)

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        picture = plan(self.topology, self.title, self.marks, wall=self.wall)
        lit: set[object] = {*self.highlight, *self._stops}
        if self.way and self.way.broken:
            drawn = {shape.place for shape in picture.shapes}
            last = next(stop for stop in reversed(self._stops) if stop in drawn)  # a foreign bridge is not
            if self.wall and last in {wire.ends[0] for wire in picture.wires if wire.ends[1] == ROUTER}:
                last = ROUTER  # it came to the bridge, and not to the next one: it is routed there
                lit.add(ROUTER)
            picture = shapes.flagged(picture, last, f"✗ {self.way.broken}")
        return svg.draw(picture, self.title or "The wiring on the engine host", self.alt, lit)

    @property
    def _stops(self) -> list[Stop]:
        """What glows of the way: boxes too, and each by its first container, as it is drawn."""
        owners = {name: box.owner for box in self.topology.boxes for name in box.names}
        found = []
        for stop in self.way.stops if self.way else ():
            owner = owners.get(stop.container, "")
            found += [Stop(owner, stop.interface), Stop(owner, "")] if owner else [stop]
        return found

    @property
    def alt(self) -> str:
        """The wiring in at most three sentences, for readers who cannot see the picture."""
        said = sentences(self._scene, self.title, self.highlight)
        if self.wall:
            said += f" {'; '.join([f'The {TITLE}', *self.wall.told])}."
        return f"{said} The way: {self.way.told(self.topology)}." if self.way else said

    @property
    def text(self) -> str:
        """The wiring as indented lines: bridges, and below each what is plugged into it."""
        way = [f"the way: {self.way.told(self.topology)}"] if self.way else []
        wall = [f"the {TITLE}", *(f"  {line}" for line in self.wall.told)] if self.wall else []
        return "\n".join([*lines(self._scene, self.title, self.highlight), *wall, *way])
