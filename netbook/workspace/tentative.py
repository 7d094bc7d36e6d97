"""A new IPv6 address is not used at once: the kernel first asks on the link whether somebody has it already.

That is duplicate address detection (DAD), and takes a second or two; until then the address is *tentative*,
and nobody is answered there. Docker switches it off for the containers' own addresses. A bridge has it, and
begins with it when the first container is plugged in: what has to pass the host may come too early.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from netbook.model.docker import NetworkInfo
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Topology
from netbook.workspace.workspace import Workspace

_READ = ("cat", "/proc/net/if_inet6")  # ADDRESS INDEX LENGTH SCOPE FLAGS NAME, in hexadecimal
_TENTATIVE = 0x40
_PATIENCE, _PAUSE = 4, 0.1  # seconds; a bridge without a container waits for ever


def wait(ws: Workspace, networks: Iterable[NetworkInfo]) -> None:
    """Until the IPv6 addresses of these networks' bridges can be used; at once if they have none."""
    bridges = {n.bridge for n in networks if n.bridge and any(":" in subnet for subnet in n.subnets)}
    deadline = time.monotonic() + _PATIENCE
    while bridges and time.monotonic() < deadline:
        bridges &= tentative(ws.observer.exec(*_READ).stdout)
        time.sleep(_PAUSE * bool(bridges))


def look(ws: Workspace) -> tuple[Snapshot, Topology]:
    """`ws.look()`, and then a wait until packets can pass the bridges of this workspace by IPv6."""
    seen, graph = ws.look()
    wait(ws, (network for network in graph.networks if network.owned))
    return seen, graph


def tentative(text: str) -> set[str]:
    """The interfaces that have such an address, of what /proc/net/if_inet6 says.

    >>> tentative("fe80000000000000004200fffe000001 04 40 20 c0  docker0")
    {'docker0'}
    """
    rows = (line.split() for line in text.splitlines())
    return {row[5] for row in rows if len(row) == 6 and int(row[4], 16) & _TENTATIVE}
