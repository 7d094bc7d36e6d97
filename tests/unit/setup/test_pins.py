"""Reading pins, and asking whether a Python meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.errors import SetupError
from netbook.setup import extra, pins, start


def write(folder: Path, text: str, name: str = "requirements.txt") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_reads_pins_comments_extras_and_included_files(tmp_path: Path) -> None:
    write(tmp_path, "a==1.0\n", "base.txt")
    file = write(tmp_path, "# why\n\n-r base.txt\nb[x,y] == 2.0.post1  # for this\nC_c.d==3!4+local\n")
    assert pins.read(file) == {"a": "1.0", "b": "2.0.post1", "C_c.d": "3!4+local"}


@pytest.mark.parametrize("line", ["a>=1.0", "a", "a==1.0; python_version < '4'", "--index-url x", "a==1.*"])
def test_refuses_what_is_no_pin(tmp_path: Path, line: str) -> None:
    with pytest.raises(SetupError, match="no pin") as caught:
        pins.read(write(tmp_path, f"{line}\n"))
    assert line in str(caught.value)


def test_says_which_pins_are_not_met(tmp_path: Path) -> None:
    file = write(tmp_path, f"pytest=={pytest.__version__}\nnosuch-package==1.0\npluggy==0.0.1\n")
    unmet = pins.unmet(file)
    assert set(unmet) == {"nosuch-package", "pluggy"}
    assert unmet["nosuch-package"] == "1.0 is not installed"
    assert "the book is tested with 0.0.1" in unmet["pluggy"]


def test_the_books_own_lists_are_plain_pins() -> None:
    reader, contributor = pins.read(start.READER), pins.read(start.CONTRIBUTOR)
    assert "jupyterlab" in reader
    assert reader.items() <= contributor.items()


def test_a_reader_downloads_no_tools_for_testing() -> None:
    assert not pins.read(start.READER).keys() & {"coverage", "hypothesis", "nbval", "playwright", "pytest"}


def test_pins_with_hashes(tmp_path: Path) -> None:
    file = write(
        tmp_path, "a==1.0 \\\n    --hash=sha256:12 \\\n    --hash=sha256:34\nb==2.0 --hash=sha256:56\n"
    )
    assert pins.read(file) == {"a": "1.0", "b": "2.0"}


def test_what_handouts_need_is_what_tests_have() -> None:
    wanted = pins.read(extra.HANDOUT)
    assert wanted
    assert wanted.items() <= pins.read(start.CONTRIBUTOR).items()
