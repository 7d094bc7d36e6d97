"""What came, went and changed between two moments, as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from netbook.tables.frame import frame
from netbook.topology.change import Change


def changes(found: Iterable[Change]) -> pd.DataFrame:
    """Before and after: columns change (came, went, changed), what, name, before, after."""
    columns = ["change", "what", "name", "before", "after"]
    return frame(columns, ({column: getattr(c, column) for column in columns} for c in found))
