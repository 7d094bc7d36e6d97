"""How much memory the guest gets: a share of what this process may use.

Sources: Documentation/admin-guide/cgroup-v2.rst (memory.max), cgroup-v1/memory.rst (memory.limit_in_bytes).
"""

from __future__ import annotations

from pathlib import Path

LEAST, MOST = 384, 1024  # MiB: dockerd with some containers; more is of no use to the book
_BESIDE = 900  # MiB: JupyterLab, some kernels, and the keeper's programs


def available(root: Path = Path("/")) -> int:
    """Bytes that this process may use: the machine's memory, or what a container or a pod allows.

    Errors: OSError, where there is no /proc.
    """
    lines = (root / "proc/meminfo").read_text().splitlines()
    totals = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemTotal:")]
    return min([*totals, *_limits(root)])


def for_guest(root: Path = Path("/")) -> int:
    """MiB for the guest's kernel; less than LEAST means that it is better not started.

    A Binder pod (2 GiB) gets 768. The kernel takes only what the guest touches.
    """
    mebibytes = available(root) // (1 << 20)
    share = min(mebibytes - _BESIDE, mebibytes * 3 // 8)
    return max(0, min(share // 64 * 64, MOST))


def _limits(root: Path) -> list[int]:
    """Those of our cgroup and of every one above it that can be seen from here.

    "No limit" is `max` in version 2, and in version 1 a number beyond any machine's memory.
    """
    found = []
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        name = "memory.limit_in_bytes" if controllers else "memory.max"
        group = top / path.lstrip("/")
        # in a container the path may be the host's: what is ours is then mounted at the top
        for folder in (group, *group.parents):
            if folder == top or top in folder.parents:
                found += [int(text) for text in _lines(folder / name) if text.isdigit()]
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
