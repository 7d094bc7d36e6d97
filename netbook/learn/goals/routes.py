"""Layer 3: the way out."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state


@dataclass(frozen=True)
class DefaultVia(Goal):
    """Its default route leads to that gateway; "" for none: there is no way out."""

    container: str
    gateway: str = ""
    layer = 3

    def __str__(self) -> str:
        if self.gateway:
            return f"{self.container}'s default route leads to {self.gateway}"
        return f"{self.container} has no default route"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        routes = evidence.routes(self.container, ipv6=":" in self.gateway)
        via = [r.gateway or r.interface for r in routes if r.destination == "default"]
        seen = f"default via {', '.join(via)}" if via else "no default route"
        return Finding(self.gateway in via if self.gateway else not via, seen)


@dataclass(frozen=True)
class Routed(Goal):
    """It has a route to that network; with `gateway`, by that one."""

    container: str
    destination: str
    gateway: str = ""
    layer = 3

    def __str__(self) -> str:
        by = f" by {self.gateway}" if self.gateway else ""
        return f"{self.container} has a route to {self.destination}{by}"

    def judge(self, evidence: Evidence) -> Finding:
        routes = evidence.routes(self.container, ipv6=":" in self.destination)
        found = [r for r in routes if r.destination == self.destination]
        met = any(not self.gateway or r.gateway == self.gateway for r in found)
        said = ", ".join(f"{r.destination} by {r.gateway or r.interface}" for r in found)
        return Finding(met, said or f"no route to {self.destination}")


@dataclass(frozen=True)
class Forwards(Goal):
    """Its kernel hands on packets that are for others: `net.ipv4.ip_forward` is 1 in its namespace."""

    container: str
    layer = 3

    def __str__(self) -> str:
        return f"{self.container} forwards"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        return Finding(evidence.forwards(self.container), "it drops what is not for itself")
