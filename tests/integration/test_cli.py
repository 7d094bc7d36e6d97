"""The commands on a real engine: JupyterLab comes up and goes, doctor sees, clean removes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.engine.private import dockerd, requirements
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels
from netbook.setup import start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

_PATIENCE = 60


def environment(**more: str) -> dict[str, str]:
    """A reader's, with this Python as it is."""
    return {**os.environ, "NETBOOK_VENV": "none", **more}


def netbook(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netbook", *arguments],
        cwd=start.ROOT,
        env=environment(**env),
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE,
    )


# -- doctor -------------------------------------------------------------------------


def test_doctor_is_one_screen_and_content(docker_host: str, engine: Engine) -> None:
    done = netbook("doctor")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines)
    assert f"Docker {engine.version}" in done.stdout
    assert docker_host in done.stdout
    assert "busybox is there" in done.stdout


def test_doctor_sees_what_is_in_the_way(engine: Engine) -> None:
    bystander = engine.create(ContainerSpec("bbox02", image="busybox", labels={}))
    try:
        engine.start(bystander)
        done = netbook("doctor")
        assert done.returncode == 1
        assert re.search(r"✗ Names +the container name bbox02", done.stdout)
        assert "docker rename bbox02 my-bbox02" in done.stdout
        assert re.search(r"! Foreign +on the default bridge: bbox02", done.stdout)
        assert engine.container("bbox02").state == "running"
    finally:
        engine.remove(bystander)


def test_doctor_says_why_there_is_no_engine() -> None:
    done = netbook("doctor", DOCKER_HOST="unix:///nonexistent/docker.sock")
    assert done.returncode == 1
    assert "unset DOCKER_HOST" in done.stdout


# -- clean --------------------------------------------------------------------------


def test_clean_removes_one_lab_and_leaves_the_other_and_the_foreign(engine: Engine) -> None:
    bystander = engine.create(ContainerSpec("bystander", image="busybox", labels={}))
    other_owner = engine.create(
        ContainerSpec("somebody-elses", image="busybox", labels={labels.OWNER: "ann@desk"})
    )
    with (
        Lab("clean-one", engine=engine, echo=False) as one,
        Lab("clean-two", engine=engine, echo=False) as two,
    ):
        try:
            one.run("clean-bbox01")
            one.create_network("clean-network")
            two.run("clean-bbox02")
            used = one.create_network("clean-used")
            engine.start(bystander)
            engine.connect(used.id, bystander)
            done = netbook("clean", "--lab", "clean-one")
            assert done.returncode == 0
            assert "removed containers clean-bbox01; networks clean-network" in done.stdout
            assert "stays: network clean-used, which is used by bystander\n" in done.stdout
            assert "still open used some of them" in done.stdout
            engine.disconnect(used.id, bystander)
            names = {container.name for container in engine.containers()}
            assert {"clean-bbox02", "bystander", "somebody-elses"} <= names
            assert "clean-bbox01" not in names
            assert "clean-network" not in {network.name for network in engine.networks()}
            assert "networks clean-used\n" in netbook("clean", "--lab", "clean-one").stdout
            again = netbook("clean", "--lab", "clean-one")
            assert "nothing of lab 'clean-one' was there" in again.stdout
        finally:
            engine.remove(bystander)
            engine.remove(other_owner)


def test_clean_without_an_engine_says_so() -> None:
    done = netbook("clean", DOCKER_HOST="unix:///nonexistent/docker.sock")
    assert done.returncode == 0
    assert "No engine runs" in done.stdout
    assert "/nonexistent/docker.sock" in done.stdout


# -- lab ----------------------------------------------------------------------------


class Running:
    """`netbook lab`, up to the line that says where JupyterLab is."""

    def __init__(self, *arguments: str, before: tuple[str, ...] = (), **env: str) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "netbook", "lab", "--no-browser", *arguments],
            cwd=start.ROOT,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self.said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(f"JupyterLab did not come up:\n{self.said}")

    @property
    def url(self) -> str:
        found = re.search(r"JupyterLab: (\S+)", self.said)
        assert found is not None
        return found[1]

    def jupyter(self) -> psutil.Process:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in children if "jupyterlab" in child.cmdline())

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=_PATIENCE)[0]
        return self.process.returncode


@pytest.fixture
def lab_command(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts labs, and ends those that a failing test leaves."""
    running: list[Running] = []

    def begin(*arguments: str, **more: object) -> Running:
        settings = {"JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "JUPYTER_CONFIG_DIR": str(tmp_path)}
        running.append(Running(*arguments, **{**settings, **more}))  # type: ignore[arg-type]
        return running[-1]

    yield begin
    for left in running:
        if left.process.poll() is None:
            left.end()
        assert left.process.stdout is not None
        left.process.stdout.close()


def status(url: str) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return int(opener.open(url, timeout=20).status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_lab_serves_the_book_to_who_has_the_token(
    docker_host: str, lab_command: Callable[..., Running], engine: Engine
) -> None:
    lab = lab_command()
    assert f"✓ Docker {engine.version} at {docker_host}" in lab.said
    base, _, token = lab.url.partition("/lab")
    assert base.startswith("http://127.0.0.1:")
    token = token.partition("?token=")[2]
    assert status(lab.url) == 200
    assert status(f"{base}/api/contents/netbook?token={token}") == 200  # the book's folder is the root
    assert status(f"{base}/api/contents/netbook") == 403
    assert lab.jupyter().environ()["DOCKER_HOST"] == docker_host
    jupyter = lab.jupyter()
    assert lab.end() == 0
    assert not jupyter.is_running()
    assert engine.info()["ID"]  # the reader's engine goes on


def test_two_labs_get_two_ports_and_end_each_in_its_way(lab_command: Callable[..., Running]) -> None:
    first, second = lab_command(), lab_command()
    assert first.url.split("/")[2] != second.url.split("/")[2]
    port = second.url.split("/")[2].partition(":")[2]
    taken = netbook("lab", "--no-browser", "--port", port)
    assert taken.returncode == 1
    assert f"Port {port} is in use by " in taken.stderr
    assert "--port" in taken.stderr
    assert first.end(signal.SIGINT) == 0  # Ctrl-C
    assert "Traceback" not in first.said
    second.jupyter().kill()
    assert second.process.wait(_PATIENCE) == 128 + signal.SIGKILL  # Jupyter's code comes through


@pytest.mark.skipif(requirements.problem() is not None, reason=str(requirements.problem()))
@pytest.mark.skipif(not shutil.which("unshare"), reason="no network namespaces")
def test_lab_starts_an_engine_if_there_is_none_and_stops_it_at_the_end(
    lab_command: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a network namespace of its own, so that its docker0 is in nobody's way."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    state = Path(tempfile.mkdtemp(prefix="nb-"))
    apart = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    try:
        lab = lab_command(before=apart, NETBOOK_ENGINE="private", NETBOOK_STATE=str(state))
        daemon = dockerd.PrivateEngine(state)
        assert daemon.pid is not None
        assert lab.jupyter().environ()["DOCKER_HOST"] == daemon.url
        assert lab.end() == 0
        assert daemon.pid is None
        assert not daemon.socket.exists()
        monkeypatch.setenv("NETBOOK_ENGINE", "private")
        # what the embedded engine and clusters have in this user's cache is not the test's
        cleaned = netbook("clean", "--all", NETBOOK_STATE=str(state), XDG_CACHE_HOME=str(state / "cache"))
        assert "removed the private engine's data" in cleaned.stdout
        assert not state.exists()
    finally:
        shutil.rmtree(state, ignore_errors=True)
