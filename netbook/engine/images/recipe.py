"""An image that the book needs, and the ladder by which it comes: present · pulled · built on the spot.

Whatever the rung, it has one name on the engine, so that the commands that the book
prints work in the reader's terminal as they stand. An image that is built here takes
that name only if it is free, and bears our label.
"""

from __future__ import annotations

import io
import platform
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netbook.engine.client.engine import Engine
from netbook.errors import EngineGone, EngineRefused, ImageMissing, NetbookError, NotFound
from netbook.ownership import labels

_ARCH = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "AMD64": "amd64", "arm64": "arm64"}
_FOLDERS = ("bin", "dev", "etc", "home", "proc", "root", "sys", "usr", "usr/bin", "var", "var/www")
_ACCOUNTS = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": b"root:x:0:\nnogroup:x:65534:\n",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """One image: its name, where a registry has it, and how it is built from what this machine has."""

    name: str  # on the engine
    what: str  # in messages: "lab image"
    registry: str
    tag: str  # or digest: "sha256:…"
    source: str  # what it is built from: "static busybox"
    obstacle: Callable[[], str]  # why it cannot be built here, as a sentence; "" if it can
    files: Callable[[], bytes]  # a root file system as a tar archive
    remedy: Callable[[], str]
    changes: Sequence[str] = ()
    build_first: bool = False  # where building is much less than pulling

    @property
    def reference(self) -> str:
        """As `docker pull` has it."""
        return f"{self.registry}{'@' if ':' in self.tag else ':'}{self.tag}"

    def ensure(self, engine: Engine, say: Callable[[str], object]) -> str:
        """Make sure that it is there; returns how: `present`, `pulled` or `built`.

        Errors: ImageMissing with one sentence for each way that was tried.
        """
        if engine.images.inspect(self.name):
            return "present"
        why_not = self.cannot_build(engine.arch)
        if (self.build_first or engine.rung == "embedded") and not why_not:  # quick, and always there
            self.build(engine)
            return "built"
        say(f"The {self.what} is not here yet: pulling {self.reference} …")
        try:
            engine.images.pull(self.registry, self.tag)
            engine.images.tag(self.reference, self.name)
            return "pulled"
        except EngineGone:
            raise
        except NetbookError as refusal:
            not_pulled = refusal.what
        if why_not:
            raise ImageMissing(
                f"The {self.what} {self.name!r} is not on this engine.\n"
                f"  - pulling it: {not_pulled}\n  - building it: {why_not}",
                remedy=self.remedy(),
            )
        say(f"No registry can be reached: building it from the {self.source} on this machine …")
        self.build(engine)
        return "built"

    def cannot_build(self, engine_arch: str) -> str:
        """Why it cannot be built here for that engine, as a sentence; "" if it can."""
        here = _ARCH.get(platform.machine(), platform.machine())
        if why := self.obstacle():
            return why
        if engine_arch not in ("?", here):
            return f"this machine's {self.source} is for {here}, the engine runs {engine_arch}"
        return ""

    def build(self, engine: Engine) -> None:
        """`docker import`: the files, and our label."""
        label = f'LABEL {labels.IMAGE}="{labels.owner()}"'
        engine.images.load(self.files(), self.name, ['CMD ["sh"]', *self.changes, label])


def built(engine: Engine, names: Iterable[str]) -> list[str]:
    """Those of `names` that are images which this reader's book has built.

    What somebody built FROM them, or committed from a container of theirs, inherits our label; but `docker
    history` has one step for an import, and more for all that came of it.
    """
    found = []
    for name in names:
        image = engine.images.inspect(name)
        marks = ((image or {}).get("Config") or {}).get("Labels") or {}
        if (
            image
            and labels.is_reader(marks.get(labels.IMAGE))
            and len(engine.images.history(image["Id"])) == 1
        ):
            found.append(name)
    return found


def remove(engine: Engine, names: Iterable[str]) -> list[str]:
    """`docker rmi NAME…` for those that were built here; returns their names.

    One that a container still uses is left, and so is each further name that the reader has given it.
    """
    removed = []
    for name in built(engine, names):
        try:
            engine.images.remove(name)
            removed.append(name)
        except (EngineRefused, NotFound):
            continue
    return removed


def root_filesystem(
    busybox: bytes,
    applets: Iterable[str],
    programs: Mapping[str, bytes | Path] | None = None,
) -> bytes:
    """A root with busybox, links for its applets, and more programs: path → content, or a file that has it.

    The same bytes for the same files.
    """
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:

        def add(name: str, kind: bytes, mode: int, content: bytes = b"", target: str = "") -> None:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(content), target
            tar.addfile(entry, io.BytesIO(content))

        for folder in _FOLDERS:
            add(folder, tarfile.DIRTYPE, 0o755)
        add("tmp", tarfile.DIRTYPE, 0o1777)
        add("bin/busybox", tarfile.REGTYPE, 0o755, busybox)
        for applet in sorted(applets):
            add(f"bin/{applet}", tarfile.SYMTYPE, 0o777, target="busybox")
        add("usr/bin/env", tarfile.SYMTYPE, 0o777, target="../../bin/busybox")
        for name, content in ({**_ACCOUNTS, **(programs or {})}).items():
            mode = 0o755 if name not in _ACCOUNTS else 0o644
            add(name, tarfile.REGTYPE, mode, content if isinstance(content, bytes) else content.read_bytes())
    return archive.getvalue()
