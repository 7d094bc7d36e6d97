"""`lab.compose` with the real Compose: what it brings up is the lab's alone, and goes whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook import Lab, errors
from netbook.engine import compose
from netbook.engine.client.engine import Engine
from netbook.engine.images import debian
from netbook.model.spec import ContainerSpec, NetworkSpec
from netbook.workspace import typed
from netbook.workspace.cleanup import of_dead_sessions, sweep

FILE = """\
name: duo
services:
  page: {image: busybox, command: httpd -f, networks: [yard], ports: ["127.0.0.1:48617:80"]}
  guest:
    image: busybox
    command: httpd -f -p 8000
    networks: [yard, cellar]
    volumes: [kept:/kept]
    healthcheck: {test: wget -q -O - http://127.0.0.1:8000/etc/hostname, interval: 300ms}
networks:
  yard: {ipam: {config: [{subnet: 10.96.61.0/24}]}}
  cellar: {internal: true}
volumes: {kept: {}}
"""


def test_it_is_the_labs_and_goes_with_it(
    lab: Lab, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    duo = lab.compose(FILE)
    shown = duo.services()
    assert list(shown["container"]) == ["duo-guest-1", "duo-page-1"]
    assert list(shown["health"]) == ["healthy", ""]
    assert list(shown["ports"]) == ["", "127.0.0.1:48617:80"]
    assert list(lab.containers()["name"]) == ["duo-guest-1", "duo-page-1"]
    assert {"duo_yard", "duo_cellar"} <= set(lab.networks()["name"])
    assert duo.network("cellar").internal
    assert list(engine.volumes.owned(lab.name)) == ["duo_kept"]
    assert "duo-guest-1 · eth" in lab.diagram().text

    first = [duo.container("page").id, duo.container("guest").id]
    duo.scale("guest", 3)
    assert len(duo.container("page").lookup("guest")) == 3
    assert [duo.container("page").id, duo.container("guest").id] == first  # what runs was left
    with pytest.raises(errors.EngineRefused, match="already allocated") as caught:
        duo.scale("page", 2)
    assert "another port" in caught.value.remedy
    assert len(duo.containers("page")) == 1
    assert len(duo.containers("guest")) == 3  # nor has another service lost what it had
    with pytest.raises(errors.NotFound, match="has: guest, page"):
        duo.containers("gast")

    typed_ = typed_compose(engine, lab, "-f", "-", "up", "-d", "--no-recreate", text=FILE)
    assert typed_.returncode == 0, typed_.stderr  # one project, whoever speaks
    assert duo.container("page").id == first[0]

    again = lab.compose(FILE)  # as a cell that is run again
    assert len(again.containers("guest")) == 1
    assert again.container("page").id != first[0]
    lab.clean()
    assert not [c for c in engine.containers() if c.name.startswith("duo")]
    assert not [n for n in engine.networks() if n.name.startswith("duo")]
    assert not engine.volumes.exists("duo_kept")


def typed_compose(
    engine: Engine, lab: Lab, *words: str, text: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "DOCKER_HOST": engine.where,
        "PATH": typed.on_path(os.environ["PATH"]),
        "NETBOOK_PYTHON": sys.executable,
    }
    return subprocess.run(
        ["docker", "compose", *words], env=env, input=text, capture_output=True, text=True, cwd=cwd
    )


def test_what_is_typed_is_the_labs_too(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    compose.find(lambda _: None)
    folder = tmp_path / "tea"
    folder.mkdir()
    (folder / "compose.yaml").write_text("services: {pot: {image: busybox, command: httpd -f}}\n")
    done = typed_compose(engine, lab, "up", "-d", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert list(lab.containers()["name"]) == ["tea-pot-1"]
    assert "pot" in typed_compose(engine, lab, "-p", "tea", "ps", "--services").stdout
    lab.clean()
    assert "tea_default" not in {n.name for n in engine.networks()}


@pytest.fixture
def strangers(engine: Engine) -> Iterator[None]:
    """A project of the reader's own, a network and a volume that look like a project's."""
    marks = {"com.docker.compose.project": "inn", "com.docker.compose.service": "bar"}
    made = engine.create(ContainerSpec("theirs", "busybox", ("httpd", "-f"), labels=marks))
    network = engine.create_network(NetworkSpec("pub_default", labels={}))
    engine.volumes.make("den_data", {})
    engine.start(made)
    try:
        yield
        assert engine.container("theirs").state == "running"
        assert engine.inspect_network(network)["Name"] == "pub_default"
        assert engine.volumes.exists("den_data")
    finally:
        engine.remove(made)
        engine.remove_network(network)
        engine.volumes.remove("den_data")


BAR = "services: {bar: {image: busybox, command: httpd -f"
MISTAKES = {
    f"name: inn\n{BAR}}}}}\n": (errors.NameTaken, "project 'inn' already", "another name"),
    f"name: pub\n{BAR}}}}}\n": (errors.NameTaken, "'pub_default' is taken", "another name"),
    f"name: den\n{BAR}, volumes: ['data:/d']}}}}\nvolumes: {{data: {{}}}}\n": (
        *(errors.NameTaken, "volume 'den_data' is taken", "external"),
    ),
    f"name: nil\n{BAR}, networks: [lan]}}}}\n": (errors.WrongArgument, "undefined network lan", "mend"),
    "services: {}\n\n": (errors.WrongArgument, "services", ""),
    "services: {bar: {image: no-such-image}}\n\n": (errors.ImageMissing, "'no-such-image'", "typing error"),
    f"name: ill\n{BAR} x}}}}\n": (errors.EngineRefused, "last words of ill-bar-1", "nothing of it is left"),
    "no-such.yaml": (errors.NotFound, "no file 'no-such.yaml'", "Compose file"),
}


def test_bad_input_is_a_sentence_and_nothing_is_left(
    lab: Lab, engine: Engine, strangers: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = {c.id for c in engine.containers()}, {n.id for n in engine.networks()}
    for file, (kind, said, remedy) in MISTAKES.items():
        with pytest.raises(kind) as caught:
            lab.compose(file.replace("httpd -f x", "httpd -f -x"))
        assert said in caught.value.what, file
        assert remedy in caught.value.remedy, file
        assert ({c.id for c in engine.containers()}, {n.id for n in engine.networks()}) == before, file

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(compose, "_PLACES", ())
    monkeypatch.setattr(debian, "directory", lambda: tmp_path)
    old = tmp_path / "docker-compose"
    old.write_text("#!/bin/sh\necho 2.17.3\n")
    old.chmod(0o755)
    with pytest.raises(errors.ComposeMissing, match=r"is 2\.17\.3") as caught:  # no apt either, on this PATH
        lab.compose(FILE)
    assert "install" in caught.value.remedy


def test_a_dead_kernels_project_goes_by_label(engine: Engine, tmp_path: Path) -> None:
    code = (
        "import os, sys; from netbook import Lab\n"
        f"lab = Lab('dying', echo=False); lab.compose('name: dead\\n{BAR}}}}}\\n'); os._exit(1)\n"
    )
    folder = tmp_path / "tmp"
    folder.mkdir()
    env = {**os.environ, "DOCKER_HOST": engine.where, "TMPDIR": str(folder)}
    subprocess.run([sys.executable, "-c", code], env=env, check=False)
    assert engine.container("dead-bar-1").state == "running"
    assert not [*folder.glob("netbook*")]
    sweep(engine, only=of_dead_sessions)
    assert not [c for c in engine.containers() if c.name == "dead-bar-1"]
    assert "dead_default" not in {n.name for n in engine.networks()}
