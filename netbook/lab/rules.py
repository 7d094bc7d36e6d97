"""What a block of verbs did to the host's firewall: `with lab.host.rule_changes() as rules:`."""

from __future__ import annotations

from collections import Counter
from typing import Self

import pandas as pd

from netbook import tables
from netbook.parsers import iptables_save
from netbook.tables.frame import Row, frame
from netbook.workspace.workspace import Workspace

TABLES = ("raw", "nat", "filter")  # those that Docker writes into
_RULE = ("table", "chain", "target", "match")


class RuleChanges:
    """Two moments of the rules, the begin and the end of a block. Introduced in chapter 10."""

    def __init__(self, workspace: Workspace, *, foreign: bool = False) -> None:
        self._ws, self._foreign = workspace, foreign
        self._before: list[Row] = []
        self._after: list[Row] = []

    def __enter__(self) -> Self:
        self._ws.echo.noted(f"before and after, of {', '.join(TABLES)}", "iptables-save", "-c")
        self._before = self._after = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        self._after = self._read()

    def new(self, *, chain: str = "", target: str = "", about: str = "") -> pd.DataFrame:
        """The rules that came: one row each, columns table, chain, target, match.

        Only those of that `chain`, whose target begins with `target`, and with the words `about` in `match`.
        """
        return self._differ(self._after, self._before, chain, target, about)

    def gone(self, *, chain: str = "", target: str = "", about: str = "") -> pd.DataFrame:
        """The rules that went: as `new`."""
        return self._differ(self._before, self._after, chain, target, about)

    @staticmethod
    def _differ(has: list[Row], had: list[Row], chain: str, target: str, about: str) -> pd.DataFrame:
        more = Counter(map(_identity, has)) - Counter(map(_identity, had))
        rows = [dict(zip(_RULE, rule, strict=True)) for rule in more.elements()]
        return frame(
            _RULE,
            (
                row
                for row in rows
                if chain in ("", row["chain"]) and row["target"].startswith(target) and about in row["match"]
            ),
        )

    @property
    def counted(self) -> pd.DataFrame:
        """One row per rule that fitted a packet of the block: table, chain, number, target, match, packets.

        In the order of the tables, and of each chain; policies are no rules. `packets`: of the block.
        """
        old = Counter[tuple[str, ...]]()
        for row in self._before:
            old[_identity(row)] += row["packets"] or 0
        rows = []
        for row in self._after:
            known = old.pop(_identity(row), 0)  # of two that are equal, the first has counted
            if (met := (row["packets"] or 0) - known) > 0:
                rows.append({**row, "packets": met})
        return frame(["table", "chain", "number", "target", "match", "packets"], (_of(row) for row in rows))

    def _read(self) -> list[Row]:
        text = self._ws.observer.firewall(*TABLES)
        found, seen = iptables_save.parse(text), self._ws.topology(foreign=True)
        rows: list[Row] = []
        for table in TABLES:
            here = [chain for chain in found if chain.table == table]
            told = tables.firewall(here, seen, counters=True, foreign=self._foreign)
            told.attrs.clear()  # pandas copies them for each part of a table, and these are hundreds of rules
            shown = told[told["number"] != "policy"]
            rows += [
                {"table": table, **{str(column): value for column, value in row.items()}}
                for row in shown.to_dict("records")
            ]
        return rows


def _identity(row: Row) -> tuple[str, ...]:
    return tuple(str(row[column]) for column in _RULE)


def _of(row: Row) -> Row:
    return {column: row[column] for column in ("table", "chain", "number", "target", "match", "packets")}
