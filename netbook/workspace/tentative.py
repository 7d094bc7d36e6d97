"""A new IPv6 address is not used at once: the kernel first asks on the link whether somebody has it already.

That is duplicate address detection (DAD), and takes a second or two; until then the address is *tentative*,
and nobody is answered there. Docker switches it off for the containers' own addresses. A bridge has it, and
begins with it when the first container is plugged in: what has to pass the host may come too early. And so
has the link-local address of each interface, from which a container that forwards asks for its neighbours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from netbook.model.docker import NetworkInfo
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Topology
from netbook.workspace.workspace import Workspace

_FILE = "net/if_inet6"  # ADDRESS INDEX LENGTH SCOPE FLAGS NAME, in hexadecimal
_TENTATIVE, _FAILED = 0x40, 0x08  # an address that somebody had stays tentative
_PATIENCE, _PAUSE = 4, 0.1  # seconds; a bridge without a container waits for ever


def wait(ws: Workspace, networks: Iterable[NetworkInfo]) -> None:
    """Until the IPv6 addresses of these networks' bridges can be used; at once if they have none."""
    bridges = {n.bridge for n in networks if n.bridge and _has_ipv6(n)}
    deadline = time.monotonic() + _PATIENCE
    while bridges and time.monotonic() < deadline:
        bridges &= tentative(ws.observer.exec("cat", f"/proc/{_FILE}").stdout)
        time.sleep(_PAUSE * bool(bridges))


def wait_for_routers(ws: Workspace, seen: Snapshot) -> None:
    """Until this lab's containers on two IPv6 networks may forward; at once if there are none."""
    names = {network.name for network in seen.networks if network.owned and _has_ipv6(network)}
    routers = [c for c in seen.containers if len(names & {e.network for e in c.endpoints}) > 1 and c.owned]
    pids = [ws.engine.container(c.id).pid for c in routers if c.state == "running"]
    places = [f"/proc/{pid}/{_FILE}" for pid in pids if pid]
    deadline = time.monotonic() + _PATIENCE
    while places and time.monotonic() < deadline:
        places = [place for place in places if tentative(ws.observer.exec("cat", place).stdout)]
        time.sleep(_PAUSE * bool(places))


def look(ws: Workspace) -> tuple[Snapshot, Topology]:
    """`ws.look()`, and then a wait until packets can pass the bridges and routers of this lab by IPv6."""
    seen, graph = ws.look()
    wait(ws, (network for network in graph.networks if network.owned))
    wait_for_routers(ws, seen)
    return seen, graph


def _has_ipv6(network: NetworkInfo) -> bool:
    return any(":" in subnet for subnet in network.subnets)


def tentative(text: str) -> set[str]:
    """The interfaces that have such an address, of what /proc/net/if_inet6 says.

    >>> tentative("fe80000000000000004200fffe000001 04 40 20 c0  docker0")
    {'docker0'}
    """
    rows = (line.split() for line in text.splitlines())
    both = _TENTATIVE | _FAILED
    return {row[5] for row in rows if len(row) == 6 and int(row[4], 16) & both == _TENTATIVE}
