"""Rung 2: a Docker daemon of our own, beside whatever the machine has.

    dockerd --host unix://DIR/docker.sock --data-root DIR/data --exec-root DIR/exec …

It needs Linux, root and the programs of Debian's `docker.io`. `isolated` puts it
into a network namespace of its own (`unshare --net`): no uplink, but also no
shared docker0 and no shared firewall, so several can run side by side.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests.exceptions
from docker import APIClient
from docker.errors import DockerException

from netbook.engine import firewall, leftovers
from netbook.engine.knock import knock
from netbook.engine.lease import Lease, alone
from netbook.errors import NoEngine

PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"  # root by su lacks these
PROGRAMS = {
    "dockerd": "docker.io",
    "containerd": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "ip": "iproute2",
}
CAPABILITIES = {"NET_ADMIN": 12, "SYS_ADMIN": 21}  # their bits: linux/capability.h
_LONGEST = 106 - len("/exec/containerd/containerd-debug.sock")  # bytes; containerd refuses a longer socket
_PATIENCE = 60  # seconds; a cold start on a slow disk takes ten


def state_directory() -> Path:
    """Where the private engine lives: NETBOOK_STATE, or /var/lib/netbook."""
    return Path(os.environ.get("NETBOOK_STATE") or "/var/lib/netbook").absolute()


def missing_programs() -> dict[str, str]:
    """Programs that are not installed → the Debian package that has them."""
    return {name: package for name, package in PROGRAMS.items() if not shutil.which(name, path=PATH)}


def missing_capabilities() -> list[str]:
    """What root lacks here, as in a container that is not privileged."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    held = int(status["CapEff"], 16)
    return [name for name, bit in CAPABILITIES.items() if not held >> bit & 1]


def problem() -> str | None:
    """Why no private engine can run here, as a sentence; None if it can."""
    if sys.platform != "linux":
        return f"a private engine needs Linux; this is {sys.platform}"
    if os.geteuid() != 0:
        return f"a private engine needs root; you are uid {os.geteuid()}"
    if missing := missing_programs():
        return f"a private engine needs {', '.join(missing)}: not installed"
    if lacking := missing_capabilities():
        return f"a private engine needs the capabilities {', '.join(lacking)}, which root lacks in here"
    return None


def remedy() -> str:
    """What would let a private engine run here; "" if nothing simple would."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return ""
    if missing := missing_programs():
        return f"run `apt-get install -y --no-install-recommends {' '.join(sorted(set(missing.values())))}`"
    if missing_capabilities():
        socket = "/var/run/docker.sock"
        return f"start this container with --privileged, or give it an engine's socket: -v {socket}:{socket}"
    return ""


class PrivateEngine:
    """A dockerd in `directory`; `start` joins one that runs there already."""

    def __init__(self, directory: Path | None = None, *, isolated: bool = False) -> None:
        self.directory = directory or state_directory()
        self.isolated = isolated
        self._lease: Lease | None = None

    @property
    def socket(self) -> Path:
        return self.directory / "docker.sock"

    @property
    def url(self) -> str:
        """As DOCKER_HOST would say it."""
        return f"unix://{self.socket}"

    @property
    def log(self) -> Path:
        return self.directory / "dockerd.log"

    @property
    def pid(self) -> int | None:
        """The daemon's process, if it lives; a pid that was given to another program does not count."""
        try:
            pid = int((self.directory / "dockerd.pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.url) in command else None

    def answers(self) -> bool:
        """Does a daemon answer on our socket?"""
        return self.socket.exists() and not knock(self.socket)

    def start(self) -> str:
        """Start it, or join it; returns its DOCKER_HOST value.

        Errors: NoEngine with the daemon's last words.
        """
        if why := problem():
            raise NoEngine(why[0].upper() + why[1:] + ".", remedy="run `python3 -m netbook doctor`")
        if len(os.fsencode(self.directory)) > _LONGEST:
            raise NoEngine(
                f"The path {self.directory} is too long for the sockets of a private engine: "
                f"at most {_LONGEST} bytes.",
                remedy="set NETBOOK_STATE to a folder with a shorter path",
            )
        self._lease = self._lease or Lease(self.directory)
        try:
            with alone(self.directory):
                if not self.answers():
                    self._launch()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> bool:
        """Leave; stop the daemon if nobody else uses it. True if it was stopped."""
        lease, self._lease = self._lease, None
        if lease is None or not lease.release():
            return False
        try:
            self._end()
        finally:
            lease.done()
        return True

    def _launch(self) -> None:
        self._end()  # one that hangs, or was killed half-way
        if not self.isolated:
            firewall.remember(self.directory / "firewall.json")
        command = [
            "dockerd",
            *("--host", self.url),
            *("--data-root", str(self.directory / "data")),
            *("--exec-root", str(self.directory / "exec")),
            *("--pidfile", str(self.directory / "dockerd.pid")),
            *("--config-file", str(self._config())),
        ]
        if self.isolated:
            command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]
        pid = self._spawn(command)
        deadline = time.monotonic() + _PATIENCE
        while not self.answers():
            if not leftovers.is_alive(pid):
                how = "ended while it was starting"
            elif time.monotonic() > deadline:
                how = f"did not answer within {_PATIENCE} s"
            else:
                time.sleep(0.05)
                continue
            raise NoEngine(
                f"The private dockerd {how}:\n{self._last_words()}", remedy=f"the whole log is in {self.log}"
            )

    def _spawn(self, command: list[str]) -> int:
        """Start a process that is not our child, for it may outlive us; returns its pid."""
        with self.log.open("wb") as log:
            shell = subprocess.run(
                ["sh", "-c", 'setsid "$@" <&- >&2 & echo $!', "sh", *command],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PATH": PATH},
                check=True,
            )
        return int(shell.stdout)

    def _config(self) -> Path:
        """A configuration of its own: /etc/docker/daemon.json is the reader's, not ours.

        Isolated, no DNS server can be reached: asked for an unknown name, containers shall hear so
        at once and not after ten seconds. Old engines need `ndots` for that on networks of one's own.
        """
        path = self.directory / "daemon.json"
        settings = {"dns": ["127.0.0.1"], "dns-opts": ["ndots:1"]} if self.isolated else {}
        path.write_text(json.dumps(settings) + "\n")
        return path

    def _last_words(self, lines: int = 4) -> str:
        text = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(f"    {line[:200]}" for line in text[-lines:])

    def _kill_containers(self) -> None:
        """They end with their engine. dockerd would ask each for ten seconds, and `sh` never listens."""
        if not self.answers():
            return
        api = APIClient(base_url=self.url, version="1.41", timeout=10)
        try:
            for container in api.containers():
                api.kill(container["Id"])
        except (DockerException, requests.exceptions.RequestException):
            pass  # it ended meanwhile; SIGTERM does the rest
        finally:
            api.close()

    def _end(self) -> None:
        """Stop the daemon and wait; then put the firewall and docker0 back as they were."""
        if pid := self.pid:
            self._kill_containers()
            os.kill(pid, signal.SIGTERM)
            if not self._gone(pid, 20):
                os.kill(pid, signal.SIGKILL)
                self._gone(pid, 5)
        leftovers.end(self.directory)
        self.socket.unlink(missing_ok=True)
        (self.directory / "dockerd.pid").unlink(missing_ok=True)
        if not self.isolated:
            firewall.restore(self.directory / "firewall.json")

    @staticmethod
    def _gone(pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not leftovers.is_alive(pid):
                return True
            time.sleep(0.02)
        return False
