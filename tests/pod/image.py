"""Build binder/Dockerfile, on its base or, where that cannot be pulled, on a Debian 13 made on the spot.

    docker build --network host -f binder/Dockerfile -t netbook-pod-test .

On it comes a second image, with what tests need: pytest and nbval are not the reader's.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests.exceptions
from docker import APIClient
from docker.errors import APIError, DockerException

from netbook.errors import ImageMissing
from netbook.setup import pins, start
from tests.pod import base

ROOT = Path(__file__).parents[2]
DOCKERFILE = "binder/Dockerfile"
TAG = "netbook-pod-test"
TOOLS = f"{TAG}-tools"
_TOOLS = ("nbval", "pytest")
PROXIES = ("http_proxy", "https_proxy", "no_proxy")

Say = Callable[[str], object]


class Damaged(ImageMissing):
    """The engine failed, and no command of the Dockerfile: layers that it has kept may be gone."""


def build(api: APIClient, say: Say = lambda _: None, kernel: str = "debian") -> str:
    """The name of the image with the tests' tools. To build the `kernel` takes longer than all tests.

    Errors: ImageMissing with the build's last words; Damaged.
    """
    name, tag, digest = base_in_dockerfile()
    arguments = {key: os.environ[key] for key in PROXIES if key in os.environ}
    arguments["KERNEL"] = kernel
    if not _present(api, f"{name}@{digest}") and not _pulled(api, name, digest, say):
        local = f"{name}:{tag}"
        if not _present(api, local):
            say(f"{local} cannot be pulled here: making one with mmdebstrap …")
            base.make(api, local)
        arguments["BASE"] = local
    _run(api, say, path=str(ROOT), dockerfile=DOCKERFILE, tag=TAG, buildargs=arguments)
    _run(api, say, fileobj=io.BytesIO(_tools().encode()), tag=TOOLS, buildargs=arguments)
    return TOOLS


def _tools() -> str:
    pinned = pins.read(start.CONTRIBUTOR)
    wanted = " ".join(f"{name}=={pinned[name]}" for name in _TOOLS)
    return f"FROM {TAG}\nUSER 0\nRUN pip install --no-cache-dir {wanted}\n"


def _run(api: APIClient, say: Say, **what: Any) -> None:
    say(f"Building {what['tag']} …")
    lines: list[str] = []
    for part in api.build(**what, network_mode="host", rm=True, forcerm=True, decode=True):
        lines += str(part.get("stream") or part.get("error") or "").splitlines()
        if "error" in part:
            words = "\n".join(f"    {line}" for line in lines[-20:] if line.strip())
            kind = ImageMissing if "returned a non-zero code" in part["error"] else Damaged
            raise kind(f"{what['tag']} could not be built:\n{words}", remedy="read its words")
        if step := re.match(r"Step \d+/\d+ : (.*)", str(part.get("stream", ""))):
            say(f"  {step[0][:100]}")


def check(api: APIClient) -> None:
    """Does a container of it start, with what every layer brought?

    Errors: Damaged.
    """
    alone = api.create_host_config(network_mode="none")
    code = "import docker, nbval"
    made = api.create_container(TOOLS, ["-c", code], entrypoint=["python3"], host_config=alone)
    try:
        api.start(made["Id"])
        if api.wait(made["Id"])["StatusCode"]:
            words = api.logs(made["Id"]).decode(errors="replace").strip()
            raise Damaged(f"{TOOLS} was built, and does not work:\n    {words}", remedy="read its words")
    finally:
        api.remove_container(made["Id"], force=True)


def remove(api: APIClient) -> None:
    """Take away what `build` made and nobody else knows; a pulled base stays for the next time."""
    name, tag, _ = base_in_dockerfile()
    for image in (TOOLS, TAG, f"{name}:{tag}"):
        try:
            record = api.inspect_image(image)
            if image in (TOOLS, TAG) or not record.get("RepoDigests"):
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


def size(api: APIClient) -> int:
    """MB on the disk, all layers."""
    record: dict[str, Any] = api.inspect_image(TAG)
    return int(record["Size"]) // 1_000_000
