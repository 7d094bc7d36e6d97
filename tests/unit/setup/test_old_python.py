"""An old Python gets a sentence: what it meets first must be readable to it."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from netbook import __main__ as main
from netbook.setup import start

FIRST_MET = [start.ROOT / "netbook" / name for name in ("__init__.py", "__main__.py")]
OLD = [name for name in (f"python3.{minor}" for minor in range(6, 11)) if main.works(name)]


@pytest.mark.parametrize("path", FIRST_MET, ids=lambda path: path.name)
def test_needs_nothing_newer_than_python_3_6(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            for annotation in [node.returns, *(argument.annotation for argument in arguments)]:
                # `list[str]` is evaluated when the function is defined, and fails before Python 3.9
                assert not isinstance(annotation, ast.Subscript | ast.BinOp), f"quote it: line {node.lineno}"
        assert not (isinstance(node, ast.ImportFrom) and node.module == "__future__")


@pytest.mark.skipif(not OLD, reason="no old Python on this machine")
@pytest.mark.parametrize("python", OLD)
def test_an_old_python_for_real(python: str) -> None:
    done = subprocess.run([python, "-m", "netbook", "lab"], cwd=start.ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("The book needs Python 3.11 or newer; this is Python 3.")
    assert "Traceback" not in done.stderr


def test_names_a_newer_python_that_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "works", lambda name: name in ("python3.11", "python3.12"))
    monkeypatch.setattr("sys.argv", ["netbook", "lab", "02"])
    message = main.too_old((3, 9, 2))
    assert "this is Python 3.9.2" in message
    assert "python3.12 -m netbook lab 02" in message


def test_or_says_to_install_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "works", lambda name: False)
    assert "install Python 3.11 or newer" in main.too_old((3, 10, 13))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_is_content_with_newer_ones(version: tuple[int, int, int]) -> None:
    assert main.too_old(version) == ""


def test_a_name_that_does_not_run_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.19"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main.works("python3.19") is False
    assert main.works("python3.18") is False


def test_a_standard_library_with_holes() -> None:
    message = main.incomplete("argparse")
    assert "lacks 'argparse'" in message
    assert "apt-get install python3" in message
