"""What the commands say: plain lines that survive any terminal, and questions to the reader."""

from __future__ import annotations

import codecs
import io
import os
import sys
import time

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
_PLAIN = {
    "✓": "+",
    "✗": "x",
    "→": "->",
    "…": "...",
    "·": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "’": "'",
    "≥": ">=",
    "≤": "<=",
    "•": "-",
}


def _plain(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: what the terminal cannot show becomes its ASCII cousin."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end


codecs.register_error("netbook.plain", _plain)


def survive_any_terminal() -> None:
    """Make stdout and stderr print ✓ → … as ASCII where their encoding lacks them (LANG=C, cp1252)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="netbook.plain")


def say(text: str) -> None:
    """One line for the reader, at once."""
    print(text, flush=True)


class LiveLine:
    """One line that is rewritten while something goes on; on a terminal only."""

    def __init__(self) -> None:
        self.live, self._started, self._wrote = sys.stdout.isatty(), time.monotonic(), False

    def show(self, what: str) -> None:
        """What goes on now."""
        if self.live:
            line = f"  {time.monotonic() - self._started:3.0f} s · {what}"
            print(f"\r{line:<79.79}", end="", flush=True)
            self._wrote = True

    def end(self) -> None:
        """Wipe it, before something else is said."""
        if self._wrote:
            print(f"\r{'':79}\r", end="", flush=True)
            self._wrote = False


def nobody_to_ask() -> bool:
    """In CI, or without a terminal, nobody would answer."""
    ci = os.environ.get("CI", "").lower() not in ("", "0", "false", "no")
    return ci or not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def ask(question: str, *, yes: bool = False) -> bool:
    """A y/N question. `--yes`, CI and a missing terminal all mean yes."""
    if yes or nobody_to_ask():
        return True
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        say("")
        return False
    return answer.strip().lower() in ("y", "yes")
