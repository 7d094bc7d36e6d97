"""What another engine measured."""

from __future__ import annotations

import pytest

from netbook.book.records import recorded


def test_a_record_is_a_table_of_words() -> None:
    found = recorded("lan").set_index("driver")
    assert found.loc["ipvlan, mode l2"].to_dict() == {
        "MAC addresses": "1",
        "laptop reaches": "yes",
        "host reaches": "no",
    }


def test_there_is_none() -> None:
    with pytest.raises(FileNotFoundError):
        recorded("nothing")
