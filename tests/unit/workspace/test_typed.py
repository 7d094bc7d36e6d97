"""`docker` as a reader types it: where labels go, and what is handed on as it is."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from netbook.ownership import session
from netbook.workspace import typed

MAKE = [
    ("run busybox", 1),
    ("run --name web -p 8080:80 busybox httpd -f", 1),
    ("create busybox", 1),
    ("container run busybox", 2),
    ("container create busybox", 2),
    ("network create -d bridge shop", 2),
    ("volume create data", 2),
    ("--debug run busybox", 2),
    ("-D --log-level info run busybox", 4),
    ("--log-level=info run busybox", 2),
    ("--config /home/me run busybox", 3),
]
PASS = [
    "",
    "ps -a",
    "--version",
    "run",  # no words after it: Docker's own usage; labels do no harm, see below
    "exec web docker run busybox",
    "compose run web",
    "container ls",
    "network ls",
    "network connect create web",
    "image build create",
    "-H unix:///x run busybox",
    "-Hunix:///x run busybox",
    "--host tcp://x:1 run busybox",
    "--host=tcp://x:1 run busybox",
    "-c other run busybox",
    "--context other run busybox",
    "--context=other run busybox",
    "--log-level",
]


@pytest.mark.parametrize(("line", "place"), MAKE)
def test_labels_go_right_after_the_verb(line: str, place: int) -> None:
    assert typed.verb(line.split()) == place


@pytest.mark.parametrize("line", [line for line in PASS if line != "run"])
def test_what_makes_nothing_here_is_handed_on(line: str) -> None:
    assert typed.verb(line.split()) == 0


def programs(folder: Path, **texts: str) -> str:
    """A PATH with these as scripts."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return os.pathsep.join([str(typed.BIN), str(folder), os.environ["PATH"]])


def test_the_real_one_is_the_next_on_path_and_gets_all_words(tmp_path: Path) -> None:
    path = programs(tmp_path / "bin", docker='printf "<%s>" "$@"; exit 7')
    env = {**os.environ, "PATH": path, "NETBOOK_PYTHON": sys.executable}
    done = subprocess.run(["docker", "exec", "a b", "", "*"], env=env, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("<exec><a b><><*>", 7)


def test_no_cli_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "only").mkdir()
    for name in ("sh", "dirname"):
        (tmp_path / "only" / name).symlink_to(str(shutil.which(name)))
    env = {
        **os.environ,
        "PATH": f"{typed.BIN}{os.pathsep}{tmp_path / 'only'}",
        "XDG_CACHE_HOME": str(tmp_path),
        "NETBOOK_PYTHON": sys.executable,
    }
    done = subprocess.run([typed.BIN / "docker", "ps"], env=env, capture_output=True, text=True)
    assert done.returncode == 127
    assert "apt-get install docker-cli" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_embedded_engines_own_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`netbook engine install` puts it into a root file system that is on nobody's PATH."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(typed.BIN))
    from netbook.engine.embedded import install

    assert typed.docker() == []
    program = install.directory() / "usr/bin/docker"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    assert typed.docker()[-1] == str(program)
    assert typed.docker()[0].endswith("ld-linux-x86-64.so.2")


def test_in_a_kernel_it_is_first_on_path_and_may_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (typed.BIN / "docker").stat().st_mode & stat.S_IXUSR
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    typed.reachable_from_cells("embedded", "unix:///x")
    assert os.environ["PATH"] == "/usr/bin"  # a script has no cells
    monkeypatch.setattr(session, "shell", object)
    typed.reachable_from_cells("embedded", "unix:///x")
    assert os.environ["PATH"].split(os.pathsep)[0] == str(typed.BIN)
    assert os.environ["DOCKER_HOST"] == "unix:///x"
    monkeypatch.setenv("DOCKER_HOST", "tcp://mine")
    typed.reachable_from_cells("embedded", "unix:///x")
    assert os.environ["DOCKER_HOST"] == "tcp://mine"
