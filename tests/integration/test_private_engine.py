"""Rung 2: a dockerd of our own starts, is shared, dies, is replaced, and leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from netbook.engine import image, private
from netbook.engine.api import Engine
from netbook.engine.private import PrivateEngine
from netbook.errors import EngineGone, NoEngine

pytestmark = pytest.mark.skipif(private.problem() is not None, reason=str(private.problem()))


@pytest.fixture
def directory() -> Iterator[Path]:
    """Short, for a unix socket's path has 108 bytes."""
    made = Path(tempfile.mkdtemp(prefix="nb-"))
    yield made
    shutil.rmtree(made)


def processes_of(directory: Path) -> list[str]:
    mark = os.fsencode(str(directory))
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if mark in command and b"dockerd" in command + b"containerd":
            found.append(command.replace(b"\0", b" ").decode())
    return found


def connect(daemon: PrivateEngine) -> Engine:
    return Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)


def test_starts_answers_stops_and_leaves_nothing(directory: Path) -> None:
    daemon = PrivateEngine(directory, isolated=True)
    assert daemon.start() == f"unix://{directory}/docker.sock"
    engine = connect(daemon)
    assert {n.name for n in engine.networks()} == {"bridge", "host", "none"}
    engine.close()
    assert daemon.stop() is True
    assert not daemon.socket.exists()
    assert processes_of(directory) == []
    assert str(directory) not in Path("/proc/mounts").read_text()


def test_the_last_user_stops_it(directory: Path) -> None:
    first, second = PrivateEngine(directory, isolated=True), PrivateEngine(directory, isolated=True)
    first.start()
    pid = first.pid
    second.start()
    assert second.pid == pid
    assert first.stop() is False
    assert second.answers()
    assert second.stop() is True
    assert not second.answers()


def test_two_processes_that_start_at_once_share_one(directory: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from netbook.engine.private import PrivateEngine\n"
        "daemon = PrivateEngine(Path(sys.argv[1]), isolated=True); daemon.start()\n"
        "print(daemon.pid, flush=True); input(); daemon.stop()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    pids = {process.stdout.readline() for process in both if process.stdout}
    for process in both:
        process.communicate("\n")
        assert process.returncode == 0
    assert len(pids) == 1
    assert processes_of(directory) == []


def test_a_user_that_was_killed_does_not_hold_it(directory: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from netbook.engine.private import PrivateEngine\n"
        "PrivateEngine(Path(sys.argv[1]), isolated=True).start(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(directory)], check=False).returncode == -9
    daemon = PrivateEngine(directory, isolated=True)
    assert daemon.answers()  # it outlived its user
    daemon.start()
    assert daemon.stop() is True


def test_a_killed_daemon_is_an_error_then_replaced(directory: Path) -> None:
    daemon = PrivateEngine(directory, isolated=True)
    daemon.start()
    engine = connect(daemon)
    assert daemon.pid is not None
    os.kill(daemon.pid, signal.SIGKILL)
    assert daemon._gone(daemon.pid, 5)
    with pytest.raises(EngineGone, match="does not answer any more") as caught:
        engine.containers()
    assert "doctor" in caught.value.remedy
    engine.close()
    daemon.start()  # the socket is stale, containerd is an orphan
    assert daemon.answers()
    assert daemon.stop() is True
    assert processes_of(directory) == []


def test_a_daemon_that_ends_while_starting_says_its_last_words(directory: Path) -> None:
    (directory / "data").write_text("a file where dockerd wants a folder")
    daemon = PrivateEngine(directory, isolated=True)
    with pytest.raises(
        NoEngine, match=r"(?s)ended while it was starting.*canonical path points to a file"
    ) as caught:
        daemon.start()
    assert str(daemon.log) in caught.value.remedy
    assert processes_of(directory) == []


def test_containers_end_with_it_at_once(directory: Path) -> None:
    daemon = PrivateEngine(directory, isolated=True)
    daemon.start()
    engine = connect(daemon)
    image.ensure(engine)
    made = engine.create("stubborn", image="busybox", marks={})  # `sh` as pid 1 ignores SIGTERM
    engine.start(made)
    engine.close()
    assert daemon.stop() is True
    assert processes_of(directory) == []


def test_firewall_and_bridges_are_put_back(directory: Path) -> None:
    """Not isolated, as a reader runs it; the machine is a network namespace made for this test."""
    script = """
import subprocess, sys
from pathlib import Path
from netbook.engine import ladder, image
from netbook.engine.private import PrivateEngine
import os

def state():
    rules = [subprocess.run([p, "-t", t, "-S"], capture_output=True, text=True).stdout
             for p in ("iptables", "ip6tables") for t in ("filter", "nat")]
    links = sorted(line.split(":")[1].strip() for line in
                   subprocess.run(["ip", "-o", "link"], capture_output=True, text=True).stdout.splitlines())
    return rules, links

subprocess.run(["iptables", "-A", "INPUT", "-p", "tcp", "--dport", "9", "-j", "DROP"], check=True)
before = state()
daemon = PrivateEngine(Path(sys.argv[1]))
os.environ["DOCKER_HOST"] = daemon.start()
engine = ladder.find()
engine.create_network("left", marks={})
during = state()
engine.close()
subprocess.run(["iptables", "-A", "INPUT", "-p", "tcp", "--dport", "11", "-j", "DROP"], check=True)
assert daemon.stop()
after = state()
assert during != before, "dockerd changed nothing?"
assert "--dport 11" in after[0][0], "a rule of the reader's was lost"
after[0][0] = "".join(l for l in after[0][0].splitlines(True) if "--dport 11" not in l)
assert after == before, (before, after)
"""
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", script, str(directory)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
