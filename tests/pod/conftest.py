"""The image and the pod, made once for all tests here. What is in `inside` runs in the pod."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from netbook.engine import ladder
from tests.pod import image, prepared
from tests.pod.pod import Pod

# they are about the embedded engine, and end it in every way they can think of
collect_ignore = [] if os.environ.get("NETBOOK_ENGINE") == "embedded" else ["inside"]


@pytest.fixture(scope="session")
def api(place_for_engines: Path | None) -> Iterator[APIClient]:
    """Of an engine that has the image."""
    if place_for_engines is None and not ladder.any_runs():
        pytest.skip("the image is built with Docker: neither is yours running, nor can one be started here")
    with prepared.running(place_for_engines and place_for_engines / "pod") as connected:
        yield connected


@pytest.fixture(scope="session")
def pod(api: APIClient) -> Iterator[Pod]:
    with Pod(api, image.TOOLS) as started:
        started.measure("ready")
        yield started
