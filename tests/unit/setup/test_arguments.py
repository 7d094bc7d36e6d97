"""What can be typed."""

from __future__ import annotations

import pytest

from netbook.setup import arguments


@pytest.mark.parametrize(
    ("typed", "passed"),
    [
        ([], []),
        (["-k", "bridge", "-x"], ["-k", "bridge", "-x"]),
        (["-x", "--", "a"], ["-x", "--", "a"]),
        (["--", "-h"], ["-h"]),
        (["-k", "x", "-h"], ["-k", "x", "-h"]),
        (["--yes", "--port=1"], ["--yes", "--port=1"]),
        (["-h"], None),
        (["--help"], None),
    ],
)
def test_pytests_arguments_pass_untouched(typed: list[str], passed: list[str] | None) -> None:
    assert arguments.pytest_arguments(typed) == passed


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
