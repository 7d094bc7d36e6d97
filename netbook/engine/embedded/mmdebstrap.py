"""The tool that fetches Debian's packages without root, itself fetched where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from netbook.setup import console, packages

KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"


FAILED = "Debian 13's packages could not be fetched"


@dataclass(frozen=True, slots=True)
class Tool:
    """mmdebstrap: how to run it, Debian's keys, and how apt was asked for what the machine lacked."""

    command: list[str]
    keyring: Path
    env: Mapping[str, str] = field(default_factory=dict)
    apt: tuple[str, ...] = ()


def found(work: Path, say: Callable[[str], object]) -> Tool:
    """The machine's, or one that its own apt fetches into `work`: run from there, not installed."""
    program, keyring = shutil.which("mmdebstrap"), Path("/", KEYRING)
    wanted = [] if program else ["mmdebstrap"]
    if not keyring.exists():
        wanted.append("debian-archive-keyring")
    if program and not wanted:
        return Tool([program], keyring)
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
    said = run([*get, "update"], {}, fails=False)
    fetch = ["install", "--download-only", "--reinstall", "--no-install-recommends", *wanted]
    said = run([*get, *fetch], {}, before=said)
    for archive in apt.glob("cache/archives/*.deb"):
        run(["dpkg-deb", "--extract", str(archive), str(there)], {})
    if not keyring.exists():
        keyring = there / KEYRING
    if not keyring.exists() or not (program or (there / "usr/bin/mmdebstrap").exists()):
        raise packages.explain(said, [], FAILED)  # apt was content with less
    if program:
        return Tool([program], keyring, apt=options)
    # Debian's minimal Perl lacks modules that mmdebstrap uses; they came along, in the same version
    perl = shutil.which("perl", path=str(there / "usr/bin")) or "perl"
    modules = [*there.glob("usr/share/perl/*"), *there.glob("usr/lib/*/perl/*"), there / "usr/share/perl5"]
    env = {"PERL5LIB": os.pathsep.join(map(str, modules))}
    return Tool([perl, str(there / "usr/bin/mmdebstrap")], keyring, env, options)


def trust(work: Path, keyring: Path) -> list[str]:
    """Options: these keys; not the machine's other ones, nor those that mmdebstrap would add by itself."""
    none = work / "no-keys"
    none.mkdir()
    return [f"--keyring={keyring}", f"--keyring={none}", "--skip=check/signed-by"]


def mirror(apt: Sequence[str]) -> list[str]:
    """The archive that this machine takes Debian from; none elsewhere: mmdebstrap knows its default."""
    answer = subprocess.run(
        ["apt-get", *apt, "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Label: Debian"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [uri for uri in answer.stdout.split() if uri.startswith("http")][:1]


def network_settings(work: Path) -> Path:
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


def run(command: Sequence[str], env: Mapping[str, str], *, fails: bool = True, before: str = "") -> str:
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
        raise packages.explain("".join(output), [], FAILED)
    return "".join(output)
