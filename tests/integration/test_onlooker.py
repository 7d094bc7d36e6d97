"""`netbook draw` and `netbook why` on an engine with foreign containers: read only, and nothing is left."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook import Lab
from netbook.cli.main import main
from netbook.engine.client.engine import Engine
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels, session
from netbook.setup import start

_WEB = ("sh", "-c", "echo hello >index.html; exec httpd -f -p 80")


@pytest.fixture(scope="module")
def lab(engine: Engine) -> Iterator[Lab]:
    with Lab("onlooker", engine=engine, echo=False) as made:
        shop = made.create_network("on-shop", subnet="10.97.70.0/24")
        made.run("on-db", *_WEB, network=shop)
        made.run("on-web", network=shop)
        yield made


@pytest.fixture(autouse=True)
def _as_it_is(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Iterator[None]:
    monkeypatch.setenv("NETBOOK_VENV", "none")
    before = sorted((c.id, c.state) for c in engine.containers() if labels.ROLE not in c.labels)
    yield
    assert sorted((c.id, c.state) for c in engine.containers() if labels.ROLE not in c.labels) == before
    assert not [c.name for c in engine.containers() if "-look-" in c.name]


@pytest.mark.parametrize("more", [[], ["--no-helper"]], ids=["helper", "api"])
def test_the_wiring_is_told(lab: Lab, capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    assert main(["draw", *more]) == 0
    said = capsys.readouterr().out
    address = lab.container("on-db").address
    assert re.search(rf"on-db · eth0 {address}", said)
    assert "10.97.70.1" in said
    assert ("from the API alone" in said) == bool(more)
    assert ("NAT to the world outside" in said) != bool(more)


def test_files_of_every_form_are_written(
    lab: Lab, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, holds in ((".svg", "<svg"), (".html", "<img"), (".json", '"on-db"'), (".txt", "on-db")):
        file = tmp_path / f"wiring{form}"
        assert main(["draw", "--no-helper", "--out", str(file)]) == 0
        assert holds in file.read_text(encoding="utf-8")
        assert str(file) in capsys.readouterr().out
    found = json.loads((tmp_path / "wiring.json").read_text(encoding="utf-8"))
    assert ["on-db"] in [space["containers"] for space in found["namespaces"]]
    assert "on-shop" in [network["name"] for network in found["networks"]]
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draw", "--out", "wiring.png"], "ends in none of .*try --out wiring.svg"),
        (["draw", "--out", "no/such/folder/a.svg"], "no folder"),
        (["why", "nobody", "on-db:80"], "No container is called 'nobody'.*on-web"),
        (["why", "on-web", "on-db:http"], "port is 'http'"),
        (["why", "on-web", ":80"], "has no name"),
    ],
    ids=lambda value: "-".join(value[1:]) if isinstance(value, list) else "",
)
def test_mistakes_are_sentences(
    lab: Lab, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 1
    assert re.search(said, capsys.readouterr().err, re.DOTALL)


def test_why_is_answered(lab: Lab, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["why", "on-web", "on-db:80", "--out", str(tmp_path / "way.svg")]) == 0
    assert "on-web → on-db port 80: yes." in capsys.readouterr().out
    assert "<svg" in (tmp_path / "way.svg").read_text(encoding="utf-8")
    assert main(["why", "on-web", "on-db:81"]) == 1
    said = capsys.readouterr().out
    assert "nobody listens on port 81 of on-db: it listens on port 80" in said
    assert main(["why", "host", "on-bd"]) == 1
    assert "the host asks its own DNS server" in capsys.readouterr().out


def test_what_a_dead_kernel_left_can_be_asked_about(
    lab: Lab, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Opening a lab would remove it; to ask why it does not answer must not."""
    with subprocess.Popen(["sleep", "60"]) as process:
        marks = labels.for_lab("on-gone", session.of(process.pid))
        process.kill()
    left = engine.create(ContainerSpec("on-left", image="busybox", labels=marks))
    try:
        engine.start(left)
        assert session.is_dead(marks[labels.SESSION])
        assert main(["why", "on-left", "on-db:80"]) == 1
        assert "✗" in capsys.readouterr().out
        assert engine.container(left).state == "running"
    finally:
        engine.remove(left)


def test_no_engine_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    assert main(["draw"]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_it_is_drawn_anew_after_a_change(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "now.txt"
    command = [sys.executable, "-m", "netbook", "draw", "--no-helper", "--watch", "--out", str(file)]
    with subprocess.Popen(command, cwd=start.ROOT, env={**os.environ}, stderr=subprocess.PIPE) as process:
        try:
            _until(lambda: file.exists() and "on-web" in file.read_text(encoding="utf-8"))
            lab.container("on-web").pause()
            _until(lambda: "paused" in file.read_text(encoding="utf-8"))
        finally:
            lab.container("on-web").unpause()
            process.send_signal(signal.SIGINT)
            try:
                _, error = process.communicate(timeout=30)
            except subprocess.TimeoutExpired:  # or it is waited for without end: a background job hears none
                process.kill()
                raise
    assert process.returncode == 130
    assert b"Traceback" not in error


def _until(holds: object) -> None:
    deadline = time.monotonic() + 30
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.1)
