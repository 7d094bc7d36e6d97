"""What every exercise keeps to, read from its data alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from netbook.book import chapters
from netbook.errors import NotFound
from netbook.learn import exercises, look, progress, tickets
from netbook.learn.exercise import Exercise
from netbook.learn.noes import NOES
from netbook.learn.ticket import Ticket

ROOT = Path(__file__).parents[3]
ALL = exercises.every()
each = pytest.mark.parametrize("exercise", ALL.values(), ids=list(ALL))


def lines(program: str) -> list[str]:
    return [line.strip() for line in program.splitlines() if line.strip()]


@each
def test_its_parts_are_there(exercise: Exercise) -> None:
    assert re.fullmatch(r"\d\d-[a-z0-9-]+", exercise.id)
    assert exercise.title
    assert exercise.task
    assert exercise.why
    assert len(exercise.goals) >= 2
    assert len(exercise.mistakes) >= (2 if isinstance(exercise, Ticket) else 3)
    assert len(exercise.hints) >= 2
    assert all(hint.strip().endswith((".", "?")) for hint in exercise.hints)
    kept = look.picture(exercise).exists()
    assert kept != isinstance(exercise, Ticket), "take it: python tests/goals.py; of a ticket there is none"


@each
def test_its_programs_are_cells(exercise: Exercise) -> None:
    programs = [exercise.start, exercise.solution, *exercise.alternatives]
    for program in [*programs, *(mistake.program for mistake in exercise.mistakes)]:
        compile(TransformerManager().transform_cell(program), exercise.id, "exec")


@each
def test_one_way_is_by_docker_alone(exercise: Exercise) -> None:
    assert any(all(line.startswith("!docker ") for line in lines(way)) for way in exercise.alternatives)


@each
def test_no_hint_holds_the_answer(exercise: Exercise) -> None:
    told = " ".join([*exercise.hints, *(mistake.says for mistake in exercise.mistakes)])
    ways = [line.lstrip("!") for way in (exercise.solution, *exercise.alternatives) for line in lines(way)]
    assert not [line for line in ways if line in told]
    assert "!docker" not in told


@each
def test_its_text_names_all_that_is_wanted(exercise: Exercise) -> None:
    wanted = {name for goal in exercise.goals for name in goal.names}
    coded = set(re.findall(r"`([^`]+)`", exercise.task))
    assert wanted <= coded, f"not in the text, as `name`: {sorted(wanted - coded)}"


@each
def test_its_mistakes_differ(exercise: Exercise) -> None:
    assert len({mistake.says for mistake in exercise.mistakes}) == len(exercise.mistakes)


def test_no_chapter_has_two_mistakes_that_are_marked() -> None:
    """As mended by the solution: of each chapter one is made by day (tests/frame/solving.py)."""
    found = Counter(one.chapter for one in ALL.values() for mistake in one.mistakes if mistake.mended)
    assert found
    assert set(found.values()) == {1}


def test_no_two_have_a_name_in_common() -> None:
    made = Counter(name for one in ALL.values() for name in one.names - {"bridge", "host", "none"})
    assert not [name for name, times in made.items() if times > 1]


def test_no_chapter_makes_a_container_or_network_of_their_names() -> None:
    """`task.start()` removes what has its names, in its own lab."""
    containers, networks = chapters.names(ROOT)
    taken = {*containers, *networks}
    assert not {one.id: both for one in ALL.values() if (both := one.names & taken)}


def test_there_are_twenty_tickets_and_more() -> None:
    every = tickets.every()
    assert len(every) >= 20
    assert {word for one in every.values() for word in one.words} == set(NOES)
    assert len({one.cause for one in every.values()}) == len(every)


@pytest.mark.parametrize("ticket", tickets.every().values(), ids=list(tickets.every()))
def test_a_ticket_is_whole(ticket: Ticket) -> None:
    assert ticket.met
    assert ticket.symptoms
    stem = ticket.id.partition("-")[2]
    assert all(ticket.has(name) for name in ticket.names)
    assert not ticket.has(f"{stem}s")
    told = f"{ticket.title} {ticket.task}"
    assert ticket.cause not in told


def test_a_surprise_is_one_that_is_not_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_PROGRESS", str(tmp_path / "progress.json"))
    every = tickets.every()
    for one in every.values():
        if one.id != "19-canal":
            progress.record(one, "solved")
    assert {tickets.surprise(()).id for _ in range(20)} == {"19-canal"}
    assert tickets.surprise({"19-canal"}).id != "19-canal"
    (tmp_path / "progress.json").write_text('{"format": 99, "exercises": {}}')
    assert tickets.surprise({*every} - {"19-mill"}).id == "19-mill"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("07-mov", "chapter 07 has: 07-move, 07-printer, 07-inner, 07-barn"),
        ("move", "perhaps: 07-move"),
        ("?", f"there are: {', '.join(ALL)}"),
    ],
)
def test_an_unknown_one_names_those_of_its_chapter(asked: str, told: str) -> None:
    with pytest.raises(NotFound) as caught:
        exercises.find(asked)
    assert told in str(caught.value)
