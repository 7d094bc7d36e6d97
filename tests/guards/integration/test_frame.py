"""The frame itself: a careless run fails, and no engine outlives its run, however that ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from docker import APIClient

from tests.frame.leftovers import PREFIX, is_alive
from tests.guards.integration import nested

CARELESS = """
import os
from docker import APIClient
from netbook import labels

def test_leaves_a_network_behind(docker_host):
    api = APIClient(base_url=docker_host, version="auto")
    api.create_network("careless-run", labels=labels.for_lab("careless", "0"))
    api.close()
"""
ENGINE_PID = """
import json, os, time
from pathlib import Path
import pytest

def test_with_the_engine(docker_host):
    directory = Path(docker_host.removeprefix("unix://")).parent
    note = Path(__file__).parent / f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.tmp"
    note.write_text(json.dumps({"pid": int((directory / "dockerd.pid").read_text())}))
    note.rename(note.with_suffix(".json"))
    %s
"""


@pytest.fixture
def folder():
    """A short one: a unix socket's path has at most 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="nb-"))
    (path / "integration").mkdir()
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own(pytestconfig):
    """Only where each process can have an engine of its own."""
    if os.environ.get("DOCKER_HOST") and not _is_private(os.environ["DOCKER_HOST"]):
        pytest.skip("this run uses the reader's engine; it starts none")


def _is_private(host: str) -> bool:
    return PREFIX in host


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return result


def engines(folder: Path, count: int) -> list[dict[str, object]]:
    """What the nested run's processes noted of their engines, once there are `count` of them."""
    notes = wait_for(lambda: len(found := sorted((folder / "integration").glob("*.json"))) >= count and found)
    return [json.loads(note.read_text()) for note in notes]


def is_dockerd(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return is_alive(process) and process.name() == "dockerd"
    except psutil.NoSuchProcess:
        return False


def nothing_left(folder: Path) -> bool:
    mounts = Path("/proc/self/mountinfo").read_text()
    return not list(folder.glob(f"{PREFIX}*")) and f"{folder}/" not in mounts


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_careless_run_fails(docker_host, folder, workers):
    (folder / "integration/test_careless.py").write_text(CARELESS)
    try:
        result = nested.run(workers, "-p", "tests.frame.plugin", folder)
        assert result.code == 1, result.text
        assert "1 passed" in result.text
        assert "network careless-run of your lab 'careless' was left behind" in result.text
    finally:
        api = APIClient(base_url=docker_host, version="auto")
        api.remove_network("careless-run")
        api.close()


def test_no_engine_is_started_for_unit_tests(own, folder):
    (folder / "test_unit.py").write_text(
        "import os\n\ndef test_without():\n    assert 'DOCKER_HOST' not in os.environ\n"
    )
    env = nested.environment(own_engine=True, folder=folder)
    result = nested.run("-n0", "-p", "tests.frame.plugin", folder / "test_unit.py", env=env)
    assert result.code == 0, result.text
    assert nothing_left(folder)


def test_a_failing_run_stops_its_engine(own, folder):
    (folder / "integration/test_fails.py").write_text(ENGINE_PID % "assert False")
    env = nested.environment(own_engine=True, folder=folder)
    result = nested.run("-n0", "-p", "tests.frame.plugin", folder / "integration", env=env)
    assert result.code == 1, result.text
    assert not is_dockerd(engines(folder, 1)[0]["pid"])
    assert nothing_left(folder)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_stops_its_engines(own, folder, how):
    for number in range(2):
        (folder / f"integration/test_sleeps_{number}.py").write_text(ENGINE_PID % "time.sleep(60)")
    env = nested.environment(own_engine=True, folder=folder)
    with nested.running("-n2", "-p", "tests.frame.plugin", folder / "integration", env=env) as process:
        started = engines(folder, 2)
        assert all(is_dockerd(engine["pid"]) for engine in started)
        if how == signal.SIGINT:
            os.killpg(process.pid, how)  # as the terminal does
        else:
            process.send_signal(how)
        process.communicate(timeout=60)
        assert process.returncode != 0
    assert not any(is_dockerd(engine["pid"]) for engine in started)
    assert nothing_left(folder)


def test_the_next_run_ends_what_a_killed_one_left(own, folder):
    (folder / "integration/test_sleeps.py").write_text(ENGINE_PID % "time.sleep(60)")
    env = nested.environment(own_engine=True, folder=folder)
    with nested.running("-n0", "-p", "tests.frame.plugin", folder / "integration", env=env) as process:
        engine = engines(folder, 1)[0]
        process.kill()
    assert is_dockerd(engine["pid"]), "the engine does not notice that its run was killed"
    (folder / "test_unit.py").write_text("def test_next(): pass\n")
    result = nested.run("-n0", "-p", "tests.frame.plugin", folder / "test_unit.py", env=env)
    assert result.code == 0, result.text
    assert not is_dockerd(engine["pid"])
    assert nothing_left(folder)
