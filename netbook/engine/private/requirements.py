"""What a private engine needs of the machine. Standard library only: asked before anything is installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"  # root by su lacks these
PROGRAMS = {
    "dockerd": "docker.io",
    "containerd": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "ip": "iproute2",
}
CAPABILITIES = {"NET_ADMIN": 12, "SYS_ADMIN": 21}  # their bits: linux/capability.h


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
