"""Layer 1: who is attached to what."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.engine.client import records
from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, cables, state
from netbook.topology import addressing


@dataclass(frozen=True)
class On(Goal):
    """The container has an interface on that network."""

    container: str
    network: str
    layer = 1
    about = ("container", "network")

    def __str__(self) -> str:
        return f"{self.container} is on {self.network}"

    def judge(self, evidence: Evidence) -> Finding:
        here = {port.network for port in evidence.ports(self.container)}
        return Finding(self.network in here, cables(evidence, self.container))


@dataclass(frozen=True)
class NotOn(Goal):
    """The container runs, and has no interface on that network."""

    container: str
    network: str
    layer = 1
    about = ("container", "network")

    def __str__(self) -> str:
        return f"{self.container} is not on {self.network}"

    def judge(self, evidence: Evidence) -> Finding:
        here = {port.network for port in evidence.ports(self.container)}
        runs = evidence.running(self.container) is not None
        return Finding(runs and self.network not in here, cables(evidence, self.container))


@dataclass(frozen=True)
class OnlyOn(Goal):
    """Its networks are these and no others; none: it has only `lo`."""

    container: str
    networks: tuple[str, ...] = ()
    layer = 1

    def __str__(self) -> str:
        here = " and ".join(self.networks)
        return f"{self.container} is on {here}, and nowhere else" if here else f"{self.container} has only lo"

    def judge(self, evidence: Evidence) -> Finding:
        here = sorted(port.network for port in evidence.ports(self.container))
        box = addressing.box_of(evidence.graph, self.container)
        own = box is not None and box.mode in ("own", "none")
        return Finding(own and here == sorted(self.networks), cables(evidence, self.container))


@dataclass(frozen=True)
class Shares(Goal):
    """Both live in one network namespace."""

    container: str
    owner: str
    layer = 1
    about = ("container", "owner")

    def __str__(self) -> str:
        return f"{self.container} and {self.owner} share one network namespace"

    def judge(self, evidence: Evidence) -> Finding:
        for name in (self.container, self.owner):
            if not evidence.running(name):
                return Finding(False, state(evidence, name))
        met = addressing.together(evidence.graph, self.container, self.owner)
        return Finding(met, "one namespace" if met else "each is in a namespace of its own")


@dataclass(frozen=True)
class Apart(Goal):
    """Both run, each in a network namespace of its own."""

    container: str
    other: str
    layer = 1
    about = ("container", "other")

    def __str__(self) -> str:
        return f"{self.container} and {self.other} have a network namespace each"

    def judge(self, evidence: Evidence) -> Finding:
        found = Shares(self.container, self.other).judge(evidence)
        return Finding(found.seen.startswith("each"), found.seen)


@dataclass(frozen=True)
class Owns(Goal):
    """It runs in a namespace that was made for it: it was not told to join another container's."""

    container: str
    layer = 1

    def __str__(self) -> str:
        return f"{self.container} has a network namespace of its own, and joins nobody's"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.running(self.container)
        if found is None:
            return Finding(False, state(evidence, self.container))
        kind = found.network_mode.partition(":")[0]
        seen = {"container": "it joins another container's", "host": "it is on the host's network"}
        return Finding(kind not in seen, seen.get(kind, "its own"))


@dataclass(frozen=True)
class Unlinked(Goal):
    """It was made without `--link`, on whatever network."""

    container: str
    layer = 1

    def __str__(self) -> str:
        return f"{self.container} has no link"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.container(self.container):
            return Finding(False, state(evidence, self.container))
        found = records.own_links(evidence.inspected(self.container))
        return Finding(not found, f"a link to {', '.join(sorted(set(found.values())))}")


@dataclass(frozen=True)
class OnHost(Goal):
    """The container lives in the host's own network namespace."""

    container: str
    layer = 1

    def __str__(self) -> str:
        return f"{self.container} is on the host's network"

    def judge(self, evidence: Evidence) -> Finding:
        box = addressing.box_of(evidence.graph, self.container)
        met = box is not None and box.mode == "host"
        return Finding(met, "it is the host's" if met else cables(evidence, self.container))


@dataclass(frozen=True)
class BridgeUp(Goal):
    """The bridge of a network is UP or DOWN, as `ip addr` on the host says."""

    network: str
    up: bool
    layer = 1
    about = ()

    def __str__(self) -> str:
        return f"the bridge of the network {self.network} is {'UP' if self.up else 'DOWN'}"

    def judge(self, evidence: Evidence) -> Finding:
        found = evidence.network(self.network)
        device = evidence.interface_of_host(found.bridge) if found else None
        if device is None:
            return Finding(False, f"the host has no bridge of {self.network}")
        return Finding(device.is_up == self.up, f"it is {device.state}")


@dataclass(frozen=True)
class NoCard(Goal):
    """Nobody on the network has an interface with that hardware address: a sentence that names no one."""

    network: str
    mac: str
    layer = 1
    about = ("network",)

    def __str__(self) -> str:
        return f"no card on {self.network} has the hardware address {self.mac}"

    def judge(self, evidence: Evidence) -> Finding:
        names = (name for box in evidence.graph.boxes for name in box.containers)
        here = any(evidence.cards(name).get(self.mac) == self.network for name in names)
        return Finding(not here, "one has it")


@dataclass(frozen=True)
class Cabled(Goal):
    """A veth pair has one end in each of the two namespaces."""

    container: str
    other: str
    layer = 1
    about = ("container", "other")

    def __str__(self) -> str:
        return f"a cable leads from {self.container} to {self.other}"

    def judge(self, evidence: Evidence) -> Finding:
        wanted = {self.container, self.other}
        found = any({end.container for end in cable.ends} == wanted for cable in evidence.graph.cables)
        return Finding(found, "" if found else "no interface of theirs has its other end there")


@dataclass(frozen=True)
class Plugged(Goal):
    """So many interfaces of the container's namespace are plugged into a bridge of that namespace."""

    container: str
    bridge: str
    number: int
    layer = 1

    def __str__(self) -> str:
        plural = "s are" if self.number != 1 else " is"
        return f"{self.number} cable{plural} plugged into {self.bridge} of {self.container}"

    def judge(self, evidence: Evidence) -> Finding:
        found = sum(port.master == self.bridge for port in evidence.ports(self.container))
        return Finding(found == self.number, f"{found or 'none'} in {self.bridge}")
