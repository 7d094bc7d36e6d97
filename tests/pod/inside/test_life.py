"""The embedded engine's life: shared, killed in every way, missed, started again, and nothing left of it.

Starting one takes seconds, so these tests run in this order, and each takes over what the one before left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import orphans
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.private.leftovers import is_alive
from netbook.errors import EngineGone

JOIN = """
from netbook.engine import ladder
engine = ladder.find()
print(engine.info()["ID"], flush=True)
input()
engine.close()
"""


@pytest.fixture(scope="module", autouse=True)
def nothing_before_and_nothing_after(machine: EmbeddedEngine) -> Iterator[None]:
    """The engine is ours to kill; whoever started one before (Binder's start script) finds one again."""
    stayed = machine.files.status().get("stay", False)
    machine.stop()
    yield
    machine.stop()
    assert_nothing_left(machine)
    if stayed:
        machine.start(stay=True)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """One that runs; each test's hold on it ends with the test, so the next test may find it ended."""
    with contextlib.closing(ladder.find()) as found:
        yield found


@pytest.fixture(scope="module")
def held(machine: EmbeddedEngine) -> Iterator[None]:
    """Somebody uses the engine throughout, as JupyterLab does."""
    with contextlib.closing(ladder.find()):
        yield


def assert_nothing_left(machine: EmbeddedEngine) -> None:
    assert [pid for pid in orphans.of(machine.files.directory) if is_alive(pid)] == []
    left = {path.name for path in machine.files.directory.iterdir()}
    assert left <= {"ended", "engine.log", "keeper", "lease", "starting"}


def process(machine: EmbeddedEngine, name: str) -> int:
    """The pid of one of the keeper's children."""
    keeper = machine.files.keeper()
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children}
    return int(next(pid for pid, command in commands.items() if f"/{name}" in command))


def wait_until_gone(machine: EmbeddedEngine) -> None:
    deadline = time.monotonic() + 30  # a guest's memory on a slow disk is not gone at once
    while machine.files.keeper() is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert machine.files.keeper() is None


def test_two_kernels_that_start_at_the_same_moment_share_one(machine: EmbeddedEngine) -> None:
    command = [sys.executable, "-c", JOIN]
    kernels = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    identities = [kernel.stdout.readline() for kernel in kernels if kernel.stdout]
    assert identities[0] == identities[1] != ""

    kernels[0].kill()  # a kernel crash does not end it
    kernels[0].communicate()
    with contextlib.closing(ladder.find()) as engine:
        assert engine.info()["ID"] == identities[0].strip()

    kernels[1].communicate("\n")  # the last one leaves
    assert kernels[1].returncode == 0
    wait_until_gone(machine)
    assert machine.files.ended.read_text() == "nobody used it any more\n"
    assert_nothing_left(machine)


@pytest.mark.night
def test_a_running_engine_that_is_asked_to_stay_outlives_its_notebooks(machine: EmbeddedEngine) -> None:
    machine.stop()
    with contextlib.closing(ladder.find()):
        keeper = machine.files.keeper()
        machine.start(stay=True)  # $ netbook engine start
    time.sleep(3)
    assert machine.answers()
    assert machine.files.keeper() == keeper
    assert machine.stop()


@pytest.mark.usefixtures("held")
def test_a_killed_tunnel_is_made_anew_and_containers_live_on(engine: Engine, machine: EmbeddedEngine) -> None:
    before = engine.info()["ID"]
    os.kill(process(machine, "ssh"), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert engine.info()["ID"] == before
            return
        except EngineGone:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.night
@pytest.mark.usefixtures("held")
def test_one_that_is_slow_is_waited_for_and_its_containers_live_on(
    engine: Engine, machine: EmbeddedEngine
) -> None:
    """As after a machine's sleep: for a while, nothing answers and every new tunnel breaks."""
    before = engine.info()["ID"]
    kernel = process(machine, "linux.uml")
    os.kill(kernel, signal.SIGSTOP)
    os.kill(process(machine, "ssh"), signal.SIGKILL)
    threading.Timer(12, os.kill, (kernel, signal.SIGCONT)).start()
    said: list[str] = []
    with contextlib.closing(ladder.find(said.append)) as again:
        assert again.info()["ID"] == before
    assert "does not answer yet" in said[0]
    assert process(machine, "linux.uml") == kernel


@pytest.mark.usefixtures("held")
def test_its_kernel_and_programs_share_one_processor(engine: Engine, machine: EmbeddedEngine) -> None:
    kernel = psutil.Process(process(machine, "linux.uml"))
    places = {tuple(one.cpu_affinity()) for one in (kernel, *kernel.children())}
    assert [len(place) for place in places] == [1]


@pytest.mark.usefixtures("held")
def test_the_clock_is_put_right(engine: Engine, machine: EmbeddedEngine) -> None:
    """A machine cannot be put to sleep here; what follows it can be made: the guest's clock is behind."""
    where = machine.files.directory
    subprocess.run(machine.command("date", "-s", "@1000000000"), cwd=where, check=True, capture_output=True)
    assert engine.info()["SystemTime"].startswith("2001")
    ladder.find().close()  # whoever opens a lab looks at the clock
    now = subprocess.run(machine.command("date", "+%s"), cwd=where, check=True, capture_output=True)
    assert abs(int(now.stdout) - time.time()) < 3


@pytest.mark.night
@pytest.mark.usefixtures("held")
def test_full_disk_is_a_clear_error(engine: Engine) -> None:
    """The guest's disk is memory: what a container may write there is limited, and the engine goes on."""
    with Lab("full", engine=engine, echo=False) as lab:
        greedy = lab.run("greedy")
        assert "No space left on device" in greedy.exec("dd", "if=/dev/zero", "of=/big", "bs=1M").stderr
        greedy.remove()
        assert lab.run("modest").reaches("127.0.0.1")


@pytest.mark.night
@pytest.mark.usefixtures("held")
def test_full_memory_ends_the_greedy_process_and_not_the_engine(engine: Engine) -> None:
    with Lab("full", engine=engine, echo=False) as lab:
        greedy, modest = lab.run_many(["greedy", "modest"])
        killed = greedy.exec("tail", "/dev/zero").exit_code - 128
        # user-mode Linux tells a program whose page fault finds no memory as other kernels do, or by SIGSEGV
        assert killed in (signal.SIGKILL, signal.SIGSEGV)
        assert modest.reaches(greedy.address)


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("name", ["linux.uml", pytest.param("slirp4netns", marks=pytest.mark.night)])
def test_a_killed_program_is_noticed_reported_and_replaced(
    engine: Engine, machine: EmbeddedEngine, name: str
) -> None:
    os.kill(process(machine, name), signal.SIGKILL)
    wait_until_gone(machine)
    assert machine.files.ended.read_text() == f"its {name} was killed by SIGKILL\n"
    with pytest.raises(EngineGone, match="does not answer any more"):
        engine.info()
    assert_nothing_left(machine)

    said: list[str] = []
    with contextlib.closing(ladder.find(said.append)) as replaced:
        assert said[0] == f"The last one ended because its {name} was killed by SIGKILL. Starting a new one."
        assert replaced.info()["Containers"] == 0


@pytest.mark.night
@pytest.mark.usefixtures("held")
def test_a_killed_keeper_takes_everything_along(engine: Engine, machine: EmbeddedEngine) -> None:
    keeper = machine.files.keeper()
    assert keeper is not None
    os.kill(keeper, signal.SIGKILL)
    wait_until_gone(machine)
    deadline = time.monotonic() + 5
    while left := [pid for pid in orphans.of(machine.files.directory) if is_alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert machine.last_end() == "The last one ended because it was killed."
    with pytest.raises(EngineGone):
        engine.info()
