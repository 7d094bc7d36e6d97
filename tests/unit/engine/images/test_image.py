"""The images that are built here: their files, and when they cannot be built."""

from __future__ import annotations

import _ctypes
import io
import shutil
import tarfile
from pathlib import Path

import pytest

from netbook.engine.embedded import install
from netbook.engine.images import busybox, installed, iptables, recipe, tcpdump


def test_root_filesystem_is_the_same_bytes_and_complete() -> None:
    made = recipe.root_filesystem(b"\x7fELF", ["sh", "ip", "ping"], {"opt/a": b"1"})
    assert made == recipe.root_filesystem(b"\x7fELF", ["ping", "sh", "ip"], {"opt/a": b"1"})
    with tarfile.open(fileobj=io.BytesIO(made)) as tar:
        members = {m.name: m for m in tar.getmembers()}
        assert members["bin/ip"].issym()
        assert members["bin/ip"].linkname == "busybox"
        assert members["bin/busybox"].mode == 0o755
        assert members["tmp"].mode == 0o1777
        assert members["opt/a"].mode == 0o755
        passwd = tar.extractfile("etc/passwd")
        assert passwd is not None
        assert passwd.read().startswith(b"root:x:0:0:")


@pytest.mark.parametrize(
    ("content", "arch", "says"),
    [
        (None, "amd64", "no busybox"),
        (b"\x7fELF static", "riscv64", "the engine runs riscv64"),
        (b"\x7fELF /lib64/ld-linux-x86-64.so.2", "?", "is not static"),
        (b"\x7fELF static", "?", ""),
    ],
)
def test_cannot_build_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, arch: str, says: str
) -> None:
    if content is not None:
        (tmp_path / "busybox").write_bytes(content)
        (tmp_path / "busybox").chmod(0o755)
    monkeypatch.setattr(busybox, "PATH", str(tmp_path))
    why = busybox.cannot_build(arch)
    assert says in why
    assert bool(why) is bool(says)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without programs; the folder of the embedded engine's packages is not there."""
    monkeypatch.setattr(busybox, "PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(installed, "PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(install, "directory", lambda: tmp_path / "fetched")
    return tmp_path


def test_libraries_are_all_that_the_loader_finds() -> None:
    program = Path(shutil.which("ls") or "")
    found = installed.libraries(Path("/"), [program])
    assert {path.name for path in found} > {"libc.so.6"}
    assert all(path.exists() for path in found)
    assert any(path.name.startswith("ld") for path in found)


def test_a_plugins_libraries_are_those_that_it_has_alone() -> None:
    """Listed at once with the program that loads it; it is not one of its own libraries."""
    program, plugin = Path(shutil.which("ls") or ""), Path(_ctypes.__file__)
    alone = {*installed.libraries(Path("/"), [program]), *installed.libraries(Path("/"), [plugin])}
    assert {*installed.libraries(Path("/"), [program], [plugin])} == alone
    assert alone > {*installed.libraries(Path("/"), [program])}


def test_without_tcpdump_it_cannot_be_built(bare: Path) -> None:
    assert tcpdump.obstacle() == "no tcpdump on this machine"
    assert "tcpdump" in tcpdump.RECIPE.remedy()


def test_packages_that_were_fetched_before_tcpdump_was_among_them(bare: Path) -> None:
    (bare / "fetched/usr/bin").mkdir(parents=True)
    assert tcpdump.obstacle() == "no tcpdump on this machine"
    assert "netbook engine install" in tcpdump.RECIPE.remedy()
    assert "tcpdump" in install.PACKAGES


def test_with_tcpdump_but_without_busybox_it_cannot_be_built(bare: Path) -> None:
    (bare / "fetched/usr/bin").mkdir(parents=True)
    (bare / "fetched/usr/bin/tcpdump").touch()
    assert tcpdump.obstacle() == "no busybox on this machine"


def test_without_iptables_it_cannot_be_built(bare: Path) -> None:
    assert iptables.obstacle() == "no iptables on this machine"
    assert "iptables" in iptables.RECIPE.remedy()


def test_iptables_of_the_fetched_packages_will_do(bare: Path) -> None:
    (bare / "fetched/usr/sbin").mkdir(parents=True)
    (bare / "fetched/usr/sbin/xtables-legacy-multi").touch()
    assert iptables.obstacle() == "no busybox on this machine"
