"""By day a thing is proved once; what proves it once more waits for the night, `NETBOOK_NIGHTLY=1`.

By day the chapters run here, and on the newest Docker and in the pod a tour of all verbs and modes
(tests/tour.py). Each exercise is found untouched, and then solved, in its chapter's run, and in one of each
chapter a mistake is made (tests/frame/solving.py). By night the chapters run untouched and on all three,
their solved twins on two, and exercises with all their mistakes and ways, twice from fresh; in the pod, what
chapter 16 has recorded is measured again. The tests of this frame itself run by night, too: they start a
suite in the suite, again and again. A single test, or a case of one, that waits is marked `night`.
What is asked for by name, or by `-m night`, runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
SOLVED = _ROOT / "notebooks" / "solved"
FRAME = _ROOT / "tests" / "guards" / "integration"
EXERCISES = _ROOT / "tests" / "integration" / "test_exercises.py"
TOUR = _ROOT / "tests" / "tour.ipynb"  # here; in the pod and on the newest it is named


def is_night() -> bool:
    return bool(os.environ.get("NETBOOK_NIGHTLY"))


def waiting(config: pytest.Config) -> Iterator[Path]:
    """The folders and files that this run leaves for the night: not what it was asked for by name."""
    for place in () if is_night() else (SOLVED, FRAME, EXERCISES, TOUR):
        if not is_named(place, config):
            yield place


def is_named(place: Path, config: pytest.Config) -> bool:
    """Whether this run was asked for it, or for a part of it."""
    return any(path == place or place in path.parents for path in _asked(tuple(config.args)))


@cache
def _asked(arguments: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple((_ROOT / argument.split("::")[0]).resolve() for argument in arguments)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path in waiting(config) else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "night: proves once more what another test proves by day")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_night() or "night" in config.option.markexpr:
        return
    left = {i for i in items if i.get_closest_marker("night") and not is_named(i.path, config)}
    if left:
        config.hook.pytest_deselected(items=[*left])
        items[:] = [item for item in items if item not in left]


def pytest_report_header(config: pytest.Config) -> str | None:
    left = ", ".join(place.relative_to(_ROOT).as_posix() for place in waiting(config))
    more = "chapters in the pod, on the newest Docker, and with their exercises left untouched to the end"
    return f"by day, these wait for NETBOOK_NIGHTLY=1: {left}; {more}; what is marked night" if left else None
