"""By day a thing is proved once; what proves it once more waits for the night, `NETBOOK_NIGHTLY=1`.

By day the chapters run here, and on the newest Docker and in the pod a tour of all verbs and modes
(tests/tour.py). Each exercise is found untouched, and then solved, in its chapter's run
(tests/frame/solving.py); of each chapter's first one the first mistake is made. By night the chapters run
untouched and on all three, their solved twins on two, and exercises with all their mistakes and ways, twice
from fresh. The tests of this frame itself run by night, and whenever they are asked for: they start a suite
in the suite, again and again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
SOLVED = _ROOT / "notebooks" / "solved"
FRAME = _ROOT / "tests" / "guards" / "integration"


def is_night() -> bool:
    return bool(os.environ.get("NETBOOK_NIGHTLY"))


def waiting(config: pytest.Config) -> Iterator[Path]:
    """The folders that this run leaves for the night: not what it was asked for by name."""
    asked = [(_ROOT / argument.split("::")[0]).resolve() for argument in config.args]
    for folder in () if is_night() else (SOLVED, FRAME):
        named = any(path == folder or folder in path.parents for path in asked)
        if not named:
            yield folder


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path in waiting(config) else None


def pytest_report_header(config: pytest.Config) -> str | None:
    left = ", ".join(folder.relative_to(_ROOT).as_posix() for folder in waiting(config))
    more = (
        "chapters in the pod and on the newest Docker, and with their exercises left untouched to the end; "
        "most mistakes and all alternatives of exercises"
    )
    return f"by day, these wait for NETBOOK_NIGHTLY=1: {left}; {more}" if left else None
