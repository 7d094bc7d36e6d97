"""What can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from netbook.cli import arguments


@pytest.mark.parametrize(
    ("typed", "passed"),
    [
        ([], []),
        (["-k", "bridge", "-x"], ["-k", "bridge", "-x"]),
        (["-x", "--", "a"], ["-x", "--", "a"]),
        (["--", "-h"], ["-h"]),
        (["-k", "x", "-h"], ["-k", "x", "-h"]),
        (["-x", "--yes"], ["-x", "--yes"]),
        (["-h"], None),
        (["--help"], None),
    ],
)
def test_pytests_arguments_pass_untouched(typed: list[str], passed: list[str] | None) -> None:
    assert arguments.of_test(typed) == (False, passed)
    assert arguments.of_test(["--yes", *typed]) == (True, passed)


def test_lab() -> None:
    options = arguments.parser().parse_args(["lab", "bridge", "--no-browser", "--port", "9000", "--yes"])
    assert (options.command, options.chapter, options.port) == ("lab", "bridge", 9000)
    assert options.no_browser
    assert options.yes


@pytest.mark.parametrize("line", [["lab", "--port", "x"], ["nosuch"], ["clean", "--all", "--lab", "x"]])
def test_nonsense_is_refused_with_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        arguments.parser().parse_args(line)
    assert caught.value.code == 2
    assert "usage: python3 -m netbook" in capsys.readouterr().err


ROOT = Path(__file__).parents[3]
_TOLD = [
    (path.relative_to(ROOT).as_posix(), command)
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("binder/**/*"),
        *ROOT.glob(".devcontainer/*"),
    ]
    if path.is_file() and b"\0" not in path.read_bytes()
    for command in re.findall(r"python3 -m netbook ([a-z][^`\n#;&|'\"()]*)", path.read_text())
]


@pytest.mark.parametrize(("where", "command"), _TOLD)
def test_what_the_book_tells_to_type_can_be_typed(where: str, command: str) -> None:
    """A start script that called what was gone, and a remedy that is refused, are found here."""
    words = shlex.split(command.partition("  ")[0].rstrip(" .:,)→"))
    if words[0] != "test":
        arguments.parser().parse_args([word for word in words if not word[0].isupper() and word != "…"])
