"""The newest Docker, started once for all tests here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.newer import engine, root

ROOT = Path(__file__).parents[2]
Nested = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def newest(place_for_engines: Path | None) -> Iterator[str]:
    """Its DOCKER_HOST."""
    if place_for_engines is None:
        pytest.skip("root on Linux makes the newest Docker; here one engine of yours serves all tests")
    with engine.running(root.folder(), place_for_engines / "newest") as url:
        yield url


@pytest.fixture(scope="session")
def on_the_newest(newest: str) -> Nested:
    """Run pytest on it, with the project's settings, in a process of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        plain = ("-n0", "-q", "-rfE", "--color=no", "-p", "no:cacheprovider")
        return subprocess.run(
            [sys.executable, "-m", "pytest", *plain, *arguments],
            cwd=ROOT,
            env={**kept, "DOCKER_HOST": newest},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
