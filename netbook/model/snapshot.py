"""One moment of an engine and its kernel."""

from __future__ import annotations

from dataclasses import dataclass, field

from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Namespace


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of an engine: everything the topology is computed from."""

    host: Namespace
    namespaces: tuple[Namespace, ...] = ()
    containers: tuple[ContainerInfo, ...] = ()
    networks: tuple[NetworkInfo, ...] = ()
    bridges: dict[str, tuple[str, ...]] = field(default_factory=dict)  # bridge → its ports
    riding: frozenset[str] | None = None  # the host's that ride on another of its own (vlan); None: not read
