"""Naming a chapter."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from netbook.book import chapters
from netbook.errors import SetupError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("00-start-here", "02-bridge", "03-host", "08-talk", "10-host-again", "notes"):
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["2", "02", "bridge", "02-bridge", "Bridge", "02-bridge.ipynb", "notebooks/02-bridge.ipynb", "bri"],
)
def test_every_way_to_say_it(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    found = chapters.find(root, name)
    assert found is not None
    assert found.name == "02-bridge.ipynb"


def test_a_path_counts_from_where_the_reader_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "notebooks")
    assert chapters.find(root, "notes.ipynb") == (root / "notebooks" / "notes.ipynb").resolve()


def test_nothing_said_is_the_first_page(root: Path) -> None:
    assert chapters.find(root, None) == root / "notebooks" / "00-start-here.ipynb"


def test_a_full_name_wins_over_one_that_begins_so(root: Path) -> None:
    found = chapters.find(root, "host")
    assert found is not None
    assert found.stem == "03-host"


def test_ambiguous(root: Path) -> None:
    with pytest.raises(SetupError, match="could be any of these") as caught:
        chapters.find(root, "ho")
    assert "03-host" in caught.value.what
    assert "10-host-again" in caught.value.what
    assert "02-bridge" not in caught.value.what


def test_unknown_lists_the_chapters_and_guesses(root: Path) -> None:
    with pytest.raises(SetupError, match="'bridg3' is no chapter") as caught:
        chapters.find(root, "bridg3")
    assert "00-start-here" in caught.value.what
    assert "notes" not in caught.value.what
    assert caught.value.remedy.endswith("lab 02-bridge")


def test_outside_the_book(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "x.ipynb"
    other.touch()
    with pytest.raises(SetupError, match="outside the book's folder"):
        chapters.find(root, str(other))


def test_a_book_without_notebooks(tmp_path: Path) -> None:
    assert chapters.find(tmp_path, None) is None
    with pytest.raises(SetupError, match="incomplete"):
        chapters.find(tmp_path, "2")


def test_names_are_those_that_the_chapters_cells_give() -> None:
    containers, networks = chapters.names(ROOT)
    for made, call in (
        (containers, r'lab\.run\(\s*"([^"]+)"'),
        (networks, r'lab\.create_network\(\s*"([^"]+)"'),
    ):
        for path in chapters.all_chapters(ROOT):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
            assert set(re.findall(call, code)) <= set(made), path
    assert containers["bbox01"].startswith("00-")
    assert networks["custom_network"] == "06-link"


def test_a_notebook_that_cannot_be_read_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    for number, text in enumerate(("", "[]", '{"cells": [3]}', '{"cells": [{"outputs": [{"text": 3}]}]}')):
        (tmp_path / "notebooks" / f"0{number}-broken.ipynb").write_text(text)
    assert chapters.names(tmp_path) == ({}, {})
