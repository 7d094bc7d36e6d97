"""Every ticket on a real engine: its complaint, untouched, what `lab.why` says of it, and mended.

By day one of each complaint and cause, but for those that chapter 19 solves; by night all, with all mistakes
and ways. Several at a time, for most of it is waiting for an answer in vain. Alone
those in which Docker keeps a wall: while 20.10 makes a network, its rules let pass what they hold back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.learn import tickets
from netbook.learn.judge import judge
from netbook.learn.noes import NOES
from netbook.learn.program import play
from netbook.learn.ticket import Ticket
from tests import notebook_files as files
from tests.frame.day import is_night
from tests.integration.faults import named
from tests.integration.test_exercises import Result, expected

ALONE = {"19-mint", "19-convent"}
ALONE |= {"19-tannery", "19-garrison"} if is_night() else set()  # mistakes that lead to Docker's gateway
_AT_ONCE = 4
_SILENCE = "(no answer, until timeout ended it)"


def case(ticket: Ticket) -> tuple[object, ...]:
    """What `lab.why` and the judge can find alike in two tickets: the complaint, and the step that fails."""
    return ticket.words, ticket.why_asked and ticket.why_asked.step


def solved_in_chapters() -> set[str]:
    sources = "\n".join(cell.source for path in files.chapters() for cell in files.read(path).cells)
    return {*re.findall(r'lab\.ticket\("(19-\w+)"\)', sources)}


def by_day() -> set[str]:
    every = tickets.every()
    done = solved_in_chapters()
    seen = {case(every[identity]) for identity in done}
    first = {case(ticket): identity for identity, ticket in reversed(every.items())}
    return {identity for found, identity in first.items() if found not in seen}


@pytest.fixture(scope="module")
def results(engine: Engine, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[list[Result]]]]:
    """Of those that are asked for."""
    cases = [getattr(item, "callspec", None) for item in request.session.items if item.path == request.path]
    asked = {found.params["identity"] for found in cases if found and "identity" in found.params}
    every = {identity: ticket for identity, ticket in tickets.every().items() if identity in asked}
    with ThreadPoolExecutor(_AT_ONCE) as pool, ThreadPoolExecutor(1) as last:
        made = {
            key: pool.submit(lambda one: list(played(one, engine)), one)
            for key, one in every.items()
            if key not in ALONE
        }
        for key in sorted(ALONE & asked):
            made[key] = last.submit(lambda one: (_all(made), list(played(one, engine)))[1], every[key])
        yield made


def _all(made: dict[str, Future[list[Result]]]) -> None:
    for key, future in list(made.items()):
        if key not in ALONE:
            future.exception()


DAY = by_day()


@pytest.mark.parametrize(
    "identity",
    [pytest.param(key, marks=[pytest.mark.night] * (key not in DAY)) for key in tickets.every()],
)
def test_ticket(identity: str, results: dict[str, Future[list[Result]]], subtests: pytest.Subtests) -> None:
    for name, wrong in results[identity].result():
        with subtests.test(name):
            assert not wrong, wrong


def played(ticket: Ticket, engine: Engine) -> Iterator[Result]:
    night = is_night()
    with Lab(f"test-{ticket.id}", engine=engine, echo=False) as lab:
        task = lab.ticket(ticket.id)
        if night:
            task.start()  # twice equals once
        yield "complaint", said(task.complaint, ticket)
        yield "untouched", expected(task.judged(), "not attempted")
        if ticket.why_asked:
            yield "why", named(lab, ticket.why_asked)[1]
        for number, way in enumerate([ticket.solution, *(ticket.alternatives if night else ())]):
            if number:  # the first finds it untouched
                task.start()
            play(way, lab)
            yield f"way {number}", expected(task.judged(), "solved", ticket.after)
        for number, mistake in enumerate(ticket.mistakes if night else (), 1):
            task.start()
            play(mistake.program, lab)
            yield f"mistake {number}", expected(task.judged(), "not yet", mistake.says)


def said(complaint: str, ticket: Ticket) -> str:
    """Does it quote one of its words? Of the wrong answers each has its own."""
    if "wrong answer" in ticket.words:
        return ""
    wanted = [part for word in ticket.words for part in NOES[word].said]
    wanted += [_SILENCE] * ("timed out" in ticket.words) + ["error getting response"] * (
        "reset" in ticket.words
    )
    return "" if any(part in complaint for part in wanted) else f"none of {wanted} in:\n{complaint}"


def test_a_surprise_is_one_that_is_not_open(lab: Lab) -> None:
    """And one that was opened is opened again, not built again."""
    task = lab.ticket("pastry")
    made = {c.name: c.id for c in lab.workspace.containers()}
    assert repr(lab.task("19-pastry")).endswith(task.complaint)
    assert {c.name: c.id for c in lab.workspace.containers()} == made
    assert tickets.surprise({*tickets.every()} - {"19-diver"}).id == "19-diver"


def test_what_helps_once_is_no_mend(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page comes, and while the judge looks a second time it is gone."""
    task = lab.ticket("19-attic")
    box = lab.container("attic-box")
    box.exec("ip link set eth0 up")

    def breaks_first(*given: object) -> object:
        box.exec("ip link set eth0 down")
        return judge(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tickets, "judge", breaks_first)
    verdict = task.judged()
    assert verdict.state == "not yet"
    assert "A moment ago all goals were met" in verdict.told


def test_names_that_are_not_there(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match=r"There is no ticket 'pastri'(.|\n)*19-pastry"):
        lab.ticket("pastri")
    with pytest.raises(errors.NotFound, match="There is no ticket '07-move'"):
        lab.ticket("07-move")
    assert not lab.workspace.containers()


def test_what_is_gone_cannot_be_judged(lab: Lab) -> None:
    task = lab.ticket("19-pastry")
    lab.container("pastry-shop").remove()
    lab.container("pastry-oven").remove()
    verdict = task.judged()
    assert verdict.state == "cannot judge"
    assert "task.start()" in verdict.told
    task.start()
    assert task.judged().state == "not attempted"


def test_a_name_that_is_taken_says_by_whom(lab: Lab, engine: Engine) -> None:
    with Lab("test-other", engine=engine, echo=False) as other:
        other.run("pastry-shop")
        with pytest.raises(errors.NameTaken, match=r"pastry-shop(.|\n)*test-other"):
            lab.ticket("19-pastry")
        assert other.container("pastry-shop").state == "running"
