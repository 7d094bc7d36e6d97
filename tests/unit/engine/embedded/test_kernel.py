"""Which kernel runs on which CPU, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.engine.embedded import kernel


def made(folder: Path, version: str) -> Path:
    """A program that answers `--version` as linux.uml does."""
    program = folder / "linux.uml"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def amx(tmp_path: Path) -> Path:
    file = tmp_path / "cpuinfo"
    file.write_text("processor\t: 0\nflags\t\t: fpu avx512f amx_bf16 avx512_fp16 amx_tile amx_int8\n")
    return file


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    file = tmp_path / "cpuinfo"
    file.write_text("processor\t: 0\nflags\t\t: fpu sse2 avx2\nmodel name\t: amx_tile\n")
    return file


def test_old_kernel_on_a_cpu_with_amx(tmp_path: Path, amx: Path) -> None:
    why = kernel.problem(made(tmp_path, "6.12.113"), amx)
    assert why == "this CPU has AMX, and user-mode Linux 6.12 cannot keep its registers (newer ones can)"


def test_new_kernel_on_a_cpu_with_amx(tmp_path: Path, amx: Path) -> None:
    assert kernel.problem(made(tmp_path, "7.3.4"), amx) == ""


def test_old_kernel_on_another_cpu(tmp_path: Path, plain: Path) -> None:
    assert kernel.problem(made(tmp_path, "6.12.113"), plain) == ""


def test_kernel_whose_folder_was_moved(tmp_path: Path, plain: Path) -> None:
    program = made(tmp_path, "6.12.113")
    program.write_text("#!/nonexistent/loader\n")
    assert "does not start" in kernel.problem(program, plain)


@pytest.mark.parametrize(
    ("version", "expected"), [("6.12.113", []), ("6.16.1", ["seccomp=auto"]), ("7.3.4", ["seccomp=auto"])]
)
def test_newer_kernels_run_programs_by_seccomp(tmp_path: Path, version: str, expected: list[str]) -> None:
    assert kernel.options(made(tmp_path, version)) == expected
