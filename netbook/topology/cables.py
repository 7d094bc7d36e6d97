"""Which two interfaces are the ends of one cable: by number, in both directions; chance is told by subnet.

Each end of a veth pair says the other's number, and not where it is. The numbers are each namespace's own
(from Docker 28 on every eth0 has a low one), so that two ends can fit by chance. Those that lie in one subnet
belong together; what is still not certain then is no cable.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from itertools import chain, product

from netbook.model.kernel import Interface

End = tuple[int, str]  # the inode of a namespace, an interface's name
Edge = tuple[End, End]
NOWHERE: End = (0, "")


@dataclass(frozen=True, slots=True)
class Space:
    """The interfaces of one namespace; links are numbers."""

    inode: int
    interfaces: tuple[Interface, ...]
    apart: frozenset[str] = frozenset()  # those that are surely no end of a cable to another one here

    def end(self, interface: Interface) -> End:
        return self.inode, interface.name

    def subnets(self, interface: Interface) -> set[IPv4Network | IPv6Network]:
        """Its own, or of the bridge that it is plugged into."""
        near = (i for i in self.interfaces if i.name in (interface.name, interface.master))
        found = chain.from_iterable(i.addresses for i in near)
        return {a.value.network for a in found if not a.value.is_link_local}


def pairs(host: Space, others: Iterable[Space]) -> dict[End, End]:
    """Each end of a cable between two namespaces → the other; NOWHERE, if several fit it equally well.

    An interface on the host, and another one that lies in its bridge's subnet, come first: two containers of
    one network lie in one subnet without a cable between them.
    """
    by_numbers: dict[tuple[int, int], list[tuple[Space, Interface]]] = defaultdict(list)
    for space in (host, *others):
        for each in space.interfaces:
            if isinstance(each.link, int) and not each.is_loopback and each.name not in space.apart:
                by_numbers[each.index, each.link].append((space, each))
    ranked: dict[tuple[bool, bool], list[Edge]] = defaultdict(list)
    for (index, link), here in by_numbers.items():
        for (space, one), (other, two) in product(here, by_numbers.get((link, index), ())):
            if other is not host and (space is host or space.inode < other.inode):
                near = bool(space.subnets(one) & other.subnets(two))
                ranked[not near, space is not host].append((space.end(one), other.end(two)))
    found: dict[End, End] = {}
    for rank in sorted(ranked):
        _settle(ranked[rank], found)
    open_ends = {end for edges in ranked.values() for edge in edges for end in edge}
    return {end: found.get(end, NOWHERE) for end in open_ends}


def _settle(edges: Iterable[Edge], found: dict[End, End]) -> None:
    """Take those whose ends have no other choice."""
    left = [edge for edge in edges if found.keys().isdisjoint(edge)]
    choices = Counter(end for edge in left for end in edge)
    sure = [(a, b) for a, b in left if choices[a] == choices[b] == 1]
    found |= {end: other for a, b in sure for end, other in ((a, b), (b, a))}
