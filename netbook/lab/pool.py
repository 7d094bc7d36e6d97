"""The addresses of a new network: a subnet, and in it a gateway and the range that containers get."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import combinations

from netbook.errors import WrongArgument
from netbook.lab.options import Words, many
from netbook.model.spec import Pool

Net = IPv4Network | IPv6Network

_FORM = "such as '10.66.0.0/24'"


def read(subnet: Words | None, gateway: Words | None, ip_range: Words | None) -> tuple[Pool, ...]:
    """Which gateway and range is of which subnet: the one that holds it, as `docker network create` has it.

    Engines differ in what does not fit: some refuse it, some guess, and some break later.

    >>> read(["10.66.0.0/24", "fd00:66::/64"], "fd00:66::1", None)[1]
    Pool(subnet='fd00:66::/64', gateway='fd00:66::1', ip_range='')

    Errors: WrongArgument, with what may have been meant.
    """
    for name, value in (("gateway", gateway), ("ip_range", ip_range)):
        if value and not subnet:
            raise WrongArgument(
                f"{name} is {value!r}, but no subnet is given.",
                remedy="name the subnet that it lies in, too",
            )
    wholes = [_network("subnet", text) for text in many(subnet)]
    ranges = [_network("ip_range", text) for text in many(ip_range)]
    gateways = [_gateway(text) for text in many(gateway)]
    for one, other in combinations(wholes, 2):
        if one.version == other.version and one.overlaps(other):
            raise WrongArgument(f"The subnets {one} and {other} overlap.", remedy="choose two that do not")
    ranged = _placed("ip_range", ranges, wholes)
    gated = _placed("gateway", gateways, wholes)
    return tuple(
        Pool(
            str(whole),
            str(gated[whole].network_address) if whole in gated else "",
            str(ranged[whole]) if whole in ranged else "",
        )
        for whole in wholes
    )


def _placed(name: str, parts: list[Net], wholes: list[Net]) -> dict[Net, Net]:
    """Each in the subnet that holds it; one of a kind for each subnet."""
    found: dict[Net, Net] = {}
    for part in parts:
        alike = [whole for whole in wholes if whole.version == part.version] or wholes
        home = next((w for w in alike if w.version == part.version and part.subnet_of(w)), None)  # type: ignore[arg-type]
        if home is None:
            _inside(name, part, alike[0])
        assert home is not None
        if home in found:
            raise WrongArgument(
                f"{name} is given twice for the subnet {home}: {found[home]} and {part}.",
                remedy="Docker takes one for each subnet",
            )
        found[home] = part
    return found


def _gateway(text: str) -> Net:
    try:
        return ip_network(ip_address(text))
    except ValueError:
        raise WrongArgument(
            f"gateway is {text!r}, which is no address.", remedy="give one address, without a '/…'"
        ) from None


def _network(name: str, text: str) -> Net:
    try:
        meant = ip_network(text, strict=False)
    except ValueError as error:
        raise WrongArgument(
            f"{name} is {text!r}, which is no network: {error}.",
            remedy=f"write an address and the length of its prefix, {_FORM}",
        ) from None
    if "/" not in text:
        raise WrongArgument(
            f"{name} is {text!r}, an address without the length of its prefix.", remedy=f"write it, {_FORM}"
        )
    try:
        return ip_network(text)
    except ValueError:
        raise WrongArgument(
            f"{name} is {text!r}: an address in the network {meant}, not the network.",
            remedy=f"did you mean {str(meant)!r}?",
        ) from None


def _inside(name: str, part: Net, whole: Net) -> None:
    shown = part.network_address if name == "gateway" else part
    if part.version != whole.version:
        raise WrongArgument(
            f"{name} is {shown}, which is IPv{part.version}; the subnet {whole} is IPv{whole.version}.",
            remedy="give both of one kind",
        )
    if not (part[0] in whole and part[-1] in whole):
        raise WrongArgument(
            f"{name} is {shown}, which does not lie in the subnet {whole}.",
            remedy=f"choose it from {whole[0]} to {whole[-1]}",
        )
