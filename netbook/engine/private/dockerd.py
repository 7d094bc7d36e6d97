"""Rung 2: a Docker daemon of our own, beside whatever the machine has.

    unshare --net --mount dockerd --host unix://DIR/docker.sock --data-root DIR/data --exec-root DIR/exec …

It needs Linux, root and the programs of Debian's `docker.io`. It lives in a network
namespace of its own: its docker0, its firewall rules and its forwarding are not the
machine's, so there is nothing to put back, whatever ends it, and several can run side
by side. slirp4netns, where it is installed, is its way out; `isolated` has none.
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
from typing import Literal

import requests.exceptions
from docker import APIClient
from docker.errors import DockerException

from netbook.engine.client.knock import knock
from netbook.engine.lease import Lease, alone, is_held
from netbook.engine.private import leftovers, requirements
from netbook.errors import NoEngine
from netbook.ownership import labels

_LONGEST = 106 - len("/exec/containerd/containerd-debug.sock")  # bytes; containerd refuses a longer socket
_RESOLVER = "10.0.2.3"  # slirp4netns asks whom the machine asks
_LEAVING = 5  # seconds for the keeper to follow its engine
# Each container's start runs dockerd three times more, and each would tidy its memory before it has done
# anything: a fifth of all that a start costs, for 55 MB.
FEW_COLLECTIONS = {"GOGC": "800"}
_PATIENCE = 60  # seconds; a cold start on a slow disk takes ten


def state_directory() -> Path:
    """Where the private engine lives: NETBOOK_STATE, or /var/lib/netbook."""
    return Path(os.environ.get("NETBOOK_STATE") or "/var/lib/netbook").absolute()


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
    def uplink(self) -> Path:
        """A file that is there when its way out is; in it, what went wrong."""
        return self.directory / "uplink"

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
        if why := requirements.problem():
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
                    self._keep()  # the one of the engine before may be leaving still: this one waits for it
                elif not is_held(self.directory / "keeper"):
                    self._keep()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> bool:
        """Leave; stop the daemon if nobody else uses it. True if it was stopped."""
        lease, self._lease = self._lease, None
        if lease is None or not self._ended(lease):
            return False
        deadline = time.monotonic() + _LEAVING
        while is_held(self.directory / "keeper") and time.monotonic() < deadline:
            time.sleep(0.02)
        return True

    def end_unless_used(self) -> bool:
        """For the keeper: stop the daemon if nobody holds a lease. True if it was stopped."""
        return self._ended(Lease(self.directory))

    def _ended(self, lease: Lease) -> bool:
        """Give the lease back; if it was the last one, stop the daemon before anybody can join."""
        if not lease.release():
            return False
        try:
            self._end()
        finally:
            lease.done()
        return True

    def _launch(self) -> None:
        self._end()  # one that hangs, or was killed half-way
        command = [
            "dockerd",
            *("--host", self.url),
            *("--data-root", str(self.directory / "data")),
            *("--exec-root", str(self.directory / "exec")),
            *("--pidfile", str(self.directory / "dockerd.pid")),
            *("--config-file", str(self._config())),
        ]
        namespaces, prepare = ["--net"], "ip link set lo up"
        resolver = self.directory / "resolv.conf"
        resolver.unlink(missing_ok=True)
        if self._has_way_out():
            resolver.write_text(f"nameserver {_RESOLVER}\n")
            namespaces, prepare = ["--net", "--mount"], f'{prepare} && mount --bind "$0" /etc/resolv.conf'
        pid = self._spawn(
            ["unshare", *namespaces, "sh", "-c", f'{prepare} && exec "$@"', str(resolver), *command]
        )
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

    def cut_off(self) -> str:
        """Why its containers have no way out; "" if they have one."""
        if not self._has_way_out():
            return "slirp4netns is not installed" if not self.isolated else "it is isolated"
        try:
            return self.uplink.read_text()
        except OSError:
            return f"slirp4netns is not there; {self.log} may say why"

    def _has_way_out(self) -> bool:
        return not self.isolated and bool(shutil.which("slirp4netns", path=requirements.PATH))

    def _keep(self) -> None:
        """Start the process that looks after the engine; wait for its way out."""
        self.uplink.unlink(missing_ok=True)
        keeper = [sys.executable, "-P", "-m", "netbook.engine.private.keeper", str(self.directory)]
        self._spawn(keeper, mode="ab")
        deadline = time.monotonic() + _PATIENCE
        promised = (self.directory / "resolv.conf").exists()  # to the dockerd that runs
        while promised and not self.uplink.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _spawn(self, command: list[str], mode: Literal["wb", "ab"] = "wb") -> int:
        """Start a process that is not our child, for it may outlive us; returns its pid."""
        library = str(Path(__file__).parents[3])
        known = os.pathsep.join(filter(None, [library, os.environ.get("PYTHONPATH")]))
        with self.log.open(mode) as log:
            shell = subprocess.run(
                ["sh", "-c", 'setsid "$@" <&- >&2 & echo $!', "sh", *command],
                stdout=subprocess.PIPE,
                stderr=log,
                env=FEW_COLLECTIONS | {**os.environ, "PATH": requirements.PATH, "PYTHONPATH": known},
                check=True,
            )
        return int(shell.stdout)

    def _config(self) -> Path:
        """A configuration of its own: /etc/docker/daemon.json is the reader's, not ours.

        Without a way out, no DNS server can be reached: asked for an unknown name, containers shall hear
        so at once and not after ten seconds. Old engines need `ndots` for that on networks of one's own.
        """
        path = self.directory / "daemon.json"
        settings = {"labels": [f"{labels.ENGINE}=private"]}
        if not self._has_way_out():
            settings |= {"dns": ["127.0.0.1"], "dns-opts": ["ndots:1"]}
        path.write_text(json.dumps(settings) + "\n")
        return path

    def _last_words(self, lines: int = 4) -> str:
        text = self.log.read_text(errors="replace").strip().splitlines()
        return "\n".join(f"    {line[:200]}" for line in text[-lines:])

    def _kill_containers(self) -> None:
        """They end with their engine. dockerd would ask each for ten seconds, and `sh` never listens."""
        if not self.answers():
            return
        api = APIClient(base_url=self.url, version="auto", timeout=10)
        try:
            for container in api.containers():
                api.kill(container["Id"])
        except (DockerException, requests.exceptions.RequestException):
            pass  # it ended meanwhile; SIGTERM does the rest
        finally:
            api.close()

    def _end(self) -> None:
        """Stop the daemon and wait; its network namespace goes with it."""
        if pid := self.pid:
            self._kill_containers()
            os.kill(pid, signal.SIGTERM)
            if not self._gone(pid, 20):
                os.kill(pid, signal.SIGKILL)
                self._gone(pid, 5)
        leftovers.end(self.directory)
        self.socket.unlink(missing_ok=True)
        (self.directory / "dockerd.pid").unlink(missing_ok=True)

    @staticmethod
    def _gone(pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not leftovers.is_alive(pid):
                return True
            time.sleep(0.02)
        return False
