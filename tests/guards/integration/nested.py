"""Pytest runs inside a test: the suite's own settings and frame, on a file made for the purpose."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
_BASE = [
    *(sys.executable, "-m", "pytest"),
    *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)),
    *("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--color=no"),
]
# Without notebooks: importing nbval takes longer than all else together.
FRAME = ("-o", "addopts=--import-mode=importlib -ra", "-p", "no:nbval", "-p", "tests.frame.plugin")


@dataclass(frozen=True)
class Result:
    code: int
    text: str

    def failed(self) -> list[str]:
        """The last part of the ids of the tests that failed."""
        return re.findall(r"^FAILED .*?::([^:\n]+?)(?: - .*)?$", self.text, re.MULTILINE)


def environment(*, own_engine: bool = False, folder: Path | None = None) -> dict[str, str]:
    """Of a run that shares this process's engine, or of one that starts its own in `folder`."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    if own_engine:
        env = {key: value for key, value in env.items() if key not in ("DOCKER_HOST", "NETBOOK_ENGINE")}
    if folder is not None:
        env["TMPDIR"] = str(folder)
    return env


def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    """Run pytest to its end."""
    done = subprocess.run(
        [*_BASE, *map(str, arguments)],
        cwd=ROOT,
        env=env or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )
    return Result(done.returncode, done.stdout)


@contextmanager
def running(*arguments: str | Path, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run pytest in a process group of its own; killed at the end if it still lives."""
    process = subprocess.Popen(
        [*_BASE, *map(str, arguments)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
