"""The image and the pod, made once for all tests here. What is in `inside` runs in the pod."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from docker import APIClient

from netbook.engine import ladder
from tests.frame.day import is_night
from tests.pod import image, prepared
from tests.pod.pod import Done, Pod

BY_NIGHT = set() if is_night() else {"test_lan.py"}  # a record, which is stored: a minute
INSIDE = sorted({path.name for path in Path(__file__).with_name("inside").glob("test_*.py")} - BY_NIGHT)
Inside = Mapping[str, Future[Done]]

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
def pod(api: APIClient, inside: Inside) -> Iterator[Pod]:
    """Asks for `inside` so that those tests have begun when this pod's do."""
    with Pod(api, image.TOOLS) as started:
        started.measure("ready")
        yield started


@pytest.fixture(scope="session")
def inside(api: APIClient) -> Iterator[Inside]:
    """What the files in `inside` come to, in a pod of their own: both wait more than they work."""
    with ThreadPoolExecutor(1) as runner, Pod(api, image.TOOLS) as started:
        started.measure("ready")
        yield {name: runner.submit(started.tests, name, seconds=400) for name in INSIDE}
        runner.shutdown(wait=False, cancel_futures=True)  # nobody has asked: the pod's end is theirs
