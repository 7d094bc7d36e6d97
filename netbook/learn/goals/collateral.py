"""Layer 9: what must have been left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, cables, state
from netbook.topology import addressing


@dataclass(frozen=True)
class Untouched(Goal):
    """The container is the one of the start, runs, and is on these networks and no others."""

    container: str
    networks: tuple[str, ...]
    layer = 9

    def __str__(self) -> str:
        return f"{self.container} was left as it was"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.running(self.container)
        if found is None:
            return Finding(False, state(evidence, self.container))
        if not evidence.given(found.labels):
            return Finding(False, f"{self.container} was made anew")
        here = sorted({port.network for port in evidence.ports(self.container)})
        return Finding(here == sorted(self.networks), cables(evidence, self.container))


@dataclass(frozen=True)
class AllBut(Goal):
    """Of these containers, which are on these networks, so many were changed: without saying which."""

    containers: tuple[str, ...]
    networks: tuple[str, ...]
    changed: int
    layer = 9
    riddle = True

    @property
    def names(self) -> Iterator[str]:
        yield from self.containers

    def __str__(self) -> str:
        *others, last = self.containers
        left = len(self.containers) - self.changed
        return f"of {', '.join(others)} and {last}, {left} were left as they were"

    def judge(self, evidence: Evidence) -> Finding:
        same = [Untouched(name, self.networks).judge(evidence).met for name in self.containers]
        return Finding(same.count(False) == self.changed, f"{same.count(True)} were")


@dataclass(frozen=True)
class Recorded(Goal):
    """In Docker's own record the container is on that network, whatever there is in its namespace."""

    container: str
    network: str
    layer = 9

    def __str__(self) -> str:
        return f"in Docker's record, {self.container} is on {self.network}"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.container(self.container)
        here = [end.network for end in found.endpoints] if found else []
        seen = f"on {' and '.join(here)}" if here else "on no network"
        return Finding(self.network in here, seen if found else state(evidence, self.container))


@dataclass(frozen=True)
class StillInternal(Goal):
    """The network is still internal."""

    network: str
    layer = 9
    about = ("network",)

    def __str__(self) -> str:
        return f"{self.network} is still internal"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.network(self.network)
        return Finding(found is not None and found.internal, "it has a way out" if found else "it is gone")


@dataclass(frozen=True)
class NotOnHost(Goal):
    """Nobody took the host's network as a short cut."""

    container: str
    layer = 9

    def __str__(self) -> str:
        return f"{self.container} is not on the host's network"

    def judge(self, evidence: Evidence) -> Finding:
        box = addressing.box_of(evidence.graph, self.container)
        return Finding(box is not None and box.mode != "host", "it is on the host's network")


@dataclass(frozen=True)
class Members(Goal):
    """On the network are these and nobody else."""

    network: str
    containers: tuple[str, ...]
    layer = 9
    about = ("network",)

    def __str__(self) -> str:
        return f"on {self.network} are {' and '.join(self.containers)}, and nobody else"

    def judge(self, evidence: Evidence) -> Finding:
        boxes = evidence.graph.boxes
        here = sorted(box.containers[0] for box in boxes if any(p.network == self.network for p in box.ports))
        return Finding(here == sorted(self.containers), f"on it: {', '.join(here) or 'nobody'}")


@dataclass(frozen=True)
class Carries(Goal):
    """That interface has this MTU: `docker exec NAME ip link`."""

    container: str
    network: str
    mtu: int  # bytes
    layer = 9
    about = ("container", "network")

    def __str__(self) -> str:
        return f"{self.container}'s interface on {self.network} has an MTU of {self.mtu}"

    def judge(self, evidence: Evidence) -> Finding:
        found = [port.mtu for port in evidence.ports(self.container) if port.network == self.network]
        seen = f"it has {found[0]}" if found else cables(evidence, self.container)
        return Finding(found == [self.mtu], seen)
