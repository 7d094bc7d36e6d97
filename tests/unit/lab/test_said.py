"""How the answer of `container.exec` shows as a cell's last line."""

from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from netbook.model.programs import ExecResult


@pytest.mark.parametrize(
    ("exit_code", "stdout", "shown"),
    [
        (0, "hello\n", "hello"),
        (0, "", ""),  # no empty output, with a number beside it
        (1, "", "[exit code 1]"),
    ],
)
def test_of_a_command_that_said_nothing_nothing_is_shown(exit_code: int, stdout: str, shown: str) -> None:
    data, _ = DisplayFormatter().format(ExecResult(("true",), exit_code, stdout, ""))
    assert data.get("text/plain", "") == shown
    assert bool(data) is bool(shown)
