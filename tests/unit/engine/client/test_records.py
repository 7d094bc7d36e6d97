"""The engine's JSON in the shapes that different versions send."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbook import tables
from netbook.engine.client import records


def network(**more: Any) -> dict[str, Any]:
    return {"Id": "b3634bbd8943" + "0" * 52, "Name": "custom", "Driver": "bridge", "Scope": "local", **more}


@pytest.mark.parametrize(
    ("pool", "gateway"),
    [
        ({"Subnet": "10.1.0.0/24", "Gateway": "10.1.0.254"}, "10.1.0.254"),
        ({"Subnet": "10.1.0.0/24"}, "10.1.0.1"),  # Docker 20.10 tells only a chosen one
        ({"Subnet": "10.1.0.7/24"}, "10.1.0.1"),  # accepted up to Docker 24
    ],
)
def test_gateway_is_told_or_follows_from_the_pool(pool: dict[str, str], gateway: str) -> None:
    assert records.network(network(IPAM={"Config": [pool]})).gateways == (gateway,)


@pytest.mark.parametrize(
    "pool", [{"Subnet": "10.1.0.0/24", "IPRange": "10.1.0.128/25"}, {"Subnet": "ten"}, {"Subnet": ""}, {}]
)
def test_a_gateway_that_does_not_follow_is_left_out(pool: dict[str, str]) -> None:
    assert records.network(network(IPAM={"Config": [pool]})).gateways == ()


_KEYS = re.findall(
    r"\w+",
    """
    Id Name Names Image State Status Pid Labels Config HostConfig NetworkMode NetworkSettings Networks Ports
    Links IPAddress IPPrefixLen GlobalIPv6Address Gateway MacAddress Aliases IPAM Driver Options Subnet
    IPRange Scope Internal Containers IPv4Address EndpointID HostPort
    """,
)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(_KEYS), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)


@settings(deadline=None)  # a busy machine is no fault
@given(st.dictionaries(st.sampled_from(_KEYS), _VALUE, max_size=6))
def test_no_record_of_any_engine_stops_the_book(record: dict[str, Any]) -> None:
    """Fields that are missing, null, of another kind, or strange."""
    for read in (records.listed, records.inspected, records.network, records.links, records.members):
        read(record)
    records.own_labels(record)
    records.behind(record, 80)
    network, container = records.network(record), records.inspected(record)
    assert tables.networks([network], full=True).name.item() == network.name
    assert tables.containers([container], full=True).name.item() == container.name


@pytest.mark.parametrize("ipam", [None, {}, {"Config": None}, {"Config": []}])
def test_network_without_addresses(ipam: Any) -> None:
    found = records.network(network(Driver="null", IPAM=ipam, Labels=None, Options=None))
    assert (found.subnets, found.gateways, found.bridge, found.owned) == ((), (), "", False)


def test_bridge_name_is_an_option_or_follows_from_the_id() -> None:
    named = network(Options={"com.docker.network.bridge.name": "docker0"})
    assert records.network(named).bridge == "docker0"
    assert records.network(network()).bridge == "br-b3634bbd8943"


def test_a_linked_container_keeps_its_own_name() -> None:
    row = {"Id": "1", "Names": ["/two/alias", "/one"], "State": "running"}
    assert records.listed(row).name == "one"


def test_stopped_container_has_no_address_and_no_pid() -> None:
    found = records.inspected(
        {
            "Id": "1",
            "Name": "/one",
            "Config": {"Image": "busybox", "Labels": None},
            "State": {"Status": "exited", "Pid": 0},
            "HostConfig": {"NetworkMode": "default"},
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "", "IPPrefixLen": 0, "Aliases": None}}},
        }
    )
    assert (found.name, found.state, found.pid) == ("one", "exited", 0)
    assert found.endpoints[0].ip_address == ""


BRIDGED = "com.docker.network.bridge."


@pytest.mark.parametrize(
    ("more", "masquerade"),
    [
        ({}, True),
        ({"Options": None}, True),
        ({"Options": {f"{BRIDGED}enable_ip_masquerade": "true"}}, True),
        ({"Options": {f"{BRIDGED}enable_ip_masquerade": "false"}}, False),
        ({"Options": {f"{BRIDGED}enable_ip_masquerade": "0"}}, False),
        ({"Options": {f"{BRIDGED}gateway_mode_ipv4": "nat-unprotected"}}, True),
        ({"Options": {f"{BRIDGED}gateway_mode_ipv4": "routed"}}, False),
        ({"Options": {f"{BRIDGED}gateway_mode_ipv4": "isolated"}, "Internal": True}, False),
        ({"Options": {f"{BRIDGED}gateway_mode_ipv6": "routed"}}, True),
        ({"Options": {f"{BRIDGED}gateway_mode_ipv6": "routed"}, "EnableIPv4": False}, False),
        ({"Internal": True}, False),
        ({"Driver": "macvlan"}, False),
    ],
)
def test_whether_what_leaves_is_given_the_hosts_address(more: dict[str, Any], masquerade: bool) -> None:
    assert records.network(network(**more)).masquerade is masquerade


def test_both_listings_tell_the_same_publications() -> None:
    """As Docker 20.10 has them: a port on all addresses is listed for each protocol of the internet."""
    row = {
        "Ports": [
            {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"PrivatePort": 443, "Type": "tcp"},
            {"IP": "127.0.0.1", "PrivatePort": 53, "PublicPort": 5300, "Type": "udp"},
        ]
    }
    bound = [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}]
    ports = {
        "80/tcp": bound,
        "443/tcp": None,
        "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "5300"}],
        "x/tcp": bound,
        "81/tcp": [{"HostIp": "0.0.0.0", "HostPort": ""}],
    }
    found = records.listed(row).publications
    assert [str(one) for one in found] == ["127.0.0.1:5300:53/udp", "0.0.0.0:8080:80", "[::]:8080:80"]
    assert records.inspected({"NetworkSettings": {"Ports": ports}}).publications == found
    assert records.behind({"NetworkSettings": {"Ports": ports}}, 8080) == {80}
