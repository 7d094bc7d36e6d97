"""An engine on which the pod's image is built: layers outlast the run, the next one builds what changed.

The engine's data root is a kept folder (tests/frame/kept.py). While another run works in it, a second one
builds all anew in a folder of its own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from docker import APIClient
from docker.errors import DockerException

from netbook.errors import ImageMissing, NoEngine
from tests.frame import kept
from tests.pod import base, engine, image


@contextmanager
def running(directory: Path | None) -> Iterator[APIClient]:
    """A new engine in `directory`, with the images; None: the reader's, which loses them again."""
    if directory is None:
        with engine.client(None) as api:
            _supported(api)
            image.build(api)
            try:
                yield api
            finally:
                image.remove(api)
        return
    with kept.held("pod", _key()) as data, ExitStack() as stack:
        again = data is not None and kept.is_whole(data)
        try:
            api = stack.enter_context(_built(directory, data))
        except (image.Damaged, NoEngine, DockerException):
            if data is None or not again:
                raise
            kept.empty(data)
            api = stack.enter_context(_built(directory, data))
        yield api


def _key() -> str:
    """The engine's version, the base, and what of this machine is in it; layers have keys of their own."""
    version = subprocess.run(["dockerd", "--version"], capture_output=True, text=True, check=False).stdout
    return kept.key(version, image.base_in_dockerfile(), base.COMMAND, base.this_machine())


@contextmanager
def _built(directory: Path, data: Path | None) -> Iterator[APIClient]:
    with engine.client(directory, data) as api:
        _supported(api)
        for pod in api.containers(all=True):  # a killed run's
            api.remove_container(pod["Id"], force=True, v=True)
        with kept.spending():
            if data is None:
                image.build(api)
            else:
                _build_and_keep(api, data)
        yield api


def _build_and_keep(api: APIClient, data: Path) -> None:
    kept.begin(data)
    try:
        image.build(api)
        image.check(api)
        api.prune_images({"dangling": True, "until": "24h"})  # the book as it was before
    except image.Damaged:
        raise
    except ImageMissing:
        kept.finish(data)  # the Dockerfile is wrong, the layers before that line are not
        raise
    kept.finish(data)


def _supported(api: APIClient) -> None:
    if api.version()["Arch"] != "amd64":
        pytest.skip("Debian has user-mode Linux for amd64 only")
