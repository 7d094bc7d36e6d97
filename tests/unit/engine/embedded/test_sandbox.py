"""The filter around the guest's kernel: a real process under it reads files, and changes none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netbook.engine.private.leftovers import is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

CODE = """
import os, sys
from netbook.engine.embedded import sandbox
sandbox.enter(sandbox.program())
os.chdir(sys.argv[1])
try:
    exec(sys.argv[2])
except OSError as refused:
    print(refused.strerror)
"""


def under_filter(folder: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(folder), code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        "os.open('file', os.O_WRONLY)",
        "os.open('file', os.O_RDWR)",
        "os.open('file', os.O_RDONLY | os.O_TRUNC)",
        "os.open('new', os.O_WRONLY | os.O_CREAT)",
        "os.truncate('file', 0)",
        "os.unlink('file')",
        "os.rename('file', 'other')",
        "os.replace('file', 'other')",
        "os.link('file', 'other')",
        "os.symlink('file', 'other')",
        "os.mkfifo('other')",
        "os.rmdir('empty')",
        "os.chmod('file', 0o777)",
        "os.fchmod(os.open('file', os.O_RDONLY), 0o600)",
        "os.chown('file', os.getuid(), os.getgid())",
        "os.utime('file', (0, 0))",
        "os.setxattr('file', 'user.netbook', b'')",
    ],
)
def test_what_changes_files_is_refused(folder: Path, code: str) -> None:
    before = facts(folder)
    assert under_filter(folder, code) == os.strerror(errno.EROFS)
    assert facts(folder) == before


def facts(folder: Path) -> dict[str, tuple[int, ...]]:
    found = ((path.name, path.lstat()) for path in folder.iterdir())
    return {name: (status.st_mode, status.st_size, status.st_mtime_ns) for name, status in found}


def test_a_folder_is_said_to_be_there_already(folder: Path) -> None:
    assert under_filter(folder, "os.mkdir('new')") == "File exists"
    assert not (folder / "new").exists()


def test_reading_is_allowed(folder: Path) -> None:
    assert under_filter(folder, "print(open('file').read())") == "precious"


def test_a_file_of_its_own_is_allowed_under_a_free_name_only(folder: Path) -> None:
    """So the kernel gets its memory: a new file, made executable."""
    assert (
        under_filter(folder, "os.fchmod(os.open('memory', os.O_RDWR | os.O_CREAT | os.O_EXCL), 0o777)") == ""
    )
    assert (folder / "memory").stat().st_mode & 0o777 == 0o777
    assert under_filter(folder, "os.open('file', os.O_RDWR | os.O_CREAT | os.O_EXCL)") == "File exists"


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = """
import os, subprocess, time
from netbook.engine.embedded import sandbox
child = subprocess.Popen(["sleep", "60"], preexec_fn=sandbox.die_with_parent)
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while is_alive(int(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
