"""Where the image with tcpdump comes from: present · built here from this machine's tcpdump · pulled.

Building comes before pulling, unlike with the lab image: tcpdump, its libraries and
busybox are 15 MB that are here already, the image in the registry is 200 MB.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from netbook.engine import image
from netbook.engine.api import Engine
from netbook.engine.embedded import install
from netbook.engine.embedded.programs import Programs
from netbook.engine.private import PATH
from netbook.engine.recipe import Recipe
from netbook.setup import packages

NAME = "netbook-tcpdump"
# To be pinned by digest by somebody who can reach the registry: `docker image inspect --format
# '{{index .RepoDigests 0}}' nicolaka/netshoot:v0.13`. Any image with tcpdump 4.99, nsenter and `ip` will do.
REGISTRY, TAG = "nicolaka/netshoot", "v0.13"
_FOLDER = "opt/tcpdump"  # away from /lib: whatever else is in the image keeps its own libraries


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that the image is there; returns how: `present`, `built` or `pulled`.

    Errors: ImageMissing with one sentence for each way that was tried, and what to do.
    """
    return RECIPE.ensure(engine, say)


def _root() -> Path | None:
    """Whose tcpdump: the machine's, else that of the embedded engine's packages."""
    if shutil.which("tcpdump", path=PATH):
        return Path("/")
    fetched = install.directory()
    return fetched if (fetched / "usr/bin/tcpdump").exists() else None


def _program(root: Path) -> Path:
    found = shutil.which("tcpdump", path=PATH) if root == Path("/") else None
    return Path(found or root / "usr/bin/tcpdump")


def obstacle() -> str:
    """Why it cannot be built here, as a sentence; "" if it can."""
    return image.obstacle() if _root() else "no tcpdump on this machine"


def libraries(root: Path, program: Path) -> list[Path]:
    """What `ldd` lists, the loader included; nothing for a static program."""
    command = ["ldd", str(program)]
    if root != Path("/"):  # fetched, and perhaps for another libc than this machine's
        loader, *options, _ = Programs(root).command("tcpdump")
        command = [loader, *options, "--list", str(program)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [Path(found) for found in re.findall(r"(/\S+) \(0x", listed)]


def files() -> bytes:
    """busybox, tcpdump and its libraries, and a script that brings them together."""
    root = _root()
    assert root is not None, "obstacle() says so before"
    program = _program(root)
    found = libraries(root, program)
    loader = next((path for path in found if path.name.startswith("ld")), None)
    start = f"/{_FOLDER}/tcpdump"
    if loader:
        start = f"/{_FOLDER}/{loader.name} --library-path /{_FOLDER} {start}"
    contents = {f"{_FOLDER}/{path.name}": path.read_bytes() for path in [program, *found]}
    script = f'#!/bin/sh\nexec {start} "$@"\n'
    return image.root_filesystem({**contents, "bin/tcpdump": script.encode()})


def _remedy() -> str:
    if (install.directory() / "usr/bin").exists():  # it was fetched before tcpdump was one of its packages
        return (
            "python3 -m netbook clean --all, then python3 -m netbook engine install: it fetches tcpdump too"
        )
    if packages.has_apt():
        return f"{packages.command(['tcpdump', 'busybox-static'])}, or connect to an image registry"
    return "connect to a network that reaches an image registry, or install tcpdump and a static busybox"


RECIPE = Recipe(
    name=NAME,
    what="image with tcpdump",
    registry=REGISTRY,
    tag=TAG,
    source="tcpdump",
    obstacle=obstacle,
    files=files,
    remedy=_remedy,
    build_first=True,
)
