"""Fixtures for tests on a real engine: the suite's frame (tests/frame) says which one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.api import Engine
from netbook.engine.private import PrivateEngine


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
    daemon = PrivateEngine(place_for_engines / "mortal", isolated=True)
    daemon.start()
    engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
    try:
        yield daemon, engine
    finally:
        engine.close()
        daemon.stop()
