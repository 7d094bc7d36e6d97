"""The image that is built here: its files, and when it cannot be built."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from netbook.engine import image


def test_root_filesystem_is_the_same_bytes_and_complete() -> None:
    made = image.root_filesystem(b"\x7fELF", ["sh", "ip", "ping"])
    assert made == image.root_filesystem(b"\x7fELF", ["ping", "sh", "ip"])
    with tarfile.open(fileobj=io.BytesIO(made)) as tar:
        members = {m.name: m for m in tar.getmembers()}
        assert members["bin/ip"].issym()
        assert members["bin/ip"].linkname == "busybox"
        assert members["bin/busybox"].mode == 0o755
        assert members["tmp"].mode == 0o1777
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
    monkeypatch.setattr(image, "PATH", str(tmp_path))
    why = image.cannot_build(arch)
    assert says in why
    assert bool(why) is bool(says)
