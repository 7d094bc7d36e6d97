"""`netbook engine install`: Debian 13's packages, unpacked as an ordinary user into a folder of the reader's.

    mmdebstrap --mode=chrootless --variant=extract --include=… trixie FOLDER

apt checks every signature, as it does for the system; nothing of the system is touched. Where mmdebstrap is
not installed, apt fetches it (and Debian's keys) from the machine's own archive, in the same way.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from netbook.engine.embedded.programs import PROGRAMS, Programs
from netbook.engine.lease import alone
from netbook.errors import SetupError
from netbook.setup import console, disk, packages

SUITE = "trixie"
# beside the programs: what init and sshd's sessions use, and what fits the kernel to this machine's libc
PACKAGES = (*dict.fromkeys(PROGRAMS.values()), "bash", "coreutils", "util-linux", "mount", "patchelf")
MEGABYTES = 560  # measured, unpacked and trimmed; a third of that is fetched
_ON_THE_WAY = 400  # MB more while it is unpacked
_UNREAD = ("doc", "man", "info", "locale", "lintian", "bash-completion", "perl", "perl5", "zoneinfo")
_KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"


def directory() -> Path:
    """Where the packages are, or would be."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # may have no home
    return Path(cache).absolute() / "netbook" / "engine" / SUITE


def possible() -> str:
    """Why it cannot be done here, as a sentence; "" if it can."""
    if sys.platform != "linux":
        return f"it needs Linux; this is {sys.platform}"
    if not packages.has_apt():
        return "fetching them needs apt, as Debian and Ubuntu have it"
    if missing := [name for name in ("perl", "dpkg-deb") if not shutil.which(name)]:
        return f"fetching them needs {' and '.join(missing)}"
    return ""


def install(
    say: Callable[[str], object], *, include: Sequence[str] = PACKAGES, folder: Path | None = None
) -> Path:
    """Fetch and unpack, or find it done; returns the folder.

    Errors: SetupError: no apt, no space, no network, a signature that does not hold …
    """
    folder = folder or directory()
    if why := possible():
        raise SetupError(f"The packages cannot be fetched here: {why}.", remedy="install them by other means")
    with disk.writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with alone(folder.parent):
            if folder.exists():
                say(f"{console.MARKS['ok']} {folder} is there already.")
                return folder
            needed, free = MEGABYTES + _ON_THE_WAY, disk.free_mb(folder.parent)
            if free < needed:
                raise SetupError(
                    f"{folder.parent} has {free} MB free; about {needed} MB are needed.",
                    remedy="free some space, or set XDG_CACHE_HOME to a folder on a larger disk",
                )
            for left in folder.parent.glob("unpacking-*"):  # by one that was killed: we are alone here
                shutil.rmtree(left, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
            try:
                _unpack(work, folder, include, say)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return folder


def remove() -> int:
    """Take the folder away; megabytes freed."""
    folder = directory()
    if not folder.exists():
        return 0
    from netbook.engine.remains import size  # there, because most starts do not need it

    freed = size(folder)
    with alone(folder.parent):
        shutil.rmtree(folder)
    (folder.parent / "starting").unlink(missing_ok=True)
    return freed // 1_000_000


def _unpack(work: Path, folder: Path, include: Sequence[str], say: Callable[[str], object]) -> None:
    root, temporary = work / "root", work / "tmp"
    temporary.mkdir()
    tool, keyring = _mmdebstrap(work, say)
    say(f"Fetching {len(include)} packages of Debian 13 and what they need …")
    command = [
        *tool,
        *("--mode=chrootless", "--variant=extract", f"--include={','.join(include)}"),
        *([f"--keyring={keyring}"] if keyring else []),
        SUITE,
        str(root),
        *_mirror(),
    ]
    _run(command, {"TMPDIR": str(temporary)})
    for name in _UNREAD:
        shutil.rmtree(root / "usr/share" / name, ignore_errors=True)
    if "patchelf" in include:
        _fit_kernel(root, folder)
    root.rename(folder)
    say(f"{console.MARKS['ok']} The embedded engine's programs are in {folder}.")


def _mmdebstrap(work: Path, say: Callable[[str], object]) -> tuple[list[str], Path | None]:
    """How to run it, and the keys for Debian's archive if the system does not have them."""
    keyring = None if Path("/", _KEYRING).exists() else work / "tool" / _KEYRING
    if (program := shutil.which("mmdebstrap")) and keyring is None:
        return [program], None
    say("Fetching mmdebstrap with this system's own apt …")
    apt = work / "apt"
    for name in ("state/lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    own = ["-o", f"Dir::State={apt}/state", "-o", f"Dir::Cache={apt}/cache", "-o", "Debug::NoLocking=1"]
    _run(["apt-get", *own, "--quiet", "update"], {})
    _run(["apt-get", *own, "--quiet", "download", "mmdebstrap", "debian-archive-keyring"], {}, cwd=apt)
    for archive in apt.glob("*.deb"):
        _run(["dpkg-deb", "--extract", str(archive), str(work / "tool")], {})
    return ["perl", str(work / "tool/usr/bin/mmdebstrap")], keyring


def _mirror() -> list[str]:
    """The archive that this machine takes Debian from; none elsewhere: mmdebstrap knows its default."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=False
    )
    return [uri for uri in targets.stdout.split() if re.search(r"/debian/?$", uri)][:1]


def _fit_kernel(root: Path, final: Path) -> None:
    """A copy of the kernel that takes its loader and its libc from this root: the machine's may be older.

    (Started through the loader, as the other programs are, it does not find its memory.)
    """
    fitted = root / "usr/local/bin/linux.uml"
    fitted.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(root / "usr/bin/linux.uml", fitted)
    loader, libraries = final / "lib64/ld-linux-x86-64.so.2", final / "usr/lib/x86_64-linux-gnu"
    change = ["--set-interpreter", str(loader), "--set-rpath", str(libraries), str(fitted)]
    _run(Programs(root).command("patchelf", *change), {})


def _run(command: Sequence[str], env: Mapping[str, str], cwd: Path | None = None) -> None:
    """Run it, with its latest line on the terminal; what it said is in the error."""
    line, output = console.LiveLine(), []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8", **env},
        cwd=cwd,
    ) as process:
        assert process.stdout is not None
        for text in process.stdout:
            output.append(text)
            line.show(f"{Path(command[0]).name} · {text.strip()}")
    line.end()
    if process.returncode:
        what = "The embedded engine's packages could not be fetched"
        raise packages.explain("".join(output), [], what)
