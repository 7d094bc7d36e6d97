"""JupyterLab as a child: its command line, its environment, its address."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from netbook.ownership import reader
from netbook.setup import child, ports

_EXTENSIONS = Path(__file__).parents[1] / "book" / "labextensions"  # the list of chapters; a terminal beside
_PATIENCE = 120  # seconds; a cold disk takes twenty
_RETRIES = 50  # ports that JupyterLab may try, if the reader has not named one


def command(root: Path, chapter: Path | None, port: int, *, fixed: bool, browser: bool) -> list[str]:
    """`jupyter lab`, on loopback only, in the book's folder, with token authentication as it is."""
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={page(root, chapter)}",
        f"--LabApp.extra_labextensions_path={_EXTENSIONS}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.port_retries={0 if fixed else _RETRIES}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C ends it
        "--ServerApp.log_level=WARN",
        "--ExtensionApp.log_level=WARN",
        # not a terminal's child: JupyterLab would start login shells, which set PATH anew
        *([] if sys.stdout.isatty() else [f"--ServerApp.terminado_settings={_shell()}"]),
        *(["--allow-root"] if os.name == "posix" and os.geteuid() == 0 else []),
        *([] if browser else ["--no-browser"]),
    ]


def _shell() -> str:
    """The reader's own shell, as JupyterLab wants it told."""
    return repr({"shell_command": [os.environ.get("SHELL") or "sh"]})


def page(root: Path, chapter: Path | None) -> str:
    """Where JupyterLab shows a chapter.

    >>> page(Path("/book"), Path("/book/notebooks/02-bridge.ipynb"))
    '/lab/tree/notebooks/02-bridge.ipynb'
    """
    return "/lab" if chapter is None else f"/lab/tree/{quote(chapter.relative_to(root).as_posix())}"


def environment(root: Path, docker_host: str, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What kernels and terminals inherit: the engine that we found, the book's Python, a token.

    An engine's address that is no socket came from the reader's own settings, with keys and all: those stay.
    """
    env = python_environment(root, base)
    if os.name == "posix":  # a `docker` that puts what is typed into the open lab: netbook/workspace/typed.py
        env["PATH"] = os.pathsep.join([str(root / "netbook" / "workspace" / "bin"), env["PATH"]])
        env["NETBOOK_PYTHON"] = sys.executable
    env.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # the book's kernel, not one of the same name in ~/.local
    env.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    with contextlib.suppress(
        RuntimeError
    ):  # which tabs are open: not among those of the reader's other servers
        env.setdefault("JUPYTERLAB_WORKSPACES_DIR", str(reader.folder() / "workspaces"))
    if docker_host.startswith(("unix://", "npipe://")):
        env["DOCKER_HOST"] = docker_host
        for stronger in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY"):
            env.pop(stronger, None)
    return env


def python_environment(root: Path, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """As an activated venv would have it: its programs first, the book importable."""
    env, programs = dict(base), str(Path(sys.executable).parent)
    path = base.get("PATH", os.defpath)
    if programs not in path.split(os.pathsep):
        env["PATH"] = os.pathsep.join([programs, path])
    if str(root) not in sys.path[1:]:  # the first is the current folder; in our venv, a .pth file sees to it
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), base.get("PYTHONPATH", "")]))
    return env


def has_display() -> bool:
    """Could a browser window open? Without a display, a text browser would, in this very terminal."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"))


def run(
    root: Path,
    chapter: Path | None,
    port: int,
    docker_host: str,
    *,
    fixed: bool,
    browser: bool,
    say: Callable[[str], object],
) -> int:
    """JupyterLab, until it ends; its exit code. `fixed`: this port or none."""
    env = environment(root, docker_host)

    def announce(process: subprocess.Popen[bytes]) -> None:
        about = _wait_for(process, env["JUPYTER_TOKEN"])
        if about is None:
            return
        number = about["port"]
        token = f"?token={about['token']}" if about["token"] else ""
        address = f"http://127.0.0.1:{number}{about['base_url'].rstrip('/')}{page(root, chapter)}"
        say(f"JupyterLab: {address}{token}")
        if not browser and os.environ.get("SSH_CONNECTION"):
            say(f"  on your machine: ssh -N -L {number}:127.0.0.1:{number} THIS-HOST, then open it there")
        say("Ctrl-C here ends it.")

    return child.run(
        command(root, chapter, port, fixed=fixed, browser=browser), env=env, cwd=root, meanwhile=announce
    )


def _wait_for(process: subprocess.Popen[bytes], token: str) -> dict[str, str] | None:
    """What our server writes about itself when it is up (`jpserver-PID.json`); None if it never is."""
    from jupyter_core.paths import jupyter_runtime_dir  # of the venv, as JupyterLab itself

    runtime, deadline = Path(jupyter_runtime_dir()), time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        for file in runtime.glob("jpserver-*.json"):
            try:
                about = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError):  # it goes away, or is half written
                continue
            # a password in the reader's own settings leaves the token empty; on Windows, pids differ
            ours = token == about.get("token") or process.pid == about.get("pid")
            if ours and ports.answers(
                about["port"]
            ):  # the file is written a little before the port is opened
                return {name: str(about[name]) for name in ("port", "base_url", "token")}
        time.sleep(0.1)
    return None
