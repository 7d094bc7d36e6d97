"""Rows in, a DataFrame out: what all tables have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from netbook.model.kernel import Address

Row = Mapping[str, Any]


def frame(columns: Sequence[str], rows: Iterable[Row], raw: object = "") -> pd.DataFrame:
    """Rows as a DataFrame with exactly these columns, also when there are none."""
    table = pd.DataFrame([dict(row) for row in rows], columns=list(columns))
    table.attrs["raw"] = raw
    return table


def is_stable(address: Address) -> bool:
    """IPv4, or IPv6 that somebody chose: what every engine version shows alike."""
    return address.family == "inet" or (address.scope == "global" and not address.value.is_loopback)
