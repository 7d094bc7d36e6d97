"""A container that plays the host: the same moment, as it is seen from that container's namespace.

Its bridges are the bridges, its interfaces the host's; around it are the namespaces that no network of
Docker's reaches (`--network none`, `ip netns add`), for these can only be wired by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from netbook.model.docker import ContainerInfo
from netbook.model.firewall import Chain
from netbook.model.kernel import Interface
from netbook.model.snapshot import Snapshot
from netbook.topology.build import build
from netbook.topology.graph import Bridge, Topology

_NAT = ("MASQUERADE", "SNAT")


def seen_from(
    seen: Snapshot, player: ContainerInfo, bridges: Mapping[str, tuple[str, ...]]
) -> tuple[Snapshot, Topology]:
    """The world as `player`, a container of the snapshot, has it; `bridges`: its own, with their ports."""
    home = next(space for space in seen.namespaces if space.inode == player.namespace)
    around = [c for c in seen.containers if c.owned and c.network_mode == "none"]
    inside = {c.namespace for c in around} - {home.inode, seen.host.inode}
    stage = Snapshot(
        home,
        tuple(s for s in seen.namespaces if s.inode in inside or (s.name and s.owned)),
        tuple(c for c in around if c.namespace != home.inode),
        bridges=dict(bridges),
        riding=frozenset(i.name for i in home.interfaces if _is_docker_s(i, player)),
    )
    return stage, replace(build(stage), place=f"{player.name}, which plays the host")


def _is_docker_s(interface: Interface, player: ContainerInfo) -> bool:
    """Is it an end of a cable that Docker has laid? The other end is on the engine's host, out of sight."""
    given = {e.ip_address for e in player.endpoints if e.ip_address}
    return any(address.ip in given for address in interface.addresses)


def translated(graph: Topology, chains: Iterable[Chain]) -> Topology:
    """The same, with what the rules of the table nat say of the bridges: is what leaves by them hidden?"""
    rules = [r for c in chains if c.name == "POSTROUTING" for r in c.rules if r.target in _NAT]
    sources = [{m.value for m in r.matches if m.name == "s" and not m.negated} for r in rules]

    def hidden(bridge: Bridge) -> bool:
        subnets = {str(address.value.network) for address in bridge.addresses}
        return any(not of or of & subnets for of in sources)

    return replace(graph, bridges=tuple(replace(b, translated=hidden(b)) for b in graph.bridges))


def beside(whole: Topology, stage: Topology, player: str) -> Topology:
    """The engine's own wiring without the player, and without what is drawn around it."""
    there = {player, *(box.owner for box in stage.boxes)}
    boxes = tuple(box for box in whole.boxes if box.owner not in there)
    return replace(whole, boxes=boxes, cables=())
