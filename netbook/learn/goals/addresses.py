"""Layer 2: which addresses."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.engine.client import records
from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state, wiring


@dataclass(frozen=True)
class Has(Goal):
    """The container has that address, with that prefix if it is given as 10.1.0.2/24."""

    container: str
    address: str
    layer = 2

    def __str__(self) -> str:
        return f"{self.container} has the address {self.address}"

    def judge(self, evidence: Evidence) -> Finding:
        found = [a for each in evidence.addresses(self.container).values() for a in each]
        known = {str(a) for a in found} | {str(a.ip) for a in found}
        return Finding(self.address in known, wiring(evidence, self.container))


@dataclass(frozen=True)
class Reserved(Goal):
    """Whenever it starts, it asks that network for that address; "" for any: it takes not what is free."""

    container: str
    network: str
    address: str = ""
    layer = 2
    about = ("container", "network")

    def __str__(self) -> str:
        return f"{self.container} asks {self.network} for the address {self.address or 'that it wants'}"

    def judge(self, evidence: Evidence) -> Finding:
        asked = records.asked_for(evidence.inspected(self.container), self.network)
        met = asked == self.address if self.address else bool(asked)
        return Finding(met, f"it asks for {asked}" if asked else "it takes the first that is free")


@dataclass(frozen=True)
class Asks(Goal):
    """It finds that neighbour by asking on the link: nobody wrote down a MAC address for it by hand."""

    container: str
    address: str
    layer = 2

    def __str__(self) -> str:
        return f"{self.container} finds {self.address} by asking, without an entry made by hand"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        here = [n.stable_state for n in evidence.neighbours(self.container) if n.address == self.address]
        return Finding("PERMANENT" not in here, "the entry is PERMANENT")


@dataclass(frozen=True)
class Unique(Goal):
    """On that network the address is one interface's, and no other's: a sentence that names no one."""

    network: str
    address: str
    layer = 2
    about = ("network",)

    def __str__(self) -> str:
        return f"on {self.network} the address {self.address} is there once"

    def judge(self, evidence: Evidence) -> Finding:
        ports = (port for box in evidence.graph.boxes for port in box.ports if port.network == self.network)
        times = sum(str(a.value.ip) == self.address for port in ports for a in port.addresses)
        return Finding(times == 1, f"it is there {times} times")
