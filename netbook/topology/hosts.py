"""Several hosts, each with an engine of its own, and the networks between them: the underlay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from netbook.model.journey import Stop
from netbook.topology.graph import Topology, stable


@dataclass(frozen=True, slots=True)
class Underlay:
    """One network that several hosts are plugged into, each by an interface of its own."""

    subnets: tuple[str, ...]
    ends: tuple[tuple[Stop, tuple[str, ...]], ...]  # interface of a host, its addresses in the subnets


@dataclass(frozen=True, slots=True)
class Hosts:
    """The wiring of several hosts at one moment. Each container, bridge and cable belongs to one of them."""

    each: tuple[tuple[str, Topology], ...]  # by the hosts' names, in their order
    underlays: tuple[Underlay, ...] = ()

    @property
    def whole(self) -> Topology:
        """All in one, for what does not ask on which host it is; names may occur twice."""
        parts = [topology for _, topology in self.each]
        return Topology(
            tuple(box for part in parts for box in part.boxes),
            tuple(bridge for part in parts for bridge in part.bridges),
            tuple({network.id: network for part in parts for network in part.networks}.values()),
            tuple(interface for part in parts for interface in part.host_interfaces),
        )

    def hosts_of(self, container: str) -> tuple[str, ...]:
        """Where it lives; several, if each has one of that name: engines do not know of each other."""
        return tuple(name for name, part in self.each if any(container in box.names for box in part.boxes))


def union(wirings: Mapping[str, Topology]) -> Hosts:
    """Join the wirings of several engines; the keys are the hosts' names.

    The underlay is what the addresses of the hosts' own interfaces say: those in one subnet are on one
    network. Not if an address occurs twice, for then they are on two (10.0.2.15 behind NAT, say).
    """
    found: dict[str, dict[Stop, str]] = defaultdict(dict)
    for name, topology in wirings.items():
        for interface in topology.host_interfaces:
            for address in stable(interface.addresses):
                found[str(address.value.network)][Stop("", interface.name, name)] = address.ip
    joined: dict[tuple[Stop, ...], list[str]] = defaultdict(list)
    for subnet, ends in found.items():
        apart = len({stop.host for stop in ends}) > 1
        if apart and len({*ends.values()}) == len(ends):
            joined[tuple(ends)].append(subnet)
    underlays = [
        Underlay(tuple(subnets), tuple((stop, tuple(found[s][stop] for s in subnets)) for stop in stops))
        for stops, subnets in joined.items()
    ]
    return Hosts(tuple(wirings.items()), tuple(underlays))
