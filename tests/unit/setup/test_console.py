"""Any terminal, and nobody at it."""

from __future__ import annotations

import io
import sys

import pytest

from netbook.setup import console


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "✓ ✗ → … 是"), ("ascii", "+ x -> ... ?"), ("cp1252", "+ x -> … ?")],
)
def test_marks_survive(encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    console.survive_any_terminal()
    console.say("✓ ✗ → … 是")
    assert raw.getvalue().decode(encoding).strip() == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def sit_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the test itself: between its phases, pytest puts its own streams back."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())


@pytest.mark.parametrize(
    ("answer", "meant"), [("y", True), (" Yes ", True), ("n", False), ("", False), ("what", False)]
)
def test_asks(answer: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda text: (asked.append(text), answer)[1])
    sit_at_a_terminal(monkeypatch)
    assert console.ask("Really?") is meant
    assert asked == ["Really? [y/N] "]


def test_ctrl_d_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    sit_at_a_terminal(monkeypatch)
    assert console.ask("Really?") is False


def test_yes_and_ci_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("asked"))
    sit_at_a_terminal(monkeypatch)
    assert console.ask("Really?", yes=True) is True
    monkeypatch.setenv("CI", "true")
    assert console.ask("Really?") is True


def test_ci_false_is_no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    assert console.in_ci() is False


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_no_terminal_is_no(
    stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cron job, a pipe, an editor's task: nobody said yes to what root would install."""
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("asked"))
    said: list[str] = []
    monkeypatch.setattr(console, "say", said.append)
    sit_at_a_terminal(monkeypatch)
    monkeypatch.setattr(sys, stream, io.StringIO("y\n"))
    assert console.ask("Really?") is False
    assert "no terminal" in said[0]
    assert "--yes" in said[0]
