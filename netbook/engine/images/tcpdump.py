"""Where the image with tcpdump comes from: present · built here from this machine's tcpdump · pulled.

Building comes before pulling, unlike with the lab image: tcpdump, its libraries and
busybox are 15 MB that are here already, the image in the registry is 200 MB.
"""

from __future__ import annotations

from collections.abc import Callable

from netbook.engine.client.engine import Engine
from netbook.engine.embedded import install
from netbook.engine.images import busybox, installed
from netbook.engine.images.recipe import Recipe
from netbook.setup import packages

NAME = "netbook-tcpdump"
# v0.13, for all platforms: tcpdump 4.99, nsenter, `ip`. Not by its tag, which can be moved, for this image is
# given rights. The digest is the one by which five unrelated public projects pin that tag.
# Were it not v0.13's, the pull would fail, or bring another image of the same publisher; never a later one.
REGISTRY, TAG = "nicolaka/netshoot", "sha256:a20c2531bf35436ed3766cd6cfe89d352b050ccc4d7005ce6400adf97503da1b"
_FOLDER = "opt/tcpdump"  # away from /lib: whatever else is in the image keeps its own libraries


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that the image is there; returns how: `present`, `built` or `pulled`.

    Errors: ImageMissing with one sentence for each way that was tried, and what to do.
    """
    return RECIPE.ensure(engine, say)


def obstacle() -> str:
    """Why it cannot be built here, as a sentence; "" if it can."""
    return busybox.obstacle() if installed.place("tcpdump") else "no tcpdump on this machine"


def files() -> bytes:
    """busybox, tcpdump and its libraries, and a script that brings them together."""
    found = installed.place("tcpdump")
    assert found is not None, "obstacle() says so before"
    root, program = found
    libraries = installed.libraries(root, [program])
    contents = {f"{_FOLDER}/{path.name}": path.read_bytes() for path in [program, *libraries]}
    script = f'#!/bin/sh\nexec {installed.starter(_FOLDER, "tcpdump", libraries)} "$@"\n'
    return busybox.root_filesystem({**contents, "bin/tcpdump": script.encode()})


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
