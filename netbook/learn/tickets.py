"""All tickets, one by its id, or a surprise; and what a reader holds of one."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import cache
from threading import Thread
from typing import Any

from netbook.errors import NetbookError, NotFound, WrongArgument
from netbook.learn import complaint, exercises, progress
from netbook.learn.judge import judge
from netbook.learn.program import play
from netbook.learn.sheet import VERBS, Sheet, paragraphs
from netbook.learn.task import Task
from netbook.learn.ticket import Ticket
from netbook.learn.verdict import Verdict
from netbook.learn.words import marked_up
from netbook.ownership import labels

_ONCE = "A moment ago all goals were met, and now they are not: what helps now and then is no mend."


@cache
def every() -> dict[str, Ticket]:
    """id → ticket, in the book's order."""
    return {one.id: one for one in exercises.every().values() if isinstance(one, Ticket)}


def find(identity: str) -> Ticket:
    """Errors: NotFound, with what is like it."""
    found = every().get(identity) or every().get(f"19-{identity}")
    if found:
        return found
    raise NotFound(
        f"There is no ticket {identity!r}.",
        remedy=f"lab.ticket() takes one for you; there are: {', '.join(every())}",
    )


def surprise(open_: Collection[str]) -> Ticket:
    """One that this reader has not solved yet, and that is not `open_` in the lab; if there is none, any."""
    solved = _solved()
    fresh = [one for one in every().values() if one.id not in solved and one.id not in open_]
    rest = [one for one in every().values() if one.id not in open_]
    return secrets.choice(fresh or rest or list(every().values()))


def _solved() -> set[str]:
    try:
        known = progress.read()
    except (OSError, RuntimeError, WrongArgument):  # as nothing can be noted there, so nothing is known
        return set()
    return {key for key, record in known.items() if record.outcome.startswith("solved")}


class TicketTask(Task):
    """A ticket on this lab: as an exercise, and `complaint`, what somebody saw. Introduced in chapter 19.

    Solved is what is so twice. What is opened again while it is there is not built again; its complaint is
    of the moment of opening.
    """

    exercise: Ticket

    def __init__(self, lab: Any, ticket: Ticket) -> None:
        self.complaint = ""
        self._looked: Thread | None = None
        super().__init__(lab, ticket)
        if not self.complaint:
            self.complaint = complaint.capture(self.workspace, ticket.symptoms)

    def _build(self) -> None:
        super()._build()
        play(self.exercise.fault, self._lab)

    def _look_first(self) -> None:
        """The judge is asked aside: what waits for an answer in vain takes seconds."""
        self.complaint = complaint.capture(self.workspace, self.exercise.symptoms)
        self._begun = self._untouched = None
        self._looked = Thread(target=self._look_aside, daemon=True)
        self._looked.start()

    def _look_aside(self) -> None:
        with suppress(NetbookError):  # the lab was cleaned meanwhile, or its engine ended: nobody will ask
            super()._look_first()

    def first_judged(self) -> Verdict:
        if self._looked:
            self._looked.join()
        return super().first_judged()

    def _judge(self) -> Verdict:
        if self._looked:
            self._looked.join()
        verdict = super()._judge()
        if verdict.state != "solved":
            return verdict
        again = judge(self._evidence(), self.exercise)
        return again if again.state == "solved" else replace(again, state="not yet", told=_ONCE)

    @property
    def sheet(self) -> Sheet:
        return TicketSheet(self.exercise)

    def __repr__(self) -> str:
        return f"{self.sheet.text}\n\n{self.complaint}"


class TicketSheet(Sheet):
    """Number, title, who complains and what is wanted. What they saw stands below it."""

    @property
    def text(self) -> str:
        title = f"Ticket {self.exercise.id}: {self.exercise.title}"
        return f"{title}\n\n{self.exercise.task}\n\n{VERBS}"

    @property
    def html(self) -> str:
        return (
            f"<p><b>Ticket {self.exercise.id}: {marked_up(self.exercise.title)}</b></p>"
            f"{paragraphs(self.exercise.task)}<p><code>{VERBS}</code></p>"
        )


def opened(lab: Any, identity: str) -> TicketTask:
    """`lab.ticket(…)`; "" for a surprise."""
    if identity:
        return TicketTask(lab, find(identity))
    made = {c.labels.get(labels.TASK, "") for c in lab.workspace.containers()}
    return TicketTask(lab, surprise(made))
