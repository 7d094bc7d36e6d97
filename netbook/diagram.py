"""A picture of the wiring: `lab.diagram()`, for a screen, for paper and in words: one line for each edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from netbook.drawing import svg
from netbook.drawing.layout import plan
from netbook.drawing.lettering import printable
from netbook.drawing.scene import Scene, marks, natural, notes, scene, stable, where
from netbook.errors import NotFound
from netbook.figure import Figure
from netbook.topology import Box, Bridge, Port, Topology

SEPARATOR = " · "


class Diagram(Figure):
    """Containers, namespaces, bridges and cables of one topology, drawn.

    What `docker network inspect` of every network says, and what `ip link` shows of the cables, in one
    picture. `title` stands above it; `highlight` names containers and networks that are to glow.
    Equal topologies give the same bytes, in whatever order they were read.
    """

    def __init__(self, topology: Topology, title: str = "", highlight: Collection[str] = ()) -> None:
        self.topology = topology
        self.title = printable(title).strip()
        self.highlight = frozenset([highlight] if isinstance(highlight, str) else highlight)
        known = {name for box in topology.boxes for name in box.containers} | set(self._scene.inks)
        if unknown := self.highlight - known:
            raise NotFound(
                f"nothing in the diagram is called {', '.join(map(repr, sorted(unknown)))}",
                remedy=f"highlight some of: {', '.join(sorted(known, key=natural)) or 'nothing is in it'}",
            )

    @cached_property
    def _scene(self) -> Scene:
        return scene(self.topology)

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        picture = plan(self.topology, self.title)
        return svg.draw(picture, self.title or "The wiring on the engine host", self.alt, self.highlight)

    @property
    def alt(self) -> str:
        """The wiring in at most three sentences, for readers who cannot see the picture."""
        return _sentences(self._scene, self.title, self.highlight)

    @property
    def text(self) -> str:
        """The wiring as indented lines: bridges, and below each what is plugged into it."""
        return "\n".join(_lines(self._scene, self.title, self.highlight))


# ---------------------------------------------------------------- in words


def _lines(found: Scene, title: str, lit: Collection[str]) -> Iterable[str]:
    if title:
        yield title
    yield "engine host"
    last = len(found.bridges)
    for k, bridge in enumerate(found.bridges):
        yield "  " + _line(_about(bridge, found), [bridge.network.name], lit)
        for box, port in _plugged(found, k):
            yield "    " + _line(
                [box.label, _address(port), found.cable(port)[0], *notes(box)], box.containers, lit
            )
    yield "  the host's own interfaces → the world outside"
    for box, port in _plugged(found, last):
        network = [f"network {port.network}"] if port.network else []
        said = [box.label, _address(port), found.cable(port)[0], *network, *notes(box)]
        yield "    " + _line(said, [*box.containers, port.network], lit)
    for box in found.boxes:
        if box.mode == "host":
            yield "    " + _line([box.label, "shares", *notes(box)], box.containers, lit)
    loose = [
        _line([box.label, *([_address(port)] if port else []), *notes(box)], box.containers, lit)
        for box in found.boxes
        for port in (box.ports or [None])
        if box.mode != "host" and (port is None or found.cable(port)[1] is None)
    ]
    yield from ["  without a cable", *(f"    {line}" for line in loose)] if loose else []
    if not found.boxes:
        yield "  no containers"


def _line(said: Iterable[str], names: Iterable[str], lit: Collection[str]) -> str:
    return SEPARATOR.join([*said, *(["highlighted"] if set(names) & set(lit) else [])])


def _about(bridge: Bridge, found: Scene) -> list[str]:
    nat = [] if bridge.network.internal else ["NAT to the world outside"]
    return [bridge.short, f"network {bridge.network.name}", where(bridge), *marks(bridge, found), *nat]


def _plugged(found: Scene, target: int) -> list[tuple[Box, Port]]:
    return [(box, port) for box in found.boxes for port in box.ports if found.cable(port)[1] == target]


def _address(port: Port) -> str:
    addresses = [address.ip for address in stable(port.addresses)] or ["no address"]
    return " ".join([port.name, *addresses, *([] if port.up else ["(down)"])])


def _sentences(found: Scene, title: str, lit: Collection[str]) -> str:
    names = [name for box in found.boxes for name in box.containers]
    shown = 12 if len(names) <= 12 else 4  # of one kind; a screen reader cannot skim
    first = f"{_count(len(names), 'container')} and {_count(len(found.inks), 'network')} on the engine host"
    if lit:
        first += f", highlighted: {_listed(sorted(lit, key=natural), shown)}"
    wiring = [_wiring(bridge, _plugged(found, k), found, shown) for k, bridge in enumerate(found.bridges)]
    for network, driver in found.riders.items():
        members = [_at(b, p) for b, p in _plugged(found, len(found.bridges)) if p.network == network]
        wiring.append(
            f"{driver} network {network} connects {_listed(members, shown)} to the host's interfaces"
        )
    groups = {
        "one network namespace": [b.label for b in found.boxes if len(b.containers) > 1],
        "only lo": [b.label for b in found.boxes if b.mode == "none"],
        "host network": [b.label for b in found.boxes if b.mode == "host"],
        "stopped": [b.label for b in found.boxes if b.mode == "stopped"],
        "not the book's": [b.label for b in found.boxes if not b.owned],
    }
    rest = [f"{what}: {_listed(members, shown)}" for what, members in groups.items() if members]
    sentences = [
        f"{title}: {first}" if title else first[0].upper() + first[1:],
        _joined(wiring),
        _joined(rest),
    ]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _wiring(bridge: Bridge, plugged: Sequence[tuple[Box, Port]], found: Scene, shown: int) -> str:
    device = [] if bridge.short == "br-…" else [bridge.short]
    about = ", ".join([*device, where(bridge), *marks(bridge, found)])
    members = [_at(box, port) for box, port in plugged]
    return f"network {bridge.network.name} ({about}) connects {_listed(members, shown) or 'nothing'}"


def _at(box: Box, port: Port) -> str:
    addresses = stable(port.addresses)
    return f"{box.label} at {addresses[0].ip}" if addresses else box.label


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _listed(items: Sequence[str], shown: int) -> str:
    """The first few, and how many more: `a, b and 7 more`."""
    if len(items) > shown:
        items = [*items[:shown], f"{len(items) - shown} more"]
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def _joined(clauses: Sequence[str]) -> str:
    """One sentence of several clauses; none of them begins with a name, whose spelling must stay."""
    text = "; ".join(clauses)
    return text[:1].upper() + text[1:]
