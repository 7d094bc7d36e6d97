"""`docker` typed in a terminal or after a `!` belongs to the open lab; typed elsewhere it does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.ownership import reader
from netbook.setup import server
from netbook.workspace import typed

pytestmark = pytest.mark.skipif(not shutil.which("docker"), reason="no docker command is installed")
ROOT = Path(__file__).parents[2]


def docker(engine: Engine, *words: str, ours: bool = True) -> str:
    path = typed.on_path(os.environ["PATH"]) if ours else os.environ["PATH"].replace(str(typed.BIN), "/none")
    env = {**os.environ, "DOCKER_HOST": engine.where, "PATH": path, "NETBOOK_PYTHON": sys.executable}
    done = subprocess.run(["docker", *words], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_is_typed_is_the_labs(lab: Lab, engine: Engine) -> None:
    docker(engine, "network", "create", "--subnet", "10.96.40.0/24", "typed-net")
    docker(engine, "run", "-di", "--name", "web", "--network", "typed-net", "busybox")
    docker(engine, "volume", "create", "typed-data")
    assert list(lab.containers().name) == ["web"]
    assert "typed-net" in set(lab.networks().name)
    assert "web · eth0 10.96.40.2" in lab.diagram().text
    lab.container("web").stop()  # it is not "something outside the book"
    assert list(engine.volumes.owned(lab.name)) == ["typed-data"]
    lab.clean()
    assert "web" not in docker(engine, "ps", "-a")
    assert "typed-net" not in docker(engine, "network", "ls")
    assert "typed-data" not in docker(engine, "volume", "ls")


def test_the_lab_that_was_opened_last_gets_it_and_a_closed_one_nothing(lab: Lab, engine: Engine) -> None:
    with Lab("later", engine=engine, echo=False) as later:
        docker(engine, "run", "-di", "--name", "web", "busybox")
        assert list(later.containers().name) == ["web"]
        assert lab.containers().empty
    docker(engine, "run", "-di", "--name", "web", "busybox")
    assert list(lab.containers().name) == ["web"]
    lab.clean()
    made = docker(engine, "create", "--name", "mine", "busybox")
    try:
        assert engine.container(made).owned is False  # no lab is open: it is the reader's own
    finally:
        engine.remove(made)


def test_what_is_typed_elsewhere_is_seen_by_name_told_apart_and_left(lab: Lab, engine: Engine) -> None:
    docker(engine, "run", "-di", "--name", "elsewhere", "busybox", ours=False)
    try:
        assert lab.containers().empty
        assert "elsewhere" in set(lab.containers(foreign=True).name)
        assert "not the book's" in lab.diagram(foreign=True).text
        with pytest.raises(errors.NotOurs, match="outside the book"):
            lab.container("elsewhere").remove()
        lab.clean()
        assert engine.container("elsewhere").state == "running"
    finally:
        docker(engine, "rm", "-f", "elsewhere", ours=False)


def test_a_cell_finds_it_after_an_exclamation_mark(engine: Engine) -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "from netbook import Lab\n"
        "with Lab('bang', echo=False) as lab:\n"
        "    shell.system('docker run -di --name banged busybox')\n"
        "    print(list(lab.containers().name))\n"
    )
    env = {**os.environ, "DOCKER_HOST": engine.where}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert "['banged']" in done.stdout, done.stderr
    with pytest.raises(errors.NotFound):
        engine.container("banged")


@pytest.fixture
def jupyter(engine: Engine, tmp_path: Path) -> Iterator[dict[str, str]]:
    """JupyterLab as `lab` starts it, without a terminal of its own: then its terminals were login shells."""
    env = {
        **server.environment(ROOT, engine.where),
        "JUPYTER_RUNTIME_DIR": str(tmp_path),
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(reader.folder().parent),  # the same reader
        "SHELL": "/bin/bash",
    }
    command = server.command(ROOT, None, 0, fixed=False, browser=False)
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not (files := list(tmp_path.glob("jpserver-*.json"))) and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(0.5)
            about = json.loads(files[0].read_text())
            yield {"url": f"http://127.0.0.1:{about['port']}", "token": env["JUPYTER_TOKEN"]}
        finally:
            process.terminate()
            process.wait(20)


def test_jupyterlabs_terminal_finds_it(lab: Lab, jupyter: dict[str, str]) -> None:
    from websocket import create_connection

    token = {"Authorization": f"token {jupyter['token']}"}
    request = Request(f"{jupyter['url']}/api/terminals", method="POST", headers=token)
    with urlopen(request) as answer:
        name = json.load(answer)["name"]
    address = f"{jupyter['url'].replace('http', 'ws')}/terminals/websocket/{name}"
    terminal = create_connection(address, header=token, timeout=30)
    try:
        terminal.send(json.dumps(["stdin", "docker run -di --name typed busybox; echo do''ne\r"]))
        said = ""
        while "done" not in said:
            kind, *words = json.loads(terminal.recv())
            said += "".join(words) if kind == "stdout" else ""
    finally:
        terminal.close()
    assert list(lab.containers().name) == ["typed"], said
