"""What an engine host is a container of: the engine's own programs, or the image `docker:dind`.

On an engine that the book has started, the programs are on its host already, in /usr; so the image is a root
with nothing in it but the way there, and no byte is fetched. Of a reader's own engine nobody knows what its
host has: there it is the image that Docker publishes for this.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

from netbook.engine.client.engine import Engine
from netbook.engine.own import is_the_books
from netbook.errors import EngineGone, ImageMissing, NetbookError
from netbook.ownership import labels

NAME = "netbook-engine-host"
REGISTRY, TAG = "docker", "28-dind"  # https://hub.docker.com/_/docker
_FOLDERS = ("etc/docker", "usr", "var/lib/docker", "run", "proc", "sys", "dev", "tmp", "root", "opt/bin")
_LINKS = {**{name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")}, "var/run": "/run"}
_PATH = "ENV PATH=/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ACCOUNTS = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": b"root:x:0:\ndocker:x:101:\nnogroup:x:65534:\n",
}


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> tuple[str, tuple[str, ...]]:
    """The image's name, and the folders of the engine's host that it needs, as `-v` has them.

    Errors: ImageMissing, on a reader's own engine that cannot pull.
    """
    if is_the_books(engine):
        if not engine.images.inspect(NAME):
            label = f'LABEL {labels.IMAGE}="{labels.owner()}"'
            engine.images.load(root_filesystem(), NAME, ['CMD ["sh"]', _PATH, label])
        return NAME, ("/usr:/usr:ro",)
    image = f"{REGISTRY}:{TAG}"
    if not engine.images.inspect(image):
        say(f"The image with a Docker Engine is not here yet: pulling {image} …")
        try:
            engine.images.pull(REGISTRY, TAG)
        except EngineGone:
            raise
        except NetbookError as refusal:
            raise ImageMissing(
                f"A host with an engine of its own is a container of the image {image} on your Docker, "
                f"and it could not be pulled: {refusal.what}",
                remedy="connect to a network that reaches an image registry; or let the book bring an engine "
                "that needs none: NETBOOK_ENGINE=private (Linux, root) or NETBOOK_ENGINE=embedded",
            ) from refusal
    return image, ()


def root_filesystem() -> bytes:
    """Folders, and links into /usr, as every Linux has them whose /bin is /usr/bin."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        kinds = [(name, tarfile.DIRTYPE, "", b"") for name in _FOLDERS]
        kinds += [(name, tarfile.SYMTYPE, target, b"") for name, target in _LINKS.items()]
        kinds += [(name, tarfile.REGTYPE, "", content) for name, content in _ACCOUNTS.items()]
        for name, kind, target, content in kinds:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.size = kind, target, len(content)
            entry.mode = 0o644 if content else 0o755
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()
