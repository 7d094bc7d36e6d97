"""A ticket: an exercise whose start goes wrong. A small service, one fault, and what somebody saw of it."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise


@dataclass(frozen=True)
class Symptom:
    """A command that shows what is wrong: in a container, on the host, or `at=""`, at a terminal."""

    at: str
    command: str

    def __str__(self) -> str:
        place = {HOST: "", "": ""}.get(self.at, f"docker exec {self.at} ")
        return f"$ {place}{self.command}{'   # on the host' if self.at == HOST else ''}"


@dataclass(frozen=True)
class Question:
    """What `lab.why` is asked about the fault, and what its sentence must say: a pattern.

    A container where `target` begins with @; "" is the host. `step`: the check that says no; "" where all
    checks say yes, and only a note is odd; * where engines differ.
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
    words: tuple[str, ...]  # of noes.NOES: those of the complaint, on one engine or another
    cause: str  # in one clause, for the index
    why_asked: Question | None = None  # None: it is nothing that `lab.why` could see

    @property
    def after(self) -> str:
        """The root cause, who met it, and how they mended it."""
        return f"{self.why} Who met this: {self.met}." if self.met else self.why

    def has(self, name: str) -> bool:
        """All that a ticket is about begins with its name."""
        stem = self.id.partition("-")[2]
        return name == stem or name.startswith(f"{stem}-")
