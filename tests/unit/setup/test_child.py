"""A child in the foreground: exit codes and signals, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netbook.setup import child

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

_RUN = """
import sys, os
from pathlib import Path
from netbook.setup import child
sys.exit(child.run([sys.executable, "-u", "-c", sys.argv[1]], env=dict(os.environ), cwd=Path.cwd()))
"""
_POLITE = """
import signal, sys, time
def end(number, frame):
    print("got", signal.Signals(number).name, flush=True); sys.exit(7)
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), end)
print("ready", flush=True)
time.sleep(30)
"""


def run(code: str) -> int:
    return child.run([sys.executable, "-c", code], env=os.environ, cwd=Path.cwd())


@pytest.mark.parametrize(("code", "exit_code"), [("", 0), ("raise SystemExit(5)", 5)])
def test_the_exit_code_comes_through(code: str, exit_code: int) -> None:
    assert run(code) == exit_code


def test_death_by_signal_is_128_and_its_number() -> None:
    assert run("import os; os.kill(os.getpid(), 9)") == 128 + 9


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_are_passed_on_and_the_child_decides(name: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _RUN, _POLITE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # no terminal: nobody but us can tell the child
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.send_signal(getattr(signal, name))
        assert parent.stdout.readline() == f"got {name}\n"
        assert parent.wait(10) == 7


def test_what_happens_meanwhile_may_fail_but_leaves_no_child() -> None:
    seen: list[subprocess.Popen[bytes]] = []

    def meanwhile(process: subprocess.Popen[bytes]) -> None:
        seen.append(process)
        raise ValueError("oops")

    with pytest.raises(ValueError, match="oops"):
        child.run(
            [sys.executable, "-c", "import time; time.sleep(30)"],
            env=os.environ,
            cwd=Path.cwd(),
            meanwhile=meanwhile,
        )
    assert seen[0].poll() is not None


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    run("")
    assert signal.getsignal(signal.SIGTERM) is before


def test_sigterm_runs_the_finally_blocks() -> None:
    before = signal.getsignal(signal.SIGTERM)
    cleaned = []

    def killed_at_work() -> None:
        with child.termination_as_exit():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(5)
            finally:
                cleaned.append(True)

    with pytest.raises(SystemExit) as caught:
        killed_at_work()
    assert caught.value.code == 128 + signal.SIGTERM
    assert cleaned == [True]
    assert signal.getsignal(signal.SIGTERM) is before


def test_stopping_an_engine_is_not_disturbed() -> None:
    with child.undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
