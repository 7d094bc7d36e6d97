"""Layer 9, too: which rules there are in the firewall of a container that plays a router."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state


@dataclass(frozen=True)
class HasRule(Goal):
    """In its own firewall, that chain has a rule with that target; with `saying`, one with these words."""

    container: str
    table: str
    chain: str
    target: str
    saying: str = ""  # a part of what `iptables-save` prints of it
    layer = 9

    def __str__(self) -> str:
        return f"in {self.container}, {self.chain} of {self.table} has a rule to {self.target}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        here = [c for c in evidence.rules(self.container, self.table) if c.name == self.chain]
        met = any(r.target == self.target and self.saying in r.spec for c in here for r in c.rules)
        return Finding(met, f"{sum(len(c.rules) for c in here) or 'no'} rules in {self.chain}")


@dataclass(frozen=True)
class Decides(Goal):
    """In its own firewall, this is the policy of that chain of the table filter."""

    container: str
    chain: str
    policy: str
    layer = 9

    def __str__(self) -> str:
        return f"in {self.container}, the policy of {self.chain} is {self.policy}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        here = [c.policy for c in evidence.rules(self.container, "filter") if c.name == self.chain]
        return Finding(self.policy in here, f"it is {', '.join(here) or 'ACCEPT'}")
