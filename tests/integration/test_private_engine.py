"""Rung 2: a dockerd of our own starts, is shared, dies, is replaced, and leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from docker import APIClient

from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.lease import is_held
from netbook.engine.private import requirements
from netbook.engine.private.dockerd import PrivateEngine
from netbook.errors import EngineGone, NoEngine
from netbook.model.spec import ContainerSpec

pytestmark = pytest.mark.skipif(requirements.problem() is not None, reason=str(requirements.problem()))


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
        "import sys; from pathlib import Path; from netbook.engine.private.dockerd import PrivateEngine\n"
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
        "import os, sys; from pathlib import Path; from netbook.engine.private.dockerd import PrivateEngine\n"
        "PrivateEngine(Path(sys.argv[1]), isolated=True).start(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(directory)], check=False).returncode == -9
    daemon = PrivateEngine(directory, isolated=True)
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
    busybox.ensure(engine)
    made = engine.create(ContainerSpec("stubborn", "busybox"))  # `sh` as pid 1 ignores SIGTERM
    engine.start(made)
    engine.close()
    assert daemon.stop() is True
    assert processes_of(directory) == []


_READER = """
import os, sys, time
from pathlib import Path
from netbook.engine import ladder
from netbook.engine.images import busybox
from netbook.engine.lease import is_held
from netbook.engine.private.dockerd import PrivateEngine
from netbook.model.docker import Publication
from netbook.model.spec import ContainerSpec, NetworkSpec, Pool
daemon = PrivateEngine(Path(sys.argv[1]))
os.environ["DOCKER_HOST"] = daemon.start()
engine = ladder.find()
engine.images.load(busybox.root_filesystem(), "busybox", ['CMD ["sh"]'])
"""


def in_a_machine_of_its_own(directory: Path, code: str) -> subprocess.CompletedProcess[str]:
    """As a reader runs it; the machine is a network namespace made for this test."""
    return subprocess.run(
        ["unshare", "--net", sys.executable, "-c", _READER + code, str(directory)],
        check=False,
        capture_output=True,
        text=True,
    )


_STATE = """
import glob, subprocess
def state():
    run = lambda *argv: subprocess.run(argv, capture_output=True, text=True).stdout
    rules = [run(p, "-t", t, "-S") for p in ("iptables", "ip6tables") for t in ("filter", "nat", "raw")]
    paths = sorted(glob.glob("/proc/sys/net/ipv[46]/**/*forward*", recursive=True))
    settings = {path: Path(path).read_text() for path in paths if os.access(path, os.R_OK)}
    return rules, [line.split(":")[1] for line in run("ip", "-o", "link").splitlines()], settings
"""


def test_the_machines_network_is_not_touched(directory: Path) -> None:
    """Neither while it runs nor after: not its rules, links and forwarding, and not a VPN's new rule."""
    code = f"""{_STATE}
before = state()
for family in (False, True):
    subnet = "fd97:9::/64" if family else "10.97.9.0/24"
    engine.create_network(NetworkSpec(f"net{{family}}", ipv6=family, pools=(Pool(subnet),)))
made = engine.create(ContainerSpec("one", "busybox", publish=(Publication("127.0.0.1", 18080, 80),)))
engine.start(made)
assert state() == before
vpn = ("iptables", "-t", "nat", "-A", "POSTROUTING", "-s", "10.8.0.0/24", "-j", "MASQUERADE")
subprocess.run(vpn, check=True)
with_vpn = state()
engine.close()
assert daemon.stop()
assert state() == with_vpn
assert "10.8.0.0/24" in str(with_vpn)
"""
    done = in_a_machine_of_its_own(directory, code)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("slirp4netns"), reason="slirp4netns is not installed: no way out")
def test_its_containers_have_a_way_out_and_none_to_this_machines_loopback(directory: Path) -> None:
    code = """
import socketserver, threading, http.server
def serve(address):
    server = http.server.HTTPServer((address, 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
import subprocess
subprocess.run("ip link set lo up; ip address add 198.51.100.7/32 dev lo", shell=True, check=True)
os.chdir(sys.argv[1])
made = engine.create(ContainerSpec("one", "busybox"))
engine.start(made)
def fetch(address, port):
    ask = f"echo 'GET /dockerd.pid HTTP/1.0\\n' | nc -w 3 {address} {port}"
    return engine.exec(made, ("sh", "-c", ask))
out = fetch("198.51.100.7", serve("198.51.100.7"))
assert out.stdout.endswith(str(daemon.pid)), out
closed = fetch("10.0.2.2", serve("127.0.0.1"))
assert not closed.stdout, closed
assert "10.0.2.3" in engine.exec(made, ("cat", "/etc/resolv.conf")).stdout
engine.close()
assert daemon.stop()
"""
    done = in_a_machine_of_its_own(directory, code)
    assert done.returncode == 0, done.stderr
    left = [p for p in psutil.process_iter(["cmdline"]) if str(directory) in str(p.info["cmdline"])]
    assert not psutil.wait_procs(left, timeout=20)[1]  # the keeper ends just after its dockerd


def test_it_ends_when_its_only_kernel_is_killed(directory: Path) -> None:
    code = """
print(daemon.pid, flush=True)
made = engine.create(ContainerSpec("left", "busybox"))
engine.start(made)
os.kill(os.getpid(), 9)
"""
    done = in_a_machine_of_its_own(directory, code)
    assert done.returncode == -9, done.stderr
    daemon = PrivateEngine(directory)
    deadline = time.monotonic() + 20
    while (daemon.answers() or is_held(directory / "keeper")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert daemon.pid is None
    assert processes_of(directory) == []
    assert str(directory) not in Path("/proc/mounts").read_text()


def test_it_ends_when_its_folder_is_taken_away(directory: Path) -> None:
    daemon = PrivateEngine(directory)
    daemon.start()
    pid = daemon.pid
    assert pid
    beside = [p for p in psutil.process_iter(["cmdline"]) if str(directory) in str(p.info["cmdline"])]
    shutil.rmtree(directory, ignore_errors=True)
    moved = directory.with_name(f"{directory.name}-gone")
    if directory.exists():  # what is mounted there cannot be removed
        directory.rename(moved)
    _, alive = psutil.wait_procs(beside, timeout=30)
    assert alive == []
    daemon._lease = None
    shutil.rmtree(moved, ignore_errors=True)
    directory.mkdir()  # the fixture removes it


def test_a_second_reader_keeps_it(directory: Path) -> None:
    first = in_a_machine_of_its_own(directory, "os.kill(os.getpid(), 9)")
    assert first.returncode == -9
    daemon = PrivateEngine(directory)
    daemon.start()  # before the keeper has looked, or after: it is this one's now
    time.sleep(3)
    assert daemon.answers()
    assert daemon.stop() is True


def test_a_memo_of_an_earlier_edition_changes_nothing(directory: Path) -> None:
    """It said how the machine was when an engine was killed, perhaps weeks ago."""
    (directory / "firewall.json").write_text('{"rules": {"iptables nat": []}, "links": [], "forward": "0"}')
    code = f"""{_STATE}
Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
subprocess.run(["iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"], check=True)
before = state()
engine.close()
assert daemon.stop()
assert state() == before
"""
    done = in_a_machine_of_its_own(directory, code)
    assert done.returncode == 0, done.stderr
