"""Packages that one command needs and the others do not: fetched when it is first asked for, by their hashes.

They lie in a folder of their own in the reader's cache, so that neither the venv nor a Python that somebody
else looks after is changed. Where they are installed in the running Python, that is enough.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from netbook.errors import SetupError
from netbook.setup import disk, pins, pip

HANDOUT = Path(__file__).with_name("handout.txt")
NEEDED_MB = 120


def cache() -> Path:
    """Where they lie: for each list of pins and each Python a folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # may have no home
    return Path(base).absolute() / "netbook" / "extra"


def ensure(file: Path, what: str, say: Callable[[str], object]) -> None:
    """Make the packages of `file` importable; `what` says in a few words what is fetched.

    Errors: SetupError for no network, no room, no right to write.
    """
    if not pins.unmet(file):
        return
    folder = cache() / _key(file)
    if not folder.is_dir():
        _fetch(file, folder, what, say)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    if unmet := pins.unmet(file):
        raise SetupError(
            f"{folder} is incomplete: {'; '.join(f'{name} {what}' for name, what in unmet.items())}.",
            remedy=f"remove that folder, and start again: it is fetched anew ({cache()})",
        )


def _key(file: Path) -> str:
    python = f"{sys.implementation.cache_tag}-{sys.platform}"
    return f"{file.stem}-{python}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def _fetch(file: Path, folder: Path, what: str, say: Callable[[str], object]) -> None:
    """Into a folder beside it, which gets its name when it is whole."""
    say(f"First use: fetching {what} (once, into {folder.parent}).")
    with disk.writing(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        disk.check(folder, NEEDED_MB)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            pip.fetch(Path(sys.executable), file, made / "packages", made / "pip.log", say)
            if not folder.is_dir():  # another start may have been faster
                (made / "packages").rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
