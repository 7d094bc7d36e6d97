"""What requirements.txt pins, and whether a Python has exactly that."""

from __future__ import annotations

import hashlib
import re
from importlib import metadata
from pathlib import Path

from netbook.errors import SetupError

_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*==\s*([A-Za-z0-9.!+_-]+)")
_HASHES = re.compile(r"\s*(?:--hash=\S+|\\$)")  # pip looks after those
_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]\s*(\S+)")


def read(file: Path) -> dict[str, str]:
    """Name → version, included files (`-r`) too.

    Errors: SetupError for a line that is not a plain pin, since "is it met?" would be a guess.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as missing:
        raise SetupError(
            f"The book's list of packages cannot be read: {file} ({missing.strerror}).",
            remedy="start from a complete copy of the book's folder: it has requirements.txt beside netbook/",
        ) from missing
    pins: dict[str, str] = {}
    for line in lines:
        text = _HASHES.sub("", line.partition("#")[0]).strip()
        if match := _INCLUDE.fullmatch(text):
            pins |= read((file.parent / match[1]).resolve())
        elif match := _PIN.fullmatch(text):
            pins[match[1]] = match[2]
        elif text:
            raise SetupError(
                f"{file} has a line that is no pin: {text!r}.", remedy="write it as name==version"
            )
    return pins


def fingerprint(file: Path) -> str:
    """A hash of what is pinned, not of how it is written: a changed comment installs nothing."""
    text = "\n".join(f"{name}=={version}" for name, version in sorted(read(file).items()))
    return hashlib.sha256(text.encode()).hexdigest()


def unmet(file: Path) -> dict[str, str]:
    """Name → what is the matter, for each pin that the running Python does not meet."""
    problems = {}
    for name, version in read(file).items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems[name] = f"{version} is not installed"
            continue
        if found != version:
            problems[name] = f"{found} is installed, the book is tested with {version}"
    return problems
