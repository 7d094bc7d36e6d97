"""Fixtures for tests on a real engine: the suite's frame (tests/frame) says which one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.private.dockerd import PrivateEngine


@pytest.fixture(scope="session")
def engine(docker_host: str) -> Iterator[Engine]:
    found = ladder.find()
    assert found.where == docker_host
    yield found
    found.close()


@pytest.fixture
def lab(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lab of its own for each test; whatever the test did, it is cleaned."""
    with Lab(re.sub(r"[^a-z0-9-]", "-", request.node.name.lower())[:40], engine=engine, echo=False) as made:
        yield made


@pytest.fixture
def mortal(place_for_engines: Path | None) -> Iterator[tuple[PrivateEngine, Engine]]:
    """An engine of the test's own, to be killed."""
    if place_for_engines is None:
        pytest.skip("the reader's engine is not ours to kill")
    place_for_engines.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mortal-", dir=place_for_engines) as place:
        yield from _engine_in(Path(place))  # a place of its own: an earlier test's containers stay in theirs


def _engine_in(place: Path) -> Iterator[tuple[PrivateEngine, Engine]]:
    daemon = PrivateEngine(place, isolated=True)
    daemon.start()
    engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
    try:
        yield daemon, engine
    finally:
        engine.close()
        daemon.stop()
