"""How fast the embedded engine is in a pod, and how much it takes.

    python tests/pod/benchmark.py [--rounds 5] [--kernel built|debian]

Builds the image with that kernel (built, as on Binder, takes six minutes more), starts it as tests/pod/pod.py
says (one processor, 2 GB), and takes the medians of the rounds; the chapters run once. It needs what
tests/pod needs (Docker, or root and dockerd; x86-64), and is no part of the test suite. Other work on the
machine shows.

    ready      from the container's start until the engine answers, while JupyterLab starts beside it
    prepared   until binder/start has also built the lab image
    first      `docker run -di busybox` on the default bridge, the first of an engine's life, after that
    further    the same, the median of the next five
    exec       `docker exec NAME ip addr`
    chapters   all of them under nbval, one after another
    peak       what the cgroup has counted at most: all processes, page cache and the kernel's own memory
    working    the same less the inactive page cache, which goes first: what Kubernetes looks at
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from docker import APIClient

from tests.frame import leftovers
from tests.frame.engine import shared
from tests.pod import engine, image
from tests.pod.pod import Pod, WorkingSet

GOALS = {"ready": 6.0, "first": 1.2, "further": 1.0, "exec": 0.2, "chapters": 240.0}  # seconds
PEAK = 900  # MB


def started(pod: Pod) -> float:
    """When the container started, in seconds since 1970."""
    text = pod.state()["StartedAt"].rstrip("Z")
    return datetime.fromisoformat(f"{text[:26]}+00:00").timestamp()  # without the nanoseconds


def one_round(api: APIClient, name: str) -> dict[str, float]:
    with Pod(api, name) as pod:
        answered: float = pod.measure("ready")
        prepared: float = pod.measure("prepared")
        found: dict[str, float] = pod.measure("containers", "5")
        return {"ready": answered - started(pod), "prepared": prepared - started(pod), **found}


def chapters(api: APIClient, name: str) -> tuple[float, int, int]:
    """Seconds; the peaks in bytes."""
    with Pod(api, name) as pod, WorkingSet(pod) as working_set:
        pod.measure("ready")
        start = time.perf_counter()
        done = pod.notebooks(seconds=1200)
        seconds = time.perf_counter() - start
        if done.code:
            raise SystemExit(done.output)
        return seconds, pod.peak(), working_set.peak


@contextmanager
def client() -> Iterator[APIClient]:
    """Of an engine of our own if that is possible, as in the test suite; else of the reader's."""
    directory = None if shared() else leftovers.new_directory()
    try:
        with engine.client(directory and directory / "pod") as api:
            yield api
    finally:
        if directory:
            leftovers.end(directory)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kernel", choices=("built", "debian"), default="built")
    options = parser.parse_args()
    with client() as api:
        start = time.perf_counter()
        name = image.build(api, print, options.kernel)
        print(f"{'image':10} {image.size(api)} MB, built in {time.perf_counter() - start:.0f} s", flush=True)
        try:
            found = [one_round(api, name) for _ in range(options.rounds)]
            for key in found[0]:
                values = [one[key] for one in found]
                spread = f"{min(values):.2f} … {max(values):.2f}"
                goal = f"; goal ≤ {GOALS[key]}" if key in GOALS else ""
                print(f"{key:10} {statistics.median(values):6.2f} s  ({spread}{goal})", flush=True)
            seconds, peak, working = chapters(api, name)
            print(f"{'chapters':10} {seconds:6.1f} s  (goal ≤ {GOALS['chapters']:.0f})")
            print(f"{'peak':10} {peak / 1e6:6.0f} MB (goal ≤ {PEAK})")
            print(f"{'working':10} {working / 1e6:6.0f} MB")
            print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors at the end")
        finally:
            image.remove(api)


if __name__ == "__main__":
    main()
