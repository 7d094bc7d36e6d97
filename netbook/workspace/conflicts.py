"""Something is taken, gone or somebody else's: say who has it, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from netbook.errors import NameTaken, NotFound, NotOurs, SubnetTaken
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.ownership import labels


def container_name(holder: ContainerInfo) -> NameTaken:
    """Somebody else's container has the name."""
    remedy = f"if it is yours, rename it (docker rename {holder.name} …) or remove it"
    if labels.is_ours(holder.labels):
        lab = holder.labels.get(labels.LAB, "")
        remedy = (
            f"finish that chapter (its last cell cleans up), or run `python3 -m netbook clean --lab {lab}`"
        )
    return NameTaken(
        f"The name {holder.name!r} is taken by a container of {labels.holder(holder.labels)} "
        f"(state {holder.state}, image {holder.image}).",
        remedy=remedy,
    )


def network_name(holder: NetworkInfo, lab: str) -> NameTaken:
    """A network has the name: the engine's own, this lab's, or somebody else's."""
    if holder.is_default:
        return NameTaken(
            f"{holder.name!r} is one of the engine's own networks.", remedy="choose another name"
        )
    if labels.is_ours(holder.labels) and holder.labels.get(labels.LAB) == lab:
        return NameTaken(
            f"This lab has a network {holder.name!r} already.",
            remedy=f"use it: lab.network({holder.name!r}), or run the notebook from its first cell",
        )
    return NameTaken(
        f"The network name {holder.name!r} is taken by {labels.holder(holder.labels)}.",
        remedy=f"choose another name, or remove that network if it is yours: docker network rm {holder.name}",
    )


def subnet(wanted: Iterable[str], networks: Iterable[NetworkInfo], refusal: SubnetTaken) -> SubnetTaken:
    """A subnet overlaps; the engine does not say with whose, so look it up."""
    there = list(networks)
    for one in wanted:
        holder = next((n for n in there if _overlaps(one, n.subnets)), None)
        if holder is None:
            continue
        whose = "the engine itself" if holder.is_default else labels.holder(holder.labels)
        return SubnetTaken(
            f"The subnet {one} is taken: network {holder.name!r} of {whose} has {', '.join(holder.subnets)}.",
            remedy="choose another subnet, or remove that network if it is yours",
        )
    return refusal  # a route of the host's, perhaps: the engine's own words are the best there are


def parent_gone(name: str, parent: str) -> NotFound:
    """A container joined another's network namespace, which is there no more."""
    return NotFound(
        f"{name} lives in the network namespace of the container {parent[:12]}, which is gone. "
        "Docker has noted that id: another container of the same name does not take its place.",
        remedy=f"make it anew: lab.run({name!r}, network='container:NAME')",
    )


def not_ours(verb: str, name: str, marks: Mapping[str, str]) -> NotOurs:
    """A container of somebody else's, which a verb would change."""
    return NotOurs(
        f"netbook does not {verb} {name}: it belongs to {labels.holder(marks)}.",
        remedy=f"use the docker command yourself if that is what you want: docker … {name}",
    )


def _overlaps(wanted: str, others: Iterable[str]) -> bool:
    mine, theirs = _network(wanted), filter(None, map(_network, others))
    return mine is not None and any(_meet(mine, other) for other in theirs)


def _meet(one: Any, other: Any) -> bool:
    return bool(one.version == other.version and one.overlaps(other))


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """None for what some engine or plugin calls a subnet, and is none."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
