"""Debian's newest Docker as a folder, kept between runs: a root file system whose programs an engine takes.

    mmdebstrap --variant=minbase --include=docker.io,iptables,… sid FOLDER

On the machines of readers runs whatever their distribution has. The suite's own engine is this machine's; the
newest one comes from Debian unstable, where it is days old, and needs no registry and no installation. (A
static build from Docker would do too; it is no package, so nothing checks its signature.)
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from netbook.errors import ImageMissing
from netbook.setup import packages
from tests.frame import kept

_PACKAGES = ("docker.io", "docker-cli", "docker-compose", "iptables", "iproute2", "kmod", "tini")
_UNREAD = ("doc", "man", "info", "locale")  # some 120 MB
_COMMAND = (
    "mmdebstrap",
    "--mode=root",
    "--variant=minbase",
    "--quiet",
    '--aptopt=Acquire::Check-Valid-Until "false"',  # a proxy may be a day behind
    *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in _UNREAD),
    f"--include={','.join(_PACKAGES)}",
    # where the engine's folder and what is this machine's will be mounted: the rest is read-only
    '--customize-hook=mkdir -p "$1/engine" "$1/old"',
    "sid",
)


def folder() -> Path:
    """The root file system; made if this month's is not there yet.

    Errors: ImageMissing with mmdebstrap's last words; SetupError if it is missing and cannot be installed.
    """
    return kept.made("newest-docker", kept.key(*_COMMAND), _make)


def _make(folder: Path) -> None:
    if packages.can_install():
        packages.offer(["mmdebstrap"], "The tests make Debian's newest Docker with it.")
    if not shutil.which("mmdebstrap"):
        raise ImageMissing(
            "The newest Docker cannot be made here: mmdebstrap is not installed.",
            remedy="apt-get install mmdebstrap",
        )
    done = subprocess.run([*_COMMAND, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(f"    {line}" for line in done.stderr.splitlines()[-5:])
        raise ImageMissing(f"mmdebstrap could not make it:\n{last}", remedy="read its words")
