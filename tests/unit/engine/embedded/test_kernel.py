"""Which kernel runs on which CPU, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.engine.embedded import kernel
from netbook.engine.embedded.programs import Programs


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
    file = tmp_path / "plain"
    file.write_text("processor\t: 0\nflags\t\t: fpu sse2 avx2\nmodel name\t: amx_tile\n")
    return file


@pytest.mark.parametrize(("version", "does"), [("6.1.90", True), ("6.12.113", True), ("7.3.4", False)])
def test_which_kernel_hands_over_a_part_to_a_cpu_with_amx(
    tmp_path: Path, amx: Path, plain: Path, version: str, does: bool
) -> None:
    assert kernel.hands_over_a_part(made(tmp_path, version), amx) is does
    assert not kernel.hands_over_a_part(made(tmp_path, version), plain)


def test_no_cpu_is_refused(tmp_path: Path) -> None:
    assert kernel.problem(made(tmp_path, "6.12.113")) == ""


def test_kernel_whose_folder_was_moved(tmp_path: Path) -> None:
    program = made(tmp_path, "6.12.113")
    program.write_text("#!/nonexistent/loader\n")
    assert "does not start" in kernel.problem(program)


@pytest.mark.parametrize("does", [True, False])
def test_the_compiler_is_lacking_only_where_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: bool
) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    made(tmp_path / "usr/bin", "6.12.113")
    monkeypatch.setattr(kernel, "hands_over_a_part", lambda _: does)
    assert ("tcc" in Programs(tmp_path).missing()) is does


@pytest.mark.parametrize(
    ("version", "expected"), [("6.12.113", []), ("6.16.1", ["seccomp=auto"]), ("7.3.4", ["seccomp=auto"])]
)
def test_newer_kernels_run_programs_by_seccomp(tmp_path: Path, version: str, expected: list[str]) -> None:
    assert kernel.options(made(tmp_path, version)) == expected
