"""The house: few things in the hall, and no room so long that nobody sees its other end."""

from __future__ import annotations

from pathlib import Path

LONGEST = 260  # lines
NETBOOK = Path(__file__).parents[2] / "netbook"
# a reader's verbs, each with its docstring: a table of contents, which no cut makes easier to read
_FACE = NETBOOK / "lab" / "lab.py"


def test_no_module_is_longer_than_one_can_oversee() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in NETBOOK.rglob("*.py")}
    assert {str(path): n for path, n in lines.items() if n > LONGEST and path != _FACE} == {}
    assert lines[_FACE] < 2 * LONGEST


def test_only_the_face_is_in_the_hall() -> None:
    assert {path.name for path in NETBOOK.glob("*.py")} == {"__init__.py", "__main__.py", "errors.py"}


def test_the_unit_tests_are_where_their_rooms_are() -> None:
    rooms = {path.name for path in NETBOOK.iterdir() if path.is_dir()} - {"__pycache__"}
    mirrored = {path.name for path in (NETBOOK.parent / "tests" / "unit").iterdir() if path.is_dir()}
    assert mirrored - {"__pycache__"} <= rooms
