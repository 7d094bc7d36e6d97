"""What the reader holds of an exercise: `task = lab.task("02-…")`, and its verbs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from netbook.learn import progress
from netbook.learn.evidence import Evidence
from netbook.learn.exercise import Exercise
from netbook.learn.judge import Begun, judge
from netbook.learn.look import Look
from netbook.learn.program import play
from netbook.learn.sheet import Hint, Sheet, Solution
from netbook.learn.verdict import Verdict
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.ownership import labels
from netbook.workspace.cleanup import remove_network
from netbook.workspace.workspace import Workspace

_MOMENT = 1  # seconds


class Task:
    """An exercise on this lab: `check`, `hint`, `solution`, `start`, `look`. Introduced in chapter 00.

    It is judged by what there is on the engine, whether a verb, a `docker` command in a cell or a terminal
    brought it about. Its start is built when it is opened for the first time.
    """

    complaint = ""  # a ticket has one

    def __init__(self, lab: Any, exercise: Exercise) -> None:
        self._lab, self.exercise = lab, exercise
        self.workspace: Workspace = lab.workspace
        self._begun: Begun | None = None
        self._untouched: tuple[Verdict, float] | None = None
        self._hints = 0
        self._shown = False
        if not any(self._made_by_start(thing) for thing in self._listed()):
            self.start()

    @property
    def id(self) -> str:
        """Stable: the key of the reader's progress."""
        return self.exercise.id

    def _evidence(self) -> Evidence:
        """One moment of the engine, as the judge sees it."""
        return Evidence(self.workspace, self.id)

    # -- verbs ----------------------------------------------------------------

    def start(self) -> None:
        """`docker rm -f`, `docker network rm` of what the exercise is about, then its start anew.

        Only what this lab made; a container of that name that is somebody else's is an error.
        Errors: NameTaken, SubnetTaken, with the holder.
        """
        self._clear()
        with self._lab.quiet(), self.workspace.making(self.id):
            self._build()
        self._look_first()

    def _build(self) -> None:
        play(self.exercise.start, self._lab)

    def _look_first(self) -> None:
        """How it is before the reader has done anything."""
        seen = self._evidence()
        self._begun = Begun(judge(seen, self.exercise).lines, seen.wiring)
        self._untouched = judge(seen, self.exercise, self._begun), time.monotonic()  # nothing is asked again

    def check(self) -> Verdict:
        """What is met, what is not and what is there instead, and the mistake if it is a known one."""
        verdict = self.judged()
        progress.record(self.exercise, verdict.state, shown=self._shown)
        return verdict

    def judged(self) -> Verdict:
        """`check`, without a note of it in the reader's progress."""
        verdict = self._judge()
        return verdict.after_solution() if self._shown else verdict

    def _judge(self) -> Verdict:
        return judge(self._evidence(), self.exercise, self._begun)

    def first_judged(self) -> Verdict:
        """`judged`, for who shows the task just after its start: that took a look, and may have waited."""
        known, self._untouched = self._untouched, None
        return known[0] if known and time.monotonic() - known[1] < _MOMENT else self.judged()

    def hint(self) -> Hint:
        """What the matching mistake says, if there is one; and one hint more than the last time."""
        verdict = self.judged()
        self._hints = min(self._hints + 1, len(self.exercise.hints))
        progress.record(self.exercise, verdict.state, hints=self._hints, attempt=False)
        told = verdict.told if verdict.state == "not yet" else ""
        return Hint(told, self.exercise.hints[: self._hints], len(self.exercise.hints))

    def solution(self) -> Solution:
        """One way to do it, and the same by `docker`. It is not carried out."""
        if self.judged().state != "solved":
            self._shown = True
            progress.record(self.exercise, "shown", attempt=False)
        return Solution(self.exercise)

    def look(self) -> Look:
        """The goal beside what there is now, as pictures."""
        return Look(self.exercise, self.workspace.look()[1])

    # -- how it shows -----------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        """Its text, for the page."""
        return Sheet(self.exercise)

    def __repr__(self) -> str:
        return self.sheet.text

    def _ipython_display_(self) -> None:
        from netbook.learn.card import show  # widgets take a while to import

        show(self)

    # -- what there is of it: a listing tells, and costs less than a look -----------

    def _listed(self) -> list[ContainerInfo | NetworkInfo]:
        return [*self.workspace.containers(foreign=True), *self.workspace.networks()]

    def _made_by_start(self, thing: ContainerInfo | NetworkInfo) -> bool:
        return thing.labels.get(labels.TASK) == self.id

    def _clear(self) -> None:
        its = [
            thing
            for thing in self._listed()
            if thing.owned and (self._made_by_start(thing) or self.exercise.has(thing.name))
        ]
        engine = self.workspace.engine
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda c: engine.remove(c.id), (t for t in its if isinstance(t, ContainerInfo))))
        for thing in its:
            if isinstance(thing, NetworkInfo):
                remove_network(engine, thing.id)
