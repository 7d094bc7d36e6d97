"""Who can reach whom: every pair, measured inside the containers, one exec per container."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from netbook.engine.api import Engine
from netbook.models import ContainerInfo

# All pings of one container at once: a "no" costs a second, and n of them still cost one.
_SCRIPT = """
for target; do
  ( ping -c 1 -W 1 "$target" >/dev/null 2>&1 && echo "$target" ) &
done
wait
"""


def measure(engine: Engine, containers: list[ContainerInfo], by: str) -> pd.DataFrame:
    """Rows: from; columns: to; values `yes`, `no`, or `–` for oneself."""
    targets: dict[str, tuple[str, ...]]
    if by == "name":
        targets = {c.name: (c.name,) for c in containers}
    else:
        known = {c.id: c for c in engine.containers()}
        host = tuple(g for n in engine.networks() if n.name == "bridge" for g in n.gateways)
        targets = {c.name: _addresses(c, known, host) for c in containers}
    with ThreadPoolExecutor(8) as pool:
        answered = pool.map(lambda c: _answers(engine, c, targets), containers)
    table = pd.DataFrame(
        {
            source.name: _row(source.name, targets, heard)
            for source, heard in zip(containers, answered, strict=True)
        },
        index=[c.name for c in containers],
    ).T
    table.index.name, table.columns.name = "from", "to"
    return table


def _addresses(
    container: ContainerInfo, known: Mapping[str, ContainerInfo], host: tuple[str, ...]
) -> tuple[str, ...]:
    """Where it can be pinged. One that shares another's network has that one's addresses."""
    kind, _, joined = container.network_mode.partition(":")
    if joined in known:
        return _addresses(known[joined], known, host)
    if kind == "host":
        return host
    return tuple(e.ip_address for e in container.endpoints if e.ip_address)


def _answers(engine: Engine, source: ContainerInfo, targets: Mapping[str, tuple[str, ...]]) -> set[str]:
    wanted = [t for name, many in targets.items() if name != source.name for t in many]
    return set(engine.exec(source.id, ("sh", "-c", _SCRIPT, "sh", *wanted)).stdout.split())


def _row(source: str, targets: Mapping[str, tuple[str, ...]], heard: set[str]) -> dict[str, str]:
    return {
        name: "–" if name == source else "yes" if heard.intersection(many) else "no"
        for name, many in targets.items()
    }
