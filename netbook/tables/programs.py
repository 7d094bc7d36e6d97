"""What programs print in a container, as tables: ping, nslookup, /etc/hosts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from netbook.model.fetch import Fetched
from netbook.model.programs import HostEntry, Lookup, PingResult
from netbook.tables.frame import Row, frame


def ping(result: PingResult, raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`ping`: one row: target, address, sent, received, outcome.

    With `full` one row per reply: seq, ttl, time_ms (milliseconds).
    """
    if full:
        rows: Iterable[Row] = ({"seq": r.seq, "ttl": r.ttl, "time_ms": r.time_ms} for r in result.replies)
        table = frame(["seq", "ttl", "time_ms"], rows, raw)
    else:
        table = frame(
            ["target", "address", "sent", "received", "outcome"],
            [
                {
                    "target": result.target,
                    "address": result.address,
                    "sent": result.transmitted,
                    "received": result.received,
                    "outcome": result.outcome,
                }
            ],
            raw,
        )
    table.attrs["result"] = result
    return table


def lookup(result: Lookup, raw: str = "") -> pd.DataFrame:
    """`nslookup`: columns name, server, address; one row per answer, or one that says why there is none.

    IPv4 first: it asks for both at once, and which answer comes first is chance.
    """
    found = sorted(result.addresses, key=lambda address: ":" in address)
    rows = [{"name": result.name, "server": result.server, "address": a} for a in found]
    if not rows:
        rows = [{"name": result.name, "server": result.server, "address": result.error or "no answer"}]
    return frame(["name", "server", "address"], rows, raw)


def hosts(entries: Iterable[HostEntry], raw: str = "", *, full: bool = False) -> pd.DataFrame:
    """`cat /etc/hosts`: columns address, names.

    Without `full`, no ids among the names, no line that has ids only, and none of the IPv6 lines that an
    engine writes for `localhost` and `ip6-…`, as some engines do and others don't. All else is shown, IPv6
    too; `.attrs["left_out"]` is the number of the lines that are not.
    """
    entries = list(entries)
    rows = []
    for entry in entries:
        names = [n for n in entry.names if full or not _is_id(n)]
        if full or (names and not _is_usual(entry)):
            rows.append({"address": entry.address, "names": " ".join(names)})
    table = frame(["address", "names"], rows, raw)
    table.attrs["left_out"] = len(entries) - len(rows)
    return table


def _is_usual(entry: HostEntry) -> bool:
    """One of the five IPv6 lines that tell a container nothing of its network."""
    return ":" in entry.address and all(n == "localhost" or n.startswith("ip6-") for n in entry.names)


def _is_id(name: str) -> bool:
    """A container's short id, which is also its default hostname."""
    return len(name) == 12 and all(c in "0123456789abcdef" for c in name)


def fetched(result: Fetched) -> pd.DataFrame:
    """`wget`: one row: url, outcome, first_line. The model is in `.attrs["result"]`."""
    row = {"url": result.url, "outcome": result.outcome, "first_line": result.first_line}
    table = frame(["url", "outcome", "first_line"], [row], result.body + result.words)
    table.attrs["result"] = result
    return table
