"""Real processes, bound and moved: nothing here needs a kernel in user mode."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from netbook.engine.embedded import processor
from netbook.engine.embedded.processor import Processor

BUSY = [sys.executable, "-c", "while True: pass"]


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.kill()
        process.wait()


def test_bound_to_one_with_all_that_it_starts() -> None:
    code = "import os, subprocess, sys; print(os.sched_getaffinity(0)); sys.stdout.flush()"
    again = f"{code}; subprocess.run([sys.executable, '-c', {code!r}])"
    done = subprocess.run(
        [sys.executable, "-c", again], preexec_fn=Processor().bind, capture_output=True, text=True, check=True
    )
    own, child = map(ast.literal_eval, done.stdout.splitlines())
    assert own == child
    assert len(own) == 1
    assert own <= os.sched_getaffinity(0)


def test_crowded_where_another_is_bound_to_the_same(started: list[subprocess.Popen[bytes]]) -> None:
    where, look = {min(os.sched_getaffinity(0))}, Processor()
    for _ in range(2):
        started.append(subprocess.Popen(BUSY, preexec_fn=lambda: os.sched_setaffinity(0, where)))
    deadline = time.monotonic() + 20
    while not look.look(started[0].pid):  # while they begin, it may be alone
        assert time.monotonic() < deadline
        time.sleep(0.3)


def test_who_sleeps_does_not_wait(started: list[subprocess.Popen[bytes]]) -> None:
    started.append(subprocess.Popen(["sleep", "60"]))
    look = Processor()
    time.sleep(0.2)
    assert not look.look(started[0].pid)


def test_moves_with_children_and_threads(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import subprocess, threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    started.append(process)
    assert process.stdout
    child = int(process.stdout.readline())
    monkeypatch.setattr(processor, "_CROWDED", -1)
    assert Processor().look(process.pid)
    tasks = [t.id for pid in (process.pid, child) for t in psutil.Process(pid).threads()]
    assert len(tasks) == 3
    places = {frozenset(os.sched_getaffinity(task)) for task in tasks}
    assert len(places) == 1
    assert len(next(iter(places))) == 1
    os.kill(child, 9)
    process.stdout.close()


def test_who_has_ended_is_left_alone() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert not Processor().look(ended.pid)
