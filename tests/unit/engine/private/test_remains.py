"""What a private engine left on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.engine.private import data


@pytest.fixture
def state(tmp_path: Path) -> Path:
    directory = tmp_path / "state"
    (directory / "data" / "image").mkdir(parents=True)
    (directory / "data" / "image" / "layer").write_bytes(b"x" * 2_000_000)
    for name in ("dockerd.log", "lease", "starting"):
        (directory / name).touch()
    return directory


def test_removes_all_and_says_how_much(state: Path) -> None:
    assert data.exist(state)
    assert data.remove(state) == 2
    assert not state.exists()
    assert not data.exist(state)


def test_leaves_what_is_not_an_engines(state: Path) -> None:
    (state / "thesis.txt").write_text("mine")
    data.remove(state)
    assert [path.name for path in state.iterdir()] == ["thesis.txt"]


def test_does_not_follow_links(state: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    (state / "exec").symlink_to(other)
    (state / "data" / "link").symlink_to(other)
    data.remove(state)
    assert (other / "precious").exists()
