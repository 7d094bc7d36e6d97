"""Folders for nested runs, and what can be asked of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.frame.leftovers import PREFIX


@pytest.fixture
def folder():
    """A short one: a unix socket's path has at most 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="nb-"))
    (path / "integration").mkdir()
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own():
    """Only where each process can have an engine of its own."""
    if os.environ.get("DOCKER_HOST") and not _is_private(os.environ["DOCKER_HOST"]):
        pytest.skip("this run uses the reader's engine; it starts none")


def _is_private(host: str) -> bool:
    return PREFIX in host
