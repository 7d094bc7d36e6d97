"""Install the pinned packages with uv where it works; where it does not, pip does it, or tells why it cannot.

pip fetches uv itself, by the hashes in uv.txt, from wherever the reader's pip gets its packages. uv does not
read pip's settings, so they are handed over; if one has no counterpart in uv, uv is not used.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PINS = Path(__file__).with_name("uv.txt")
# pip's setting → uv's variable: https://docs.astral.sh/uv/reference/environment/
_SAME = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "constraint": "UV_CONSTRAINT",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "proxy": "ALL_PROXY",
}
_COMMAS = ("UV_FIND_LINKS",)  # between values where pip has spaces
_HARMLESS = {  # they change how pip talks and where it puts things, which we say ourselves
    *("disable-pip-version-check", "no-input", "progress-bar", "no-color", "quiet", "verbose", "retries"),
    *("cache-dir", "no-cache-dir", "user", "target", "prefix", "root", "require-virtualenv", "dry-run"),
    *("config-file", "root-user-action", "no-warn-script-location", "break-system-packages"),
}


def settings(listed: str) -> dict[str, str] | None:
    """`pip config list` as variables for uv; None if there is something that uv does not know.

    >>> settings("global.index-url='https://mirror/simple'\\n:env:.no-input='1'")
    {'UV_DEFAULT_INDEX': 'https://mirror/simple'}
    >>> settings("global.client-cert='/me.pem'") is None
    True
    """
    found: dict[str, str] = {}
    for line in listed.splitlines():
        match = re.fullmatch(r"(?:[\w-]+|:env:)\.([\w-]+)=(.+)", line.strip())
        if match is None:
            return None
        name, value = match[1], str(ast.literal_eval(match[2]))
        if name in _SAME:
            variable = _SAME[name]
            found[variable] = ",".join(value.split()) if variable in _COMMAS else " ".join(value.split())
        elif name not in _HARMLESS:
            return None
    return found


def commands(python: Path, files: Sequence[Path]) -> tuple[list[str], list[str]]:
    """What fetches uv into the venv of `python`, and what then installs `files` there."""
    program = python.with_name("uv.exe" if os.name == "nt" else "uv")
    fetch = [
        *(
            str(python),
            "-I",
            "-X",
            "utf8",
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
        ),
        *("--no-user", "--quiet", "--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(PINS)),
    ]
    work = [str(program), "pip", "install", "--python", str(python), "--no-progress"]
    if sys.dont_write_bytecode:  # each start would compile all modules, seconds of it; pip does this unasked
        work.append("--compile-bytecode")
    return fetch, [*work, *(part for file in files for part in ("-r", str(file)))]


def environment(python: Path, base: Mapping[str, str]) -> dict[str, str] | None:
    """The surroundings in which uv finds packages where pip does; None if it would not."""
    listing = [str(python), "-I", "-X", "utf8", "-m", "pip", "--disable-pip-version-check", "config", "list"]
    said = subprocess.run(listing, capture_output=True, encoding="utf-8", errors="replace", env=dict(base))
    found = settings(said.stdout) if said.returncode == 0 else None
    if found is None:
        return None
    # pip looks at all indexes alike; and no uv.toml of the machine shall change what the pins say
    return {**base, **found, "UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_CONFIG": "1"}
