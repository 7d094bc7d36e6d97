"""An engine of the newest Docker, in namespaces of its own: what it does to links and rules it does there.

It runs as in a container, but for its rights: root and process ids are its own, the kernel is this machine's.
Its init is tini, so that one signal ends it with all that it started.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from netbook.engine.client.knock import knock
from netbook.engine.private.dockerd import FEW_COLLECTIONS
from netbook.errors import NoEngine
from netbook.ownership import labels

_ENTER = Path(__file__).with_name("enter")
_PATIENCE = 60  # seconds
# asked for an unknown name, containers shall hear so at once: no DNS server can be reached
_SETTINGS = {"dns": ["127.0.0.1"], "dns-opts": ["ndots:1"], "labels": [f"{labels.ENGINE}=newest"]}
_DAEMON = (
    "dockerd",
    "--host=unix:///engine/docker.sock",
    "--data-root=/engine/data",
    "--config-file=/engine/daemon.json",
)


@contextmanager
def running(root: Path, directory: Path) -> Iterator[str]:
    """`dockerd` of the file system `root`, with its data in `directory`: DOCKER_HOST while it runs.

    Errors: NoEngine with its last words.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket, log = directory / "docker.sock", directory / "dockerd.log"
    (directory / "daemon.json").write_text(json.dumps(_SETTINGS) + "\n")
    namespaces = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child")
    with log.open("wb") as output:
        outer = subprocess.Popen(
            [*namespaces, _ENTER, root, f"{directory}/", "tini", "--", *_DAEMON],
            stdout=output,
            stderr=output,
            env=FEW_COLLECTIONS | os.environ,
        )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not socket.exists() or knock(socket):
            if outer.poll() is not None or time.monotonic() > deadline:
                words = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise NoEngine(f"The newest dockerd did not start:\n{words}", remedy="read its words")
            time.sleep(0.1)
        yield f"unix://{socket}"
    finally:
        for init in psutil.Process(outer.pid).children() if outer.poll() is None else []:
            init.terminate()
        outer.wait(30)
