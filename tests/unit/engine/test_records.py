"""The engine's JSON in the shapes that different versions send."""

from __future__ import annotations

from typing import Any

import pytest

from netbook.engine import records


def network(**more: Any) -> dict[str, Any]:
    return {"Id": "b3634bbd8943" + "0" * 52, "Name": "custom", "Driver": "bridge", "Scope": "local", **more}


@pytest.mark.parametrize(
    ("pool", "gateway"),
    [
        ({"Subnet": "10.1.0.0/24", "Gateway": "10.1.0.254"}, "10.1.0.254"),
        ({"Subnet": "10.1.0.0/24"}, "10.1.0.1"),  # Docker 20.10 tells only a chosen one
        ({"Subnet": "10.1.0.0/24", "IPRange": "10.1.0.128/25"}, "10.1.0.129"),
    ],
)
def test_gateway_is_told_or_follows_from_the_pool(pool: dict[str, str], gateway: str) -> None:
    assert records.network(network(IPAM={"Config": [pool]})).gateways == (gateway,)


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
