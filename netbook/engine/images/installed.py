"""A program of this machine, or of the embedded engine's packages, and the libraries that it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
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


def libraries(root: Path, files: Sequence[Path]) -> list[Path]:
    """What `ldd` lists for a program and its plugins, the loader included; nothing for a static program."""
    commands = [["ldd", *map(str, files)]]
    if root != HERE:  # fetched, and perhaps for another libc than this machine's
        commands = [[*Programs(root).loader, "--list", str(file)] for file in files]
    said = [subprocess.run(c, capture_output=True, text=True, check=False).stdout for c in commands]
    return [Path(path) for path in dict.fromkeys(re.findall(r"(/\S+) \(0x", "\n".join(said)))]


def starter(folder: str, program: str, found: Sequence[Path]) -> str:
    """How a program is started that lies in `/folder` with these libraries."""
    loader = next((path.name for path in found if path.name.startswith("ld")), "")
    return (
        f"/{folder}/{loader} --library-path /{folder} /{folder}/{program}"
        if loader
        else f"/{folder}/{program}"
    )
