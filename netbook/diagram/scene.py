"""What a diagram of a topology shows, in which order, and in which words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from netbook.model.journey import Stop
from netbook.topology.change import Change, Marks, of_cable, of_container, of_interface, of_network
from netbook.topology.graph import Box, Bridge, Cable, Port, Topology, is_of, stable

HERE = "engine host"


def natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sort key that puts bbox2 before bbox10."""
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), "") if i % 2 else (-1, part) for i, part in enumerate(parts)], name


@dataclass(frozen=True, slots=True)
class Scene:
    """What a diagram of a topology shows, in the order in which it shows it."""

    bridges: tuple[Bridge, ...]
    boxes: tuple[Box, ...]
    riders: dict[str, str]  # networks without a bridge that containers use → their driver
    inks: dict[str, int]  # network, or bridge without one → its colour; -1: not the book's
    marks: Marks = field(default_factory=dict)
    cables: tuple[Cable, ...] = ()  # from box to box
    subnets: dict[str, str] = field(default_factory=dict)  # riders' networks that have several → which
    place: str = HERE

    @property
    def outside(self) -> int:
        """As a target: the host's own interfaces, one past the last bar."""
        return len(self.bridges) + len(self.cables)

    def cable(self, box: Box, port: Port) -> tuple[str, int | None]:
        """What kind of wire leaves a port, and to which bar: bridges, then cables; then the host itself."""
        for k, bridge in enumerate(self.bridges):
            if bridge.name == port.bridge:
                return "veth", k
        for k, cable in enumerate(self.cables, len(self.bridges)):
            if Stop(box.owner, port.name) in cable.ends:
                return "veth", k
        if port.parent:
            return self.riders.get(port.network, "sub-interface"), self._under(port)
        if port.peer and not port.bridge:
            return "veth", self.outside
        return "", None

    def _under(self, port: Port) -> int:
        """Where the parent of a macvlan is drawn: a bridge can be one, too."""
        return next((k for k, bridge in enumerate(self.bridges) if bridge.name == port.parent), self.outside)

    def only(self, names: Collection[str]) -> Scene:
        """The containers and networks of those names, and the interfaces that are on them."""
        bridges = tuple(bridge for bridge in self.bridges if bridge.title in names)
        hidden = {bridge.name for bridge in self.bridges} - {bridge.name for bridge in bridges}
        boxes = tuple(
            replace(box, ports=tuple(p for p in box.ports if hidden.isdisjoint((p.bridge, p.parent))))
            for box in self.boxes
            if not set(names).isdisjoint(box.names)
        )
        there = {box.owner for box in boxes}
        cables = tuple(cable for cable in self.cables if {end.container for end in cable.ends} <= there)
        return replace(self, bridges=bridges, boxes=boxes, cables=cables)

    def letter(self, network: str) -> str:
        """A for the first network, B for the second; nothing while there is only one."""
        return chr(ord("A") + [*self.inks].index(network) % 26) if len(self.inks) > 1 else ""

    def of(self, box: Box) -> list[Change | None]:
        """What happened to each of the box's containers."""
        return [self.marks.get(of_container(identity)) for identity in box.ids]

    def of_box(self, box: Box) -> Change | None:
        """What happened to the box as a whole: to all that live in it."""
        first, *others = self.of(box)
        return first if first and all(each and each.change == first.change for each in others) else None

    def of_port(self, box: Box, port: Port) -> Change | None:
        return self.marks.get(of_interface(box, port))

    def of_wire(self, box: Box, port: Port) -> Change | None:
        """A cable comes and goes with its interface; a new one can take the place of another."""
        mark = self.of_port(box, port)
        return mark if mark and mark.change != "changed" else self.marks.get(of_cable(box, port))

    def of_bar(self, bridge: Bridge) -> Change | None:
        return self.marks.get(of_network(bridge.id))


def is_gone(mark: Change | None) -> bool:
    return mark is not None and mark.change == "went"


def scene(topology: Topology, marks: Marks | None = None, inks: Mapping[str, int] | None = None) -> Scene:
    """Sort a topology and number its networks; `inks`, if they are numbered already."""
    known = Scene((), (), {}, {}, marks or {})
    infos = {info.name: info for info in topology.networks}
    infos |= {bridge.title: bridge.network for bridge in topology.bridges if bridge.network}

    def foreign(network: str) -> bool:
        return network in infos and not infos[network].owned and not infos[network].is_default

    def rank(bridge: Bridge) -> tuple[object, ...]:
        name, network = bridge.title, bridge.network
        gone = is_gone(known.of_bar(bridge))  # before its successor of the same name
        return foreign(name), not network, not (network and network.is_default), natural(name), not gone

    bridges = tuple(sorted(topology.bridges, key=rank))
    ridden = {port.network for box in topology.boxes for port in box.ports if port.parent and port.network}
    riders = {
        name: infos[name].driver if name in infos else "sub-interface" for name in sorted(ridden, key=natural)
    }
    several = {n: ", ".join(infos[n].subnets) for n in riders if n in infos and len(infos[n].subnets) > 1}
    numbers: dict[str, int] = {}
    for name in [*(bridge.title for bridge in bridges), *riders]:
        # The default bridge has the same colour in every chapter.
        numbers[name] = -1 if foreign(name) else 0 if name == "bridge" else max(0, *numbers.values(), 0) + 1
    found = replace(
        known,
        bridges=bridges,
        riders=riders,
        inks=dict(inks or numbers),
        cables=topology.cables,
        subnets=several,
        place=topology.place or HERE,
    )
    return replace(found, boxes=tuple(sorted(topology.boxes, key=lambda box: _rank(found, box))))


def _rank(found: Scene, box: Box) -> tuple[object, ...]:
    """Boxes of the same networks together, in the order of the bars; those without a bar to the right."""
    targets = sorted(t for _, t in (found.cable(box, p) for p in box.ports) if t is not None)
    last = found.outside
    aside = {"none": last + 0.2, "stopped": last + 0.3, "unread": last + 0.4, "host": last + 1.0}.get(
        box.mode, last + 0.1
    )
    middle = sum(targets) / len(targets) if targets else aside
    names = [natural(name) for name in box.names]
    return middle, targets, not box.owned, names, not is_gone(found.of_box(box))


def tags(bridge: Bridge, found: Scene) -> list[str]:
    """What is to be said of a bridge's network besides its name and address."""
    network = bridge.network
    said = [
        ("DNS", network is not None and not network.is_default),
        ("internal", network is not None and network.internal),
        ("no Docker network", network is None),
        (f"MTU {bridge.odd_mtu}", bridge.odd_mtu > 0),
        ("not the book's", found.inks[bridge.title] < 0),
    ]
    return [tag for tag, so in said if so]


def where(bridge: Bridge) -> str:
    """The bridge's own addresses with the prefix; a subnet where it has none."""
    addresses = stable(bridge.addresses)
    subnets = bridge.network.subnets if bridge.network else ()
    said = [address.cidr for address in addresses]
    said += [subnet for subnet in subnets if not any(is_of(address, subnet) for address in addresses)]
    return ", ".join(said) or "no address"


def notes(box: Box) -> list[str]:
    """What is to be said of a box besides names and ports."""
    said = {
        "own": ["one network namespace"] if len(box.containers) > 1 else [],
        "none": ["only lo is left", f"joined {box.joins}"] if box.joins else ["none: only lo"],
        "host": ["host network"],
        "stopped": ["stopped", f"joins {box.joins}"] if box.joins else ["stopped"],
        "unread": ["its namespace", "cannot be read"],
        "named": ["network namespace", "no container"],
    }[box.mode]
    if box.paused:
        said.append("paused" if len(box.containers) == 1 else f"paused: {', '.join(box.paused)}")
    if box.on:
        said.append(f"on {box.on}")
    return said if box.owned else [*said, "not the book's"]


def remarks(port: Port) -> list[str]:
    """What is to be said of a port besides its name and addresses; nothing, of a usual one."""
    odd = [f"MTU {port.odd_mtu}"] if port.odd_mtu else []
    return odd + ([f"in {port.master}"] if port.master else [])
