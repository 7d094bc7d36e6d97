"""The one address of a container, and why there is none."""

from __future__ import annotations

import pytest

from netbook.errors import NotFound
from netbook.lab import addressed
from netbook.model.docker import ContainerInfo, Endpoint

BOTH = Endpoint("both", "10.0.0.2", 24, ipv6_address="fd00::2/64")
SIX = Endpoint("six", ipv6_address="fd00:6::2/64")
FOUR = Endpoint("four", "10.0.4.2", 24)


def test_ipv4_else_ipv6() -> None:
    box = ContainerInfo("a", "web", endpoints=(BOTH, SIX, FOUR, Endpoint("stopped")))
    assert addressed.of(box) == {"both": "10.0.0.2", "six": "fd00:6::2", "four": "10.0.4.2"}
    assert addressed.of6(box) == {"both": "fd00::2", "six": "fd00:6::2"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({}, r"web has no IPv6 addresses: none; expected exactly one.*\n.*ipv6=True"),
        ({"a": "fd00::1", "b": "fd00::2"}, r"web has 2 IPv6 addresses: .*fd00::2.*inspect"),
    ],
)
def test_none_or_several(found: dict[str, str], words: str) -> None:
    assert addressed.only6("web", {"a": "fd00::1"}) == "fd00::1"
    with pytest.raises(NotFound, match=f"(?s){words}"):
        addressed.only6("web", found)
