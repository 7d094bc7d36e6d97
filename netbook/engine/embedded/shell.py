"""ssh to the guest: as root, with this session's key, on a loopback port."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from netbook.engine.embedded.programs import Programs

GUEST = "root@127.0.0.1"
_PATIENCE = 20  # seconds


def new_keys(programs: Programs, directory: Path) -> None:
    """For every start: a stolen key opens nothing tomorrow."""
    for name in ("guest_key", "client_key"):
        command = programs.command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", name)
        subprocess.run(command, check=True, cwd=directory, stdin=subprocess.DEVNULL)
    shutil.copyfile(directory / "client_key.pub", directory / "authorized_keys")


def ssh(programs: Programs, port: int, *arguments: str) -> list[str]:
    """The command line, for a process whose current folder is the engine's."""
    options = {
        "StrictHostKeyChecking": "yes",  # nobody else can sit on the port and pretend
        "UserKnownHostsFile": "known_hosts",
        "GlobalKnownHostsFile": "none",
        "IdentitiesOnly": "yes",
        "BatchMode": "yes",
        "LogLevel": "ERROR",
    }
    settings = (part for name, value in options.items() for part in ("-o", f"{name}={value}"))
    return programs.command("ssh", "-F", "none", "-i", "client_key", *settings, "-p", str(port), *arguments)


def set_clock(programs: Programs, port: int, directory: Path) -> bool:
    """`date` in the guest, from this machine's clock; False if its sshd did not answer in time."""
    command = ssh(programs, port, GUEST, "date", "-u", "-s", f"@{time.time():.3f}")
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=directory,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def suspended() -> float:
    """Seconds that this machine has slept since it started, and the guest's clock with it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
