"""What a typed `docker compose` becomes: one more file where it makes things, and else what was typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from netbook.ownership import labels, reader
from netbook.workspace import composed

MARKS = {labels.OWNER: "me", labels.LAB: "lab", labels.MADE: "1"}
CONFIG = {"name": "tea", "services": {"pot": {}}, "networks": {"default": {}, "lan": {"external": True}}}


@pytest.fixture
def compose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A Compose that says which words it was asked with, and what it made of them."""
    program = tmp_path / "docker-compose"
    program.write_text(f"#!/bin/sh\necho \"$@\" >> {tmp_path}/asked\necho '{json.dumps(CONFIG)}'\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPOSE_FILE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return [str(program)]


@pytest.mark.parametrize(
    "line", ["ps", "-p tea logs", "-f up ps", "--profile up down", "", "--dry-run", "exec up sh"]
)
def test_what_makes_nothing_is_handed_on(compose: list[str], line: str) -> None:
    assert composed.marked(compose, line.split(), MARKS) == line.split()


def test_what_makes_something_gets_one_more_file_and_always_the_same(
    compose: list[str], tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").touch()  # and an override file of another ending, as Compose takes it
    (tmp_path / "compose.override.yml").touch()
    words = composed.marked(compose, ["-p", "tea", "up", "-d"], MARKS)
    override = reader.folder() / "compose/tea.json"
    files = [tmp_path / "compose.yaml", tmp_path / "compose.override.yml", override]
    assert words == ["-p", "tea", *(word for file in files for word in ("-f", str(file))), "up", "-d"]
    assert (tmp_path / "asked").read_text().split()[:2] == ["-p", "tea"]
    said = json.loads(override.read_text())
    assert set(said) == {"services", "networks"}
    assert set(said["networks"]) == {"default"}  # what is external is somebody else's
    composed.marked(compose, ["-f", "mine.yaml", "up"], {**MARKS, labels.MADE: "2"})
    assert json.loads(override.read_text()) == said  # or Compose would make all anew


def test_a_file_that_is_piped_in_is_read_once(compose: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("services: {}"))
    words = composed.marked(compose, ["-f", "-", "up"], MARKS)
    assert "-" not in words
    assert Path(words[1]).read_text() == "services: {}"


def test_without_a_lab_or_with_a_file_that_cannot_be_read_nothing_is_added(compose: list[str]) -> None:
    assert composed.marked(compose, ["up"], {}) == ["up"]
    assert composed.marked(["/bin/false"], ["up"], MARKS) == ["up"]
    assert composed.marked(["/no/such"], ["up"], MARKS) == ["up"]
