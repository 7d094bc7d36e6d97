"""The engine that builds the image and runs the pod: the reader's own, or one started for it.

It must reach the package archives, so the suite's isolated engines cannot do it. One that is started here
has no bridge and no rules: the build and the pod use the machine's network or none, and nothing of the
machine's own networking is touched, also while other engines run.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docker import APIClient

from netbook.engine import ladder
from netbook.engine.client.knock import knock
from netbook.engine.private import requirements
from netbook.errors import NoEngine
from tests.frame import leftovers

_PATIENCE = 60  # seconds
_PAUSE = 600  # seconds that one answer may take: a layer of 300 MB is stored in silence
_SETTINGS = {"bridge": "none", "iptables": False, "ip-forward": False, "ip-masq": False}


@contextmanager
def client(directory: Path | None, data: Path | None = None) -> Iterator[APIClient]:
    """An API client of a new engine in `directory`, gone afterwards; None: of the reader's engine.

    Its images are in `data`, which stays, or else in `directory`.
    """
    if directory is not None:
        with _started(directory, data or directory) as url, _connected(base_url=url) as api:
            yield api
        return
    engine = ladder.find()
    try:
        engine._api.timeout = _PAUSE
        yield engine._api
    finally:
        engine.close()


@contextmanager
def _connected(base_url: str) -> Iterator[APIClient]:
    api = APIClient(base_url=base_url, version="auto", timeout=_PAUSE)
    try:
        yield api
    finally:
        api.close()


@contextmanager
def _started(directory: Path, data: Path) -> Iterator[str]:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket, log, config = (directory / name for name in ("docker.sock", "dockerd.log", "daemon.json"))
    config.write_text(json.dumps(_SETTINGS) + "\n")
    command = [
        "dockerd",
        *("--host", f"unix://{socket}"),
        *("--data-root", str(data / "data")),
        *("--exec-root", str(directory / "exec")),
        *("--pidfile", str(directory / "dockerd.pid")),
        *("--config-file", str(config)),
    ]
    environment = {**os.environ, "PATH": requirements.PATH}
    with log.open("wb") as output:
        daemon = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not socket.exists() or knock(socket):
            if daemon.poll() is not None or time.monotonic() > deadline:
                words = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise NoEngine(f"dockerd for the pod did not start:\n{words}", remedy="read its words")
            time.sleep(0.1)
        yield f"unix://{socket}"
    finally:
        daemon.terminate()
        daemon.wait(30)
        leftovers.end(directory)
