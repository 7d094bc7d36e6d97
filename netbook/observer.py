"""One helper container in the host's namespaces that reads every network namespace in one exec.

On Docker Desktop and on the embedded engine "the host" is a virtual machine, so
the notebook's own machine is the wrong place to look. The observer runs with
`--network host --pid host` and two capabilities: SYS_PTRACE to open another
process's namespace, SYS_ADMIN to enter it. It is not privileged, mounts nothing
and ends with its lab.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from netbook import errors, helper, labels
from netbook.engine import image
from netbook.engine.api import Engine
from netbook.models import ContainerInfo, ExecResult, Namespace, NetworkInfo, Snapshot
from netbook.parsers import ip_addr

ROLE = "observer"

# Arguments: pids whose namespace is to be read, "--", pids of which the inode is enough.
_SCRIPT = """
echo "@host"; ip addr
for dir in /sys/class/net/*/brif; do
  [ -d "$dir" ] && echo "@bridge $dir" && ls "$dir"
done
enter=yes
for pid; do
  [ "$pid" = "--" ] && enter=no && continue
  [ "$enter" = yes ] && echo "@pid $pid" && nsenter -t "$pid" -n ip addr 2>/dev/null
done
paths=/proc/self/ns/net
for pid; do [ "$pid" = "--" ] || paths="$paths /proc/$pid/ns/net"; done
echo "@inodes"; stat -L -c '%n %i' $paths 2>/dev/null
"""


class Observer:
    """The lab's eyes on the engine's host; its container is made at the first look."""

    def __init__(self, engine: Engine, lab: str) -> None:
        self._engine, self._lab, self._id = engine, lab, ""

    def exec(self, *argv: str) -> ExecResult:
        """Run a command in the host's network namespace."""
        if self._id:
            with contextlib.suppress(errors.NotFound, errors.NotRunning):  # removed behind our back
                return self._engine.exec(self._id, argv)
        self._id = self._open()
        return self._engine.exec(self._id, argv)

    def _open(self) -> str:
        return helper.start(
            self._engine, self._lab, ROLE, image=image.NAME, capabilities=("SYS_ADMIN", "SYS_PTRACE")
        )

    def close(self) -> None:
        """Remove the helper; the next look makes a new one."""
        if self._id:
            self._engine.remove(self._id)
            self._id = ""

    def snapshot(self) -> Snapshot:
        """The whole wiring of this moment: two listings, one inspect per running container, one exec."""
        listed = [c for c in self._engine.containers() if labels.ROLE not in c.labels]
        networks = self._engine.networks()
        running = [c for c in listed if c.state in ("running", "paused")]
        with ThreadPoolExecutor(8) as pool:
            inspected = {c.id: c for c in pool.map(self._pid_of, running) if c.pid}
        read = [c for c in inspected.values() if not c.network_mode.startswith(("host", "container:"))]
        rest = [c for c in inspected.values() if c.network_mode.startswith(("host", "container:"))]
        said = self.exec(
            *("sh", "-c", _SCRIPT, "sh"), *(str(c.pid) for c in read), "--", *(str(c.pid) for c in rest)
        )
        return _join(said.stdout, [inspected.get(c.id, c) for c in listed], networks)

    def _pid_of(self, container: ContainerInfo) -> ContainerInfo:
        try:
            found = self._engine.container(container.id)
            return replace(container, pid=found.pid, endpoints=found.endpoints)  # with their aliases
        except errors.NotFound:  # it was removed between two calls
            return container


def _join(text: str, containers: Iterable[ContainerInfo], networks: Iterable[NetworkInfo]) -> Snapshot:
    sections: dict[str, str] = {}
    for part in text.removeprefix("@").split("\n@"):
        title, _, body = part.partition("\n")
        sections[title] = body
    inodes = dict(_inode(line) for line in sections.get("inodes", "").splitlines())
    by_inode = {
        inodes.get(title.removeprefix("pid "), 0): body
        for title, body in sections.items()
        if title.startswith("pid ") and body.strip()  # empty: it ended, or we may not enter it
    }
    by_inode.pop(0, None)
    bridges = {
        title.split("/")[-2]: tuple(body.split())
        for title, body in sections.items()
        if title.startswith("bridge ")
    }
    return Snapshot(
        host=Namespace(inodes.get("self", 0), ip_addr.parse(sections["host"])),
        namespaces=tuple(Namespace(i, ip_addr.parse(body)) for i, body in sorted(by_inode.items())),
        containers=tuple(replace(c, namespace=inodes.get(str(c.pid), 0) if c.pid else 0) for c in containers),
        networks=tuple(networks),
        bridges=bridges,
    )


def _inode(line: str) -> tuple[str, int]:
    """`/proc/42/ns/net 4026531840` → ("42", 4026531840)."""
    path, _, number = line.rpartition(" ")
    return path.split("/")[2], int(number)
