"""What came, went and changed between two moments of the wiring.

Pure computation on two topologies. What counts as the same thing:

    container   its id; one that was replaced under the same name is another one
    namespace   its inode and the process that opened it: the kernel gives inodes again,
                so that a restarted container may look as before in all but its process
    interface   its container, its name and where its cable leads; on another network it is another one
    veth pair   the host's end; with a new one the cable is new, though all else looks alike
    network     its id

Only what is the same in every run is told: names, states and addresses. Whether docker0 is
up depends on everybody's containers, so only bridges of one's own networks go up and down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netbook.topology.change import Change, Key, of_cable, of_container, of_interface, of_network
from netbook.topology.graph import Box, Bridge, Port, Topology, stable, veth_pair


def difference(before: Topology, after: Topology) -> tuple[Change, ...]:
    """All changes, networks first, then container by container, each with its interfaces."""
    old, new = _lives(before), _lives(after)
    found = [*_networks(before, after)]
    for identity in sorted({*old, *new}, key=lambda i: ((old.get(i) or new[i]).name, i in new)):
        was, now = old.get(identity), new.get(identity)
        found += [*_container(was, now), *_interfaces(was, now)]
    return tuple(found)


def _one(what: str, name: str, words: str, came: bool, key: Key) -> Change:
    return Change("came", what, name, "", words, key) if came else Change("went", what, name, words, "", key)


def _state(up: bool) -> str:
    return "up" if up else "down"


def _addresses(of: Port | Bridge) -> str:
    return ", ".join(address.cidr for address in stable(of.addresses)) or "no address"


# ---------------------------------------------------------------- networks


def _networks(before: Topology, after: Topology) -> Iterator[Change]:
    old, new = {n.id: n for n in before.networks}, {n.id: n for n in after.networks}
    bars = ({b.id: b for b in before.bridges}, {b.id: b for b in after.bridges})
    infos = {i: bar.network for side in bars for i, bar in side.items() if bar.network} | old | new
    everything = {i: bar.title for side in bars for i, bar in side.items()}
    everything |= {i: info.name for i, info in infos.items()}
    for identity in sorted(everything, key=lambda i: (everything[i], i in new)):
        info, key = infos.get(identity), of_network(identity)
        if info and (identity in old) != (identity in new):
            words = ", ".join([info.driver, *info.subnets, *["internal"] * info.internal])
            yield _one("network", info.name, words, identity in new, key)
        was, now = (side.get(identity) for side in bars)
        if was and now:
            if was.up != now.up and (not info or info.owned):
                said = _state(was.up), _state(now.up)
                yield Change("changed", "bridge", now.label, *said, key, f"was {said[0]}")
        elif bridge := was or now:
            yield _one("bridge", bridge.label, _addresses(bridge), now is not None, key)


# ---------------------------------------------------------------- containers


@dataclass(frozen=True, slots=True)
class _Life:
    """One container at one moment."""

    box: Box
    at: int  # its place among the containers of the box; 0: the namespace is its own
    bars: Mapping[str, str]  # bridges by device: what they are called

    @property
    def name(self) -> str:
        return self.box.names[self.at]

    @property
    def key(self) -> Key:
        return of_container(self.box.ids[self.at])

    def pid(self, at: int) -> int:
        """0: not known, or not running."""
        return self.box.members[at].pid if self.box.members else 0

    @property
    def runs(self) -> bool:
        return self.box.mode != "stopped"

    @property
    def state(self) -> str:
        return "stopped" if not self.runs else "paused" if self.name in self.box.paused else "running"

    @property
    def namespace(self) -> str:
        box = self.box
        if not self.runs or box.mode == "host":
            return "the host's" if self.runs else "none"
        if box.mode == "unread":
            return "one that cannot be read"
        if box.joins:
            return f"only lo of {box.joins}'s"
        return f"{box.owner}'s" if self.at else "own"

    @property
    def ports(self) -> dict[Key, Port]:
        return {of_interface(self.box, port): port for port in self.box.ports if not self.at}

    def cable(self, port: Port) -> tuple[str, str]:
        """A veth pair's name, and what its other end is plugged into."""
        return veth_pair(self.box, port).label, self.bars.get(port.bridge, f"bridge of {port.network}")


def _lives(topology: Topology) -> dict[str, _Life]:
    bars = {bridge.name: bridge.label for bridge in topology.bridges}
    return {i: _Life(box, at, bars) for box in topology.boxes for at, i in enumerate(box.ids)}


def _container(was: _Life | None, now: _Life | None) -> Iterator[Change]:
    if not was or not now:
        for one in filter(None, (was, now)):
            if one.box.mode == "named":
                yield _one("namespace", one.name, "named", one is now, one.key)
                continue
            words = f"{one.state}, {one.namespace} namespace" if one.runs else one.state
            yield _one("container", one.name, words, one is now, one.key)
        return
    if was.name != now.name:
        yield Change("changed", "name", now.name, was.name, now.name, now.key, f"was {was.name}")
    both = was.runs and now.runs
    restarted = both and 0 != was.pid(was.at) != now.pid(now.at) != 0
    known = "unread" not in (was.box.mode, now.box.mode)
    renewed = both and known and now.box.mode != "host" and _is_another(was, now)
    left = was.runs != now.runs or was.box.ids[0] != now.box.ids[0]
    moved = renewed or (left and was.namespace != now.namespace)
    note = _moved(was.box, now.box) if moved else "restarted"
    if was.state != now.state or restarted:
        note = f"was {was.state}" if was.state != now.state else note
        after = now.state + ", restarted" * restarted
        yield Change("changed", "state", now.name, was.state, after, now.key, note)
    if moved:
        after = now.namespace + ", a new one" * (was.namespace == now.namespace)
        yield Change("changed", "namespace", now.name, was.namespace, after, now.key, note)


def _is_another(was: _Life, now: _Life) -> bool:
    """Another namespace, though it may have the inode of the one before."""
    reopened = was.box.ids[0] == now.box.ids[0] and 0 != was.pid(0) != now.pid(0) != 0
    return reopened or was.box.inode != now.box.inode


def _moved(was: Box, now: Box) -> str:
    if bool(was.ports) == bool(now.ports):
        return "new namespace"
    names = sorted(port.name for port in now.ports or was.ports)
    return ("got " if now.ports else "lost ") + ", ".join(names)


# ---------------------------------------------------------------- interfaces


def _interfaces(was: _Life | None, now: _Life | None) -> Iterator[Change]:
    old, new = was.ports if was else {}, now.ports if now else {}
    for key in sorted({*old, *new}, key=lambda key: (key[2], key in new, key)):
        if was and now and key in old and key in new:
            yield from _altered(key, (was, old[key]), (now, new[key]))
        else:
            for life, ports in ((was, old), (now, new)):
                if life and key in ports:
                    yield from _appeared(key, life, ports[key], life is now)


def _appeared(key: Key, life: _Life, port: Port, came: bool) -> Iterator[Change]:
    words = _addresses(port) + (f" on {port.network}" if port.network else "")
    yield _one("interface", f"{life.name} {port.name}", words, came, key)
    if port.peer:
        yield _one("veth pair", *life.cable(port), came, of_cable(life.box, port))


def _altered(key: Key, before: tuple[_Life, Port], after: tuple[_Life, Port]) -> Iterator[Change]:
    (was, first), (now, second) = before, after
    name = f"{now.name} {second.name}"
    if first.up != second.up:
        said = _state(first.up), _state(second.up)
        yield Change("changed", "interface", name, *said, key, f"was {said[0]}")
    if _addresses(first) != _addresses(second):
        lost = [a.ip for a in stable(first.addresses) if a not in second.addresses]
        note = "" if stable(first.addresses) else "had no address"
        note = f"was {', '.join(lost)}" if lost else note
        yield Change("changed", "address", name, _addresses(first), _addresses(second), key, note)
    if first.peer and second.peer and (first.peer, first.peer_index) != (second.peer, second.peer_index):
        (_, plugged), (label, bar) = was.cable(first), now.cable(second)
        yield Change("changed", "veth pair", label, plugged, f"{bar}, a new one", of_cable(now.box, second))
