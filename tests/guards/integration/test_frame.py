"""The frame itself: careless runs fail, one engine for all means one worker, unit tests start none."""

from __future__ import annotations

import pytest
from docker import APIClient

from tests.guards.integration import engines, nested

CARELESS = """
import subprocess, threading, time
from docker import APIClient
from netbook.ownership import labels

left = []

def test_leaves_things_behind(docker_host):
    api = APIClient(base_url=docker_host, version="auto")
    api.create_network("careless-run", labels=labels.for_lab("careless", "0"))
    api.close()
    left.append(subprocess.Popen(["sleep", "9"]))
    threading.Thread(target=time.sleep, args=(9,), name="careless thread", daemon=True).start()
"""
WHERE = """
import os
from pathlib import Path

def test_notes_its_worker(docker_host):
    Path(__file__).with_suffix(".worker").write_text(os.environ.get("PYTEST_XDIST_WORKER", ""))
"""


@pytest.fixture
def careless_network(docker_host):
    yield
    api = APIClient(base_url=docker_host, version="auto")
    api.remove_network("careless-run")
    api.close()


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_careless_run_fails(careless_network, folder, workers):
    (folder / "integration/test_careless.py").write_text(CARELESS)
    for number in range(4):
        (folder / f"integration/test_where_{number}.py").write_text(WHERE)
    result = nested.run(workers, *nested.FRAME, folder)
    assert result.code == 1, result.text
    assert "5 passed" in result.text
    assert "network careless-run of your lab 'careless' was left behind" in result.text
    assert "was left behind: sleep 9" in result.text
    assert "thread 'careless thread' was left behind" in result.text

    assert "engine: one for all (DOCKER_HOST is" in result.text
    where = [note.read_text() for note in folder.glob("integration/*.worker")]
    assert len(where) == 4
    assert len(set(where)) == 1, "one engine for all means one worker for what needs it"


def test_the_tracker_of_a_pool_of_processes_is_python_s(folder):
    (folder / "integration/test_pool.py").write_text(
        "from multiprocessing import resource_tracker\n\n"
        "def test_it_runs(docker_host):\n    assert resource_tracker.getfd()\n"
    )
    result = nested.run("-n0", *nested.FRAME, folder)
    assert result.code == 0, result.text


def test_no_engine_is_started_for_unit_tests(own, folder):
    (folder / "test_unit.py").write_text(
        "import os\n\ndef test_without():\n    assert 'DOCKER_HOST' not in os.environ\n"
    )
    env = nested.environment(own_engine=True, folder=folder)
    result = nested.run("-n0", *nested.FRAME, folder / "test_unit.py", env=env)
    assert result.code == 0, result.text
    assert engines.nothing_left(folder)


def test_what_needs_the_engine_stands_in_its_place(folder):
    (folder / "test_unit.py").write_text("import pytest\n\n@pytest.mark.engine\ndef test_hidden(): pass\n")
    result = nested.run("-n0", *nested.FRAME, folder / "test_unit.py")
    assert result.code == 4, result.text
    assert "it belongs into a folder called integration" in result.text


def test_without_an_engine_the_reason_is_said(folder):
    (folder / "integration/test_where.py").write_text(WHERE)
    env = nested.environment() | {"DOCKER_HOST": f"unix://{folder}/nobody.sock"}
    result = nested.run("-n0", *nested.FRAME, folder, env=env)
    assert result.code == 1, result.text
    assert "No Docker Engine that the book can use." in result.text
    assert "no such socket" in result.text


@pytest.mark.parametrize(
    ("asked", "night", "kept"),
    [
        (["."], "", {"once"}),
        (["."], "1", {"once", "more"}),
        (["test_twice.py"], "", {"once", "more"}),
        (["-m", "night", "."], "", {"more"}),
    ],
)
def test_what_is_marked_night_waits_or_is_asked_for(folder, asked, night, kept):
    tests = "import pytest\n\ndef test_once(): pass\n\n@pytest.mark.night\ndef test_more(): pass\n"
    (folder / "test_twice.py").write_text(tests)
    frame = (*nested.FRAME, "-p", "tests.frame.day", "--collect-only", "-q", "-n0", "--noconftest")
    paths = [str(folder / each) if each.startswith((".", "test")) else each for each in asked]
    result = nested.run(*frame, *paths, env=nested.environment() | {"NETBOOK_NIGHTLY": night})
    assert {each for each in ("once", "more") if f"::test_{each}" in result.text} == kept, result.text
