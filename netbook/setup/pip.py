"""Install the pinned packages, by uv or pip: short progress for the reader, a sentence for each failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from netbook.errors import SetupError
from netbook.setup import console, proxies, uv
from netbook.setup.disk import elsewhere

_PACKAGE = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")
_DOWNLOAD = re.compile(r"\s*Downloading (\S+?)(?:-\d\S*)? \(([\d.]+ ?[kKMG]i?B)\)")
_UNWELCOME = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN"}


def install(python: Path, files: Sequence[Path], log: Path, say: Callable[[str], object]) -> None:
    """`uv pip install -r FILE …`, or `pip install …`, into the venv of `python`; the output goes to `log`.

    uv is tried first, for it takes a fifth of the time; whatever keeps it from working, pip goes on.
    Errors: SetupError that says in one sentence what pip took a page for.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _UNWELCOME}
    environment["LC_ALL"] = "C.UTF-8"  # the system's words in English, for `explain`
    if for_uv := uv.environment(python, environment):
        fetch, work = uv.commands(python, files)
        if _run(fetch, environment, log, say)[0] == 0 and _run(work, for_uv, log, say)[0] == 0:
            return
    requirements = [part for file in files for part in ("-r", str(file))]
    command = [
        *(str(python), "-I", "-u", "-X", "utf8", "-m", "pip", "install"),
        *("--disable-pip-version-check", "--no-input", "--no-user", "--progress-bar", "off"),
        *("--retries", "3"),
        *requirements,
    ]
    code, output = _run(command, environment, log, say)
    if code:
        raise explain(output, log)


def fetch(python: Path, file: Path, folder: Path, log: Path, say: Callable[[str], object]) -> None:
    """`pip install --require-hashes -r FILE --target FOLDER`: pinned by hashes, into a folder of its own.

    Errors: SetupError that says in one sentence what pip took a page for.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _UNWELCOME}
    command = [
        *(str(python), "-I", "-u", "-X", "utf8", "-m", "pip", "install", "--disable-pip-version-check"),
        *("--no-input", "--no-user", "--progress-bar", "off", "--retries", "3", "--only-binary", ":all:"),
        *("--no-deps", "--require-hashes", "-r", str(file), "--target", str(folder)),
    ]
    code, output = _run(command, environment | {"LC_ALL": "C.UTF-8"}, log, say)
    if code:
        raise explain(output, log)


def _run(
    command: Sequence[str], environment: Mapping[str, str], log: Path, say: Callable[[str], object]
) -> tuple[int, str]:
    """Exit code and output of one program; the log gets it too, below what is there of another."""
    progress = Progress(say)
    lines: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=dict(environment),
        )
    except OSError as absent:  # a folder whose programs may not be run
        return 127, str(absent)
    with log.open("a", encoding="utf-8") as record, process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                record.write(line)
                lines.append(line)
                progress.read(line)
        except BaseException:
            process.terminate()
            raise
    progress.end()
    return process.returncode, "".join(lines)


class Progress:
    """pip's output, condensed: a live line on a terminal, a few lines elsewhere."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say, self._line = say, console.LiveLine()
        self._packages: set[str] = set()
        self._complained = False

    def read(self, line: str) -> None:
        """One line of pip's output."""
        if match := _PACKAGE.match(line):
            self._packages.add(match[1])
            self._show(f"looking at {match[1]}")
        elif match := _DOWNLOAD.match(line):
            big = match[2].endswith(("MB", "MiB", "GB", "GiB"))
            self._show(f"downloading {match[1]} ({match[2]})", keep=big)
        elif line.startswith("Installing collected packages"):
            self._show(f"installing {line.count(',') + 1} packages", keep=True)
        elif match := re.match(r"Resolved (\d+) packages", line):  # uv's word
            self._show(f"installing {match[1]} packages", keep=True)
        elif "Retrying (" in line and not self._complained:
            self._complained = True
            self.end()
            self._say("  The package index does not answer; trying again …")

    def _show(self, what: str, *, keep: bool = False) -> None:
        if self._line.live:
            self._line.show(f"{len(self._packages)} packages · {what}")
        elif keep:
            self._say(f"  {what}")

    def end(self) -> None:
        """Leave the live line."""
        self._line.end()


def explain(output: str, log: Path) -> SetupError:
    """The sentence for what pip's output says went wrong."""
    for pattern, cause in _CAUSES:
        if match := re.search(pattern, output):
            what, remedy = cause(match)
            return SetupError(f"The book's packages could not be installed: {what}", remedy=remedy)
    last = [line for line in output.splitlines() if line.strip()][-3:]
    words = "".join(f"\n    {proxies.hide_passwords(line)[:200]}" for line in last)
    return SetupError(
        f"The book's packages could not be installed. pip's last words:{words}", remedy=f"read {log}"
    )


def _no_space(_: re.Match[str]) -> tuple[str, str]:
    return "the disk ran full.", f"free some space, or put the packages elsewhere: {elsewhere()}"


def _read_only(_: re.Match[str]) -> tuple[str, str]:
    return "the folder is read-only.", f"copy the book to a place of your own, or: {elsewhere()}"


def _proxy(match: re.Match[str]) -> tuple[str, str]:
    status = re.search(r"Tunnel connection failed: (\d+ [\w ]+)", match.string)
    said = f" It said: {status[1]}." if status else ""
    return (
        f"the proxy refuses or does not answer.{said} Proxy settings seen: {proxies.seen()}.",
        "ask for the right address (and name and password), then: export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
    )


def _certificate(_: re.Match[str]) -> tuple[str, str]:
    return (
        "the package index shows a certificate that this Python does not trust; company proxies do that. "
        f"Proxy settings seen: {proxies.seen()}.",
        "export PIP_CERT=/path/to/your/company's/certificate.pem (and look at this machine's clock)",
    )


def _no_network(_: re.Match[str]) -> tuple[str, str]:
    return (
        f"the package index cannot be reached. Proxy settings seen: {proxies.seen()}.",
        "connect to a network (only the first start needs one); behind a proxy: export HTTPS_PROXY=http://HOST:PORT",
    )


def _no_pip(_: re.Match[str]) -> tuple[str, str]:
    return (
        "this virtual environment has no pip (uv makes such ones).",
        f"move it away, or put the packages elsewhere: {elsewhere()}",
    )


def _no_match(match: re.Match[str]) -> tuple[str, str]:
    version = ".".join(str(number) for number in sys.version_info[:2])
    return (
        f"the package index has no {match[1]} for Python {version} on this machine.",
        "use a Python that is one or two years old (3.11 to 3.14); if you use a mirror, it may lag behind",
    )


def _no_build(match: re.Match[str]) -> tuple[str, str]:
    return (
        f"there is no ready-made package of {match[1]} for this Python and machine, and building it failed.",
        "use a Python that is one or two years old (3.11 to 3.14), where ready-made ones exist",
    )


_Cause = Callable[[re.Match[str]], tuple[str, str]]
_CAUSES: tuple[tuple[str, _Cause], ...] = (
    (r"No space left on device|Disk quota exceeded|\[Errno 28\]", _no_space),
    (r"Read-only file system|\[Errno 30\]", _read_only),
    (r"ProxyError|Cannot connect to proxy|Tunnel connection failed|407 Proxy|InvalidProxyURL|SOCKS", _proxy),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError", _certificate),
    (
        r"NewConnectionError|(?:Connect|Read)TimeoutError|Failed to establish a new connection"
        r"|NameResolution|name resolution|getaddrinfo failed|Network is unreachable"
        r"|Connection refused|Connection reset|timed out",
        _no_network,
    ),
    (r"No module named '?pip", _no_pip),
    (r"No matching distribution found for (\S+)", _no_match),
    (r"Failed building wheel for (\S+)|Failed to build ['\"]?([\w.-]+)", _no_build),
)
