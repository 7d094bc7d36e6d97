"""The process beside a private engine: it gives it a way out, and ends it when nobody uses it any more.

    slirp4netns --configure --mtu=65520 --disable-host-loopback --netns-type=path /proc/PID/ns/net tap0

`python3 -m netbook.engine.private.keeper DIRECTORY` runs in the background, one for each directory. A kernel
that is killed lets go of its lease without a word; so somebody else has to look. It ends with its dockerd.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from netbook.engine.lease import is_held
from netbook.engine.private import leftovers
from netbook.engine.private.dockerd import PrivateEngine
from netbook.engine.private.requirements import PATH

_TICK = 1.0  # seconds between two looks at the lease
_PATIENCE = 10  # seconds for the way out


def main(directory: Path) -> int:
    """Until the engine of this directory has ended, or has been ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the reader's terminal is not meant for us
    with (directory / "keeper").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the one of an engine that was killed is just leaving
        daemon = PrivateEngine(directory)
        if daemon.pid is None:
            return 0
        engine = os.pidfd_open(daemon.pid)
        with _way_out(daemon):
            while not _is_over(engine, _TICK):
                if not directory.exists():  # nobody can reach the engine any more
                    print("netbook: the engine's folder was taken away: ended", flush=True)
                    _end(engine)
                    leftovers.end(directory)
                elif not is_held(directory / "lease") and daemon.end_unless_used():
                    print("netbook: nobody used the engine any more: ended", flush=True)
                    break
    return 0


def _is_over(engine: int, seconds: float) -> bool:
    return bool(select.select([engine], [], [], seconds)[0])


def _end(engine: int) -> None:
    """dockerd stops its containers first, and gives each ten seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(engine, number)
        if _is_over(engine, 2 * _PATIENCE):
            return


@contextmanager
def _way_out(daemon: PrivateEngine) -> Iterator[None]:
    """slirp4netns, a TCP/IP stack in a process: it needs no rule, no bridge, no setting of the machine's."""
    program = shutil.which("slirp4netns", path=PATH)
    if not program or not (daemon.directory / "resolv.conf").exists():
        yield
        return
    leash, held = os.pipe()  # it ends when our end of this closes, however that happens
    ready, told = os.pipe()
    command = [
        program,
        *("--configure", "--mtu=65520", "--disable-host-loopback"),
        *(f"--exit-fd={leash}", f"--ready-fd={told}"),
        *("--netns-type=path", f"/proc/{daemon.pid}/ns/net", "tap0"),
    ]
    process = subprocess.Popen(command, pass_fds=(leash, told), stdin=subprocess.DEVNULL)
    os.close(leash)
    os.close(told)
    try:
        up = select.select([ready], [], [], _PATIENCE)[0] and os.read(ready, 1)
        daemon.uplink.write_text("" if up else f"slirp4netns did not start; its words are in {daemon.log}")
        yield
    finally:
        os.close(held)
        os.close(ready)
        process.terminate()
        process.wait()
        daemon.uplink.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
