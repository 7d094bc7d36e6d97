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
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from netbook.engine.embedded import obstacles
from netbook.engine.embedded.programs import PROGRAMS, Programs
from netbook.errors import SetupError
from netbook.setup import console, disk, lock, packages

SUITE = "trixie"
# beside the programs: what init and sshd's sessions use, what fits the kernel to this machine's libc,
# and what the image for captures is built from (engine/capture_image.py)
PACKAGES = (
    *dict.fromkeys(PROGRAMS.values()),
    "bash",
    "coreutils",
    "util-linux",
    "mount",
    "patchelf",
    "tcpdump",
)
MEGABYTES = 560  # measured, unpacked and trimmed; a third of that is fetched
_ON_THE_WAY = 400  # MB more while it is unpacked
_UNREAD = (
    "etc/apt",  # proxies' passwords, perhaps
    *(f"usr/share/{name}" for name in ("doc", "man", "info", "locale", "lintian", "bash-completion")),
    *(f"usr/share/{name}" for name in ("perl", "perl5", "zoneinfo")),
)
_KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"
_FAILED = "The embedded engine's packages could not be fetched"
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
) -> Path:
    """Fetch and unpack, or find it done; returns the folder. It is complete, or it is not there.

    `keyring`: a file with the only keys that may sign the archive (default: Debian's).
    Errors: SetupError: no apt, no space, no network, a signature that does not hold …
    """
    folder = folder or directory()
    if why := possible():
        raise SetupError(f"The packages cannot be fetched here: {why}.", remedy="install them by other means")
    with _writing(folder), _alone(folder, say):
        if folder.exists():
            say(f"{console.MARKS['ok']} {folder} is there already.")
            return folder
        _check_place(folder.parent)
        work = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
        try:
            _unpack(work, folder, include, keyring, say)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder


def remove(say: Callable[[str], object] = lambda _: None) -> int:
    """Take the folder away; megabytes freed. An engine that runs from it must be stopped first."""
    folder = directory()
    if not folder.exists():
        return 0
    from netbook.engine.remains import size  # there, because most starts do not need it

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


def _clear_away(parent: Path) -> None:
    for left in parent.glob("unpacking-*"):
        shutil.rmtree(left, ignore_errors=True)


def _check_place(place: Path) -> None:
    needed, free = MEGABYTES + _ON_THE_WAY, disk.free_mb(place)
    if free < needed:
        raise SetupError(f"{place} has {free} MB free; about {needed} MB are needed.", remedy=_ELSEWHERE)
    if not obstacles.allows_exec(place):
        raise SetupError(
            f"Programs cannot be run from {place}: its disk is mounted noexec.", remedy=_ELSEWHERE
        )


def _unpack(
    work: Path, folder: Path, include: Sequence[str], keyring: Path | None, say: Callable[[str], object]
) -> None:
    root, temporary = work / "root", work / "tmp"
    temporary.mkdir()
    tool = _tool(work, say)
    say(f"Fetching {len(include)} packages of Debian 13 and what they need …")
    command = [
        *tool.command,
        *("--mode=chrootless", "--variant=extract", f"--include={','.join(include)}"),
        *_trust(work, keyring or tool.keyring),
        f"--aptopt={_network_settings(work)}",
        *(SUITE, str(root), *_mirror(tool.apt)),
    ]
    _run(command, {**tool.env, "TMPDIR": str(temporary)})
    for name in _UNREAD:
        shutil.rmtree(root / name, ignore_errors=True)
    if (root / "usr/bin/linux.uml").exists():
        _fit_kernel(root, folder)
    root.rename(folder)
    say(f"{console.MARKS['ok']} The embedded engine's programs are in {folder}.")


@dataclass(frozen=True, slots=True)
class _Tool:
    """mmdebstrap: how to run it, Debian's keys, and how apt was asked for what the machine lacked."""

    command: list[str]
    keyring: Path
    env: Mapping[str, str] = field(default_factory=dict)
    apt: tuple[str, ...] = ()


def _tool(work: Path, say: Callable[[str], object]) -> _Tool:
    """The machine's, or one that its own apt fetches into `work`: run from there, not installed."""
    program, keyring = shutil.which("mmdebstrap"), Path("/", _KEYRING)
    wanted = [] if program else ["mmdebstrap"]
    if not keyring.exists():
        wanted.append("debian-archive-keyring")
    if program and not wanted:
        return _Tool([program], keyring)
    say(f"Fetching {' and '.join(wanted)} with this system's own apt …")
    apt, there = work / "apt", work / "tool"
    for name in ("state/lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    options = (
        *("-o", f"Dir::State={apt}/state", "-o", f"Dir::Cache={apt}/cache", "-o", "Debug::NoLocking=1"),
        *("-o", "APT::Sandbox::User=root"),  # root's apt would change to a user who may not enter here
    )
    get = ["apt-get", *options, "--quiet", "--yes"]
    # a source that has nothing to do with this may fail: what matters is whether the packages come
    said = _run([*get, "update"], {}, fails=False)
    fetch = ["install", "--download-only", "--reinstall", "--no-install-recommends", *wanted]
    said = _run([*get, *fetch], {}, before=said)
    for archive in apt.glob("cache/archives/*.deb"):
        _run(["dpkg-deb", "--extract", str(archive), str(there)], {})
    if not keyring.exists():
        keyring = there / _KEYRING
    if not keyring.exists() or not (program or (there / "usr/bin/mmdebstrap").exists()):
        raise packages.explain(said, [], _FAILED)  # apt was content with less
    if program:
        return _Tool([program], keyring, apt=options)
    # Debian's minimal Perl lacks modules that mmdebstrap uses; they came along, in the same version
    perl = shutil.which("perl", path=str(there / "usr/bin")) or "perl"
    modules = [*there.glob("usr/share/perl/*"), *there.glob("usr/lib/*/perl/*"), there / "usr/share/perl5"]
    env = {"PERL5LIB": os.pathsep.join(map(str, modules))}
    return _Tool([perl, str(there / "usr/bin/mmdebstrap")], keyring, env, options)


def _trust(work: Path, keyring: Path) -> list[str]:
    """Options: these keys; not the machine's other ones, nor those that mmdebstrap would add by itself."""
    none = work / "no-keys"
    none.mkdir()
    return [f"--keyring={keyring}", f"--keyring={none}", "--skip=check/signed-by"]


def _mirror(apt: Sequence[str]) -> list[str]:
    """The archive that this machine takes Debian from; none elsewhere: mmdebstrap knows its default."""
    answer = subprocess.run(
        ["apt-get", *apt, "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Label: Debian"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [uri for uri in answer.stdout.split() if uri.startswith("http")][:1]


def _network_settings(work: Path) -> Path:
    """A file with the proxies and certificates of the machine's apt, which mmdebstrap does not look at."""
    answer = subprocess.run(
        ["apt-config", "dump", "--no-empty", "--format", '%F "%v";%n', "Acquire::http", "Acquire::https"],
        capture_output=True,
        text=True,
        check=False,
    )
    file = work / "network.conf"
    file.write_text(f"// from this machine's apt.conf\n{answer.stdout}")
    return file


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


def _run(command: Sequence[str], env: Mapping[str, str], *, fails: bool = True, before: str = "") -> str:
    """Run it, with its latest line on the terminal; returns what it said.

    Errors: SetupError, if it failed: why, from what it said and from what was said `before`.
    """
    line, output = console.LiveLine(), [before]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8", **env},
        umask=0o022,  # the guest has users of its own
    ) as process:
        assert process.stdout is not None
        try:
            for text in process.stdout:
                output.append(text)
                line.show(f"{Path(command[0]).name} · {text.strip()}")
        except BaseException:  # Ctrl-C
            process.terminate()
            process.wait()
            raise
        finally:
            line.end()
    if process.returncode and fails:
        raise packages.explain("".join(output), [], _FAILED)
    return "".join(output)
