"""What the tools say about the code; their settings are in pyproject.toml."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.frame import kept

ROOT = Path(__file__).parents[2]
TOOLS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--diff", "--quiet", "."],
    "mypy": ["-m", "mypy"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
}


@pytest.mark.parametrize("tool", sorted(TOOLS.keys() - {"mypy"}))
def test_clean(tool):
    clean(tool)


def test_clean_mypy():
    """With what it knew in the run before: it looks at what a file has, not at when that was written."""
    with kept.held("mypy", kept.key(version("mypy"), platform.python_version())) as cache:
        if cache is None:
            clean("mypy")
            return
        kept.begin(cache)
        clean("mypy", "--cache-dir", str(cache))
        kept.finish(cache)


def clean(tool, *more):
    done = subprocess.run(
        [sys.executable, *TOOLS[tool], *more], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{tool} says:\n{done.stdout}{done.stderr}", pytrace=False)
