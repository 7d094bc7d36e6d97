"""Fixtures for tests on a real engine: the suite's frame (tests/frame) says which one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.api import Engine


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
