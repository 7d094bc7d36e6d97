"""The embedded engine's life: shared, killed in every way, missed, started again, and nothing left of it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.api import Engine
from netbook.engine.embedded import orphans
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.leftovers import is_alive
from netbook.errors import EngineGone

JOIN = "from netbook.engine import ladder; e = ladder.find(); print(e.info()['ID']); input(); e.close()"


@pytest.fixture
def stopped(machine: EmbeddedEngine) -> Iterator[EmbeddedEngine]:
    """No engine runs before; none runs after."""
    machine.stop()
    yield machine
    machine.stop()
    assert_nothing_left(machine)


def find() -> Engine:
    return ladder.find()


def assert_nothing_left(machine: EmbeddedEngine) -> None:
    assert [pid for pid in orphans.of(machine.files.directory) if is_alive(pid)] == []
    assert sorted(path.name for path in machine.files.directory.iterdir()) == [
        "ended",
        "engine.log",
        "keeper",
        "lease",
        "starting",
    ]


def process(machine: EmbeddedEngine, name: str) -> int:
    """The pid of one of the keeper's children."""
    keeper = machine.files.keeper()
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children}
    return int(next(pid for pid, command in commands.items() if f"/{name}" in command))


def wait_until_gone(machine: EmbeddedEngine) -> None:
    deadline = time.monotonic() + 10
    while machine.files.keeper() is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert machine.files.keeper() is None


def test_two_kernels_that_start_at_the_same_moment_share_one(stopped: EmbeddedEngine) -> None:
    command = [sys.executable, "-c", JOIN]
    kernels = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    identities = [kernel.stdout.readline() for kernel in kernels if kernel.stdout]
    assert identities[0] == identities[1] != ""

    kernels[0].kill()  # a kernel crash does not end it
    kernels[0].communicate()
    engine = find()
    assert engine.info()["ID"] == identities[0].strip()
    engine.close()

    kernels[1].communicate("\n")  # the last one leaves
    assert kernels[1].returncode == 0
    wait_until_gone(stopped)
    assert stopped.files.ended.read_text() == "nobody used it any more\n"
    assert_nothing_left(stopped)


@pytest.mark.parametrize("name", ["linux.uml", "slirp4netns"])
def test_a_killed_program_is_noticed_reported_and_replaced(stopped: EmbeddedEngine, name: str) -> None:
    engine = find()
    os.kill(process(stopped, name), signal.SIGKILL)
    wait_until_gone(stopped)
    assert stopped.files.ended.read_text() == f"its {name} was killed by SIGKILL\n"
    with pytest.raises(EngineGone, match="does not answer any more"):
        engine.info()
    engine.close()
    assert_nothing_left(stopped)

    said: list[str] = []
    replaced = ladder.find(said.append)
    assert said[0] == f"The last one ended because its {name} was killed by SIGKILL. Starting a new one."
    assert replaced.info()["Containers"] == 0
    replaced.close()


def test_a_killed_keeper_takes_everything_along(stopped: EmbeddedEngine) -> None:
    engine = find()
    keeper = stopped.files.keeper()
    assert keeper is not None
    os.kill(keeper, signal.SIGKILL)
    wait_until_gone(stopped)
    deadline = time.monotonic() + 5
    while any(map(is_alive, orphans.of(stopped.files.directory))) and time.monotonic() < deadline:
        time.sleep(0.05)
    engine.close()
    said: list[str] = []
    ladder.find(said.append).close()
    assert said[0] == "The last one ended because it was killed. Starting a new one."


def test_a_killed_tunnel_is_made_anew_and_containers_live_on(stopped: EmbeddedEngine) -> None:
    engine = find()
    before = engine.info()["ID"]
    os.kill(process(stopped, "ssh"), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            after = engine.info()["ID"]
            break
        except EngineGone:
            time.sleep(0.1)
    assert after == before
    engine.close()


def test_the_clock_is_put_right(stopped: EmbeddedEngine) -> None:
    """A suspended machine cannot be made here; what follows one can: the guest's clock is behind."""
    engine = find()
    shell = stopped.command("date", "-s", "@1000000000")
    subprocess.run(shell, cwd=stopped.files.directory, check=True, capture_output=True)
    assert engine.info()["SystemTime"].startswith("2001")
    again = find()  # whoever opens a lab looks at the clock
    now = subprocess.run(
        stopped.command("date", "+%s"), cwd=stopped.files.directory, check=True, capture_output=True
    )
    assert abs(int(now.stdout) - time.time()) < 3
    again.close()
    engine.close()


def test_full_disk_of_the_guest_is_a_clear_error(stopped: EmbeddedEngine) -> None:
    """Its disk is memory: what a container writes there is limited, and the engine goes on."""
    with contextlib.closing(find()) as engine, Lab("full", engine=engine, echo=False) as lab:
        container = lab.run("greedy")
        done = container.exec("dd", "if=/dev/zero", "of=/big", "bs=1M")
        assert "No space left on device" in done.stderr
        assert engine.info()["ContainersRunning"] == 1
        container.remove()
        assert lab.run("modest").reaches("127.0.0.1")


def test_full_memory_ends_the_greedy_process_and_not_the_engine(stopped: EmbeddedEngine) -> None:
    with contextlib.closing(find()) as engine, Lab("full", engine=engine, echo=False) as lab:
        greedy, modest = lab.run_many(["greedy", "modest"])
        assert greedy.exec("tail", "/dev/zero").exit_code == 128 + signal.SIGKILL
        assert modest.reaches(greedy.address)
