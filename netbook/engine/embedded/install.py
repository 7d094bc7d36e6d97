"""`netbook engine install`: Debian 13's packages, unpacked as an ordinary user into a folder of the reader's.

    mmdebstrap --mode=chrootless --variant=extract --include=… trixie FOLDER

apt checks every signature, as it does for the system; nothing of the system is touched, and no package's
script is run. Where mmdebstrap is not installed, apt fetches it (and Debian's keys, and the rest of Perl)
from the archive that the machine itself uses, with lists of our own.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from netbook.engine.embedded import mmdebstrap, obstacles
from netbook.engine.embedded.programs import PROGRAMS, Programs
from netbook.errors import SetupError
from netbook.setup import console, disk, lock, packages

SUITE = "trixie"


# beside the programs: what init and sshd's sessions use, what fits the kernel to this machine's libc and its
# CPU (xstate.py), and what the image for captures is built from (engine/capture_image.py)
PACKAGES = (
    *dict.fromkeys(PROGRAMS.values()),
    "bash",
    "coreutils",
    "util-linux",
    "mount",
    "patchelf",
    "tcc",
    "tcpdump",
)


MEGABYTES = 560  # measured, unpacked and trimmed; a third of that is fetched


_ON_THE_WAY = 400  # MB more while it is unpacked


_UNREAD = (
    "etc/apt",  # proxies' passwords, perhaps
    *(f"usr/share/{name}" for name in ("doc", "man", "info", "locale", "lintian", "bash-completion")),
    *(f"usr/share/{name}" for name in ("perl", "perl5", "zoneinfo")),
)


_RECORD = "etc/netbook-packages"


_ELSEWHERE = "set XDG_CACHE_HOME to a folder of your own, on a disk with room and without `noexec`"


def directory() -> Path:
    """Where the packages are, or would be."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # may have no home
    return Path(cache).absolute() / "netbook" / "engine" / SUITE


def possible() -> str:
    """Why it cannot be done here, as a sentence; "" if it can."""
    if sys.platform != "linux":
        return f"it needs Linux; this is {sys.platform}"
    if platform.machine() != "x86_64":
        return f"it needs an x86-64 CPU; this is {platform.machine()}"
    if not packages.has_apt():
        return "fetching them needs apt, as Debian and Ubuntu have it"
    if missing := [name for name in ("perl", "dpkg-deb") if not shutil.which(name)]:
        return f"fetching them needs {' and '.join(missing)}"
    return ""


def install(
    say: Callable[[str], object],
    *,
    include: Sequence[str] = PACKAGES,
    folder: Path | None = None,
    keyring: Path | None = None,
    megabytes: int = MEGABYTES,
    unread: Sequence[str] = (),
) -> Path:
    """Fetch and unpack, or find it done; returns the folder. It is complete, or it is not there.

    By default the embedded engine's. `keyring`: a file with the only keys that may sign the archive (default:
    Debian's); `unread`: patterns of what nobody reads, and goes again.
    Errors: SetupError: no apt, no space, no network, a signature that does not hold …
    """
    folder = folder or directory()
    if why := possible():
        raise SetupError(f"The packages cannot be fetched here: {why}.", remedy="install them by other means")
    with _writing(folder), _alone(folder, say):
        if set(include) <= _has(folder):
            say(f"{console.MARKS['ok']} {folder} is there already.")
            return folder
        _check_place(folder.parent, megabytes)
        work = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
        try:
            _unpack(work, folder, include, keyring, unread, say)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def remove(say: Callable[[str], object] = lambda _: None, folder: Path | None = None) -> int:
    """Take the folder away; megabytes freed. An engine that runs from it must be stopped first."""
    folder = folder or directory()
    if not folder.exists():
        return 0
    from netbook.engine.private.data import size  # there, because most starts do not need it

    with _writing(folder), _alone(folder, say):
        freed = size(folder)
        folder.rename(folder.with_name("unpacking-removed"))  # half a folder must not look like a whole one
        _clear_away(folder.parent)
    (folder.parent / "installing").unlink(missing_ok=True)
    return freed // 1_000_000


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:  # of a program, not of the disk
        raise
    except OSError as refusal:
        raise SetupError(
            f"Cannot write to {refusal.filename or folder}: {refusal.strerror or refusal}.", remedy=_ELSEWHERE
        ) from refusal


@contextmanager
def _alone(folder: Path, say: Callable[[str], object]) -> Iterator[None]:
    """One at a time; and what a killed one left is gone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with lock.alone(folder.parent / "installing", say):
        _clear_away(folder.parent)
        yield


def _has(folder: Path) -> set[str]:
    """The packages that it was made with."""
    try:
        return set((folder / _RECORD).read_text().split())
    except OSError:
        return set()


def _clear_away(parent: Path) -> None:
    for left in parent.glob("unpacking-*"):
        shutil.rmtree(left, ignore_errors=True)


def _check_place(place: Path, megabytes: int) -> None:
    needed, free = megabytes + _ON_THE_WAY, disk.free_mb(place)
    if free < needed:
        raise SetupError(f"{place} has {free} MB free; about {needed} MB are needed.", remedy=_ELSEWHERE)
    if not obstacles.allows_exec(place):
        raise SetupError(
            f"Programs cannot be run from {place}: its disk is mounted noexec.", remedy=_ELSEWHERE
        )


def _unpack(
    work: Path,
    folder: Path,
    include: Sequence[str],
    keyring: Path | None,
    unread: Sequence[str],
    say: Callable[[str], object],
) -> None:
    root, temporary = work / "root", work / "tmp"
    temporary.mkdir()
    tool = mmdebstrap.found(work, say)
    say(f"Fetching {len(include)} packages of Debian 13 and what they need …")
    command = [
        *tool.command,
        *("--mode=chrootless", "--variant=extract", f"--include={','.join(include)}"),
        *mmdebstrap.trust(work, keyring or tool.keyring),
        f"--aptopt={mmdebstrap.network_settings(work)}",
        *(SUITE, str(root), *mmdebstrap.mirror(tool.apt)),
    ]
    mmdebstrap.run(command, {**tool.env, "TMPDIR": str(temporary)})
    for name in _UNREAD:
        shutil.rmtree(root / name, ignore_errors=True)
    for path in [path for pattern in unread for path in root.glob(pattern)]:
        path.unlink()
    if (root / "usr/bin/linux.uml").exists():
        _fit_kernel(root, folder)
    (root / _RECORD).parent.mkdir(parents=True, exist_ok=True)
    (root / _RECORD).write_text("\n".join(include) + "\n")
    if folder.exists():  # an earlier edition's, which needed less
        folder.rename(work / "old")
    root.rename(folder)
    say(f"{console.MARKS['ok']} The programs are in {folder}.")


def _fit_kernel(root: Path, final: Path) -> None:
    """A copy of the kernel that takes its loader and its libc from this root: the machine's may be older.

    (Started through the loader, as the other programs are, it does not find its memory.)
    """
    fitted = root / "usr/local/bin/linux.uml"
    fitted.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(root / "usr/bin/linux.uml", fitted)
    loader, libraries = final / "lib64/ld-linux-x86-64.so.2", final / "usr/lib/x86_64-linux-gnu"
    change = ["--set-interpreter", str(loader), "--set-rpath", str(libraries), str(fitted)]
    mmdebstrap.run(Programs(root).command("patchelf", *change), {})
