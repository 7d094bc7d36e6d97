"""The folder that a private engine leaves behind: measured, and removed when nobody uses it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from netbook.engine.private.leftovers import mounts

# what netbook.engine.private.dockerd puts there; NETBOOK_STATE may name a folder with other things in it
_OURS = (
    "data",
    "exec",
    "docker.sock",
    "dockerd.pid",
    "dockerd.log",
    "daemon.json",
    "firewall.json",  # of earlier editions
    "keeper",
    "resolv.conf",
    "uplink",
    "lease",
    "starting",
)


def exist(directory: Path) -> bool:
    """Is there anything of a private engine?"""
    try:
        return any((directory / name).exists() for name in ("data", "exec", "dockerd.log"))
    except PermissionError:  # root's; whoever may not look may not remove
        return False


def remove(directory: Path) -> int:
    """Remove what an engine left in `directory`, and it itself if nothing else is there; megabytes freed."""
    for mount in mounts(f"{directory}/"):  # of containers whose engine was killed
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    freed = 0
    for name in _OURS:
        path = directory / name
        if path.is_dir() and not path.is_symlink():
            freed += size(path)
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if not any(directory.iterdir()):
        directory.rmdir()
    return freed // 1_000_000


def size(directory: Path) -> int:
    """Bytes on the disk, as `du` counts them."""
    total = 0
    for folder, _, files in os.walk(directory):
        for name in files:
            try:
                total += (Path(folder) / name).lstat().st_blocks * 512
            except OSError:  # it went away meanwhile
                continue
    return total
