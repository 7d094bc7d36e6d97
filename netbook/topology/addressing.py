"""Which address does one container use to ping another: computed from what the kernel showed, on one wiring.

Where an engine's record and the namespace disagree (a container that shares another's network keeps only
`lo` when that one restarts; an address was changed by hand), the namespace is right. The record is asked
only of a container whose namespace could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from netbook.model.kernel import Address
from netbook.topology.graph import Box, Topology


def literal(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; None if it is a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def box_of(topology: Topology, container: str) -> Box | None:
    """The namespace that it lives in; None if it is not in the wiring, or not any more."""
    return next((box for box in topology.boxes if container in box.names), None)


def together(topology: Topology, source: str, target: str) -> bool:
    """Do both live in one network namespace? Then `lo` of the one is that of the other."""
    a, b = box_of(topology, source), box_of(topology, target)
    return a is not None and b is not None and (a is b or a.inode == b.inode != 0)


def addresses(topology: Topology, source: str, target: str) -> tuple[str, ...]:
    """Where `target` can be pinged from `source`: IPv4 first, and then those on a network of both.

    Of one on the host network: the addresses of a bridge that the source is plugged into, else of the first
    one. Empty for one that is stopped, gone, or has only `lo`. A `source` of "" is the host.
    """
    box, from_ = box_of(topology, target), box_of(topology, source)
    here = {port.network for port in from_.ports} - {""} if from_ else set()
    if box is None:
        return ()
    if box.mode == "host":
        return _of_host(topology, [port.bridge for port in from_.ports] if from_ else [])
    if box.mode == "unread" or not box.inode:
        return _recorded(box, here)
    ports = sorted(box.ports, key=lambda port: port.network not in here)
    return _usable(address for port in ports for address in port.addresses)


def address(topology: Topology, source: str, target: str, family: str = "") -> str:
    """The first of `addresses`, of one family (inet, inet6) if that is said; "" if there is none."""
    found = addresses(topology, source, target)
    return next((a for a in found if not family or (":" in a) == (family == "inet6")), "")


def _usable(found: Iterable[Address]) -> tuple[str, ...]:
    """Without those that mean something else in each namespace or on each link."""
    kept = [a for a in found if a.scope not in ("host", "link") and not a.value.is_loopback]
    return tuple(dict.fromkeys(a.ip for a in sorted(kept, key=lambda a: a.value.version)))


def _of_host(topology: Topology, plugged: list[str]) -> tuple[str, ...]:
    near = {name: place for place, name in reversed([*enumerate(plugged)])}
    bridges = sorted(topology.bridges, key=lambda bridge: near.get(bridge.name, len(near)))
    each = [*(bridge.addresses for bridge in bridges), *(i.addresses for i in topology.host_interfaces)]
    return next(filter(None, map(_usable, each)), ())


def _recorded(box: Box, here: set[str]) -> tuple[str, ...]:
    """Stopped, or not to be read: what the engine's record says, which is nothing of one that is stopped."""
    ends = sorted((e for m in box.members for e in m.endpoints), key=lambda e: e.network not in here)
    both = [a for e in ends for a in (e.ip_address, e.ipv6_address.partition("/")[0]) if a]
    return tuple(sorted(both, key=lambda a: ":" in a))
