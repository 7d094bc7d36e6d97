"""What a diagram of a topology shows, in which order, and in which words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from netbook.change import Change, Marks, of_cable, of_container, of_interface, of_network
from netbook.topology import Box, Bridge, Port, Topology, stable


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
    inks: dict[str, int]  # network → its colour; -1: not the book's
    marks: Marks = field(default_factory=dict)

    def cable(self, port: Port) -> tuple[str, int | None]:
        """What kind of wire leaves a port, and to which bar; one past the last is the host itself."""
        for k, bridge in enumerate(self.bridges):
            if bridge.name == port.bridge:
                return "veth", k
        if port.parent:
            return self.riders.get(port.network, "sub-interface"), len(self.bridges)
        return "", None

    def only(self, names: Collection[str]) -> Scene:
        """The containers and networks of those names, and the interfaces that are on them."""
        bridges = tuple(bridge for bridge in self.bridges if bridge.network.name in names)
        shown = {"", *(bridge.name for bridge in bridges)}
        boxes = tuple(
            replace(box, ports=tuple(port for port in box.ports if port.bridge in shown))
            for box in self.boxes
            if not set(names).isdisjoint(box.containers)
        )
        return replace(self, bridges=bridges, boxes=boxes)

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
        return self.marks.get(of_network(bridge.network.id))


def is_gone(mark: Change | None) -> bool:
    return mark is not None and mark.change == "went"


def scene(topology: Topology, marks: Marks | None = None) -> Scene:
    """Sort a topology and number its networks."""
    known = Scene((), (), {}, {}, marks or {})
    infos = {info.name: info for info in topology.networks}
    infos |= {bridge.network.name: bridge.network for bridge in topology.bridges}

    def foreign(network: str) -> bool:
        return network in infos and not infos[network].owned and not infos[network].is_default

    def rank(bridge: Bridge) -> tuple[object, ...]:
        name = bridge.network.name
        gone = is_gone(known.of_bar(bridge))  # before its successor of the same name
        return foreign(name), not bridge.network.is_default, natural(name), not gone

    bridges = tuple(sorted(topology.bridges, key=rank))
    ridden = {port.network for box in topology.boxes for port in box.ports if port.parent and port.network}
    riders = {
        name: infos[name].driver if name in infos else "sub-interface" for name in sorted(ridden, key=natural)
    }
    inks: dict[str, int] = {}
    for name in [*(bridge.network.name for bridge in bridges), *riders]:
        # The default bridge has the same colour in every chapter.
        inks[name] = -1 if foreign(name) else 0 if name == "bridge" else max(0, *inks.values(), 0) + 1
    found = replace(known, bridges=bridges, riders=riders, inks=inks)
    return replace(found, boxes=tuple(sorted(topology.boxes, key=lambda box: _rank(found, box))))


def _rank(found: Scene, box: Box) -> tuple[object, ...]:
    """Boxes of the same networks together, in the order of the bars; those without a bar to the right."""
    targets = sorted(t for _, t in map(found.cable, box.ports) if t is not None)
    last = len(found.bridges)
    aside = {"none": last + 0.2, "stopped": last + 0.3, "host": last + 1.0}.get(box.mode, last + 0.1)
    middle = sum(targets) / len(targets) if targets else aside
    names = [natural(name) for name in box.containers]
    return middle, targets, not box.owned, names, not is_gone(found.of_box(box))


def tags(bridge: Bridge, found: Scene) -> list[str]:
    """What is to be said of a bridge's network besides its name and address."""
    network = bridge.network
    said = [("DNS", not network.is_default), ("internal", network.internal)]
    return [tag for tag, so in [*said, ("not the book's", found.inks[network.name] < 0)] if so]


def where(bridge: Bridge) -> str:
    """The bridge's own address with the prefix; its subnet when it has none."""
    addresses = stable(bridge.addresses)
    return addresses[0].cidr if addresses else next(iter(bridge.network.subnets), "no address")


def notes(box: Box) -> list[str]:
    """What is to be said of a box besides names and ports."""
    said = {
        "own": ["one network namespace"] if len(box.containers) > 1 else [],
        "none": ["only lo is left", f"joined {box.joins}"] if box.joins else ["none: only lo"],
        "host": ["host network"],
        "stopped": ["stopped", f"joins {box.joins}"] if box.joins else ["stopped"],
    }[box.mode]
    if box.paused:
        said.append("paused" if len(box.containers) == 1 else f"paused: {', '.join(box.paused)}")
    return said if box.owned else [*said, "not the book's"]
