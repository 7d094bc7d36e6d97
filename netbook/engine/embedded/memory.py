"""How much memory the guest gets: a share of what this process may use.

Sources: Documentation/admin-guide/cgroup-v2.rst (memory.max), cgroup-v1/memory.rst (memory.limit_in_bytes).
"""

from __future__ import annotations

from pathlib import Path

LEAST, MOST = 384, 2048  # MiB: dockerd with a handful of containers; more is of no use to the book
_BESIDE = 900  # MiB: JupyterLab, some kernels, and the keeper's programs
_UNLIMITED = 1 << 60  # cgroup v1 writes "no limit" as a huge number


def available(root: Path = Path("/")) -> int:
    """Bytes that this process may use: the machine's memory, or what a container or a pod allows."""
    total = [
        int(line.split()[1]) * 1024 for line in _lines(root / "proc/meminfo") if line.startswith("MemTotal")
    ]
    limits = [*total, *_limits(root)]
    if not limits:
        raise OSError(f"{root / 'proc/meminfo'} does not say how much memory there is")
    return min(limits)


def for_guest(root: Path = Path("/")) -> int:
    """MiB for the guest's kernel; less than LEAST means that it is better not started.

    A Binder pod (2 GiB) gets 768. The kernel takes only what the guest touches.
    """
    mebibytes = available(root) // (1 << 20)
    share = min(mebibytes - _BESIDE, mebibytes * 3 // 8)
    return min(share // 64 * 64, MOST)


def _limits(root: Path) -> list[int]:
    """Those of our cgroup and of every one above it that can be seen from here."""
    found = []
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        name = "memory.limit_in_bytes" if controllers else "memory.max"
        group = top / path.lstrip("/")
        # in a container the path may be the host's: what is ours is then mounted at the top
        for folder in (group, *group.parents):
            if folder == top or top in folder.parents:
                found += [int(text) for text in _lines(folder / name) if text.isdigit()]
    return [limit for limit in found if limit < _UNLIMITED]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
