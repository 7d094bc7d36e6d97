"""Who is reading: a random id, kept with the user, that no change of a machine's name can change.

It is made when first asked for, in the folder where this system's programs keep a user's data. (platformdirs
knows that folder, too; but `netbook clean` says who the reader is before anything is installed.)
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import socket
import sys
import tempfile
import uuid
from functools import cache
from pathlib import Path

_FORM = re.compile(r"[0-9a-f]{32}")


@cache
def identity() -> str:
    """32 hexadecimal digits, the same in every process of this user, on every day."""
    try:
        return _kept(folder() / "reader")
    except (OSError, RuntimeError):  # a home that is read-only, full, or not there
        return hashlib.sha256(f"{machine()}:{name()}".encode()).hexdigest()[:32]


def folder() -> Path:
    """Where the id is kept. Errors: RuntimeError for a user without a home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "netbook"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share").absolute() / "netbook"


@cache
def name() -> str:
    """The same in words, as user@machine: for messages, and the owner in labels of earlier editions."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a uid without a passwd entry, as in many pods
        user = f"uid{os.getuid()}"
    return f"{user}@{socket.gethostname()}"


@cache
def machine() -> str:
    """An id of this machine that outlives a reboot; "" where there is none that can be trusted."""
    if sys.platform != "linux":
        return f"{sys.platform}-{uuid.getnode():x}"
    try:
        return hashlib.sha256(Path("/etc/machine-id").read_bytes().strip()).hexdigest()[:12]
    except OSError:
        return ""


def _kept(file: Path) -> str:
    """Read it, or make it: at once or not at all, so that two kernels that start together get one."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        descriptor, new = tempfile.mkstemp(dir=file.parent)
        try:
            with open(descriptor, "w", encoding="ascii") as written:  # noqa: PTH123  # a descriptor
                written.write(uuid.uuid4().hex + "\n")
            Path(new).chmod(0o600)
            os.link(new, file)
        except FileExistsError:  # the other kernel was quicker
            pass
        finally:
            Path(new).unlink()
    text = file.read_text(encoding="utf-8", errors="replace").strip()
    if not _FORM.fullmatch(text):
        raise OSError(f"{file} is damaged")
    return text
