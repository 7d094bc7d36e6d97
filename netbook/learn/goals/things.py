"""Layer 0: what there is, and whether it runs."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state


@dataclass(frozen=True)
class Running(Goal):
    """The container runs. `same`: and is the one of the start; not another one with its name."""

    container: str
    same: bool = False
    layer = 0

    def __str__(self) -> str:
        return f"{self.container} runs" + (", and is the container of the start" if self.same else "")

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.container(self.container)
        if found is None or found.state != "running":
            return Finding(False, state(evidence, self.container))
        if self.same and not evidence.given(found.labels):
            return Finding(False, f"{self.container} was made anew")
        return Finding(True, f"{self.container} runs")


@dataclass(frozen=True)
class Absent(Goal):
    """There is no container of that name."""

    container: str
    layer = 0

    def __str__(self) -> str:
        return f"there is no container {self.container}"

    def judge(self, evidence: Evidence) -> Finding:
        return Finding(evidence.container(self.container) is None, state(evidence, self.container))


@dataclass(frozen=True)
class Replaced(Goal):
    """A container of that name is there, running or not, and it is not the one of the start."""

    container: str
    layer = 0

    def __str__(self) -> str:
        return f"{self.container} was made anew"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.container(self.container)
        if found is None:
            return Finding(False, state(evidence, self.container))
        return Finding(not evidence.given(found.labels), "it is the container of the start")


@dataclass(frozen=True)
class HasNetwork(Goal):
    """There is a network of that name; with `internal`, it has no way out, or has one."""

    network: str
    internal: bool | None = None
    layer = 0
    about = ("network",)

    def __str__(self) -> str:
        kind = {None: "", True: "internal ", False: "not internal "}[self.internal]
        return (
            f"there is a network {self.network}"
            if not kind
            else f"the network {self.network} is {kind}".strip()
        )

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.network(self.network)
        if found is None:
            return Finding(False, f"there is no network {self.network}")
        if self.internal is not None and found.internal != self.internal:
            return Finding(False, f"{self.network} is {'internal' if found.internal else 'not internal'}")
        return Finding(True, f"there is a network {self.network}")


@dataclass(frozen=True)
class NoNetwork(Goal):
    """There is no network of that name."""

    network: str
    layer = 0
    about = ("network",)

    def __str__(self) -> str:
        return f"there is no network {self.network}"

    def judge(self, evidence: Evidence) -> Finding:
        return Finding(evidence.network(self.network) is None, f"there is a network {self.network}")


@dataclass(frozen=True)
class Logs(Goal):
    """The container is there, running or ended, and its first process printed `text`."""

    container: str
    text: str
    layer = 0

    def __str__(self) -> str:
        return f"{self.container} printed {self.text!r}"

    def judge(self, evidence: Evidence) -> Finding:
        if evidence.container(self.container) is None:
            return Finding(False, state(evidence, self.container))
        said = evidence.logs(self.container)
        return Finding(
            self.text in said, "it printed something else" if said.strip() else "it printed nothing"
        )


@dataclass(frozen=True)
class Says(Goal):
    """A file in the container has that text in it: `docker exec NAME cat PATH`."""

    container: str
    path: str
    text: str
    layer = 0

    def __str__(self) -> str:
        return f"{self.path} in {self.container} says {self.text}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        said = evidence.file(self.container, self.path).strip()
        return Finding(self.text in said, said or "it is empty")
