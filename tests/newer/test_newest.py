"""The newest Docker: what the chapters show holds there too; nightly, all that `integration` claims."""

from __future__ import annotations

import subprocess

import pytest
from docker import APIClient

from tests import notebook_files as files
from tests.frame.day import SOLVED, is_night
from tests.newer.conftest import Nested

TWINS = files.chapters(SOLVED)
CHAPTERS = [path for path in files.chapters() if is_night() or path.name not in {twin.name for twin in TWINS}]
NOTEBOOKS = [path.relative_to(files.ROOT).as_posix() for path in (*TWINS, *CHAPTERS)]


def test_it_is_newer_than_the_others(newest: str) -> None:
    """28 changed how networks are kept apart; a folder of an older one would prove nothing here."""
    api = APIClient(base_url=newest, version="auto")
    try:
        assert int(api.version()["Version"].partition(".")[0]) >= 28
    finally:
        api.close()


@pytest.fixture(scope="module")
def chapters(on_the_newest: Nested) -> subprocess.CompletedProcess[str]:
    """All in one go: pytest starts once."""
    return on_the_newest(*NOTEBOOKS)


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_chapter(chapters: subprocess.CompletedProcess[str], chapter: str) -> None:
    """Its cells show what they show on the other engines."""
    lines = chapters.stdout.splitlines()
    wrong = [line for line in lines if line.startswith(("FAILED", "ERROR")) and chapter in line]
    assert chapters.returncode in (0, 1), chapters.stdout[-4000:] + chapters.stderr[-4000:]
    assert not wrong, chapters.stdout[-20000:]


def test_nothing_foreign_was_touched(chapters: subprocess.CompletedProcess[str]) -> None:
    """The frame of that run has planted things of others, and looked after them."""
    assert "otherwise than they found it" not in chapters.stdout, chapters.stdout[-4000:]


@pytest.mark.skipif(not is_night(), reason="five minutes: with NETBOOK_NIGHTLY=1")
def test_integration(on_the_newest: Nested) -> None:
    done = on_the_newest("tests/integration")
    assert done.returncode == 0, done.stdout[-20000:]
