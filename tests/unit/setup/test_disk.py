"""No room, no right to write."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from netbook.errors import SetupError
from netbook.setup import disk


def test_enough_room_is_no_matter(tmp_path: Path) -> None:
    disk.check(tmp_path / "not" / "yet", 1)


def test_says_what_is_needed_and_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_mb", lambda _: 312)
    with pytest.raises(SetupError, match=r"needs about 800 MB .* 312 MB are free") as caught:
        disk.check(tmp_path / ".venv", 800)
    assert "NETBOOK_VENV=" in caught.value.remedy


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk ran full"),
        (errno.EDQUOT, "Your disk quota ran full"),
        (errno.EROFS, "mounted read-only"),
        (errno.EACCES, "the system does not let you"),
        (errno.EIO, "Cannot write to"),
    ],
)
def test_each_refusal_is_a_sentence(number: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=words) as caught, disk.writing(tmp_path):
        raise OSError(number, "refused", str(tmp_path / "file"))
    assert str(tmp_path) in str(caught.value)


def test_our_own_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"^mine$"), disk.writing(tmp_path):
        raise SetupError("mine")
