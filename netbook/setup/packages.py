"""apt-get, on Debian and Ubuntu as root: what the book needs and the machine lacks, after saying so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from netbook.errors import SetupError
from netbook.setup import console, proxies

ENGINE = ("docker.io", "iptables", "iproute2", "ca-certificates", "busybox-static", "tcpdump")
ENGINE_IF_THERE = ("docker-cli", "slirp4netns")  # its own from Debian 13 on; the private engine's way out
ISOLATED = ("busybox-static", "iproute2", "tcpdump")  # an engine without an uplink builds its images
_REPLACED = {"busybox"}  # its static twin takes its place, and its dependents stay content
_LISTS = Path("/var/lib/apt/lists")
_FRESH = 24 * 3600  # seconds; older lists name versions that the archive has dropped
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a", "LC_ALL": "C.UTF-8"}


def can_install() -> bool:
    """Is this Debian or one of its children, and are we root?"""
    return sys.platform == "linux" and os.geteuid() == 0 and has_apt()


def has_apt() -> bool:
    """Debian, Ubuntu, Mint …"""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def venv_package() -> str:
    """The package with the parts of `venv` that Debian splits off, for the Python that runs us."""
    return "python{}.{}-venv".format(*sys.version_info[:2])


def command(packages: Sequence[str]) -> str:
    """What a reader would type."""
    sudo = "" if os.name != "posix" or os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install --no-install-recommends {' '.join(packages)}"


def absent(packages: Sequence[str]) -> list[str]:
    """Those that are not installed."""
    return [name for name in packages if not _installed(name)]


def _installed(name: str) -> bool:
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name], capture_output=True, text=True
    )
    return answer.stdout == "installed"


def offer(
    packages: Sequence[str],
    why: str,
    *,
    if_there: Sequence[str] = (),
    yes: bool = False,
    say: Callable[[str], object] = console.say,
) -> bool:
    """Say why, ask (unless `yes` or nobody is there), install. False if the reader said no.

    `if_there` are taken along only where the archive has them.
    Errors: SetupError that says what apt-get could not do.
    """
    if not absent(packages):
        return True
    if not agreed(packages, why, yes=yes, say=say):
        return False
    install(packages, if_there=if_there)
    return True


def agreed(
    packages: Sequence[str], why: str, *, yes: bool = False, say: Callable[[str], object] = console.say
) -> bool:
    """Say why, and ask (unless `yes` or nobody is there); False if none is missing, or the reader said no."""
    missing = absent(packages)
    if not missing:
        return False
    say(f"{why} apt-get will install: {' '.join(missing)}")
    return console.ask("Install them now?", yes=yes)


def install(packages: Sequence[str], *, if_there: Sequence[str] = ()) -> None:
    """`apt-get install` what is missing, after `apt-get update` where its lists are old.

    Errors: SetupError that says what apt-get could not do.
    """
    missing = absent(packages)
    updated = _update() if _stale() else ""
    output = _install(missing, if_there)
    if output and not updated:  # the lists looked fresh; if they were not, this mends it
        updated = _update()
        output = _install(missing, if_there)
    if output:
        raise explain(updated + output, missing)


@contextmanager
def beside(work: Callable[[], None], say: Callable[[str], object] = console.say) -> Iterator[None]:
    """Do `work` while the block runs; its end waits for it, and raises what it raised.

    Not even a block that failed or was interrupted leaves a package half installed.
    """
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        yield
        if not done.done():
            say("  apt-get is still at work …")
        done.result()


def _stale() -> bool:
    """No lists of packages, or old ones? (The lists' own dates are the archive's; the folder's is ours.)"""
    if not any(_LISTS.glob("*_Packages*")):
        return True
    last = max(path.stat().st_mtime for path in (_LISTS, _LISTS / "partial") if path.exists())
    return time.time() - last > _FRESH


def _in_archive(name: str) -> bool:
    """Is there a real package of that name? (A virtual one has no version.)"""
    answer = subprocess.run(["apt-cache", "show", "--no-all-versions", name], capture_output=True, text=True)
    return answer.returncode == 0 and "Version:" in answer.stdout


def _update() -> str:
    """`apt-get update`; its output. It fails only when install does, so its code is not asked."""
    return _apt("update")[1]


def _install(packages: Sequence[str], if_there: Sequence[str]) -> str:
    """`apt-get install`; its output if it failed, "" if not. It removes nothing that the reader has."""
    wanted = [*packages, *filter(_in_archive, absent(if_there))]
    code, plan = _apt("install", "--simulate", "--no-install-recommends", *wanted)
    removed = set(re.findall(r"^Remv (\S+)", plan, re.MULTILINE)) - _REPLACED
    if code or removed:
        return plan if code else f"{plan}\nE: Packages need to be removed: {' '.join(sorted(removed))}\n"
    code, output = _apt("install", "--yes", "--no-install-recommends", *wanted)
    return output if code else ""


def _apt(*arguments: str) -> tuple[int, str]:
    """Exit code and output; on a terminal, its latest line is shown while it works."""
    line, output = console.LiveLine(), []
    with subprocess.Popen(
        # at boot, unattended upgrades hold the lock for a while: wait for them
        ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **_QUIET},
    ) as apt:
        assert apt.stdout is not None
        for text in apt.stdout:
            output.append(text)
            line.show(f"apt-get {arguments[0]} · {text.strip()}")
    line.end()
    return apt.returncode, "".join(output)


def explain(output: str, packages: Sequence[str], what: str = "") -> SetupError:
    """The sentence for what apt-get's output says went wrong."""
    what = what or f"apt-get could not install {' '.join(packages)}"
    for pattern, why, remedy in _CAUSES:
        if match := re.search(pattern, output):
            said = next((f" ({group.strip()})" for group in match.groups() if group), "")
            seen = f" Proxy settings seen: {proxies.seen()}." if "http_proxy" in remedy else ""
            return SetupError(f"{what}: {why}{proxies.hide_passwords(said)}.{seen}", remedy=remedy)
    errors = [line for line in output.splitlines() if line.startswith("E: ")] or output.splitlines()
    words = "".join(f"\n    {proxies.hide_passwords(line)[:200]}" for line in errors[-3:])
    remedy = f"try it by hand: {command(packages)}" if packages else "python3 -m netbook doctor"
    return SetupError(f"{what}. Its last words:{words}", remedy=remedy)


_CAUSES = (
    (
        r"Could not get lock[^\n]*held by (process \d+(?: \([^)]*\))?)|Could not get lock"
        r"|Unable to (?:acquire|lock)",
        "another package manager holds its lock",
        "wait until it is done, then start again",
    ),
    (
        r"You don't have enough free space in ([^\n]*?)\.?\n|No space left on device|need [\d.]+ .B of",
        "the disk is too full",
        "free some space (apt-get clean), then start again",
    ),
    (
        r"dpkg was interrupted",
        "an earlier installation was interrupted",
        "run `dpkg --configure -a`, then start again",
    ),
    (
        r"(407 +Proxy Authentication Required)|(?m:^[EW]: [^\n]*[Pp]roxy)",
        "the proxy refuses",
        "give apt-get the right proxy: export http_proxy=http://USER:PASSWORD@HOST:PORT",
    ),
    (
        r"(Temporary failure resolving '[^']*'|Could not resolve '[^']*'|Could not connect to [^\s]*"
        r"|Cannot initiate the connection to [^\s]*|Unable to connect to [^\s]*|Connection timed out)",
        "the package archive cannot be reached",
        "connect to a network; behind a proxy: export http_proxy=http://HOST:PORT",
    ),
    (
        r"(NO_PUBKEY \w+|EXPKEYSIG \w+|BADSIG \w+|is not signed)",
        "a signature of the package archive does not hold",
        "update this system's debian-archive-keyring; do not install what is not signed",
    ),
    (
        r"(Release file[^\n]* is not valid yet)",
        "this machine's clock is behind the archive's",
        "set the clock, then start again",
    ),
    (
        r"Unable to locate package (\S+)|Package '?(\S+?)'? has no installation candidate",
        "the archive does not have it",
        "look at /etc/apt/sources.list: Debian's main or Ubuntu's universe must be in it",
    ),
    (
        r"Packages need to be removed: ([^\n]*)|held broken packages|unmet dependencies",
        "it conflicts with what you have",
        "install Docker Engine from where those packages came (for docker-ce: its own archive)",
    ),
    (
        r"Read-only file system",
        "the system is read-only",
        "use an engine elsewhere: export DOCKER_HOST=…",
    ),
)
