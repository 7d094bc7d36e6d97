"""A snapshot becomes what the browser needs: the picture, where in it the containers are, their tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from netbook import tables
from netbook.diagram.diagram import Diagram
from netbook.diagram.layout import plan
from netbook.drawing.shapes import Picture, Rect
from netbook.model.docker import ContainerInfo, Endpoint
from netbook.model.kernel import Interface
from netbook.model.snapshot import Snapshot
from netbook.topology.build import build
from netbook.topology.graph import Topology

Json = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """One moment of a lab."""

    snapshot: Snapshot
    title: str = ""
    foreign: bool = False

    @cached_property
    def topology(self) -> Topology:
        graph = build(self.snapshot)
        return graph if self.foreign else graph.owned()

    @cached_property
    def diagram(self) -> Diagram:
        return Diagram(self.topology, self.title)

    def container(self, name: str) -> ContainerInfo | None:
        return next((c for c in self.snapshot.containers if c.name == name), None)

    @cached_property
    def picture(self) -> Json:
        """All that is drawn, in one piece, so that the browser can change it in one step."""
        placed = plan(self.topology, self.title)
        inside = {space.inode: space.interfaces for space in self.snapshot.namespaces}
        inside[self.snapshot.host.inode] = self.snapshot.host.interfaces
        found = {c.name: c for c in self.snapshot.containers}
        return {
            "svg": self.diagram.svg,
            "width": placed.width,
            "height": placed.height,
            "containers": [
                _container(found[name], rect, inside.get(found[name].namespace, ()))
                for name, rect in places(placed)
            ],
        }


def places(picture: Picture) -> Iterator[tuple[str, Rect]]:
    """Where each container is: its box with its ports, or in a shared namespace the chip with its name."""
    for shape in picture.shapes:
        if shape.kind in ("own", "none", "host", "stopped", "unread"):
            r, lowest = shape.rect, max([shape.rect.bottom, *(part.rect.bottom for part in shape.parts)])
            chips = [part.rect for part in shape.parts if part.kind == "chip"]
            yield from zip(shape.names, chips or [Rect(r.x, r.y, r.w, lowest - r.y)], strict=True)


def _container(info: ContainerInfo, rect: Rect, interfaces: tuple[Interface, ...]) -> Json:
    return {
        "name": info.name,
        "state": info.state,
        "place": [rect.x, rect.y, rect.w, rect.h],
        "addresses": _addresses(interfaces) if info.namespace else None,
        "endpoints": _endpoints(info.endpoints),
    }


@lru_cache(256)  # most containers are what they were at the last look
def _addresses(interfaces: tuple[Interface, ...]) -> Json:
    return table(tables.interfaces(interfaces))


@lru_cache(256)
def _endpoints(found: tuple[Endpoint, ...]) -> Json:
    return table(tables.endpoints(found))


def table(frame: pd.DataFrame) -> Json:
    """Columns and rows of text."""
    rows: Iterable[Iterable[object]] = frame.itertuples(index=False)
    return {"columns": list(frame.columns), "rows": [[str(value) for value in row] for row in rows]}
