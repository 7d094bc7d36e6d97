"""What an engine should not have, and some have: every verb goes on, and shows it as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient
from docker.errors import APIError

from netbook import Lab, errors
from netbook.cli import checks
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine
from netbook.workspace.cleanup import sweep


@pytest.fixture
def host_bits(engine: Engine) -> Iterator[str]:
    """`docker network create --subnet 10.96.10.0/21 localnet`: Docker up to 24 takes it."""
    ipam = {"Config": [{"Subnet": "10.96.10.0/21"}]}
    try:
        made = engine._api.create_network("localnet", driver="bridge", ipam=ipam)["Id"]
    except APIError as refusal:
        pytest.skip(f"this engine refuses it: {refusal.explanation}")
    yield "localnet"
    engine._api.remove_network(made)


def test_a_foreign_network_with_host_bits_stops_nothing(lab: Lab, engine: Engine, host_bits: str) -> None:
    one = lab.run("one")
    shown = lab.networks(full=True, foreign=True).set_index("name").loc[host_bits]
    assert shown.subnet == "10.96.10.0/21"
    assert str(lab.network(host_bits).subnet) == "10.96.8.0/21"
    lab.network(host_bits).inspect(foreign=True)
    assert host_bits in str(lab.snapshot(foreign=True))
    assert one.reaches(one.address)
    assert lab.reachability().table is not None
    assert "one" in lab.diagram().text
    with pytest.raises(errors.SubnetTaken, match="localnet"):
        lab.create_network("mine", subnet="10.96.12.0/24")
    with Lab("second", engine=engine, echo=False):
        pass
    assert all(check.status != "bad" for check in checks.engine_checks())
    sweep(engine, "nobody")


def test_an_ip_range_that_does_not_lie_in_the_subnet_is_not_sent(lab: Lab) -> None:
    with pytest.raises(errors.WrongArgument, match="ip_range"):
        lab.create_network("main", subnet="10.96.0.0/16", ip_range="10.96.0.0/8")
    assert "main" not in set(lab.networks().name)


@pytest.mark.parametrize(
    "ip_range", ["10.96.8.0/24", "10.96.0.0/24", "10.96.255.0/24"], ids=["middle", "first", "last"]
)
def test_the_gateway_of_a_network_with_a_range_is_read(lab: Lab, ip_range: str) -> None:
    net = lab.create_network("pool", subnet="10.96.0.0/16", ip_range=ip_range)
    told = lab.networks(full=True).set_index("name").gateway["pool"]
    one = lab.run("one", network=net)
    real = one.inspect().gateway.item()
    assert (net.gateway, told) == (real, real)
    assert real in set(lab.host.ip_addr().address.str.partition("/")[0])


def test_a_port_published_twice_is_published_twice(lab: Lab, engine: Engine) -> None:
    one = lab.run("one", publish=["48080:80", "48081:80"])
    ports = engine.inspect(one.id)["NetworkSettings"]["Ports"]["80/tcp"]
    assert sorted(bound["HostPort"] for bound in ports) == ["48080", "48081"]


def test_a_child_whose_parent_was_made_anew_hears_it(lab: Lab) -> None:
    parent = lab.run("parent")
    child = lab.run("child", network="container:parent")
    child.stop()
    parent.remove()
    lab.run("parent")
    for again in (child.start, child.restart):
        with pytest.raises(errors.NotFound, match="another container of the same name") as caught:
            again()
        assert "make it anew" in caught.value.remedy


class _Narrow(PrivateEngine):
    """An engine with addresses for two networks."""

    def _config(self) -> Path:
        path = super()._config()
        pools = {"default-address-pools": [{"base": "10.96.0.0/23", "size": 24}]}
        path.write_text(json.dumps({**json.loads(path.read_text()), **pools}))
        return path


@pytest.fixture
def narrow(place_for_engines: Path | None) -> Iterator[Engine]:
    if place_for_engines is None:
        pytest.skip("the reader's engine is not ours to set up")
    daemon = _Narrow(place_for_engines / "narrow", isolated=True)
    daemon.start()
    engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
    try:
        busybox.ensure(engine)
        yield engine
    finally:
        engine.close()
        daemon.stop()


def test_pools_that_are_used_up_have_a_remedy(narrow: Engine) -> None:
    with Lab("narrow", engine=narrow, echo=False) as lab:
        made = (lab.create_network(f"net{number}") for number in range(4))
        with pytest.raises(errors.SubnetTaken) as caught:
            list(made)
        assert "address pools are used up" in caught.value.remedy
        lab.create_network("named", subnet="10.97.0.0/24")


class _WithoutRules(PrivateEngine):
    """`dockerd --iptables=false`, as where somebody writes all rules by hand."""

    def _config(self) -> Path:
        path = super()._config()
        path.write_text(json.dumps({**json.loads(path.read_text()), "iptables": False}))
        return path


def test_nat_is_not_claimed_of_an_engine_that_writes_no_rules(place_for_engines: Path | None) -> None:
    if place_for_engines is None:
        pytest.skip("the reader's engine is not ours to set up")
    daemon = _WithoutRules(place_for_engines / "unruled", isolated=True)
    daemon.start()
    engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
    try:
        busybox.ensure(engine)
        with Lab("unruled", engine=engine, echo=False) as lab:
            lab.create_network("mine", subnet="10.96.0.0/24")
            lab.run("one", network="mine")
            assert "NAT" not in lab.diagram().text
    finally:
        engine.close()
        daemon.stop()
