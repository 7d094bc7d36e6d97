"""Is there room, and may we write? Errors that name the folder and the way out."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netbook.errors import SetupError


def free_mb(where: Path) -> int:
    """Free megabytes for us at `where`, or at the nearest folder above it that exists."""
    while not where.exists():
        where = where.parent
    return shutil.disk_usage(where).free // 1_000_000


def check(where: Path, needed_mb: int) -> None:
    """Errors: SetupError if `where` has less room than `needed_mb`."""
    free = free_mb(where)
    if free < needed_mb:
        raise SetupError(
            f"The disk is too full: the book's set-up needs about {needed_mb} MB in {where.parent}, "
            f"and {free} MB are free.",
            remedy=f"free some space, or put the packages elsewhere: {elsewhere()}",
        )


def elsewhere() -> str:
    """The way out when the project's own folder will not do."""
    if os.name == "nt":
        return "set NETBOOK_VENV=D:\\netbook-venv, then start again"
    return "NETBOOK_VENV=/some/other/folder python3 -m netbook lab"


@contextmanager
def writing(where: Path) -> Iterator[None]:
    """Turn the operating system's refusals to write into sentences."""
    try:
        yield
    except OSError as refusal:
        raise refused(where, refusal) from refusal


def refused(where: Path, refusal: OSError) -> SetupError:
    """The sentence for one refusal."""
    if refusal.errno in (errno.ENOSPC, errno.EDQUOT):
        whose = "Your disk quota" if refusal.errno == errno.EDQUOT else "The disk"
        return SetupError(
            f"{whose} ran full while writing to {where} ({free_mb(where)} MB are free).",
            remedy=f"free some space, or put the packages elsewhere: {elsewhere()}",
        )
    if refusal.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = "it is mounted read-only" if refusal.errno == errno.EROFS else "the system does not let you"
        return SetupError(
            f"Cannot write to {refusal.filename or where}: {why}. Reading the book means saving notebooks.",
            remedy=f"copy the book's folder to a place of your own, or, only to look: {elsewhere()}",
        )
    return SetupError(f"Cannot write to {where}: {refusal.strerror or refusal}.")
