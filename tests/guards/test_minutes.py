"""The budget of the suite's minutes: a slow machine keeps it, a file that takes a minute more does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import pytest

from tests.frame import minutes

ROOT = Path(__file__).parents[2]
LIMIT = 1600.0  # seconds of four workers together; ten minutes are the bound, six the goal
WORKERS = 4
NOISE = (0.7, 1.0, 1.4)  # from file to file


@pytest.fixture
def budget(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    monkeypatch.delenv("NETBOOK_NIGHTLY", raising=False)
    return minutes.expected()


def test_by_night_there_is_more(budget: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_NIGHTLY", "1")
    night = minutes.expected()
    assert night.keys() > budget.keys()
    assert all(night[file] >= seconds for file, seconds in budget.items())
    assert not [file for file in night if not (ROOT / file).is_file()]


def test_together_it_is_not_more_than_we_can_afford(budget: dict[str, float]) -> None:
    """Whoever wants more makes something else faster."""
    assert sum(budget.values()) <= LIMIT


def test_its_files_are_there(budget: dict[str, float]) -> None:
    assert not [file for file in budget if not (ROOT / file).is_file()]


def played(budget: Mapping[str, float], slow: Callable[[float], float]) -> dict[str, minutes.Took]:
    """A run on four workers, on a machine that is so many times slower at each second."""
    workers, took = [0.0] * WORKERS, {}
    for file, seconds in budget.items():
        start = min(workers)
        stop, left = start, float(seconds)
        while left > 0:
            step = min(1.0, left * slow(stop))
            stop, left = stop + step, left - step / slow(stop)
        workers[workers.index(start)] = stop
        took[file] = minutes.Took(stop - start, start, stop)
    return took


@pytest.mark.parametrize("slow", [0.5, 1.0, 4.0])
def test_an_uneven_machine_fails_nothing(budget: dict[str, float], slow: float) -> None:
    took = played(budget, lambda _: slow)
    for mine, noise in zip(took.values(), cycle(NOISE)):
        mine.seconds *= noise
    assert minutes.over(took, budget) == []


@pytest.mark.parametrize("begin", range(0, 500, 50))
def test_nor_does_one_that_is_busy_for_a_while(budget: dict[str, float], begin: int) -> None:
    took = played(budget, lambda now: 4.0 if begin <= now < begin + 150 else 1.0)
    assert minutes.over(took, budget) == []


@pytest.mark.parametrize("slow", [1.0, 4.0])
def test_a_minute_more_is_noticed(budget: dict[str, float], slow: float) -> None:
    usual = [file for file, seconds in budget.items() if seconds <= 60]
    assert len(usual) > len(budget) / 2
    for file in [*usual, "tests/unit/test_new.py"]:
        took = played(budget, lambda _: slow)
        took.setdefault(file, minutes.Took(0, 0, 1)).seconds += 61 * slow
        assert [sentence.split()[0] for sentence in minutes.over(took, budget)] == [file]


def test_part_of_the_suite_is_not_judged(budget: dict[str, float]) -> None:
    took = dict(list(played(budget, lambda _: 1.0).items())[1:])
    assert minutes.over({**took, "tests/unit/test_new.py": minutes.Took(1000, 0, 1000)}, budget) == []
