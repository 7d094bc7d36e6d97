"""JupyterLab's command line and environment."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netbook.setup import server

ROOT = Path("/book")


def command(*, fixed: bool = False, browser: bool = True) -> list[str]:
    return server.command(ROOT, ROOT / "notebooks" / "02-bridge.ipynb", 8888, fixed=fixed, browser=browser)


def test_opens_the_chapter_on_loopback_only() -> None:
    line = command()
    assert line[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/notebooks/02-bridge.ipynb" in line
    assert "--ServerApp.ip=127.0.0.1" in line
    assert "--ServerApp.root_dir=/book" in line
    assert not any("token" in part or "password" in part for part in line)  # `ps` shows these to everybody


def test_a_named_port_or_none() -> None:
    assert "--ServerApp.port_retries=0" in command(fixed=True)
    assert "--ServerApp.port_retries=0" not in command(fixed=False)


def test_no_browser() -> None:
    assert "--no-browser" in command(browser=False)
    assert "--no-browser" not in command()


@pytest.mark.skipif(os.name != "posix", reason="root is a matter of POSIX")
@pytest.mark.parametrize("uid", [0, 1000])
def test_allow_root_only_for_root(uid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert ("--allow-root" in command()) is (uid == 0)


def test_a_book_without_notebooks_opens_all_the_same() -> None:
    assert server.page(ROOT, None) == "/lab"


def test_kernels_and_terminals_find_the_engine() -> None:
    base = {"DOCKER_CONTEXT": "other", "DOCKER_TLS_VERIFY": "1", "PATH": "/bin", "HOME": "/h"}
    env = server.environment(ROOT, "unix:///x/docker.sock", base)
    assert env["DOCKER_HOST"] == "unix:///x/docker.sock"
    assert "DOCKER_CONTEXT" not in env  # it would win over DOCKER_HOST
    assert "DOCKER_TLS_VERIFY" not in env
    assert env["HOME"] == "/h"
    own, python = env["PATH"].split(os.pathsep)[:2]
    assert (own, python) == (str(ROOT / "netbook/workspace/bin"), str(Path(sys.executable).parent))
    assert env["NETBOOK_PYTHON"] == sys.executable


def test_an_address_with_keys_is_left_to_the_readers_settings() -> None:
    base = {"DOCKER_CONTEXT": "remote"}
    env = server.environment(ROOT, "tcp://remote:2376", base)
    assert env["DOCKER_CONTEXT"] == "remote"
    assert "DOCKER_HOST" not in env


def test_each_start_has_a_token_of_its_own_unless_the_reader_gave_one() -> None:
    tokens = {server.environment(ROOT, "", {})["JUPYTER_TOKEN"] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 32 for token in tokens)
    assert server.environment(ROOT, "", {"JUPYTER_TOKEN": "mine"})["JUPYTER_TOKEN"] == "mine"


def test_the_book_is_importable_where_no_venv_of_ours_sees_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT), "/elsewhere"])
    assert server.python_environment(ROOT, {"PYTHONPATH": "/mine"})["PYTHONPATH"] == f"/book{os.pathsep}/mine"
    monkeypatch.setattr(sys, "path", ["", str(ROOT)])
    assert "PYTHONPATH" not in server.python_environment(ROOT, {})


def test_without_a_display_no_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert server.has_display() is False
    monkeypatch.setenv("DISPLAY", ":0")
    assert server.has_display() is True
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert server.has_display() is True


def test_a_server_is_up_when_its_port_is_open_not_when_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JupyterLab writes its file first, and opens the port a moment later."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    with (
        socket.socket() as listener,
        subprocess.Popen(["sleep", "60"]) as process,
        ThreadPoolExecutor(1) as waiter,
    ):
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        about = {"port": port, "base_url": "/", "token": "t", "pid": process.pid}
        (tmp_path / "jpserver-1.json").write_text(json.dumps(about))
        found = waiter.submit(server._wait_for, process, "t")
        try:
            with pytest.raises(TimeoutError):
                found.result(timeout=0.5)
            listener.listen()
            assert found.result(timeout=10) == {"port": str(port), "base_url": "/", "token": "t"}
        finally:
            process.kill()
