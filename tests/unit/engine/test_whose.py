"""Has the book started this engine? Only then may anything be written into its firewall."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from netbook.engine.client.engine import Engine
from netbook.engine.own import is_the_books
from netbook.ownership import labels


@pytest.mark.parametrize(
    ("rung", "marks", "expected"),
    [
        ("yours", None, False),
        ("yours", [], False),
        ("yours", ["org.example=private"], False),
        ("yours", [f"{labels.ENGINE}=private"], True),  # the book's own, found by DOCKER_HOST
        ("private", [], True),  # of an earlier edition, without the label
        ("embedded", [], True),
    ],
)
def test_an_engine_says_itself_whose_it_is(rung: str, marks: list[str] | None, expected: bool) -> None:
    engine = SimpleNamespace(rung=rung, info=lambda: {"Labels": marks})
    assert is_the_books(cast(Engine, cast(Any, engine))) is expected
