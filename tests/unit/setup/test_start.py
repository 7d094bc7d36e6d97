"""From nothing to a Python that runs the book, with a real venv, a real pip and a package made here."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from netbook.errors import SetupError
from netbook.setup import disk, lock, packages, pip, start, uv
from netbook.setup.venv import Stamp, State, Venv


def wheel(folder: Path, name: str, version: str) -> None:
    """A package with one empty module, as an index would serve it."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


class Book:
    """A folder with pins, and an offline index that has them."""

    def __init__(self, folder: Path) -> None:
        self.root, self.index = folder / "book", folder / "index"
        (self.root / "tests").mkdir(parents=True)
        self.index.mkdir()
        self.reader, self.contributor = self.root / "requirements.txt", self.root / "tests/requirements.txt"
        self.reader.write_text("toy==1.0\n")
        self.contributor.write_text("-r ../requirements.txt\ntoytest==2.0\n")
        for name, version in (("toy", "1.0"), ("toy", "1.1"), ("toytest", "2.0")):
            wheel(self.index, name, version)
        self.said: list[str] = []

    @property
    def venv(self) -> Venv:
        return Venv(self.root / ".venv", self.root)

    def prepare(self, *files: Path) -> Path:
        self.said.clear()
        return start.prepare(list(files) or [self.reader], say=self.said.append)

    def has(self, name: str) -> str:
        """The version of a package in the venv; "" if it is not there."""
        interpreter = self.venv.interpreter()
        assert interpreter is not None
        found = [
            d.version for d in metadata.distributions(path=[str(interpreter.packages)]) if d.name == name
        ]
        return found[0] if found else ""


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    made = Book(tmp_path)
    monkeypatch.setattr(start, "ROOT", made.root)
    monkeypatch.setattr(start, "NEEDED_MB", {made.reader: 1, made.contributor: 1})
    monkeypatch.delenv("NETBOOK_VENV", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(made.index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return made


def fails(*_: object) -> None:
    raise AssertionError("nothing may be installed now")


def test_a_book_s_life(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """One venv through all of it, since making one takes seconds."""
    python = book.prepare()
    assert python == book.venv.python
    assert book.has("toy") == "1.0"
    assert book.said[0].startswith("First start")
    assert "installed" in book.said[-1]

    with monkeypatch.context() as offline:  # the second start installs nothing and says nothing
        offline.setattr(pip, "install", fails)
        assert book.prepare() == python
        assert book.said == []

    book.prepare(book.contributor)  # `test` adds to it
    assert (book.has("toy"), book.has("toytest")) == ("1.0", "2.0")
    with monkeypatch.context() as offline:  # and both find what they need
        offline.setattr(pip, "install", fails)
        book.prepare()
        book.prepare(book.reader, book.contributor)
        assert book.said == []

    book.reader.write_text("toy==1.1\n")  # a newer edition of the book
    book.prepare()
    assert book.has("toy") == "1.1"
    assert "other packages" in book.said[0]

    stray = book.venv.directory / "half"  # interrupted: made anew
    stray.touch()
    book.venv.write_stamp(Stamp(state="making"))
    book.prepare()
    assert "half-made" in book.said[0]
    assert not stray.exists()
    assert book.venv.state([book.reader]) is State.READY


def test_uv_does_it_where_the_index_has_it_and_pip_where_not(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pins, their hashes and uv are real: fetched from where this machine's pip gets its packages."""
    with monkeypatch.context() as online:
        online.delenv("PIP_NO_INDEX")
        online.setenv("PIP_FIND_LINKS", os.environ.get("PIP_FIND_LINKS", str(book.index)))
        online.delenv("PIP_CONFIG_FILE")
        fetched = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--quiet"),
                *("--only-binary", ":all:", "-r", str(uv.PINS), "-d", str(book.index)),
            ],
            capture_output=True,
            text=True,
        )
    assert fetched.returncode == 0, fetched.stderr
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    book.prepare()
    interpreter = book.venv.interpreter()
    assert interpreter is not None
    assert list(interpreter.packages.glob("__pycache__/toy.*.pyc"))  # Python would not, so uv does
    log = book.venv.log.read_text()
    assert "+ toy==1.0" in log  # uv's way to say it
    assert "Successfully installed toy" not in log
    assert book.has("toy") == "1.0"

    book.reader.write_text("toy==1.1\n")
    monkeypatch.setenv("PIP_PREFER_BINARY", "1")  # a setting that uv has not: the reader's pip decides
    book.prepare()
    assert "Successfully installed toy-1.1" in book.venv.log.read_text()


def test_an_index_without_the_package(book: Book) -> None:
    book.reader.write_text("nosuch==1.0\n")
    with pytest.raises(SetupError, match=r"has no nosuch==1\.0"):
        book.prepare()
    assert book.venv.state([book.reader]) is State.HALF_MADE


def test_a_running_python_that_meets_the_pins_is_used_as_it_is(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.reader.write_text(f"pytest=={pytest.__version__}\n")
    monkeypatch.setattr(pip, "install", fails)
    assert book.prepare() == Path(sys.executable)
    assert not book.venv.directory.exists()


def test_netbook_venv_none(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_VENV", "none")
    with pytest.raises(SetupError, match=r"lacks toy\.") as caught:
        book.prepare()
    assert "pip install -r" in caught.value.remedy
    book.reader.write_text("pytest==0.1\n")
    assert book.prepare() == Path(sys.executable)
    assert book.said == [f"! pytest: {pytest.__version__} is installed, the book is tested with 0.1"]
    assert not book.venv.directory.exists()


def test_netbook_venv_elsewhere(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_VENV", str(tmp_path / "elsewhere"))
    assert start.the_venv().directory == tmp_path / "elsewhere"


def test_a_broken_venv_of_somebody_else_is_not_touched(book: Book) -> None:
    precious = book.venv.directory / "precious"
    book.venv.directory.mkdir()
    precious.write_text("mine")
    with pytest.raises(SetupError, match="was not made by the book") as caught:
        book.prepare()
    assert "move it away" in caught.value.remedy
    assert precious.read_text() == "mine"


def test_a_full_disk_is_seen_before_anything_is_made(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "NEEDED_MB", {book.reader: 10**9})
    with pytest.raises(SetupError, match=r"needs about 1000000000 MB .* MB are free"):
        book.prepare()
    assert not book.venv.python.exists()


def test_no_venv_module(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "lacks_venv", lambda: True)
    monkeypatch.setattr(start, "_is_debians_python", lambda: True)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(SetupError, match="cannot make virtual environments") as caught:
        book.prepare()
    version = "{}.{}".format(*sys.version_info[:2])
    assert f"apt-get install --no-install-recommends python{version}-venv" in caught.value.remedy


def test_root_on_debian_gets_the_venv_module_installed(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = [True, False]
    offered: list[list[str]] = []
    monkeypatch.setattr(start, "lacks_venv", lambda: lacking.pop(0))
    monkeypatch.setattr(start, "_is_debians_python", lambda: True)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "offer", lambda names, why, **_: not offered.append(names))
    start.require_venv_module(yes=True, say=book.said.append)
    assert offered == [[packages.venv_package()]]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_the_reader_may_not_write_to(book: Book) -> None:
    book.root.chmod(0o500)
    try:
        with pytest.raises(SetupError, match="Cannot write to"):
            book.prepare()
    finally:
        book.root.chmod(0o700)


def test_requirements_are_missing(book: Book) -> None:
    book.reader.unlink()
    with pytest.raises(SetupError, match="cannot be read"):
        book.prepare()


def test_two_starts_take_turns(tmp_path: Path) -> None:
    file, said, order = tmp_path / "lock", [], []
    first_is_in, first_may_leave = threading.Event(), threading.Event()

    def first() -> None:
        with lock.alone(file, lambda _: None):
            first_is_in.set()
            first_may_leave.wait(10)
            order.append("first")

    def second() -> None:
        def say(text: str) -> None:
            said.append(text)
            first_may_leave.set()

        with lock.alone(file, say):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert first_is_in.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]
    assert said == ["Another start is setting up the book; waiting for it …"]


def test_disk_needed_is_not_less_than_what_is_installed() -> None:
    """If these are wrong, the check before the set-up is worth nothing."""
    assert start.READER.is_file()
    assert start.NEEDED_MB[start.CONTRIBUTOR] > start.NEEDED_MB[start.READER] >= 700
    assert disk.free_mb(start.ROOT / "not" / "there" / "yet") > 0
