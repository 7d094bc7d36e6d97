"""Build binder/Dockerfile, on its base or, where that cannot be pulled, on a Debian 13 made on the spot.

    docker build --network host -f binder/Dockerfile -t netbook-pod-test .

The made base is `mmdebstrap --variant=minbase trixie`, without documents like the base it stands for. It
also gets what lets *this* machine reach the package archives: its CA certificates and its settings of pip
and of proxies. A pulled base needs none of that.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import requests.exceptions
from docker import APIClient
from docker.errors import APIError, DockerException

from netbook.engine.embedded.kernel import has_amx
from netbook.errors import ImageMissing
from netbook.setup import packages

ROOT = Path(__file__).parents[2]
DOCKERFILE = "binder/Dockerfile"
TAG = "netbook-pod-test"
_UNREAD = ("doc", "man", "info", "locale")
_CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_INSIDE = "etc/netbook-host"
_PIP = ("etc/pip.conf", ".config/pip/pip.conf", ".pip/pip.conf")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")

Say = Callable[[str], object]


def build(api: APIClient, say: Say = lambda _: None, kernel: str = "") -> str:
    """The image's name. `kernel`: as the Dockerfile's KERNEL; "" takes the quicker way that runs here.

    Errors: ImageMissing with the build's last words.
    """
    name, tag, digest = base_in_dockerfile()
    arguments = {key: os.environ[key] for key in _PROXIES if key in os.environ}
    # building one takes longer than all tests together; where only that one runs, there is no choice
    needed = "built" if has_amx(Path("/proc/cpuinfo").read_text()) else "debian"
    arguments["KERNEL"] = kernel or needed
    if not _present(api, f"{name}@{digest}") and not _pulled(api, name, digest, say):
        local = f"{name}:{tag}"
        if not _present(api, local):
            say(f"{local} cannot be pulled here: making one with mmdebstrap …")
            make_base(api, local)
        arguments["BASE"] = local
    say(f"Building {DOCKERFILE} …")
    lines: list[str] = []
    for part in api.build(
        path=str(ROOT),
        dockerfile=DOCKERFILE,
        tag=TAG,
        network_mode="host",
        buildargs=arguments,
        rm=True,
        forcerm=True,
        decode=True,
    ):
        lines += str(part.get("stream") or part.get("error") or "").splitlines()
        if "error" in part:
            words = "\n".join(f"    {line}" for line in lines[-20:] if line.strip())
            raise ImageMissing(f"{DOCKERFILE} could not be built:\n{words}", remedy="read its words")
        if step := re.match(r"Step \d+/\d+ : (.*)", str(part.get("stream", ""))):
            say(f"  {step[0][:100]}")
    return TAG


def remove(api: APIClient) -> None:
    """Take away what `build` made and nobody else knows; a pulled base stays for the next time."""
    name, tag, _ = base_in_dockerfile()
    for image in (TAG, f"{name}:{tag}"):
        try:
            record = api.inspect_image(image)
            if image == TAG or not record.get("RepoDigests"):
                api.remove_image(image, force=True)
        except APIError:
            continue


def base_in_dockerfile(text: str | None = None) -> tuple[str, str, str]:
    """What binder/Dockerfile builds upon: name, tag, digest.

    >>> base_in_dockerfile("ARG BASE=debian:trixie-slim@sha256:12ab")
    ('debian', 'trixie-slim', 'sha256:12ab')
    """
    text = text if text is not None else (ROOT / DOCKERFILE).read_text(encoding="utf-8")
    found = re.search(r"^ARG BASE=(\S+?):([^@\s]+)@(sha256:\w+)$", text, re.MULTILINE)
    assert found, "no pinned base in the Dockerfile"
    return found[1], found[2], found[3]


def _present(api: APIClient, image: str) -> bool:
    try:
        api.inspect_image(image)
    except APIError:
        return False
    return True


def _pulled(api: APIClient, name: str, digest: str, say: Say) -> bool:
    say(f"Pulling {name}@{digest[:19]} …")
    try:
        api.pull(name, tag=digest)
    except (DockerException, requests.exceptions.RequestException):
        return False
    return True


# -- a base made here -------------------------------------------------------------


def make_base(api: APIClient, image: str) -> None:
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
    slim = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in _UNREAD]
    command = ["mmdebstrap", "--variant=minbase", "--quiet", "--format=tar", *slim, "trixie", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as maker:
        assert maker.stdout is not None
        assert maker.stderr is not None
        api.import_image_from_stream(_chunks(maker.stdout), repository=image)
        words = maker.stderr.read().decode(errors="replace").splitlines()
    if maker.returncode:
        last = "\n".join(f"    {line}" for line in words[-5:])
        raise ImageMissing(f"mmdebstrap could not make the base:\n{last}", remedy="read its words")
    _add_this_machine(api, image)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(1 << 20):
        yield chunk


def _add_this_machine(api: APIClient, image: str) -> None:
    """One more layer: files for pip, and the variables that point to them."""
    files = {f"{_INSIDE}/ca.pem": _BUNDLE.read_bytes()} if _BUNDLE.exists() else {}
    variables = {name: f"/{_INSIDE}/ca.pem" for name in _CERTIFICATES if files}
    for folder, root in ((Path("/"), ""), (Path.home(), "root/")):  # the image is built as root
        for name in _PIP:
            if (folder / name).is_file():
                files[root + name] = (folder / name).read_bytes()
    variables = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} | variables
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


def size(api: APIClient) -> int:
    """MB on the disk, all layers."""
    record: dict[str, Any] = api.inspect_image(TAG)
    return int(record["Size"]) // 1_000_000
