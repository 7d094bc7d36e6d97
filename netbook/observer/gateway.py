"""The gateways of a network that its engine does not tell: read where they are, not computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address, ip_network

from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Interface


def known(
    network: NetworkInfo, host: Iterable[Interface], containers: Iterable[ContainerInfo]
) -> NetworkInfo:
    """The network with a gateway for each subnet that the bridge, or an attached container, has one in."""
    if not network.bridge or len(network.gateways) >= len(network.subnets):
        return network
    found = [*network.gateways]
    found += [a.ip for i in host if i.name == network.bridge for a in i.addresses]
    found += [e.gateway for c in containers for e in c.endpoints if e.network == network.name]
    told = ((subnet, next((g for g in found if is_in(g, subnet)), "")) for subnet in network.subnets)
    return replace(network, gateways=tuple(gateway for _, gateway in told if gateway))


def is_in(address: str, subnet: str) -> bool:
    """Does the address lie in the subnet, as far as both can be read?

    >>> is_in("172.31.8.0", "172.31.0.0/16"), is_in("172.31.8.0", "fd00::/64"), is_in("", "dhcp")
    (True, False, False)
    """
    try:
        return ip_address(address) in ip_network(subnet, strict=False)
    except ValueError:
        return False
