"""A program of this machine, or of the embedded engine's packages, and the libraries that it needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from netbook.engine.embedded import install
from netbook.engine.embedded.programs import Programs
from netbook.engine.private.requirements import PATH

HERE = Path("/")


def place(name: str) -> tuple[Path, Path] | None:
    """(root, program): the machine's, else the fetched one; None if there is neither."""
    if found := shutil.which(name, path=PATH):
        return HERE, Path(found)
    root = install.directory()
    fetched = (root / folder / name for folder in ("usr/bin", "usr/sbin"))
    return next(((root, path) for path in fetched if path.exists()), None)


def libraries(root: Path, programs: Sequence[Path], plugins: Sequence[Path] = ()) -> list[Path]:
    """What `ldd` lists for programs and for plugins that the first may load, the loader included.

    A static program has none. Plugins are listed with it at once, as if they were preloaded: `ldd` would
    start the loader for each.
    """
    found = [path for program in programs for path in _listed(_asking(root, program))]
    if plugins and (loader := loader_of(found)):
        preloaded = {"LD_PRELOAD": ":".join(map(str, plugins))}
        command = Programs(root).loader or [str(loader)]
        found += _listed([*command, "--list", str(programs[0])], preloaded)
    return [path for path in dict.fromkeys(found) if path not in plugins]


def loader_of(libraries: Sequence[Path]) -> Path | None:
    """The one of them that loads the others."""
    return next((path for path in libraries if path.name.startswith("ld")), None)


def _asking(root: Path, program: Path) -> list[str]:
    if root == HERE:
        return ["ldd", str(program)]
    return [*Programs(root).loader, "--list", str(program)]  # perhaps for another libc than this machine's


def _listed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> list[Path]:
    settings = {**os.environ, **(environment or {})}
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=settings).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", said)]


def starter(folder: str, program: str, found: Sequence[Path]) -> str:
    """How a program is started that lies in `/folder` with these libraries."""
    if loader := loader_of(found):
        return f"/{folder}/{loader.name} --library-path /{folder} /{folder}/{program}"
    return f"/{folder}/{program}"
