"""A ticket: an exercise whose start goes wrong. A small service, one fault, and what somebody saw of it."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise


@dataclass(frozen=True)
class Symptom:
    """A command whose output is the complaint: in a container, on the host, or `at=""`, typed by the reader."""

    at: str
    command: str

    def __str__(self) -> str:
        place = {HOST: "", "": ""}.get(self.at, f"docker exec {self.at} ")
        return f"$ {place}{self.command}{'   # on the host' if self.at == HOST else ''}"


@dataclass(frozen=True)
class Question:
    """What `lab.why` is asked about the fault, and what its sentence must say: a pattern.

    A container where `target` begins with @; "" is the host. `step`: the check that says no; "" where all
    checks say yes, and only a note is odd.
    """

    source: str
    target: str
    port: int | str
    step: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Ticket(Exercise):
    """`start` builds the service, `fault` breaks it; what `symptoms` print then is the complaint."""

    fault: str
    symptoms: tuple[Symptom, ...]
    word: str  # of noes.NOES: the word of the complaint
    cause: str  # in one clause, for the index
    why_asked: Question | None = None  # None: it is nothing that `lab.why` could see

    @property
    def after(self) -> str:
        """The root cause, who met it, and how they mended it."""
        return f"{self.why} Who met this: {self.met}." if self.met else self.why
