"""A venv's states, each made for real (without pip, so in a blink), and how it is mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netbook.setup.venv import Stamp, State, Venv


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with a book's list of packages and a module to import."""
    root = tmp_path / "book"
    (root / "tests").mkdir(parents=True)
    (root / "requirements.txt").write_text("toy==1.0\n")
    (root / "tests" / "requirements.txt").write_text("-r ../requirements.txt\ntoytest==2.0\n")
    (root / "readme_module.py").write_text("")
    return root


def make(root: Path, name: str = ".venv") -> Venv:
    directory = root / name
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory], check=True)
    return Venv(directory, root)


@pytest.fixture
def ready(book: Path) -> Venv:
    venv = make(book)
    venv.finish([book / "requirements.txt"], ours=True)
    return venv


def state(venv: Venv) -> State:
    return venv.state([venv.root / "requirements.txt"])


def test_missing(book: Path) -> None:
    venv = Venv(book / ".venv", book)
    assert state(venv) is State.MISSING
    venv.directory.mkdir()
    venv.lock_file.touch()  # a start that got no further than the lock
    assert state(venv) is State.MISSING


def test_ready(ready: Venv) -> None:
    assert state(ready) is State.READY


def test_made_by_something_else(book: Path) -> None:
    assert state(make(book)) is State.FOREIGN


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nonsense": 1}'])
def test_an_unreadable_stamp_counts_as_none(ready: Venv, text: str) -> None:
    (ready.directory / "netbook.json").write_text(text)
    assert state(ready) is State.FOREIGN


def test_interrupted(ready: Venv) -> None:
    ready.write_stamp(Stamp(state="making"))
    assert state(ready) is State.HALF_MADE


@pytest.mark.skipif(os.name != "posix", reason="the interpreter is a link only there")
def test_the_interpreter_it_was_made_from_is_gone(ready: Venv, tmp_path: Path) -> None:
    for link in (ready.directory / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(tmp_path / "gone")
    assert state(ready) is State.BROKEN


def test_the_interpreter_was_replaced_by_another_version(ready: Venv) -> None:
    stamp = ready.stamp()
    assert stamp is not None
    stamp.python = "3.2"
    ready.write_stamp(stamp)
    assert state(ready) is State.BROKEN


def test_other_pins_make_it_stale_and_a_comment_does_not(ready: Venv, book: Path) -> None:
    (book / "requirements.txt").write_text("# a comment\ntoy == 1.0   # why\n")
    assert state(ready) is State.READY
    (book / "requirements.txt").write_text("toy==1.1\n")
    assert state(ready) is State.STALE


def test_what_the_tests_need_is_a_matter_of_its_own(ready: Venv, book: Path) -> None:
    both = [book / "tests" / "requirements.txt"]
    assert ready.state(both) is State.STALE
    ready.finish(both, ours=True)
    assert ready.state(both) is State.READY
    assert state(ready) is State.READY
    (book / "requirements.txt").write_text("toy==1.1\n")  # included by the other
    assert ready.state(both) is State.STALE


def imports_the_book(venv: Venv, cwd: Path) -> bool:
    done = subprocess.run([venv.python, "-c", "import readme_module"], cwd=cwd, capture_output=True)
    return done.returncode == 0


def test_the_book_is_importable_from_anywhere(ready: Venv, tmp_path: Path) -> None:
    assert imports_the_book(ready, tmp_path)


def test_also_with_the_venv_elsewhere(book: Path, tmp_path: Path) -> None:
    venv = make(tmp_path, "elsewhere")
    venv = Venv(venv.directory, book)
    venv.finish([book / "requirements.txt"], ours=True)
    assert imports_the_book(venv, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="scripts there are programs with the path inside")
def test_a_moved_folder_is_recognised_and_mended(ready: Venv, book: Path, tmp_path: Path) -> None:
    script = ready.directory / "bin" / "tool"
    script.write_text(f"#!{ready.python}\nprint('works')\n")
    script.chmod(0o755)
    moved = Venv(book.rename(tmp_path / "moved") / ".venv", tmp_path / "moved")
    assert state(moved) is State.MOVED
    assert moved.relocate() is True
    assert state(moved) is State.READY
    assert imports_the_book(moved, tmp_path)
    answer = subprocess.run([moved.directory / "bin" / "tool"], capture_output=True, text=True, check=True)
    assert answer.stdout == "works\n"
    assert str(book) not in (moved.directory / "bin" / "activate").read_text()


def test_moved_to_where_scripts_cannot_work(ready: Venv, book: Path, tmp_path: Path) -> None:
    moved = Venv(book.rename(tmp_path / "with space") / ".venv", tmp_path / "with space")
    assert state(moved) is State.MOVED
    assert moved.relocate() is False


def test_clearing_keeps_the_lock_that_others_wait_for(ready: Venv) -> None:
    ready.lock_file.touch()
    lock = ready.lock_file.stat().st_ino
    ready.clear()
    assert {entry.name for entry in ready.directory.iterdir()} == {"netbook.lock", "netbook.json"}
    assert ready.lock_file.stat().st_ino == lock


def test_jupyterlab_will_not_ask_about_its_news(ready: Venv) -> None:
    overrides = json.loads((ready.directory / "share/jupyter/lab/settings/overrides.json").read_text())
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
