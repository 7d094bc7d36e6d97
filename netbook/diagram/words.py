"""A scene in words: lines for who reads it, a few sentences for who listens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from netbook.diagram.marking import bracketed, told
from netbook.diagram.scene import HERE, Scene, is_gone, natural, notes, remarks, tags, where
from netbook.topology.graph import Box, Bridge, Port, stable

SEPARATOR = " · "


def lines(found: Scene, title: str, lit: Collection[str], place: str = "") -> Iterable[str]:
    """The wiring as indented lines: bridges, and below each what is plugged into it."""
    if title:
        yield title
    yield from (f"{what}: {', '.join(things)}" for what, things in told(found.marks).items())
    yield place or found.place
    bars = [(_about(bridge, found), bridge.title) for bridge in found.bridges]
    for k, (about, name) in enumerate([*bars, *((["cable"], cable.label) for cable in found.cables)]):
        yield "  " + _line(about, [name], lit)
        for box, port in _plugged(found, k):
            said = [_who(box, found), _address(box, port, found), found.cable(box, port)[0]]
            said += _ridden(port, found)
            names = [*box.names, port.network] if port.parent else box.names
            yield "    " + _line([*said, *notes(box)], names, lit)
    yield "  the host's own interfaces → the world outside"
    for box, port in _plugged(found, found.outside):
        wire, network = found.cable(box, port)[0], _ridden(port, found)
        said = [_who(box, found), _address(box, port, found), wire, *network, *notes(box)]
        yield "    " + _line(said, [*box.names, port.network], lit)
    for box in found.boxes:
        if box.mode == "host":
            yield "    " + _line([_who(box, found), "shares", *notes(box)], box.names, lit)
    loose = [
        _line(
            [_who(box, found), *([_address(box, port, found)] if port else []), *notes(box)], box.names, lit
        )
        for box in found.boxes
        for port in (box.ports or [None])
        if box.mode != "host" and (port is None or found.cable(box, port)[1] is None)
    ]
    yield from ["  without a cable", *(f"    {line}" for line in loose)] if loose else []
    if not found.boxes:
        yield "  no containers"


def _line(said: Iterable[str], names: Iterable[str], lit: Collection[str]) -> str:
    return SEPARATOR.join([*said, *(["highlighted"] if set(names) & set(lit) else [])])


def _about(bridge: Bridge, found: Scene) -> list[str]:
    nat = ["NAT to the world outside"] if bridge.nat else []
    mark = bracketed(found.of_bar(bridge))
    if bridge.network is None:
        return [bridge.short + mark, where(bridge), *tags(bridge, found), *nat]
    return [bridge.short, f"network {bridge.title}{mark}", where(bridge), *tags(bridge, found), *nat]


def _plugged(found: Scene, target: int) -> list[tuple[Box, Port]]:
    return [(box, port) for box in found.boxes for port in box.ports if found.cable(box, port)[1] == target]


def _address(box: Box, port: Port, found: Scene) -> str:
    addresses = [address.ip for address in stable(port.addresses)] or ["no address"]
    said = " ".join([port.name, *addresses, *([] if port.up else ["(down)"]), *remarks(port)])
    return said + bracketed(found.of_port(box, port))


def _who(box: Box, found: Scene) -> str:
    each = zip(box.names, found.of(box), strict=True)
    return " + ".join(name + bracketed(mark) for name, mark in each)


def sentences(found: Scene, title: str, lit: Collection[str], place: str = "") -> str:
    """The wiring in at most three sentences."""
    place = place or (f"the {HERE}" if found.place == HERE else found.place)
    living = [box for box in found.boxes if box.mode != "named"]
    there = sum(not is_gone(mark) for box in living for mark in found.of(box))
    lasting = [bridge for bridge in found.bridges if not is_gone(found.of_bar(bridge))]
    by_hand = sum(bridge.network is None for bridge in lasting)
    networks = len({bridge.title for bridge in lasting} | {*found.riders}) - by_hand
    shown = 12 if there <= 12 else 4  # of one kind; a screen reader cannot skim
    changed = [f"{what}: {listed(things, shown)}" for what, things in told(found.marks).items()]
    counted = [_count(there, "container"), _count(networks, "network")]
    counted += [_count(by_hand, "bridge without a network", "bridges without a network")] * (by_hand > 0)
    first = f"{listed(counted, 3)} on {place}"
    if changed:
        first = f"{_joined(changed)}. {first[0].upper()}{first[1:]}"
    if lit:
        first += f", highlighted: {listed(sorted(lit, key=natural), shown)}"
    plugged = [[(b, p) for b, p in _plugged(found, k) if not p.parent] for k in range(len(found.bridges))]
    wiring = [_wiring(bridge, plugged[k], found, shown) for k, bridge in enumerate(found.bridges)]
    for k, _ in enumerate(found.cables, len(found.bridges)):
        wiring.append(f"a cable connects {listed([_at(b, p, found) for b, p in _plugged(found, k)], shown)}")
    outdoors = _plugged(found, found.outside)
    for network, driver in found.riders.items():
        riding = [(b, p) for b in found.boxes for p in b.ports if p.network == network and p.parent]
        members = [_at(b, p, found) for b, p in riding]
        under = {bridge.name: bridge.label for bridge in found.bridges}
        to = under.get(riding[0][1].parent, "the host's interfaces")
        wiring.append(f"{driver} network {_rider(network, found)} connects {listed(members, shown)} to {to}")
    if lone := [_at(b, p, found) for b, p in outdoors if p.peer]:
        wiring.append(f"cables lead from {listed(lone, shown)} to the host, into no bridge")
    boxes = [box for box in found.boxes if not is_gone(found.of_box(box))]
    groups = {
        "one network namespace": [_label(b, found) for b in boxes if len(b.containers) > 1],
        "network namespaces without a container": [_label(b, found) for b in boxes if b.mode == "named"],
        "only lo": [_label(b, found) for b in boxes if b.mode == "none"],
        "host network": [_label(b, found) for b in boxes if b.mode == "host"],
        "stopped": [_label(b, found) for b in boxes if b.mode == "stopped"],
        "running, but its namespace cannot be read": [_label(b, found) for b in boxes if b.mode == "unread"],
        "not the book's": [_label(b, found) for b in boxes if not b.owned],
    }
    rest = [f"{what}: {listed(members, shown)}" for what, members in groups.items() if members]
    sentences = [
        f"{title}: {first}" if title else first[0].upper() + first[1:],
        _joined(wiring),
        _joined(rest),
    ]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _wiring(bridge: Bridge, plugged: Sequence[tuple[Box, Port]], found: Scene, shown: int) -> str:
    device = [] if bridge.short == "br-…" else [bridge.short]
    kind = "network" if bridge.network else "bridge"
    about = ", ".join([*(device if bridge.network else []), where(bridge), *tags(bridge, found)])
    members = [_at(box, port, found) for box, port in plugged]
    return f"{kind} {bridge.title} ({about}) connects {listed(members, shown) or 'nothing'}"


def _ridden(port: Port, found: Scene) -> list[str]:
    """The network of a port that has no bar of its own to say it."""
    return [f"network {_rider(port.network, found)}"] if port.parent and port.network else []


def _rider(network: str, found: Scene) -> str:
    """One without a bridge, whose address would tell the subnet: told where there are several."""
    return f"{network} ({found.subnets[network]})" if network in found.subnets else network


def _label(box: Box, found: Scene) -> str:
    """Those that are there; all, if none is."""
    each = zip(box.names, found.of(box), strict=True)
    return " + ".join(name for name, mark in each if not is_gone(mark)) or box.label


def _at(box: Box, port: Port, found: Scene) -> str:
    addresses = [address.ip for address in stable(port.addresses)]
    said = f"{_label(box, found)} at {' and '.join(addresses)}" if addresses else _label(box, found)
    return (
        said
        + "".join(f" ({remark})" for remark in remarks(port))
        + " (gone)" * is_gone(found.of_port(box, port))
    )


def _count(number: int, noun: str, several: str = "") -> str:
    return f"{number or 'no'} {noun if number == 1 else several or noun + 's'}"


def listed(items: Sequence[str], shown: int) -> str:
    """The first few, and how many more: `a, b and 7 more`."""
    if len(items) > shown:
        items = [*items[:shown], f"{len(items) - shown} more"]
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def _joined(clauses: Sequence[str]) -> str:
    """One sentence of several clauses; none of them begins with a name, whose spelling must stay."""
    text = "; ".join(clauses)
    return text[:1].upper() + text[1:]
