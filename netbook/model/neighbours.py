"""Who is known on the link: a line of `ip neigh`, the kernel's ARP and NDP table, or of `bridge fdb`."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

_KNOWN = {"REACHABLE", "STALE", "DELAY", "PROBE"}
_UNANSWERED = {"INCOMPLETE", "FAILED"}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An address on the link, and the MAC that answered for it."""

    address: str
    interface: str
    mac: str = ""  # empty when nobody answered
    state: str = ""  # as the kernel says it: REACHABLE, STALE, INCOMPLETE …
    router: bool = False

    @property
    def stable_state(self) -> str:
        """What time alone does not change.

        `known` for REACHABLE, STALE, DELAY and PROBE, through which a good entry goes by itself;
        `unanswered` for INCOMPLETE, which after three seconds is FAILED; else the kernel's own word.
        """
        if self.state in _KNOWN:
            return "known"
        return "unanswered" if self.state in _UNANSWERED else self.state

    @property
    def is_stable(self) -> bool:
        """Was it asked for by somebody? Link-local and multicast ones come and go by themselves."""
        address = ip_address(self.address)
        return not (address.version == 6 and address.is_link_local) and not address.is_multicast


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Where a bridge sends frames for a MAC address: by a port, or through a tunnel to another host."""

    mac: str
    interface: str
    behind: str = ""  # the tunnel's other end
    permanent: bool = False  # written, not learnt
