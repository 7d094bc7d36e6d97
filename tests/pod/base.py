"""A Debian 13 for binder/Dockerfile to build upon, where its own base cannot be pulled.

It is `mmdebstrap --variant=minbase trixie`, without documents like the base it stands for. It also gets what
lets *this* machine reach the package archives: its CA certificates and its settings of pip. A pulled base
needs none of that.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from docker import APIClient

from netbook.errors import ImageMissing
from netbook.setup import packages

_UNREAD = ("doc", "man", "info", "locale")
_SLIM = (f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in _UNREAD)
COMMAND = ("mmdebstrap", "--variant=minbase", "--quiet", "--format=tar", *_SLIM, "trixie", "-")
_CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_INSIDE = "etc/netbook-host"
_PIP = ("etc/pip.conf", ".config/pip/pip.conf", ".pip/pip.conf")


def make(api: APIClient, image: str) -> None:
    """`mmdebstrap … trixie | docker import - IMAGE`, then a layer with this machine's certificates and pip.

    Errors: SetupError if mmdebstrap is missing and cannot be installed; ImageMissing with its last words.
    """
    if packages.can_install():
        packages.offer(["mmdebstrap"], "The base of the image cannot be pulled, and is made here.")
    if not shutil.which("mmdebstrap"):
        raise ImageMissing(
            "The base of the image can neither be pulled nor made here: mmdebstrap is not installed.",
            remedy="connect to a network that reaches an image registry, or install mmdebstrap",
        )
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as maker:
        assert maker.stdout is not None
        assert maker.stderr is not None
        api.import_image_from_stream(_chunks(maker.stdout), repository=image)
        words = maker.stderr.read().decode(errors="replace").splitlines()
    if maker.returncode:
        last = "\n".join(f"    {line}" for line in words[-5:])
        raise ImageMissing(f"mmdebstrap could not make the base:\n{last}", remedy="read its words")
    _add(api, image, *this_machine())


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(1 << 20):
        yield chunk


def this_machine() -> tuple[dict[str, bytes], dict[str, str]]:
    """Files for pip, and the variables that point to them."""
    files = {f"{_INSIDE}/ca.pem": _BUNDLE.read_bytes()} if _BUNDLE.exists() else {}
    variables = {name: f"/{_INSIDE}/ca.pem" for name in _CERTIFICATES if files}
    for folder, root in ((Path("/"), ""), (Path.home(), "root/")):  # the image is built as root
        for name in _PIP:
            if (folder / name).is_file():
                files[root + name] = (folder / name).read_bytes()
    given = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return files, given | variables


def _add(api: APIClient, image: str, files: dict[str, bytes], variables: dict[str, str]) -> None:
    """One more layer."""
    container = api.create_container(image, ["true"])
    try:
        api.put_archive(container, "/", archive(files))
        settings = [f"ENV {key}={_quoted(value)}" for key, value in sorted(variables.items())]
        name, _, tag = image.partition(":")
        api.commit(container, repository=name, tag=tag, changes="\n".join([*settings, 'CMD ["bash"]']))
    finally:
        api.remove_container(container)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def archive(files: dict[str, bytes]) -> bytes:
    """As `docker cp -` takes them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(content), 0o644
            tar.addfile(about, io.BytesIO(content))
    return packed.getvalue()
