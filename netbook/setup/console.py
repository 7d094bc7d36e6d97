"""What the commands say: plain lines that survive any terminal, and questions to the reader."""

from __future__ import annotations

import codecs
import io
import os
import sys
import threading
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
    """One line that is rewritten while something goes on; on a terminal only, and by the main thread."""

    def __init__(self) -> None:
        alone = threading.current_thread() is threading.main_thread()  # two would overwrite each other
        self.live, self._started, self._wrote = alone and sys.stdout.isatty(), time.monotonic(), False

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


def in_ci() -> bool:
    """Does a CI service run us? It means what it starts."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def nobody_to_ask() -> bool:
    """Without a terminal at both ends, nobody would answer."""
    return not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def ask(question: str, *, yes: bool = False) -> bool:
    """A y/N question. `--yes` and CI mean yes; where nobody can be asked, it is no, and said to be."""
    if yes or in_ci():
        return True
    if nobody_to_ask():
        say(f"{question} There is no terminal to ask at, so: no. With --yes, it is done without asking.")
        return False
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        say("")
        return False
    return answer.strip().lower() in ("y", "yes")
