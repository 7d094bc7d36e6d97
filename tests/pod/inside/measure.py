"""Runs in the pod, prints one JSON value: `python3 measure.py ready | prepared | containers [HOW MANY]`."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

_PATIENCE = 60  # seconds


def ready() -> float:
    """The moment at which the engine first answers, in seconds since 1970."""
    path = os.environ["DOCKER_HOST"].removeprefix("unix://")
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as api:
                api.settimeout(5)
                api.connect(path)
                api.sendall(b"GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n")
                if b" 200 " in api.recv(4096):
                    return time.time()
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{path} did not answer within {_PATIENCE} s")


def prepared() -> float:
    """The moment at which binder/start has done its work, in seconds since 1970."""
    log = Path(f"/tmp/netbook-{os.getuid()}.log")
    deadline = time.monotonic() + _PATIENCE
    said = ""
    while time.monotonic() < deadline:
        said = log.read_text() if log.exists() else ""
        if "Ready for the first chapter." in said:
            return time.time()
        time.sleep(0.05)
    raise SystemExit(f"binder/start has not finished within {_PATIENCE} s:\n{said}")


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(["docker", *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def containers(count: int = 5) -> dict[str, float]:
    """Seconds of `docker run` on a bridge, the first and the median of further ones, and of `docker exec`."""
    names = [f"bbox{number:02}" for number in range(count + 1)]
    runs = [_seconds("run", "-di", "--name", name, "busybox") for name in names]
    execs = [_seconds("exec", names[0], "ip", "addr") for _ in range(count)]
    subprocess.run(["docker", "rm", "-f", *names], check=True, stdout=subprocess.DEVNULL)
    return {"first": runs[0], "further": statistics.median(runs[1:]), "exec": statistics.median(execs)}


if __name__ == "__main__":
    measure = {"ready": ready, "prepared": prepared, "containers": containers}[sys.argv[1]]
    print(json.dumps(measure(*map(int, sys.argv[2:]))))
