"""The one address of a container, as its engine gave it; or why there is no such one."""

from __future__ import annotations

from collections.abc import Mapping

from netbook.errors import NotFound
from netbook.model.docker import ContainerInfo


def of(container: ContainerInfo) -> dict[str, str]:
    """Network → its address there: IPv4; IPv6, where that is all."""
    return {e.network: e.addresses[0] for e in container.endpoints if e.addresses}


def of6(container: ContainerInfo) -> dict[str, str]:
    """Network → its IPv6 address there."""
    return {e.network: a for e in container.endpoints for a in e.addresses if ":" in a}


def only(name: str, found: Mapping[str, str]) -> str:
    """Errors: NotFound if there is none, or several."""
    return _only(
        name,
        found,
        "",
        several=f"use {name}.addresses[NETWORK]",
        none="a stopped container, or one on host, none or container:… has no address of its own",
    )


def only6(name: str, found: Mapping[str, str]) -> str:
    """Errors: NotFound if there is none, or several."""
    return _only(
        name,
        found,
        "IPv6 ",
        several=f"use {name}.inspect(full=True)",
        none="its network needs IPv6: lab.create_network('mine', subnet='fd00:66::/64', ipv6=True)",
    )


def _only(name: str, found: Mapping[str, str], kind: str, *, several: str, none: str) -> str:
    if len(found) != 1:
        there = f"{len(found) or 'no'} {kind}addresses: {dict(found) or 'none'}"
        raise NotFound(
            f"{name} has {there}; expected exactly one.",
            remedy=several if found else none,
        )
    return next(iter(found.values()))
