"""Where the lab image comes from: present · pull · built here from a static busybox.

The image is `busybox`, so that every command the book prints works in the
reader's terminal as it stands.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from netbook.engine.client.engine import Engine
from netbook.engine.embedded import install
from netbook.engine.images import recipe
from netbook.engine.images.recipe import Recipe
from netbook.engine.private.requirements import PATH

NAME = "busybox"
TAG = "1.37"  # of the official image


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that the lab image is there; returns how: `present`, `pulled` or `built`.

    Errors: ImageMissing with one sentence for each way that was tried.
    """
    return RECIPE.ensure(engine, say)


def cannot_build(engine_arch: str) -> str:
    """Why no image can be built here, as a sentence; "" if one can."""
    return RECIPE.cannot_build(engine_arch)


def obstacle() -> str:
    """What this machine lacks for building on busybox, as a sentence; "" if nothing."""
    try:
        program = _busybox()
    except FileNotFoundError:
        return "no busybox on this machine"
    if b"/ld-" in program.read_bytes()[:4096]:
        return f"{program} is not static: it would need libraries that an empty image lacks"
    return ""


def _busybox() -> Path:
    """This machine's, or the one that came with the embedded engine's packages."""
    fetched = install.directory() / "usr/bin"
    found = shutil.which("busybox", path=PATH) or shutil.which("busybox", path=str(fetched))
    if found is None:
        raise FileNotFoundError("busybox")
    return Path(found)


def root_filesystem(programs: Mapping[str, bytes | Path] | None = None) -> bytes:
    """The busybox binary, a link for each of its applets, and perhaps more programs, as a tar archive."""
    program = _busybox()
    listing = subprocess.run([program, "--list"], capture_output=True, text=True, check=True)
    applets = [name for name in listing.stdout.split() if name != "busybox"]
    return recipe.root_filesystem(program.read_bytes(), applets, programs)


RECIPE = Recipe(
    name=NAME,
    what="lab image",
    registry=NAME,
    tag=TAG,
    source="static busybox",
    obstacle=obstacle,
    files=root_filesystem,
    remedy=lambda: (
        "connect to a network that reaches an image registry, or install a static busybox "
        "(on Debian and Ubuntu: apt-get install busybox-static)"
    ),
    changes=("ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",),
)
