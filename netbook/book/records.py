"""What was measured on one engine, for chapters that show it where another kernel lacks what it takes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

_FOLDER = Path(__file__).with_name("recorded")


def recorded(name: str) -> pd.DataFrame:
    """No command: `recorded/NAME.csv`, as the embedded engine measured it; tests/pod/inside does it again.

    Errors: FileNotFoundError for a record that there is not.
    """
    return pd.read_csv(_FOLDER / f"{name}.csv", dtype=str)
