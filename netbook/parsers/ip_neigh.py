r"""`ip neigh`: whose MAC addresses a network namespace knows, and whom it asked for in vain.

Returns `tuple[Neighbour, ...]`, in the order printed; `()` where nobody was asked for yet.

    address    str    IPv4 or IPv6
    interface  str    after `dev`
    mac        str    after `lladdr`; "" where nobody answered
    state      str    REACHABLE, STALE, DELAY, PROBE, INCOMPLETE, FAILED, PERMANENT, NOARP or NONE
    router     bool   an IPv6 router said that it is one

>>> gateway, nobody = parse('''\
... 172.17.0.1 dev eth0 lladdr 02:42:6c:1f:d8:11 ref 1 used 0/0/0 probes 4 REACHABLE
... 172.17.0.77 dev eth0  ref 1 used 0/0/0 probes 5 INCOMPLETE
... ''')
>>> gateway.mac, nobody.mac, nobody.state
('02:42:6c:1f:d8:11', '', 'INCOMPLETE')
"""

from __future__ import annotations

import re

from netbook.model.neighbours import Neighbour
from netbook.parsers._lines import Line, pairs, read

_EXPECTED = "a neighbour such as '172.17.0.1 dev eth0 lladdr 02:42:ac:11:00:01 REACHABLE'"
_STATES = {"REACHABLE", "STALE", "DELAY", "PROBE", "INCOMPLETE", "FAILED", "PERMANENT", "NOARP", "NONE"}
_KEYS = {"dev", "lladdr", "ref", "used", "probes", "vlan", "nhid", "protocol"}
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2})*")


def parse(text: str) -> tuple[Neighbour, ...]:
    """Read what `ip neigh` printed."""
    return tuple(_neighbour(line) for line in read("ip_neigh", text))


def _neighbour(line: Line) -> Neighbour:
    address, *words = line.words
    said = pairs(words, _KEYS)
    if line.indented or not said.get("dev"):
        raise line.error(_EXPECTED)
    line.address(address, "the first word")
    mac = said.get("lladdr", "")
    if mac and not (_MAC.fullmatch(mac) or line.address(mac, "the word after 'lladdr'")):  # of a tunnel
        raise line.error(_EXPECTED)
    state = words[-1] if words[-1] in _STATES and words[-2] != "dev" else "NONE"  # busybox prints no NONE
    return Neighbour(address, said["dev"], mac, state, router="router" in words[2:])
