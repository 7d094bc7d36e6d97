"""The host's firewall as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from netbook.model.firewall import Chain, Rule
from netbook.tables.frame import Row, frame
from netbook.topology.graph import Topology
from netbook.topology.rules import Names, is_strange, words


def firewall(
    found: Iterable[Chain],
    topology: Topology,
    raw: str = "",
    *,
    full: bool = False,
    counters: bool = False,
    foreign: bool = False,
) -> pd.DataFrame:
    """`iptables-save`: one row per rule, and one for each policy: columns chain, number, target, match.

    Bridges, subnets and containers by their names; without `foreign` no rules that are about other programs'
    containers only, and `number` counts the others. With `counters` also packets and bytes; with `full`
    backend too, all rules, and `match` as the kernel has it. `.attrs["chains"]` are the chains themselves,
    `.attrs["left_out"]` is how many rules are not shown.
    """
    chains = sorted(_used(found), key=lambda c: (c.backend != "nft", c.place))
    several = len({c.backend for c in chains}) > 1
    every, ours = Names.of(topology), Names.of(topology.owned())
    columns = ["chain", "number", "target", "match"]
    columns = ["backend", *columns] if full else columns
    columns += ["packets", "bytes"] if full or counters else []
    rows: list[Row] = []
    left_out = 0
    for c in chains:
        shown = [r for r in c.rules if full or foreign or not is_strange(r, ours, every)]
        left_out += len(c.rules) - len(shown)
        name = f"{c.name} ({c.backend})" if several and not full and c.backend != "nft" else c.name
        for number, r in enumerate(shown, 1):
            target, match = (r.target, r.spec) if full else words(r, every)
            rows.append(_rule_row(c.backend, name, number, target, match, r))
        if c.policy:
            rows.append(_rule_row(c.backend, name, "policy", c.policy, "" if full else "everything else", c))
    table = frame(columns, ({column: row[column] for column in columns} for row in rows), raw)
    table.attrs.update(chains=tuple(chains), left_out=left_out)
    return table


def _used(found: Iterable[Chain]) -> list[Chain]:
    """Of the two backends the one that has rules; both, if both have; nft, if none has."""
    found = list(found)
    busy = {c.backend for c in found if not c.is_untouched} or {c.backend for c in found[:1]}
    return [c for c in found if c.backend in busy]


def _rule_row(
    backend: str, chain: str, number: int | str, target: str, match: str, counted: Rule | Chain
) -> Row:
    return {
        "backend": backend,
        "chain": chain,
        "number": number,
        "target": target,
        "match": match,
        "packets": counted.packets,
        "bytes": counted.bytes,
    }
