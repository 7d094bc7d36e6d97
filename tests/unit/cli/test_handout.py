"""`netbook handout`: what is told in a sentence before anything is made, and what is made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netbook.cli import arguments, handout
from netbook.errors import SetupError
from netbook.setup import extra, start
from tests.unit.cli.test_cli import netbook


def wishes(*words: str):
    return handout.wishes(arguments.parser().parse_args(["handout", *words]))


def test_a_chapter_by_name_or_number_in_the_books_order(tmp_path):
    (wanted,) = wishes(
        "bridge", "0", "02", "--for", "student", "--paper", "letter", "--no-key", "--to", str(tmp_path)
    )
    assert [path.stem for path in wanted.chapters] == ["00-start-here", "02-bridge"]
    assert (wanted.kind, wanted.paper, wanted.key, wanted.book) == ("student", "letter", False, False)


def test_all_are_the_chapters_and_the_book(tmp_path):
    (wanted,) = wishes("--all", "--to", str(tmp_path))
    assert len(wanted.chapters) == len(list((start.ROOT / "notebooks").glob("[0-9]*-*.ipynb")))
    assert wanted.book


def test_all_editions_at_once(tmp_path):
    wanted = wishes("02", "--for", "all", "--to", str(tmp_path))
    assert [one.kind for one in wanted] == ["reader", "student", "teacher"]
    assert len({one.name(one.chapters[0], ".pdf") for one in wanted}) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], "'99' is no chapter. There are:\n    00-start-here\n"),
        ([], "A handout of which chapter? There are:\n    00-start-here\n"),
        (["notebooks/reference/glossary.ipynb"], "is no chapter of the book"),
    ],
    ids=["unknown", "none", "no chapter"],
)
def test_no_such_chapter(tmp_path, words, said):
    with pytest.raises(SetupError) as caught:
        wishes(*words, "--to", str(tmp_path))
    assert said in str(caught.value)
    assert "handout" in caught.value.remedy


def test_a_folder_that_refuses(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"cannot be written to .*file") as caught:
        wishes("02", "--to", str(tmp_path / "file" / "folder"))
    assert "--to" in caught.value.remedy


def test_a_mistake_is_told_before_the_set_up():
    done = netbook("handout", "99", NETBOOK_VENV="/nonexistent/and/unwritable")
    assert done.returncode == 1
    assert done.stderr.startswith("✗ '99' ")
    assert done.stdout == ""


def test_typst_lacks_and_no_network(tmp_path, monkeypatch):
    """pip's words become one sentence, and nothing half-made is left."""
    pins = tmp_path / "extra.txt"
    pins.write_text("nosuch-thing==1.0 --hash=sha256:00\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(
        "netbook.setup.pip._run", lambda *_: (1, "Failed to establish a new connection: [Errno 101]")
    )
    said: list[str] = []
    with pytest.raises(SetupError, match="the package index cannot be reached"):
        extra.ensure(pins, "a thing", said.append)
    assert said == [f"First use: fetching a thing (once, into {extra.cache()})."]
    assert list(extra.cache().iterdir()) == []


def test_what_is_there_is_not_fetched(monkeypatch):
    monkeypatch.setattr("netbook.setup.pip._run", lambda *_: pytest.fail("something was fetched"))
    extra.ensure(extra.HANDOUT, "nothing", pytest.fail)


def test_it_is_made_without_an_engine(tmp_path):
    done = netbook("handout", "90", "--to", str(tmp_path), DOCKER_HOST="unix:///nonexistent")
    assert done.returncode == 0, done.stderr
    names = ["90-appendix-labs-reader.html", "90-appendix-labs-reader.pdf"]
    assert sorted(path.name for path in Path(tmp_path).iterdir()) == names
    assert "✓ 2 files in " in done.stdout


def test_a_new_fetch_is_used(tmp_path, monkeypatch):
    """It lies in the cache, whole, under a name that changes with its pins, and is imported from there."""
    pins = tmp_path / "extra.txt"
    pins.write_text("extra-thing==1.0 \\\n    --hash=sha256:00\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.path", list(sys.path))

    def fetch(python, file, folder, log, say):
        made = folder / "extra_thing-1.0.dist-info"
        made.mkdir(parents=True)
        (made / "METADATA").write_text("Metadata-Version: 2.1\nName: extra-thing\nVersion: 1.0\n")

    monkeypatch.setattr("netbook.setup.pip.fetch", fetch)
    extra.ensure(pins, "a thing", lambda _: None)
    monkeypatch.setattr("netbook.setup.pip.fetch", lambda *_: pytest.fail("fetched twice"))
    extra.ensure(pins, "a thing", lambda _: None)
