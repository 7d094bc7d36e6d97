"""What outlasts a run is whole, worked in by one run at a time, and goes when it is forgotten."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.frame import kept


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "netbook-tests"


def fill(folder: Path) -> None:
    folder.mkdir()
    (folder / "made").touch()


def forbidden(folder: Path) -> None:
    raise AssertionError("it was there already")


def half(folder: Path) -> None:
    fill(folder)
    raise OSError("the disk is full")


def test_what_is_made_is_made_once() -> None:
    first = kept.made("root", "a", fill)
    assert (first / "made").exists()
    assert kept.made("root", "a", forbidden) == first


def test_half_of_it_never_counts(cache: Path) -> None:
    with pytest.raises(OSError, match="full"):
        kept.made("root", "a", half)
    assert not list(cache.glob("root-*/"))
    assert (kept.made("root", "a", fill) / "made").exists()


def test_a_folder_that_was_finished_is_found_again() -> None:
    with kept.held("pod", "a") as folder:
        assert folder is not None
        assert not list(folder.iterdir())
        (folder / "layer").touch()
        kept.finish(folder)
    with kept.held("pod", "a") as again:
        assert again == folder
        assert (folder / "layer").exists()


def test_one_that_was_left_half_made_is_emptied() -> None:
    with kept.held("pod", "a") as folder:
        assert folder is not None
        kept.finish(folder)
        kept.begin(folder)
        (folder / "layer").touch()
    with kept.held("pod", "a") as again:
        assert again == folder
        assert not list(folder.iterdir())


def test_a_second_run_goes_without(cache: Path) -> None:
    with kept.held("pod", "a"), kept.held("pod", "a") as second:
        assert second is None
    with kept.held("pod", "a") as third:
        assert third


def test_another_recipe_has_another_folder_and_the_old_one_goes_when_it_is_forgotten() -> None:
    old = kept.made("root", "a", fill)
    new = kept.made("root", "b", fill)
    assert old != new
    assert old.exists()  # another branch may be at work with it
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    kept.made("root", "c", fill)
    assert not old.exists()
    assert new.exists()


def test_the_key_is_of_all_that_is_given() -> None:
    assert kept.key("a", ("b",)) == kept.key("a", ("b",))
    assert len({kept.key("a", "b"), kept.key("ab"), kept.key("a", ("b",))}) == 3
