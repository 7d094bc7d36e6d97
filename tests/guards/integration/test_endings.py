"""No engine outlives its run, however that ends."""

from __future__ import annotations

import os
import signal

import pytest

from tests.guards.integration import engines, nested


@pytest.fixture
def env(own, folder):
    return nested.environment(own_engine=True, folder=folder)


def write(folder, what, count=1):
    for number in range(count):
        (folder / f"integration/test_{number}.py").write_text(engines.TEST % what)


def test_a_failing_run(env, folder):
    write(folder, "assert False")
    result = nested.run("-n0", *nested.FRAME, folder, env=env)
    assert result.code == 1, result.text
    assert not engines.is_dockerd(engines.noted(folder)[0])
    assert engines.nothing_left(folder)


def test_a_worker_that_dies(env, folder):
    write(folder, "os._exit(3)")
    result = nested.run("-n1", "--max-worker-restart=0", *nested.FRAME, folder, env=env)
    assert result.code == 1, result.text
    assert not engines.is_dockerd(engines.noted(folder)[0])
    assert engines.nothing_left(folder)


def test_ctrl_c(env, folder):
    write(folder, "time.sleep(60)", count=2)
    with nested.running("-n2", *nested.FRAME, folder, env=env) as process:
        pids = engines.noted(folder, 2)
        assert all(map(engines.is_dockerd, pids))
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        process.communicate(timeout=60)
        assert process.returncode == 2
    assert not any(map(engines.is_dockerd, pids))
    assert engines.nothing_left(folder)


def test_a_polite_kill(env, folder):
    write(folder, "time.sleep(60)")
    with nested.running("-n1", *nested.FRAME, folder, env=env) as process:
        [pid] = engines.noted(folder)
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGTERM
    assert not engines.is_dockerd(pid)
    assert engines.nothing_left(folder)


def test_a_killed_run_is_tidied_up_by_the_next(env, folder):
    write(folder, "time.sleep(60)")
    with nested.running("-n0", *nested.FRAME, folder, env=env) as process:
        [pid] = engines.noted(folder)
        process.kill()
    assert engines.is_dockerd(pid), "the engine does not notice that its run was killed"
    (folder / "test_unit.py").write_text("def test_next(): pass\n")
    result = nested.run("-n0", *nested.FRAME, folder / "test_unit.py", env=env)
    assert result.code == 0, result.text
    assert not engines.is_dockerd(pid)
    assert engines.nothing_left(folder)
