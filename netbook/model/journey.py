"""A packet's way: which interfaces it passed, in order. What a capture finds and a diagram animates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One interface on the way, by the same names as in a topology.

    `container` is empty for an interface of the engine's host: a bridge, the host's end of a
    veth pair, or one of the host's own. `host` is empty while there is only one.
    """

    container: str
    interface: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """One packet from where it was sent to where it arrived, or as far as it came."""

    what: str  # "ICMP echo request", "ARP who has 172.17.0.3", "DNS A? bbox02", "TCP SYN"
    stops: tuple[Stop, ...]
    source: str = ""  # addresses as sent
    target: str = ""
    note: str = ""  # what became of it: "source became 10.0.2.100 (NAT)", "lost at docker0"
    lost: bool = False  # it was seen, and never again
