"""A new network's addresses: what does not fit is said before an engine guesses."""

from __future__ import annotations

import pytest

from netbook.errors import WrongArgument
from netbook.lab import pool
from netbook.model.spec import Pool


@pytest.mark.parametrize(
    "fits",
    [
        (None, None, None),
        ("10.66.0.0/16", None, None),
        ("10.66.0.0/16", "10.66.0.1", "10.66.8.0/24"),
        ("fd00:66::/64", "fd00:66::1", None),
        ("10.66.0.0/16", None, "10.66.0.0/16"),
    ],
)
def test_what_fits_passes(fits: tuple[str | None, str | None, str | None]) -> None:
    pool.read(*fits)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("192.168.10.0/16", None, None), "did you mean '192.168.0.0/16'"),
        (("10.66.0.0/16", None, "10.66.0.0/8"), "did you mean '10.0.0.0/8'"),
        (("10.66.0.0/16", None, "10.0.0.0/8"), "ip_range is 10.0.0.0/8, which does not lie in the subnet"),
        (("10.66.0.0/16", None, "10.67.0.0/24"), "does not lie in the subnet 10.66.0.0/16"),
        (("10.66.0.0/16", "10.67.0.1", None), "gateway is 10.67.0.1, which does not lie in"),
        (("10.66.0.0/16", "10.66.0.1/16", None), "gateway is '10.66.0.1/16', which is no address"),
        (("10.66.0.0/16", "fd00::1", None), "gateway is fd00::1, which is IPv6"),
        (("ten", None, None), "subnet is 'ten', which is no network"),
        (("10.66.0.0", None, None), "without the length of its prefix"),
        ((None, "10.66.0.1", None), "but no subnet is given"),
        ((None, None, "10.66.0.0/24"), "but no subnet is given"),
    ],
)
def test_what_does_not_fit_is_said(given: tuple[str | None, str | None, str | None], said: str) -> None:
    with pytest.raises(WrongArgument) as caught:
        pool.read(*given)
    assert said in str(caught.value)


def test_each_gateway_and_range_goes_to_the_subnet_that_holds_it() -> None:
    found = pool.read(
        ["10.66.0.0/24", "10.67.0.0/24", "fd00:66::/64"], ["fd00:66::1", "10.67.0.9"], "10.66.0.128/25"
    )
    assert found == (
        Pool("10.66.0.0/24", "", "10.66.0.128/25"),
        Pool("10.67.0.0/24", "10.67.0.9"),
        Pool("fd00:66::/64", "fd00:66::1"),
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((["10.66.0.0/16", "10.66.8.0/24"], None, None), "The subnets 10.66.0.0/16 and 10.66.8.0/24 overlap"),
        (("10.66.0.0/16", ["10.66.0.1", "10.66.0.2"], None), "gateway is given twice for the subnet"),
        ((["10.66.0.0/24", "10.67.0.0/24"], "10.68.0.1", None), "does not lie in the subnet"),
    ],
)
def test_several_subnets_must_fit_together(given: tuple[object, ...], said: str) -> None:
    with pytest.raises(WrongArgument, match=said):
        pool.read(*given)  # type: ignore[arg-type]
