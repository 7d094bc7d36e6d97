"""What forbids an embedded engine: forbidden for real, in a child or a namespace of its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from netbook.engine.embedded import memory, obstacles

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="obstacles of Linux")

PROJECT = Path(__file__).parents[4]
# seccomp(2): every call passes, but ptrace (101 on x86-64, 117 on others) gets {answer}
FORBID_PTRACE = """
import ctypes, platform, struct
ptrace = 101 if platform.machine() == "x86_64" else 117
LOAD, EQUAL, RETURN, ALLOW = 0x20, 0x15, 0x06, 0x7FFF0000
program = b"".join(struct.pack("HBBI", *line) for line in (
    (LOAD, 0, 0, 0), (EQUAL, 0, 1, ptrace), (RETURN, 0, 0, {answer}), (RETURN, 0, 0, ALLOW)))
code = ctypes.create_string_buffer(program, len(program))
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
assert libc.prctl(22, 2, ctypes.byref(Filter(4, ctypes.addressof(code))), 0, 0) == 0  # PR_SET_SECCOMP
"""
ASK = "from netbook.engine.embedded import obstacles\n"
ERRNO_EPERM, KILL_PROCESS = 0x00050001, 0x80000000


def python(code: str, *before: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, `before` it a command that starts it."""
    return subprocess.run(
        [*before, sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=False
    )


def test_ptrace_is_tried() -> None:
    assert obstacles.not_traced() == ""


@pytest.mark.parametrize(
    ("answer", "says"), [(ERRNO_EPERM, "Operation not permitted"), (KILL_PROCESS, "killed by SIGSYS")]
)
def test_a_seccomp_profile_that_forbids_ptrace(answer: int, says: str) -> None:
    asked = python(FORBID_PTRACE.format(answer=answer) + ASK + "print(obstacles.not_traced())")
    assert asked.stdout.strip() == says, asked.stderr


def test_forbidden_ptrace_is_the_problem(tmp_path: Path) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("another obstacle comes first")
    code = f"import pathlib; print(*obstacles.problem(pathlib.Path({str(tmp_path)!r})), sep='\\n')"
    asked = python(FORBID_PTRACE.format(answer=ERRNO_EPERM) + ASK + code)
    sentence, remedy = asked.stdout.splitlines()
    assert "forbidden here (Operation not permitted)" in sentence
    assert "seccomp" in remedy


def test_a_folder_that_allows_programs(tmp_path: Path) -> None:
    assert obstacles.allows_exec(tmp_path)
    assert not obstacles.allows_exec(tmp_path / "nothing")
    assert not any(tmp_path.iterdir())


@pytest.fixture
def mounts() -> tuple[str, ...]:
    """A command in which file systems can be mounted."""
    command = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")
    try:
        subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    return command


@pytest.mark.parametrize(("options", "allowed"), [("noexec", "False"), ("exec", "True")])
def test_noexec_is_tried(mounts: tuple[str, ...], tmp_path: Path, options: str, allowed: str) -> None:
    code = f"import pathlib; print(obstacles.allows_exec(pathlib.Path({str(tmp_path)!r})))"
    mount = f'mount -t tmpfs -o {options} none {tmp_path} && exec "$@"'
    asked = python(ASK + code, *mounts, "sh", "-c", mount, "sh")
    assert asked.stdout.strip() == allowed, asked.stderr


@pytest.mark.parametrize(
    ("options", "will_do"),
    [("noexec,size=64m", "False"), ("exec,size=1m", "False"), ("exec,size=64m", "True")],
)
def test_a_place_needs_both_exec_and_space(
    mounts: tuple[str, ...], tmp_path: Path, options: str, will_do: str
) -> None:
    code = f"import pathlib; print(obstacles.exec_and_space(pathlib.Path({str(tmp_path)!r}), 32 << 20))"
    mount = f'mount -t tmpfs -o {options} none {tmp_path} && exec "$@"'
    asked = python(ASK + code, *mounts, "sh", "-c", mount, "sh")
    assert asked.stdout.strip() == will_do, asked.stderr


def test_a_place_on_this_machine_is_found_and_not_yet_made(tmp_path: Path) -> None:
    state = tmp_path / "not" / "yet"
    found = obstacles.scratch(state)
    assert found is not None
    assert not state.exists()
    assert found.parent == state or obstacles.allows_exec(found.parent)


def test_the_first_place_that_will_do_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("full", "taken", "free", "last")
    monkeypatch.setattr(obstacles, "_candidates", lambda _: [(tmp_path / name, "memory") for name in names])
    monkeypatch.setattr(obstacles, "exec_and_space", lambda place, size: place != tmp_path / "full")
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / "taken" / "memory").symlink_to("/etc")  # where others can write, they can guess the name
    assert obstacles.scratch(tmp_path) == tmp_path / "free" / "memory"
    monkeypatch.setattr(obstacles, "exec_and_space", lambda place, size: False)
    assert obstacles.scratch(tmp_path) is None
    if platform.machine() == "x86_64" and memory.for_guest() >= memory.LEAST:
        found = obstacles.problem(tmp_path)
        assert found is not None
        assert str(tmp_path / "last") in found[0]
        assert "noexec" in found[1]


def test_a_folder_of_ours_is_ours(tmp_path: Path) -> None:
    assert obstacles.not_ours(tmp_path) == ""
    assert obstacles.not_ours(tmp_path / "not" / "yet") == ""


def test_what_is_no_folder_of_ours_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    assert obstacles.not_ours(tmp_path / "file") == "it is not a folder"
    assert obstacles.not_ours(tmp_path / "link") == "it is a link"
    assert obstacles.not_ours(tmp_path / "file" / "below") == "Not a directory"


def test_somebody_elses_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert obstacles.not_ours(tmp_path) == f"it belongs to somebody else (uid {owner})"
    if platform.machine() == "x86_64":
        found = obstacles.problem(tmp_path)
        assert found is not None
        assert str(tmp_path) in found[0]
        assert "NETBOOK_STATE" in found[1]


def test_too_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("another obstacle comes first")
    monkeypatch.setattr(memory, "available", lambda root=Path("/"): 1 << 30)
    found = obstacles.problem(tmp_path)
    assert found is not None
    assert found[0].startswith("only 1024 MB of memory")


def test_another_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert obstacles.problem(tmp_path) == ("the embedded engine needs an x86-64 CPU; this is aarch64", "")


def test_another_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert obstacles.problem(tmp_path) == ("the embedded engine needs Linux; this is darwin", "")
