"""A container as BinderHub's pod would be: uid 1000, no rights, 2 GB, one processor, no way out.

    docker run -d --user 1000 --cap-drop ALL --security-opt no-new-privileges --memory 2g --memory-swap 2g \\
        --cpus 1 --shm-size 64m --network none IMAGE

docker mounts /dev/shm noexec, makes /proc/sys and /sys read-only and applies its default seccomp profile by
itself. A pod has a network of its own; this one has none, to show that the book needs none.
"""

from __future__ import annotations

import json
import shlex
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docker import APIClient

from tests.pod.base import archive

MEMORY = 2 * 1024**3
HOME, CARRIED = "/home/jovyan", "/tmp/carried"  # in the pod
_ROOT = Path(__file__).parents[2]
_FILES = ("tests/nbval.cfg", "tests/frame/numbering.py", "tests/pod/inside/*.py", "tests/tour.ipynb")
# BinderHub's own, without a token of its making (binderhub/binderspawner_mixin.py)
COMMAND = ("jupyter-lab", "--ip=0.0.0.0", "--port=8888", "--ServerApp.trust_xheaders=True")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command in the pod said, and how it ended."""

    code: int
    output: str


class Pod:
    """`with Pod(api, image) as pod:`: started at the beginning, removed at the end."""

    def __init__(self, api: APIClient, image: str, command: Sequence[str] = COMMAND) -> None:
        self.api = api
        limits = api.create_host_config(
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            mem_limit=MEMORY,
            memswap_limit=MEMORY,
            nano_cpus=1_000_000_000,
            shm_size=64 * 1024**2,
            network_mode="none",
            dns=["127.0.0.1"],  # inside/resolver.py
        )
        made = api.create_container(image, list(command), user="1000:1000", host_config=limits)
        self.id: str = made["Id"]

    def __enter__(self) -> Self:
        try:
            self.api.put_archive(self.id, "/", archive(_carried()))
            self.api.start(self.id)
            resolver = self.api.exec_create(self.id, ["python3", f"{CARRIED}/tests/pod/inside/resolver.py"])
            self.api.exec_start(resolver["Id"], detach=True)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        self.api.remove_container(self.id, force=True, v=True)

    def run(self, *command: str, seconds: int = 60, user: str = "") -> Done:
        """`docker exec POD …`, with the variables that a kernel or a terminal has there."""
        prepared = f"export DOCKER_HOST=unix:///tmp/netbook-1000/docker.sock; {shlex.join(command)}"
        argv = ["timeout", str(seconds), "sh", "-c", prepared]
        made = self.api.exec_create(
            self.id, argv, user=user, workdir=HOME, environment={"PYTHONPATH": f"/opt/book:{CARRIED}"}
        )
        output: bytes = self.api.exec_start(made["Id"])
        return Done(self.api.exec_inspect(made["Id"])["ExitCode"], output.decode(errors="replace"))

    def measure(self, *arguments: str, seconds: int = 120) -> Any:
        """What inside/measure.py finds: one JSON value."""
        done = self.run("python3", f"{CARRIED}/tests/pod/inside/measure.py", *arguments, seconds=seconds)
        assert done.code == 0, done.output
        return json.loads(done.output.splitlines()[-1])

    def notebooks(self, *paths: str, seconds: int = 600) -> Done:
        """Run them again, all chapters if none is named, and compare with what they store."""
        sanitizers = f"--nbval-sanitize-with={CARRIED}/tests/nbval.cfg"
        settings = ("--nbval", sanitizers, "--nbval-current-env", "--nbval-cell-timeout=120")
        return self.pytest(
            "-p", "tests.frame.numbering", *settings, *(paths or ("notebooks",)), seconds=seconds
        )

    def tests(self, path: str, *options: str, seconds: int = 600) -> Done:
        """Run tests of tests/pod/inside."""
        return self.pytest(f"{CARRIED}/tests/pod/inside/{path}", *options, seconds=seconds)

    def pytest(self, *arguments: str, seconds: int) -> Done:
        """The image's own pytest, without the project's settings."""
        plain = ("-c", "/dev/null", "-p", "no:cacheprovider", "--import-mode=importlib", "--color=no", "-q")
        return self.run("python3", "-m", "pytest", *plain, *arguments, seconds=seconds)

    def state(self) -> dict[str, Any]:
        """`docker inspect`: State."""
        return dict(self.api.inspect_container(self.id)["State"])

    def log(self) -> str:
        """What the pod itself has said: JupyterLab and the engine's start."""
        return bytes(self.api.logs(self.id)).decode(errors="replace")

    def peak(self) -> int:
        """Bytes that the pod has used at most, page cache and the kernel's own included."""
        paths = "/sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes"
        return int(self.run("sh", "-c", f"cat {paths} 2>/dev/null").output)


class WorkingSet(threading.Thread):
    """Sample what Kubernetes counts against a limit before it evicts: usage less the inactive page cache."""

    def __init__(self, pod: Pod) -> None:
        super().__init__(daemon=True)
        self._pod, self._over = pod, threading.Event()
        self.peak = 0  # bytes

    def run(self) -> None:
        while not self._over.is_set():
            memory = self._pod.api.stats(self._pod.id, stream=False, one_shot=True)["memory_stats"]
            inactive = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
            self.peak = max(self.peak, memory["usage"] - inactive)
            self._over.wait(0.5)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def _carried() -> dict[str, bytes]:
    files = (file for pattern in _FILES for file in _ROOT.glob(pattern))
    return {f"{CARRIED.lstrip('/')}/{file.relative_to(_ROOT)}": file.read_bytes() for file in files}
