"""Layer 5: who knows whom by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state


@dataclass(frozen=True)
class Resolves(Goal):
    """In `source`, that name leads to an address of the container `to`: by DNS or by /etc/hosts."""

    source: str
    name: str
    to: str
    layer = 5
    about = ("source", "to")

    def __str__(self) -> str:
        return f"in {self.source}, the name {self.name} leads to {self.to}"

    def judge(self, evidence: Evidence) -> Finding:
        said = evidence.pinged(self.source, self.name)
        if not said.address:
            return Finding(False, said.outcome)
        theirs = {str(a.ip) for each in evidence.addresses(self.to).values() for a in each}
        return Finding(said.address in theirs, f"{self.name} is {said.address}")


@dataclass(frozen=True)
class NotResolves(Goal):
    """In `source`, nobody has that name."""

    source: str
    name: str
    layer = 5
    about = ("source",)

    def __str__(self) -> str:
        return f"in {self.source}, nobody has the name {self.name}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.source):
            return Finding(False, state(evidence, self.source))
        said = evidence.pinged(self.source, self.name)
        return Finding(
            said.outcome == "bad address", f"{self.name} is {said.address}" if said.address else said.outcome
        )


@dataclass(frozen=True)
class NotInHosts(Goal):
    """No line of its `/etc/hosts` has that name: whoever looks for it has to ask."""

    container: str
    name: str
    layer = 5

    def __str__(self) -> str:
        return f"no line of {self.container}'s /etc/hosts is about {self.name}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        found = [line.address for line in evidence.hosts(self.container) if self.name in line.names]
        return Finding(not found, f"{self.name} is {', '.join(found)} there")


@dataclass(frozen=True)
class Answers(Goal):
    """DNS, asked in `source` for that name, tells an address of each of these containers, and no other."""

    source: str
    name: str
    to: tuple[str, ...]
    layer = 5

    @property
    def names(self) -> Iterator[str]:
        yield self.source
        yield from self.to

    def __str__(self) -> str:
        return f"in {self.source}, DNS answers {self.name} with {' and '.join(self.to)}, and nobody else"

    def judge(self, evidence: Evidence) -> Finding:
        said = evidence.lookup(self.source, self.name)
        owners = {
            str(a.ip): c.name
            for c in evidence.snapshot.containers
            for each in evidence.addresses(c.name).values()
            for a in each
        }
        found = sorted({owners.get(address, address) for address in said.addresses})
        return Finding(found == sorted(self.to), f"{self.name} is {' and '.join(found) or said.error}")


@dataclass(frozen=True)
class Told(Goal):
    """The DNS server at that address and port, asked by `source`, tells an address of the container `to`."""

    source: str  # a container, or evidence.HOST
    server: str
    name: str
    to: str
    layer = 5
    about = ("source", "to")

    def __str__(self) -> str:
        return f"{self.source} is told by {self.server} that {self.name} has an address of {self.to}"

    def judge(self, evidence: Evidence) -> Finding:
        said = evidence.lookup(self.source, self.name, self.server)
        theirs = {str(a.ip) for each in evidence.addresses(self.to).values() for a in each}
        seen = f"{self.name} is {', '.join(said.addresses)}" if said.addresses else said.error
        return Finding(bool(theirs.intersection(said.addresses)), seen)
