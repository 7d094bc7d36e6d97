"""ssh to the guest: as root, with this session's key, on a loopback port."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from netbook.engine.embedded.programs import Programs

GUEST = "root@127.0.0.1"


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


def set_clock(programs: Programs, port: int, directory: Path) -> None:
    """`date` in the guest, from this machine's clock."""
    command = ssh(programs, port, GUEST, "date", "-u", "-s", f"@{time.time():.3f}")
    subprocess.run(
        command, check=False, cwd=directory, capture_output=True, stdin=subprocess.DEVNULL, timeout=20
    )
