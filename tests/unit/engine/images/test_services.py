"""The images of a cluster as they are built: a program at its own place and on PATH, or a sentence."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from netbook.engine.images import busybox, debian, installed, services


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as it is fetched; whatever this machine has is not taken."""
    for name in ("usr/sbin/nginx", "usr/bin/redis-server", "usr/bin/redis-cli", "usr/bin/python3.13"):
        _put(tmp_path / name)
    for name in ("postgres", "initdb", "psql", "pg_isready"):
        _put(tmp_path / "usr/lib/postgresql/17/bin" / name)
    for name in ("socket.py", "test/big.py", "__pycache__/socket.pyc"):
        _put(tmp_path / "usr/lib/python3.13" / name)
    _put(tmp_path / "usr/share/postgresql/17/postgres.bki")
    monkeypatch.setattr(debian, "HERE", tmp_path / "nothing")
    monkeypatch.setattr(debian, "directory", lambda: tmp_path)
    library = tmp_path / "usr/sbin/nginx"
    monkeypatch.setattr(installed, "libraries", lambda _, programs, plugins: [library] * bool(programs))
    monkeypatch.setattr(busybox, "_busybox", lambda: Path("/bin/true"))
    return tmp_path


def _put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.name)


def names(service: str) -> set[str]:
    files = next(one for one in services.SERVICES if one.program == service).files()
    with tarfile.open(fileobj=io.BytesIO(files)) as tar:
        return set(tar.getnames())


def test_each_has_its_program_its_data_and_what_its_official_image_has(root: Path) -> None:
    assert {"usr/sbin/nginx", "etc/nginx/nginx.conf", "etc/nginx/conf.d/.keep"} <= names("nginx")
    assert {"usr/bin/redis-server", "usr/bin/redis-cli"} <= names("redis")
    python = names("python")
    assert {"usr/bin/python3.13", "usr/lib/python3.13/socket.py", "bin/python", "bin/python3"} <= python
    assert not [name for name in python if "test" in name or "__pycache__" in name]
    assert {
        *("usr/lib/postgresql/17/bin/postgres", "bin/psql", "bin/docker-entrypoint.sh", "etc/passwd"),
        "usr/share/postgresql/17/postgres.bki",
    } <= names("postgres")


def test_without_programs_and_without_apt_it_is_a_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "usr/bin/redis-cli").unlink()
    monkeypatch.setattr(debian, "cannot_fetch", lambda: "fetching them needs apt")
    for service in services.SERVICES:
        assert service.obstacle() == (
            f"Debian's {service.program} is not on this machine, and fetching them needs apt"
        )


def test_their_names_are_the_registrys() -> None:
    assert services.NAMES == ("nginx:alpine", "python:alpine", "redis:alpine", "postgres:alpine")
    assert [one.recipe.reference for one in services.SERVICES] == list(services.NAMES)
