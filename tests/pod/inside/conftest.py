"""The embedded engine of this user, and a lab on it for each test."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator

import pytest

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.images import busybox

Guest = Callable[..., str]


@pytest.fixture(scope="module")
def machine() -> EmbeddedEngine:
    """The engine as its files show it."""
    return EmbeddedEngine()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Found by the ladder, as a notebook finds it; that it is the embedded one is part of the test."""
    found = ladder.find()
    assert found.rung == "embedded"
    busybox.ensure(found)
    yield found
    found.close()


@pytest.fixture
def lab(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lab of its own for each test; whatever the test did, it is cleaned."""
    with Lab(re.sub(r"[^a-z0-9-]", "-", request.node.name.lower())[:40], engine=engine, echo=False) as made:
        yield made


@pytest.fixture
def guest(engine: Engine, machine: EmbeddedEngine) -> Guest:
    """Run a command as root on the engine's host, as `netbook engine shell` does; its output."""

    def run(*argv: str, check: bool = True) -> str:
        done = subprocess.run(
            machine.command(*argv), cwd=machine.files.directory, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout

    assert os.environ.get("DOCKER_HOST", engine.where) == engine.where
    return run
