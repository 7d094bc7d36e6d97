"""What all goals have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from netbook.learn.evidence import HOST, Evidence
from netbook.topology import addressing


@dataclass(frozen=True, slots=True)
class Finding:
    """Is it met, and what was seen: words without times, ids or anything else that is chance."""

    met: bool
    seen: str = ""


class Goal(ABC):
    """One thing that an exercise wants: `str(goal)` is the sentence that is true when it is met."""

    layer: ClassVar[int]
    about: ClassVar[tuple[str, ...]] = ("container",)  # the fields that name a container or a network
    riddle: ClassVar[bool] = False  # which of its names it is, the reader shall find

    @abstractmethod
    def __str__(self) -> str: ...

    @abstractmethod
    def judge(self, evidence: Evidence) -> Finding:
        """Look; changes nothing. Errors: CannotJudge, if what the exercise itself needs is gone."""

    @property
    def names(self) -> Iterator[str]:
        """The containers and networks that it is about."""
        for field in self.about:
            name = getattr(self, field)
            if name and name != HOST:
                yield name


@dataclass(frozen=True)
class Not(Goal):
    """The opposite: for the conditions of a mistake, not for goals, whose sentence would be a riddle."""

    goal: Goal

    @property
    def layer(self) -> int:  # type: ignore[override]
        return self.goal.layer

    @property
    def names(self) -> Iterator[str]:
        yield from self.goal.names

    def __str__(self) -> str:
        return f"it is not so that {self.goal}"

    def judge(self, evidence: Evidence) -> Finding:
        found = self.goal.judge(evidence)
        return Finding(not found.met, found.seen)


def state(evidence: Evidence, name: str) -> str:
    """Why a container cannot be looked into: in words for `seen`."""
    found = evidence.container(name)
    return f"{name} is {found.state}" if found else f"there is no {name}"


def wiring(evidence: Evidence, name: str) -> str:
    """Its interfaces in a few words: `eth0 10.1.0.3/24 on shop`."""
    return _interfaces(evidence, name)


def cables(evidence: Evidence, name: str) -> str:
    """The same, where addresses are not what is asked for: on the default bridge they are chance."""
    return _interfaces(evidence, name, chance="bridge")


def _interfaces(evidence: Evidence, name: str, chance: str = "") -> str:
    if not evidence.running(name):
        return state(evidence, name)
    box = addressing.box_of(evidence.graph, name)
    if box is not None and box.mode == "host":
        return f"{name} is on the host's network"
    parts = []
    for port in evidence.ports(name):
        addresses = " ".join(a.cidr for a in port.addresses if a.scope == "global")
        shown = f" {addresses or 'without an address'}" if not chance or port.network != chance else ""
        parts.append(f"{port.name}{shown} on {port.network or 'no network'}")
    return ", ".join(parts) or f"{name} has only lo"
