"""The folder of the guest's memory: taken over, never shared, never a stranger's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the embedded engine is Linux's")
if sys.platform == "linux":
    from netbook.engine.embedded import scratch

TAKES = "import sys; from pathlib import Path; from netbook.engine.embedded import scratch"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another engine's keeper."""
    code = f"{TAKES}; print(scratch.take(Path(sys.argv[1]))[0].name, flush=True); input()"
    command = [sys.executable, "-c", code, str(tmp_path / "memory")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_what_a_power_cut_left_is_taken_over_empty(tmp_path: Path) -> None:
    left = tmp_path / "memory"
    (left / "folder").mkdir(parents=True)
    left.chmod(0o755)
    (left / "vm_file-1").write_text("old")
    folder, held = scratch.take(left)
    assert folder == left
    assert [path.name for path in folder.iterdir()] == ["held"]
    assert folder.stat().st_mode & 0o777 == 0o700
    os.close(held)
    scratch.drop(folder)
    assert not folder.exists()
    scratch.drop(folder)


def test_one_that_is_in_use_is_neither_taken_nor_dropped(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    assert other.stdout is not None
    assert other.stdout.readline() == "memory\n"
    scratch.drop(tmp_path / "memory")
    assert (tmp_path / "memory").exists()
    folder, held = scratch.take(tmp_path / "memory")
    assert folder.name == "memory-2"
    os.close(held)
    scratch.drop(folder)
    other.kill()
    other.wait()
    folder, held = scratch.take(tmp_path / "memory")
    assert folder.name == "memory"
    os.close(held)


def test_where_somebody_else_was_first_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "memory").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="somebody else"):
        scratch.take(tmp_path / "memory")
    assert list((tmp_path / "elsewhere").iterdir()) == []
