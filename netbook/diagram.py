"""A picture of the wiring: `lab.diagram()`, for a screen, for paper and in words: one line for each edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from netbook.change import Marks
from netbook.drawing import svg
from netbook.drawing.layout import plan
from netbook.drawing.lettering import printable
from netbook.drawing.marking import bracketed, told
from netbook.drawing.scene import Scene, is_gone, natural, notes, scene, tags, where
from netbook.errors import NotFound
from netbook.figure import Figure
from netbook.journey import Stop
from netbook.topology import Box, Bridge, Port, Topology, stable
from netbook.way import Way

SEPARATOR = " · "


class Diagram(Figure):
    """Containers, namespaces, bridges and cables of one topology, drawn.

    What `docker network inspect` of every network says, and what `ip link` shows of the cables, in one
    picture. `title` stands above it; `highlight` names containers and networks that are to glow;
    `marks` (see `netbook.change`) says what of it is new, gone or changed, in every form;
    `way` is a packet's: its stops glow, with a flag where it breaks.
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
    ) -> None:
        self.topology, self.way = topology, way
        self.marks = marks or {}
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
        return scene(self.topology, self.marks)

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        picture = plan(self.topology, self.title, self.marks)
        lit = {*self.highlight, *self._stops}
        if self.way and self.way.broken:
            picture = svg.flagged(picture, self._stops[-1], f"✗ {self.way.broken}")
        return svg.draw(picture, self.title or "The wiring on the engine host", self.alt, lit)

    @property
    def _stops(self) -> list[Stop]:
        """What glows of the way: boxes too, and each by its first container, as it is drawn."""
        owners = {name: box.containers[0] for box in self.topology.boxes for name in box.containers}
        found = []
        for stop in self.way.stops if self.way else ():
            owner = owners.get(stop.container, "")
            found += [Stop(owner, stop.interface), Stop(owner, "")] if owner else [stop]
        return found

    @property
    def alt(self) -> str:
        """The wiring in at most three sentences, for readers who cannot see the picture."""
        said = _sentences(self._scene, self.title, self.highlight)
        return f"{said} The way: {self.way.told(self.topology)}." if self.way else said

    @property
    def text(self) -> str:
        """The wiring as indented lines: bridges, and below each what is plugged into it."""
        way = [f"the way: {self.way.told(self.topology)}"] if self.way else []
        return "\n".join([*_lines(self._scene, self.title, self.highlight), *way])


# ---------------------------------------------------------------- in words


def _lines(found: Scene, title: str, lit: Collection[str]) -> Iterable[str]:
    if title:
        yield title
    yield from (f"{what}: {', '.join(things)}" for what, things in told(found.marks).items())
    yield "engine host"
    last = len(found.bridges)
    for k, bridge in enumerate(found.bridges):
        yield "  " + _line(_about(bridge, found), [bridge.network.name], lit)
        for box, port in _plugged(found, k):
            yield "    " + _line(
                [_who(box, found), _address(box, port, found), found.cable(port)[0], *notes(box)],
                box.containers,
                lit,
            )
    yield "  the host's own interfaces → the world outside"
    for box, port in _plugged(found, last):
        network = [f"network {port.network}"] if port.network else []
        said = [_who(box, found), _address(box, port, found), found.cable(port)[0], *network, *notes(box)]
        yield "    " + _line(said, [*box.containers, port.network], lit)
    for box in found.boxes:
        if box.mode == "host":
            yield "    " + _line([_who(box, found), "shares", *notes(box)], box.containers, lit)
    loose = [
        _line(
            [_who(box, found), *([_address(box, port, found)] if port else []), *notes(box)],
            box.containers,
            lit,
        )
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
    name = f"network {bridge.network.name}{bracketed(found.of_bar(bridge))}"
    return [bridge.short, name, where(bridge), *tags(bridge, found), *nat]


def _plugged(found: Scene, target: int) -> list[tuple[Box, Port]]:
    return [(box, port) for box in found.boxes for port in box.ports if found.cable(port)[1] == target]


def _address(box: Box, port: Port, found: Scene) -> str:
    addresses = [address.ip for address in stable(port.addresses)] or ["no address"]
    said = " ".join([port.name, *addresses, *([] if port.up else ["(down)"])])
    return said + bracketed(found.of_port(box, port))


def _who(box: Box, found: Scene) -> str:
    each = zip(box.containers, found.of(box), strict=True)
    return " + ".join(name + bracketed(mark) for name, mark in each)


def _sentences(found: Scene, title: str, lit: Collection[str]) -> str:
    there = sum(not is_gone(mark) for box in found.boxes for mark in found.of(box))
    networks = len(found.inks) - sum(is_gone(found.of_bar(bridge)) for bridge in found.bridges)
    shown = 12 if there <= 12 else 4  # of one kind; a screen reader cannot skim
    changed = [f"{what}: {_listed(things, shown)}" for what, things in told(found.marks).items()]
    first = f"{_count(there, 'container')} and {_count(networks, 'network')} on the engine host"
    if changed:
        first = f"{_joined(changed)}. {first[0].upper()}{first[1:]}"
    if lit:
        first += f", highlighted: {_listed(sorted(lit, key=natural), shown)}"
    wiring = [_wiring(bridge, _plugged(found, k), found, shown) for k, bridge in enumerate(found.bridges)]
    for network, driver in found.riders.items():
        members = [_at(b, p, found) for b, p in _plugged(found, len(found.bridges)) if p.network == network]
        wiring.append(
            f"{driver} network {network} connects {_listed(members, shown)} to the host's interfaces"
        )
    boxes = [box for box in found.boxes if not is_gone(found.of_box(box))]
    groups = {
        "one network namespace": [_label(b, found) for b in boxes if len(b.containers) > 1],
        "only lo": [_label(b, found) for b in boxes if b.mode == "none"],
        "host network": [_label(b, found) for b in boxes if b.mode == "host"],
        "stopped": [_label(b, found) for b in boxes if b.mode == "stopped"],
        "not the book's": [_label(b, found) for b in boxes if not b.owned],
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
    about = ", ".join([*device, where(bridge), *tags(bridge, found)])
    members = [_at(box, port, found) for box, port in plugged]
    return f"network {bridge.network.name} ({about}) connects {_listed(members, shown) or 'nothing'}"


def _label(box: Box, found: Scene) -> str:
    """Those that are there; all, if none is."""
    each = zip(box.containers, found.of(box), strict=True)
    return " + ".join(name for name, mark in each if not is_gone(mark)) or box.label


def _at(box: Box, port: Port, found: Scene) -> str:
    addresses = stable(port.addresses)
    said = f"{_label(box, found)} at {addresses[0].ip}" if addresses else _label(box, found)
    return said + " (gone)" * is_gone(found.of_port(box, port))


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
