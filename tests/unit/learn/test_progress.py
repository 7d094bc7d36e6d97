"""What the reader has done is kept whole, by whatever it is interrupted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from netbook.cli import arguments
from netbook.cli import progress as shown
from netbook.errors import WrongArgument
from netbook.learn import exercises, progress
from netbook.learn.progress import Record

ONE = exercises.find("07-move")


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "of-reader" / "progress.json"
    monkeypatch.setenv("NETBOOK_PROGRESS", str(path))
    yield path
    assert not list(path.parent.glob("tmp*"))


def kept() -> Record:
    return progress.read()[ONE.id]


def test_attempts_count_and_the_furthest_outcome_stays(file: Path) -> None:
    assert progress.read() == {}
    progress.record(ONE, "not attempted")
    assert progress.read().get(ONE.id, Record()).attempts == 0
    progress.record(ONE, "not yet")
    progress.record(ONE, "not yet", hints=2, attempt=False)
    assert (kept().outcome, kept().attempts, kept().hints) == ("not yet", 1, 2)
    progress.record(ONE, "solved")
    progress.record(ONE, "not yet")
    assert (kept().outcome, kept().attempts, kept().hints) == ("solved", 3, 2)
    assert kept().solved_on
    assert oct(file.stat().st_mode)[-3:] == "600"


def test_who_looked_at_the_solution_has_not_solved_it_alone() -> None:
    progress.record(ONE, "shown", attempt=False)
    progress.record(ONE, "solved")
    assert kept().outcome == "solved after the solution was shown"
    progress.record(ONE, "solved", shown=True)
    assert kept().outcome == "solved after the solution was shown"


def test_who_solved_it_may_look_at_the_solution() -> None:
    progress.record(ONE, "solved")
    progress.record(ONE, "shown", attempt=False)
    assert kept().outcome == "solved"


def test_what_cannot_be_judged_changes_nothing() -> None:
    progress.record(ONE, "not yet")
    progress.record(ONE, "cannot judge")
    assert (kept().outcome, kept().attempts) == ("not yet", 1)


def test_two_kernels_at_once_lose_nothing() -> None:
    threads = [threading.Thread(target=progress.record, args=(ONE, "not yet")) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept().attempts == 12


def test_a_damaged_file_is_put_aside_and_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.parent.mkdir()
    for name, text in (("progress.damaged.json", '{"exercises": {"07-mo'), ("progress.damaged-2.json", "\0")):
        file.write_text(text)
        progress.record(ONE, "solved")
        assert kept().outcome == "solved"
        aside = file.with_name(name)
        assert aside.read_text() == text
        assert f"the damaged file is kept: {aside}." in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"format": 1, "exercises": {"x": {"outcome": "well"}}}', "\x00"]
)
def test_what_is_no_progress_is_not_taken_in(text: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(text)
    with pytest.raises(WrongArgument, match=r"other\.json holds no progress"):
        progress.read(other)
    assert other.read_text() == text


def test_a_newer_edition_s_file_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    text = json.dumps({"format": 2, "exercises": {}})
    file.write_text(text)
    progress.record(ONE, "solved")
    assert file.read_text() == text
    with pytest.raises(WrongArgument, match="format 2"):
        progress.read()


def test_a_folder_that_cannot_be_written_stops_no_exercise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_PROGRESS", "/proc/nowhere/progress.json")
    progress.record(ONE, "solved")
    assert progress.read() == {}


def test_an_import_takes_the_further_of_two() -> None:
    progress.record(ONE, "not yet")
    other = {
        ONE.id: Record("solved", 1, 3, progress.edition(ONE), "2026-01-02"),
        "99-gone": Record("not yet"),
    }
    both = progress.merge(other)
    assert both == progress.read()
    assert both[ONE.id] == Record("solved", 1, 3, progress.edition(ONE), "2026-01-02")
    assert both["99-gone"].outcome == "not yet"


def run(*words: str) -> int:
    return shown.main(arguments.parser().parse_args(["progress", *words]))


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress.record(ONE, "solved")
    for words in ((), ("show",)):
        assert run(*words) == 0
        said = capsys.readouterr().out
        row = next(line for line in said.splitlines() if ONE.id in line)
        assert ONE.title in row
        assert "solved" in row
        assert "1 attempt" in row
        assert said.splitlines()[-1].startswith(f"1 of {len(exercises.every())} exercises solved")
    out = tmp_path / "mine.json"
    assert run("export", str(out)) == 0
    with pytest.raises(WrongArgument, match="is there already"):
        run("export", str(out))
    assert run("reset", ONE.id) == 0
    assert progress.read() == {}
    assert run("import", str(out)) == 0
    assert kept().outcome == "solved"
    capsys.readouterr()
    assert run("class", str(out)) == 0
    head, row = capsys.readouterr().out.splitlines()
    here = [one for one in exercises.every().values() if one.chapter == ONE.chapter]
    place = head.split().index(ONE.chapter)
    assert row.split()[place] == f"1/{len(here)}"
    assert row.split()[-1] == f"1/{len(exercises.every())}"
    assert run("reset", "--all") == 0
    assert progress.read() == {}


def test_a_changed_text_is_told() -> None:
    record = Record("solved", 1, 0, progress.edition(ONE), "2026-01-02")
    assert "changed" not in shown.line(ONE, record)
    assert shown.line(ONE, replace(record, edition="0123")).endswith("its text has changed since")
