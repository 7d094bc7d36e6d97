"""Layer 4: who reaches whom, by a ping."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import CannotJudge, Evidence
from netbook.learn.goals.base import Finding, Goal


@dataclass(frozen=True)
class Reaches(Goal):
    """`docker exec SOURCE ping TARGET`, by TARGET's address, is answered."""

    source: str
    target: str
    layer = 4
    about = ("source", "target")

    def __str__(self) -> str:
        return f"{self.source} reaches {self.target}"

    def judge(self, evidence: Evidence) -> Finding:
        answer = evidence.reach(self.source, self.target)
        met = answer.answer == "yes"
        return Finding(met, "reply" if met else answer.reason)


@dataclass(frozen=True)
class NotReaches(Goal):
    """No answer, though the `control` does reach the target: a target that is dead would be no wall."""

    source: str
    target: str
    control: str
    layer = 4
    about = ("source", "target", "control")

    def __str__(self) -> str:
        return f"{self.source} does not reach {self.target}"

    def judge(self, evidence: Evidence) -> Finding:
        answer = evidence.reach(self.source, self.target)
        if answer.answer == "yes":
            return Finding(False, "reply")
        if not answer.address and not evidence.running(self.target):
            raise CannotJudge(f"{self.target}, who should not be reached, does not run")
        if evidence.reach(self.control, self.target).answer != "yes":
            return Finding(False, f"{self.control} does not reach {self.target} either")
        return Finding(True, answer.reason)
