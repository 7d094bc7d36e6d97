"""What a namespace shows of its link and its servers, as tables: neighbours and sockets."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

import pandas as pd

from netbook.model.neighbours import Neighbour
from netbook.model.sockets import Socket
from netbook.tables.frame import frame


def neighbours(found: Iterable[Neighbour], raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`ip neigh`: columns address, interface, state: `known`, `unanswered`, or the kernel's own word.

    With `full` also mac, and the kernel's states and link-local and multicast addresses, which come and
    go by themselves; `.attrs["left_out"]` is how many of these are missing.
    """
    found = list(found)
    shown = [n for n in found if full or n.is_stable]
    shown.sort(key=lambda n: (n.interface, ":" in n.address, ip_address(n.address).packed))
    rows = (
        {
            "address": n.address,
            "mac": n.mac,
            "interface": n.interface,
            "state": n.state if full else n.stable_state,
        }
        for n in shown
    )
    table = frame(["address", *(["mac"] if full else []), "interface", "state"], rows, raw)
    table.attrs["left_out"] = len(found) - len(shown)
    return table


def sockets(found: Iterable[Socket], raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`netstat`: columns proto, address, port, state, of the sockets that serve.

    With `full` all of them, with peer and peer_port, and Docker's own on 127.0.0.11, whose ports are chance;
    `.attrs["left_out"]` is how many of these are missing.
    """
    found = [s for s in found if full or s.serves]
    shown = [s for s in found if full or not s.is_dns_of_docker]
    shown.sort(key=lambda s: (s.proto, s.port, ":" in s.address, s.address, s.peer, s.peer_port))
    columns = ["proto", "address", "port", "state", *(["peer", "peer_port"] if full else [])]
    table = frame(columns, ({column: getattr(s, column) for column in columns} for s in shown), raw)
    table.attrs["left_out"] = len(found) - len(shown)
    return table
