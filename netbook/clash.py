"""A name or a subnet is taken: say who has it, and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

from netbook import labels
from netbook.errors import NameTaken, SubnetTaken
from netbook.models import ContainerInfo, NetworkInfo


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


def subnet(wanted: str | None, networks: Iterable[NetworkInfo], refusal: SubnetTaken) -> SubnetTaken:
    """A subnet overlaps; the engine does not say with whose, so look it up."""
    holder = next((n for n in networks if wanted and _overlaps(wanted, n.subnets)), None)
    if holder is None:
        return refusal  # a route of the host's, perhaps: the engine's own words are the best there are
    whose = "the engine itself" if holder.is_default else labels.holder(holder.labels)
    return SubnetTaken(
        f"The subnet {wanted} is taken: network {holder.name!r} of {whose} has {', '.join(holder.subnets)}.",
        remedy="choose another subnet, or remove that network if it is yours",
    )


def _overlaps(wanted: str, others: Iterable[str]) -> bool:
    mine = ip_network(wanted, strict=False)
    theirs = [ip_network(other) for other in others]
    return any(mine.version == other.version and mine.overlaps(other) for other in theirs)
