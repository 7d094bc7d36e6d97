"""The way of a ping over the wiring, and where it breaks: computed from a topology and one answer.

The wiring says where a packet could go, the answer says whether it came back; where in
between it got lost, only a capture can tell. So a way that nothing came back on is
drawn as far as the wiring carries it, and not one step further.
"""

from __future__ import annotations

from dataclasses import dataclass

from netbook.model.journey import Stop
from netbook.model.programs import Answer
from netbook.topology.graph import Box, Port, Topology

OUTSIDE = Stop("", "")  # the host's own interfaces
CHANGED = "no network any more"  # the picture is of now, the answer of then
_SENT = (
    "",
    "no reply",
    "no route to host",
    "partial",
    "refused",
    "timed out",
)  # any other reason: no packet left the source


@dataclass(frozen=True, slots=True)
class Way:
    """The stops from source to target; with `broken`, up to the one where it breaks."""

    stops: tuple[Stop, ...]
    broken: str = ""

    def told(self, topology: Topology) -> str:
        """In one line, by names that are the same in every run."""
        bridges = {bridge.name: bridge.label for bridge in topology.bridges}
        said = [
            f"{stop.container} {stop.interface}".strip()
            if stop.container
            else bridges.get(stop.interface, "the host's interfaces")
            for stop in self.stops
        ]
        return " → ".join(said) + (f" ✗ {self.broken}" if self.broken else "")


def way(topology: Topology, answer: Answer) -> Way:
    """From one container to another, as `answer` found it."""
    source, target = answer.source, answer.target
    start, end = topology.box(source), topology.box(target)
    first = Stop(source, "")
    if answer.reason not in _SENT:
        return Way((first,), answer.reason)
    if start.names == end.names or start.mode == end.mode == "host":
        return Way((first, Stop(target, "")), answer.reason)
    if any(not box.ports and box.mode != "host" for box in (start, end)):
        return Way((first,), CHANGED)
    arrives = _arrival(end, start, answer.address)
    leaves = _departure(start, arrives)
    out = Stop(source, leaves.name) if leaves else first
    into = Stop(target, arrives.name) if arrives else Stop(target, "")
    here = [_device(port) for port in (leaves, arrives) if port]
    apart = bool(leaves and arrives and here[0] != here[-1])
    if apart and answer.reason:
        return Way((out, here[0]), answer.reason)
    return Way((out, *dict.fromkeys(here), into), answer.reason)


def _device(port: Port) -> Stop:
    """What the other end of its cable is plugged into; of a macvlan, what it rides on."""
    return Stop("", port.bridge or port.parent)


def _arrival(end: Box, start: Box, address: str) -> Port | None:
    """The target's interface that has the address; else one on a network of the source; else the first."""
    networks = {port.network for port in start.ports}
    ports = sorted(
        end.ports,
        key=lambda p: (address not in {a.ip for a in p.addresses}, p.network not in networks),
    )
    return next(iter(ports), None)


def _departure(start: Box, arrives: Port | None) -> Port | None:
    """The source's interface on the same network; else the first."""
    ports = sorted(start.ports, key=lambda p: arrives is None or p.network != arrives.network)
    return next(iter(ports), None)
