"""Where the minutes go: the longest files begin, each group is summed up, and a budget is kept.

A second is not the same on every machine, nor on one that is busy: what a file may take is `budget.toml`'s
seconds times how slow everything was: the median over all files, or over those that ran beside it, if that is
more. So a busy machine fails nothing, and a minute more in one file does. Only a run of everything is judged;
by day it is told, at night it fails.
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.frame import kept
from tests.frame.day import is_night

BUDGET = Path(__file__).with_name("budget.toml")
TOLERANCE, SLACK = 1.5, 30.0  # times, and seconds more, that a file may take
_MAKING = "seconds of making"  # of what is kept between runs: not in each run, so not in the budget
_GROUPS = ("unit", "guards", "integration", "browser", "pod", "newer")


def expected() -> dict[str, float]:
    """Seconds of each file that takes more than a few, by day or by night; the longest first."""
    tables: dict[str, dict[str, float]] = tomllib.loads(BUDGET.read_text(encoding="utf-8"))
    seconds = tables["seconds"] | (tables["night"] if is_night() else {})
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


@dataclass(slots=True)
class Took:
    """One file's tests: seconds of work, and when they ran, in seconds since 1970."""

    seconds: float = 0.0
    start: float = math.inf
    stop: float = 0.0


def slowness(file: str, took: Mapping[str, Took], budget: Mapping[str, float]) -> float:
    """How many times slower than budget.toml everything was around this file; never less than once."""
    mine = took[file]
    pace = {f: took[f].seconds / budget[f] for f in budget}
    beside = [pace[f] for f in pace if f != file and took[f].start < mine.stop and mine.start < took[f].stop]
    late = sorted(beside)[len(beside) * 3 // 4 :]  # a longer one has seen other times, too
    return max(1.0, median(pace.values()), *late[:1])


def over(took: Mapping[str, Took], budget: Mapping[str, float]) -> list[str]:
    """A sentence for each file that takes longer than it may."""
    if not took.keys() >= budget.keys():
        return []
    wrong = []
    for file, mine in took.items():
        slow = slowness(file, took, budget)
        allowed = slow * (TOLERANCE * budget.get(file, 0) + SLACK)
        if mine.seconds > allowed:
            wrong.append(
                f"{file} took {mine.seconds:.0f} s; as slow as everything was then ({slow:.1f} times), "
                f"it may take {allowed:.0f} s"
            )
    return wrong


def group(file: str) -> str:
    """
    >>> [group(file) for file in ("notebooks/02-bridge.ipynb", "tests/pod/test_pod.py", "netbook/errors.py")]
    ['notebooks', 'pod', 'unit']
    """
    first, *rest = Path(file).parts
    if first == "notebooks":
        return first
    return rest[0] if first == "tests" and rest[0] in _GROUPS else "unit"  # doctests


# -- hooks ------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Minutes(), "netbook-minutes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file begins, or a worker would wait for it at the end."""
    seconds = expected()
    items.sort(key=lambda item: -seconds.get(item.nodeid.split("::")[0], 0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report: Any = yield
    if kept.spent:
        report.user_properties.append((_MAKING, sum(kept.spent)))
        kept.spent.clear()
    return report


class Minutes:
    """Sums up, in the process that the user started."""

    def __init__(self) -> None:
        self._took: dict[str, Took] = defaultdict(Took)
        self._making = 0.0
        self._over: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        making = float(dict(report.user_properties).get(_MAKING, 0))
        self._making += making
        took = self._took[report.nodeid.split("::")[0]]
        took.seconds += report.duration - making
        took.start, took.stop = min(took.start, report.start), max(took.stop, report.stop)

    @pytest.hookimpl(tryfirst=True)  # the terminal's summary is made in here, too
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._over = over(self._took, expected())
        if self._over and is_night() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        groups: dict[str, float] = defaultdict(float)
        for file, took in self._took.items():
            groups[group(file)] += took.seconds
        if sum(groups.values()) + self._making > 60:
            parts = [f"{name} {seconds:.0f}" for name, seconds in sorted(groups.items(), key=lambda g: -g[1])]
            parts += [f"made and kept for the next run {self._making:.0f}"] if self._making > 1 else []
            terminalreporter.line(f"Seconds, workers side by side: {' · '.join(parts)}")
        if self._over:
            terminalreporter.section(f"longer than {BUDGET.name} has it", red=True, bold=True)
            for sentence in self._over:
                terminalreporter.line(sentence, red=True)
