"""What the helpers cannot do, tried for real from inside them, and that they end with their kernel."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from docker import APIClient

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, tcpdump
from netbook.engine.private.dockerd import PrivateEngine
from netbook.model.programs import ExecResult
from netbook.observer.helper import create
from netbook.trace.capture import CAPABILITIES, ROLE


@pytest.fixture
def confined(lab: Lab) -> Lab:
    if not any(option.startswith("name=seccomp") for option in lab.engine.security):
        pytest.skip("this engine's kernel has no seccomp: what the filter shuts stays open there")
    return lab


@pytest.fixture
def host(mortal: tuple[PrivateEngine, Engine]) -> tuple[int, Lab]:
    """A process of the engine's host in the host's mount namespace, and a lab there."""
    daemon, engine = mortal
    assert daemon.pid
    return daemon.pid, Lab("shut", engine=engine, echo=False)


def sh(lab: Lab, command: str) -> ExecResult:
    return lab.workspace.observer.exec("sh", "-c", command)


def until(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_no_way_from_the_observer_to_the_hosts_files_is_open_for_writing(
    host: tuple[int, Lab], tmp_path: Path
) -> None:
    pid, lab = host
    root = f"/proc/{pid}/root"
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    there = f"{root}{victim}"
    assert sh(lab, f"cat {there}").stdout == "as it was"  # the way is there: README says so
    denied = "Operation not permitted"
    refused = {
        f"nsenter -t {pid} -m cp /bin/busybox {tmp_path}/new": "'mnt': Operation not permitted",
        f"echo gone > {there}": denied,
        f"echo more >> {there}": denied,
        f"echo x 1<>{there}": denied,
        f"dd if=/proc/version of={there} conv=notrunc": denied,
        f"rm {there}": denied,
        f"mv {there} {there}.moved": denied,
        f"chmod 777 {there}": denied,
        f"ln -s x {there}.link": denied,
        f"mkdir {there}.d": denied,
        f"mknod {there}.node b 8 0": denied,
        f"sysctl -w kernel.hostname=mine; echo mine > {root}/proc/sys/kernel/hostname": denied,
        f"chroot {root} true": denied,
        "mount -t tmpfs none /tmp": "permission denied",
        f"mount -o bind {root} /tmp": "permission denied",
        "umount /proc": denied,
        "unshare -m true": denied,
        f"kill -0 {pid}": denied,
        "echo x > /tmp/x": denied,
        "hostname mine": denied,
        "ip link set lo down": denied,
    }
    for command, why in refused.items():
        said = sh(lab, command)
        assert not said.ok, command
        assert why in said.stderr, f"{command}: {said.text}"
    assert [path.name for path in tmp_path.iterdir()] == ["victim"]
    assert victim.read_text() == "as it was"
    assert victim.stat().st_mode & 0o777 != 0o777


def test_the_observer_still_looks(confined: Lab) -> None:
    confined.run("one")
    assert confined.snapshot().box("one").mode == "own"
    assert sh(confined, "ping -c 1 -W 1 127.0.0.1").ok
    assert "NoNewPrivs:\t1" in sh(confined, "cat /proc/self/status").stdout


def test_no_unix_socket_leads_to_the_engine(host: tuple[int, Lab]) -> None:
    pid, lab = host
    where = lab.engine.where.removeprefix("unix://")
    assert Path(where).is_socket()
    said = sh(lab, f"ls /proc/{pid}/root{where} && nc local:/proc/{pid}/root{where} </dev/null")
    assert not said.ok
    # busybox's nc may have no Unix sockets, so by a program that has
    python = _python_of_the_host(pid)
    program = f"import socket; socket.socket(socket.AF_UNIX).connect('/proc/{pid}/root{where}')"
    said = lab.workspace.observer.exec(*python, "-c", program)
    assert "PermissionError: [Errno 1]" in said.stderr, said.text


def test_code_of_a_strangers_own_writes_no_file(host: tuple[int, Lab], tmp_path: Path) -> None:
    """By runc's way of opening, too, which the filter has to let pass."""
    pid, lab = host
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    there = f"/proc/{pid}/root{victim}"
    python = _python_of_the_host(pid)
    opened = f"import os; f = os.open('{there}', os.O_WRONLY | os.O_CLOEXEC); print('opened', flush=True); "
    said = lab.workspace.observer.exec(*python, "-c", f"{opened} os.write(f, b'gone')")
    assert "opened" in said.stdout, said.text
    assert not said.ok
    other = f"import os; os.open('{there}', os.O_RDWR | os.O_CLOEXEC)"
    assert "PermissionError" in lab.workspace.observer.exec(*python, "-c", other).stderr
    limits = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (9, 9))"
    assert not lab.workspace.observer.exec(*python, "-c", limits).ok
    assert victim.read_text() == "as it was"


def _python_of_the_host(pid: int) -> tuple[str, ...]:
    """Run this Python from inside a helper: an attacker's program that is not busybox."""
    root = f"/proc/{pid}/root"
    real = Path(sys.executable).resolve()
    listed = subprocess.run(["ldd", str(real)], capture_output=True, text=True, check=True).stdout
    paths = [Path(word).resolve() for word in listed.split() if word.startswith("/")]
    loader = next(path for path in paths if path.name.startswith("ld-"))
    folders = sorted({f"{root}{path.parent}" for path in paths})
    home = f"{root}{sys.base_prefix}"
    return (
        *("env", f"PYTHONHOME={home}", f"LD_LIBRARY_PATH={':'.join(folders)}"),
        *(f"{root}{loader}", f"{root}{real}", "-S", "-B"),
    )


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_the_observer_ends_with_its_kernel(engine: Engine, signum: int) -> None:
    script = (
        "import os, time; from netbook import Lab; lab = Lab('mortal', echo=False); lab.snapshot()\n"
        "print(lab.workspace.observer.helper, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as kernel:
        assert kernel.stdout
        helper = kernel.stdout.readline().strip()
        assert engine.container(helper).state == "running"
        kernel.send_signal(signum)
    assert until(lambda: engine.containers("mortal") == [], 5)


def test_the_capture_helper_ends_with_its_kernel(engine: Engine) -> None:
    script = (
        "import os; from netbook import Lab\n"
        "from netbook.engine.images import tcpdump; from netbook.trace.capture import Capture, Plan\n"
        "lab = Lab('traced', echo=False); tcpdump.ensure(lab.engine)\n"
        "Capture(lab.engine, 'traced', Plan((0,), (), 'icmp')).__enter__()\n"
        "print(len(lab.engine.containers('traced')), flush=True); os.kill(os.getpid(), 9)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert said.stdout.split() == ["2"], said.stderr  # the claim, which does not run, and the capture
    assert until(lambda: [c.state for c in engine.containers("traced")] == ["created"], 5)
    Lab("traced", engine=engine, echo=False).clean()


def test_the_capture_helper_enters_network_namespaces_only(confined: Lab) -> None:
    tcpdump.ensure(confined.engine)
    made = create(
        confined.engine,
        confined.name,
        ROLE,
        image=tcpdump.NAME,
        capabilities=CAPABILITIES,
        folder="/capture",
    )
    try:
        made.start()
        box = confined.engine.container(confined.run("one").id)
        for flag, ok in (("-n", True), ("-m", False)):
            said = confined.engine.exec(made.id, ("nsenter", "-t", str(box.pid), flag, "true"))
            assert said.ok is ok, said.text
        config = confined.engine.inspect(made.id)["HostConfig"]
        assert (config["CapDrop"], config["ReadonlyRootfs"]) == (["ALL"], True)
        for command in ("mount -t tmpfs none /tmp", "unshare -m true", "touch /x", "mknod /capture/x c 1 3"):
            assert not confined.engine.exec(made.id, ("sh", "-c", command)).ok, command
    finally:
        made.close()


class _Remapped(PrivateEngine):
    """`userns-remap`: root in its containers is another user outside. The ids are in an /etc of its own."""

    def _config(self) -> Path:
        path = super()._config()
        path.write_text(json.dumps({**json.loads(path.read_text()), "userns-remap": "nobody:nogroup"}))
        shutil.copytree("/etc", self.directory / "etc", symlinks=True)
        for name in ("subuid", "subgid"):
            (self.directory / "etc" / name).write_text("nobody:200000:65536\n")
        return path

    def _spawn(self, command: list[str], mode: Literal["wb", "ab"] = "wb") -> int:
        own = 'mount --bind "$0/etc" /etc && exec "$@"'
        return super()._spawn(["unshare", "--mount", "sh", "-c", own, str(self.directory), *command], mode)


@pytest.fixture
def remapped(place_for_engines: Path | None) -> Iterator[Engine]:
    if place_for_engines is None:
        pytest.skip("the reader's engine is not ours to set up")
    directory = Path(tempfile.mkdtemp(prefix="nb-"))
    directory.chmod(0o711)  # or the daemon refuses: its containers' root could not enter
    daemon = _Remapped(directory, isolated=True)
    try:
        daemon.start()
        engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
        yield engine
        engine.close()
    finally:
        daemon.stop()
        shutil.rmtree(directory)


def test_an_engine_that_remaps_users_is_read(remapped: Engine) -> None:
    assert "name=userns" in remapped.security
    busybox.ensure(remapped)
    with Lab("remapped", engine=remapped, echo=False) as lab:
        one = lab.run("one")
        assert "Uid:\t200000" in Path(f"/proc/{one.info.pid}/status").read_text()
        assert lab.snapshot().box("one").mode == "own"
        assert "reply came back" in lab.trace(one, lab.run("two")).outcome
        far = lab.run("far", network=lab.create_network("beyond", subnet="10.96.0.0/24"))
        assert lab.why(one, far).step == "rule"  # all helpers are in the host's namespaces
        assert "the host has no route to 198.51.100.9" in repr(lab.why(one, "198.51.100.9"))
