"""The process that keeps an embedded engine: it starts its three programs, watches them, and ends them.

    slirp4netns   the guest's way out, and sshd's way in, in user space
    linux.uml     the guest's kernel, an ordinary process
    ssh           brings the guest's docker.sock here, as a socket that only its owner can open

`python3 -m netbook.engine.embedded.keeper FOLDER` runs in the background, one for each folder. It ends
when a program ends, when it is told to (SIGTERM), and, unless somebody asked it to stay, when nobody holds
the folder's lease any more. If it is killed itself, the kernel ends its programs (PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import resource
import selectors
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from netbook.engine.embedded import kernel, orphans, sandbox, scratch, slirp, xstate
from netbook.engine.embedded.files import Files
from netbook.engine.embedded.processor import Processor
from netbook.engine.embedded.programs import Programs
from netbook.engine.embedded.shell import GUEST, new_keys, set_clock, ssh, suspended

_TICK = 1.0  # seconds between two looks at the lease, the clock and the processor
_JUMP = 2.0  # seconds; a smaller difference of the clocks is none
_SHORT, _SLOWEST = 5.0, 2.0  # seconds that a tunnel must hold to count; between two tries, at most
_HINTS: dict[int, str] = {signal.SIGBUS: ": no room was left for its memory"}
_INIT = Path(__file__).with_name("guest") / "init"


class Ended(Exception):
    """The engine is over; the text says why."""


class Keeper:
    """One engine, from its start to its end. `settings` come from netbook.engine.embedded.machine."""

    def __init__(self, files: Files, settings: Mapping[str, Any]) -> None:
        self.files = files
        self.programs = Programs(Path(settings["root"]))
        self.memory = int(settings["memory"])  # MiB
        self.scratch = Path(settings["scratch"])  # a folder for the file that is the guest's memory
        self.stay = bool(settings["stay"])
        self.port = 0
        self._processor = Processor()
        self._held: int | None = None  # the lock of that folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._selector = selectors.DefaultSelector()
        self._guest = b""  # what its console said since the last full line
        self._began = time.monotonic()
        self._suspended = suspended()
        self._connected, self._broken = 0.0, 0  # when the tunnel was made, how often in a row it broke

    def run(self) -> str:
        """Until it ends; returns why."""
        try:
            self.files.forget()  # what a killed one left
            self.scratch, self._held = scratch.take(self.scratch)
            self.files.write_status({"scratch": str(self.scratch), "stay": self.stay})
            new_keys(self.programs, self.files.directory)
            self._network()
            self._kernel()
            while True:
                for key, _ in self._selector.select(_TICK):
                    key.data()
                self._look_at_lease()
                self._look_at_clock()
                self._look_at_processor()
        except Ended as end:
            return str(end)
        except Exception as error:  # noqa: BLE001  # whoever waits for the engine must hear of it
            traceback.print_exc()
            return f"{type(error).__name__}: {error}"
        finally:
            self._end()

    # -- start ----------------------------------------------------------------

    def _network(self) -> None:
        leash, self._leash = os.pipe()  # slirp4netns forks; both halves end when our end of this closes
        self._spawn("slirp4netns", slirp.command(self.programs, leash), pass_fds=[leash])
        os.close(leash)
        self._wait_for(slirp.SOCKET)

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + 10
        while not (self.files.directory / name).exists():
            if time.monotonic() > deadline or self._processes["slirp4netns"].poll() is not None:
                raise Ended("slirp4netns did not start")
            time.sleep(0.01)

    def _forward(self) -> None:
        """A loopback port to the guest's sshd."""
        self._wait_for(slirp.API)  # it is there when the kernel has connected
        try:
            port = slirp.forward(self.files.directory, 22)
        except OSError as why:
            raise Ended(f"no port on 127.0.0.1 could be had for the engine: {why}") from None
        self.port = port
        host_key = (self.files.directory / "guest_key.pub").read_text()
        (self.files.directory / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}")
        told = {"root": str(self.programs.root), "memory": self.memory, "scratch": str(self.scratch)}
        self.files.write_status({"port": port, "stay": self.stay, **told})

    def _kernel(self) -> None:
        (self.files.directory / "uml").mkdir(exist_ok=True)
        init = (_INIT, self.programs.lower, self.files.directory)
        command = kernel.command(self.programs.kernel, self.memory, slirp.SOCKET, init)
        env = {"TMPDIR": str(self.scratch), "HOME": ".", "PATH": os.defpath}
        if kernel.hands_over_a_part(self.programs.kernel):
            env["LD_PRELOAD"] = str(xstate.build(self.programs, self.scratch))
        rules = sandbox.program()

        def confine() -> None:
            self._processor.bind()
            sandbox.enter(rules)

        process = self._spawn("linux.uml", command, confine=confine, console=True, env=env)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, self._console)

    def _tunnel(self) -> None:
        """The guest's docker.sock, here."""
        self.files.socket.unlink(missing_ok=True)
        self._connected = time.monotonic()
        forward = f"{self.files.socket}:/var/run/docker.sock"
        options = ("-o", "ExitOnForwardFailure=yes", "-o", "StreamLocalBindMask=0177", "-N", "-T")
        self._spawn("ssh", ssh(self.programs, self.port, *options, "-L", forward, GUEST))

    def _spawn(
        self,
        name: str,
        command: Sequence[str],
        *,
        confine: Callable[[], None] = lambda: None,
        console: bool = False,
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        def prepare() -> None:
            sandbox.die_with_parent()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            confine()

        process = subprocess.Popen(
            command,
            cwd=self.files.directory,  # short relative names: a unix socket's has at most 107 bytes
            stdin=subprocess.PIPE if console else subprocess.DEVNULL,
            stdout=subprocess.PIPE if console else None,
            env=dict(env) if env is not None else None,
            pass_fds=pass_fds,
            preexec_fn=prepare,  # this process has one thread
        )
        self._processes[name] = process
        self._watch(name, os.pidfd_open(process.pid))
        return process

    def _watch(self, name: str, descriptor: int) -> None:
        def ended() -> None:
            self._selector.unregister(descriptor)
            os.close(descriptor)
            self._over(name)

        self._selector.register(descriptor, selectors.EVENT_READ, ended)

    # -- watch ----------------------------------------------------------------

    def _console(self) -> None:
        output = self._processes["linux.uml"].stdout
        assert output is not None
        said = output.read()
        if said == b"":  # closed: the kernel is ending
            self._selector.unregister(output)
        *lines, self._guest = (self._guest + (said or b"")).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            print(text, flush=True)
            if stage := re.fullmatch(r"@ [\d.]+ (\w+)", text):
                self.files.add_stage(stage[1], time.monotonic() - self._began)
                if stage[1] == "sshd":
                    self._forward()
                    self._tunnel()

    def _over(self, name: str) -> None:
        """One of the programs has ended. Only the tunnel can be made anew."""
        process = self._processes.pop(name)
        code = process.wait()
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        if name != "ssh":
            raise Ended(f"its {name} {how}{_HINTS.get(-code, '')}")
        # no number of tries is enough to end containers: a machine that has just woken up is slow
        self._broken = self._broken + 1 if time.monotonic() - self._connected < _SHORT else 1
        print(f"netbook: ssh {how}; connecting again ({self._broken})", flush=True)
        time.sleep(min(0.1 * self._broken, _SLOWEST))
        self._tunnel()

    def _look_at_lease(self) -> None:
        stays = self.stay or self.files.status().get("stay")  # perhaps it was asked to since
        if not stays and self.files.unused():
            raise Ended("nobody used it any more")

    def _look_at_clock(self) -> None:
        """While this machine was suspended, the guest's clock stood still: put it right."""
        now = suspended()
        if now - self._suspended > _JUMP and set_clock(self.programs, self.port, self.files.directory):
            self._suspended = now  # else again at the next look: sshd wakes up too

    def _look_at_processor(self) -> None:
        if time.monotonic() - self._processor.looked > _TICK:
            self._processor.look(self._processes["linux.uml"].pid)

    # -- end ------------------------------------------------------------------

    def _end(self) -> None:
        """Kill: the guest's disks are memory, there is nothing to save."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        orphans.end(self.files.directory)
        if self._held is not None:
            os.close(self._held)
        self.files.forget()


def main(directory: Path) -> int:
    """Keep the engine of this folder; its settings come as JSON on stdin."""
    files = Files(directory)
    hold = files.hold()
    if hold is None:
        print("netbook: this folder has a keeper already", flush=True)
        return 1

    def told(number: int, _: object) -> None:
        raise Ended(f"it was told to stop ({signal.Signals(number).name})")

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, told)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the reader's terminal is not meant for us
    why = Keeper(files, json.load(sys.stdin)).run()
    print(f"netbook: the engine ended: {why}", flush=True)
    files.ended.write_text(why + "\n")
    fcntl.flock(hold, fcntl.LOCK_UN)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
