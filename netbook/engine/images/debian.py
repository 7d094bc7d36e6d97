"""Debian 13's programs for an application cluster: this machine's, else fetched into a folder of their own.

Fetched, and not installed: a package's script would start a web server and a database on this machine. apt
checks the signatures (netbook/engine/embedded/install.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from netbook.engine.embedded import install
from netbook.engine.images.installed import HERE

# usr-merged by base-files, whose links the loader needs
PACKAGES = ("base-files", "docker-compose", "nginx", "postgresql-17", "python3", "redis-server")
MEGABYTES = 260  # measured, unpacked and trimmed
# the database's compiler, which it loads for long questions only, and what others of these depend on
_UNREAD = (
    *(f"usr/lib/x86_64-linux-gnu/{name}*" for name in ("libLLVM", "libz3", "libperl")),
    *(f"usr/lib/postgresql/*/lib/{name}" for name in ("*llvm*", "bitcode/**/*.*")),
)


def directory() -> Path:
    """Where they are, or would be."""
    return install.directory().parents[1] / "cluster" / install.SUITE


def place(patterns: Sequence[str]) -> Path | None:
    """The root that has a file for each of these patterns: this machine's, else the folder's; or None."""
    roots = (HERE, directory())
    return next((root for root in roots if all(any(root.glob(one)) for one in patterns)), None)


def cannot_fetch() -> str:
    """Why they cannot be fetched here, as a sentence; "" if they can."""
    return install.possible()


def fetch(say: Callable[[str], object] = print) -> Path:
    """Fetch them, or find it done; returns the folder. Errors: SetupError, as `install.install`."""
    return install.install(say, include=PACKAGES, folder=directory(), megabytes=MEGABYTES, unread=_UNREAD)
