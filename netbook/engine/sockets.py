"""The sockets that the usual products make. Standard library only: asked before anything is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path


def home() -> Path:
    """The home, or a path that does not exist for a uid without a passwd entry, as in many pods."""
    return Path(os.path.expanduser("~"))  # noqa: PTH111  # `Path.home()` raises there


def found(environ: Mapping[str, str], home: Path) -> Iterator[tuple[str, Path]]:
    """Whose it is, and where, of those that exist."""
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    colima = Path(environ.get("COLIMA_HOME") or home / ".colima")
    usual = {
        "the system's Docker": [Path("/var/run/docker.sock")],
        "rootless Docker": [runtime / "docker.sock"],
        "Docker Desktop": [home / ".docker/run/docker.sock", home / ".docker/desktop/docker.sock"],
        "Colima": sorted(colima.glob("*/docker.sock")),
        "Lima": sorted((home / ".lima").glob("*/sock/docker.sock")),
        "Rancher Desktop": [home / ".rd/docker.sock"],
        "OrbStack": [home / ".orbstack/run/docker.sock"],
        "Podman": [runtime / "podman/podman.sock", Path("/run/podman/podman.sock")],
    }
    for what, paths in usual.items():
        yield from ((what, path) for path in paths if _exists(path))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # another user's runtime directory
        return False
