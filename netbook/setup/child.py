"""Run a program in the foreground: signals go on to it, its exit code comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_PASSED_ON = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    meanwhile: Callable[[subprocess.Popen[bytes]], object] = lambda _: None,
) -> int:
    """Wait for `command`; `meanwhile` gets the running process. Killed by a signal: 128 + its number."""
    with _signals_passed_on() as adopt:
        process = subprocess.Popen(command, env=dict(env), cwd=cwd)
        adopt(process)
        try:
            meanwhile(process)
            code = process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _signals_passed_on() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """While the child runs, signals are its business: we only pass them on.

    Ctrl-C in a terminal reaches the whole process group, the child too, so that one is not sent twice.
    """
    child: list[subprocess.Popen[bytes]] = []

    def forward(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and _in_terminals_foreground():
            return
        for process in child:
            if process.poll() is None:
                process.send_signal(number)

    before = {number: signal.signal(number, forward) for number in _PASSED_ON}
    try:
        yield child.append
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_terminals_foreground() -> bool:
    if sys.platform == "win32":
        return True
    for descriptor in (0, 1, 2):
        try:
            return os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:  # not a terminal
            continue
    return False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals wait outside: an impatient second Ctrl-C must not keep an engine from being stopped."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _PASSED_ON}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def termination_as_exit() -> Iterator[None]:
    """SIGTERM and SIGHUP end us through `finally`, so that an engine we started is stopped."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    caught = [number for number in _PASSED_ON if number != signal.SIGINT]
    before = {number: signal.signal(number, leave) for number in caught}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
