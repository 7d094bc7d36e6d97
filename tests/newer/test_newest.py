"""The newest Docker: what the tour shows holds there, too; by night, the chapters and `integration`."""

from __future__ import annotations

import subprocess

import pytest
from docker import APIClient

from tests import notebook_files as files
from tests import tour
from tests.frame.day import SOLVED, is_night
from tests.newer.conftest import Nested

BY_NIGHT = (*files.chapters(), *files.chapters(SOLVED)) if is_night() else ()
NOTEBOOKS = [path.relative_to(files.ROOT).as_posix() for path in (tour.PATH, *BY_NIGHT)]


def test_it_is_newer_than_the_others(newest: str) -> None:
    """28 changed how networks are kept apart; a folder of an older one would prove nothing here."""
    api = APIClient(base_url=newest, version="auto")
    try:
        assert int(api.version()["Version"].partition(".")[0]) >= 28
    finally:
        api.close()


@pytest.fixture(scope="module")
def shown(on_the_newest: Nested) -> subprocess.CompletedProcess[str]:
    """All in one go: pytest starts once."""
    return on_the_newest(*NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_notebook(shown: subprocess.CompletedProcess[str], notebook: str) -> None:
    """Its cells show what they show on the other engines."""
    lines = shown.stdout.splitlines()
    wrong = [line for line in lines if line.startswith(("FAILED", "ERROR")) and notebook in line]
    assert shown.returncode in (0, 1), shown.stdout[-4000:] + shown.stderr[-4000:]
    assert not wrong, shown.stdout[-20000:]


def test_nothing_foreign_was_touched(shown: subprocess.CompletedProcess[str]) -> None:
    """The frame of that run has planted things of others, and looked after them."""
    assert "otherwise than they found it" not in shown.stdout, shown.stdout[-4000:]


@pytest.mark.night  # five minutes
def test_integration(on_the_newest: Nested) -> None:
    done = on_the_newest("tests/integration")
    assert done.returncode == 0, done.stdout[-20000:]
