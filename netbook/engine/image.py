"""Where the lab image comes from: present · pull · built here from a static busybox.

The image is `busybox`, so that every command the book prints works in the
reader's terminal as it stands. When it is built here (no registry can be
reached), it takes that name only if the name is free, and bears our label.
"""

from __future__ import annotations

import io
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

from netbook import labels
from netbook.engine.api import Engine
from netbook.engine.embedded import install
from netbook.engine.private import PATH
from netbook.errors import EngineGone, EngineRefused, ImageMissing, NetbookError

NAME = "busybox"
TAG = "1.37"  # of the official image
_ARCH = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "AMD64": "amd64", "arm64": "arm64"}


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that the lab image is there; returns how: `present`, `pulled` or `built`.

    Errors: ImageMissing with one sentence for each way that was tried.
    """
    if engine.image(NAME):
        return "present"
    if engine.rung == "embedded" and not cannot_build(engine.arch):  # quick, and always there
        build(engine, _busybox())
        return "built"
    say(f"The lab image is not here yet: pulling {NAME}:{TAG} …")
    try:
        engine.pull(NAME, TAG)
        engine.tag(f"{NAME}:{TAG}", NAME)
        return "pulled"
    except EngineGone:
        raise
    except NetbookError as refusal:
        not_pulled = refusal.what
    if why_not := cannot_build(engine.arch):
        raise ImageMissing(
            f"The lab image {NAME!r} is not on this engine.\n"
            f"  - pulling it: {not_pulled}\n  - building it: {why_not}",
            remedy="connect to a network that reaches an image registry, or install a static busybox "
            "(on Debian and Ubuntu: apt-get install busybox-static)",
        )
    say("No registry can be reached: building it from the static busybox on this machine …")
    build(engine, _busybox())
    return "built"


def cannot_build(engine_arch: str) -> str:
    """Why no image can be built here, as a sentence; "" if one can."""
    try:
        program = _busybox()
    except FileNotFoundError:
        return "no busybox on this machine"
    here = _ARCH.get(platform.machine(), platform.machine())
    if engine_arch not in ("?", here):
        return f"this machine's busybox is for {here}, the engine runs {engine_arch}"
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


def build(engine: Engine, program: Path) -> None:
    """`docker import`: the busybox binary, a link for each of its applets, and a label."""
    listing = subprocess.run([program, "--list"], capture_output=True, text=True, check=True)
    applets = [name for name in listing.stdout.split() if name != "busybox"]
    engine.import_image(
        root_filesystem(program.read_bytes(), applets),
        NAME,
        [
            'CMD ["sh"]',
            "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            f'LABEL {labels.IMAGE}="{labels.owner()}"',
        ],
    )


def root_filesystem(binary: bytes, applets: Iterable[str]) -> bytes:
    """The image's files as a tar archive, the same bytes for the same busybox."""
    files = {
        "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
        "etc/group": b"root:x:0:\nnogroup:x:65534:\n",
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:

        def add(name: str, kind: bytes, mode: int, content: bytes = b"", target: str = "") -> None:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(content), target
            tar.addfile(entry, io.BytesIO(content))

        for folder in (
            "bin",
            "dev",
            "etc",
            "home",
            "proc",
            "root",
            "sys",
            "usr",
            "usr/bin",
            "var",
            "var/www",
        ):
            add(folder, tarfile.DIRTYPE, 0o755)
        add("tmp", tarfile.DIRTYPE, 0o1777)
        add("bin/busybox", tarfile.REGTYPE, 0o755, binary)
        for applet in sorted(applets):
            add(f"bin/{applet}", tarfile.SYMTYPE, 0o777, target="busybox")
        add("usr/bin/env", tarfile.SYMTYPE, 0o777, target="../../bin/busybox")
        for name, content in files.items():
            add(name, tarfile.REGTYPE, 0o644, content)
    return archive.getvalue()


def remove(engine: Engine) -> list[str]:
    """Remove the images that were built here, by label; returns their names.

    One that a container still uses is left. A pulled image bears no label and stays.
    """
    removed = []
    for record in engine.images(f"{labels.IMAGE}={labels.owner()}"):
        name = (record.get("RepoTags") or [record["Id"]])[0]
        try:
            engine.remove_image(name)
            removed.append(name)
        except EngineRefused:
            continue
    return removed
