"""Network: create, connect, disconnect, remove, and what is in the way."""

from __future__ import annotations

import pytest

from netbook import Lab, errors


def test_create_with_options(lab: Lab) -> None:
    net = lab.create_network(
        "custom", subnet="10.97.1.0/24", gateway="10.97.1.254", ip_range="10.97.1.128/25"
    )
    assert (str(net.subnet), net.gateway, net.driver, net.internal) == (
        "10.97.1.0/24",
        "10.97.1.254",
        "bridge",
        False,
    )
    bbox = lab.run("one", network=net)
    assert bbox.address == "10.97.1.128"


def test_internal_is_told_to_the_engine(lab: Lab) -> None:
    net = lab.create_network("inside", subnet="10.97.9.0/24", internal=True)
    assert net.internal
    assert lab.engine.inspect_network(net.id)["Internal"] is True
    assert lab.networks(full=True).set_index("name").internal["inside"]


def test_gateway_without_being_told_is_the_containers_gateway(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.2.0/24")
    assert lab.run("one", network=net).inspect().gateway.item() == net.gateway


def test_default_subnet_is_private_and_free(lab: Lab) -> None:
    net = lab.create_network("custom")
    assert net.subnet.is_private
    assert not net.subnet.overlaps(lab.network("bridge").subnet)  # type: ignore[arg-type]


def test_networks_lists_the_defaults_and_ours(lab: Lab) -> None:
    lab.create_network("custom", subnet="10.97.3.0/24")
    assert lab.networks().name.tolist() == ["bridge", "custom", "host", "none"]
    assert lab.networks().driver.tolist() == ["bridge", "bridge", "host", "null"]
    assert len(lab.networks(foreign=True)) > 4  # the suite plants a foreign one


def test_connect_and_disconnect(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.4.0/24")
    bbox = lab.run("one")
    net.connect(bbox, ip="10.97.4.9", alias="nine")
    assert bbox.inspect().network.tolist() == ["bridge", "custom"]
    assert net.inspect().ipv4_address.tolist() == ["10.97.4.9/24"]
    assert lab.run("two", network=net).reaches("nine")
    lab.network("bridge").disconnect(bbox)
    assert bbox.inspect().network.tolist() == ["custom"]
    with pytest.raises(errors.NetbookError, match="already"):
        net.connect(bbox)


def test_remove_says_who_is_still_attached(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.5.0/24")
    bbox = lab.run("one", network=net)
    with pytest.raises(errors.NetworkInUse, match=r"active endpoints\. .*whose: one"):
        net.remove()
    bbox.remove()
    net.remove()
    assert "custom" not in lab.networks().name.tolist()


def test_remove_right_after_its_last_container(lab: Lab) -> None:
    """An endpoint can linger for a moment: no error may come of it."""
    for _ in range(5):
        net = lab.create_network("custom", subnet="10.97.6.0/24")
        lab.run("one", network=net).remove()
        net.remove()


@pytest.mark.parametrize("name", ["bridge", "host", "none"])
def test_predefined_networks_stay(lab: Lab, name: str) -> None:
    with pytest.raises(errors.NotOurs, match="the engine itself"):
        lab.network(name).remove()
    with pytest.raises(errors.NameTaken, match="engine's own"):
        lab.create_network(name)


def test_clashes_name_the_holder(lab: Lab) -> None:
    lab.create_network("custom", subnet="10.97.7.0/24")
    with pytest.raises(errors.NameTaken, match="This lab has a network 'custom'"):
        lab.create_network("custom")
    with pytest.raises(errors.SubnetTaken, match=r"network 'custom' of your lab .* has 10\.97\.7\.0/24"):
        lab.create_network("wider", subnet="10.97.0.0/16")
    with pytest.raises(errors.SubnetTaken, match="'bridge' of the engine itself"):
        lab.create_network("wider", subnet=str(lab.network("bridge").subnet))


def test_foreign_network_is_named_and_left(lab: Lab) -> None:
    foreign = next(n for n in lab.engine.networks() if not n.owned and not n.is_default)
    with pytest.raises(errors.NameTaken, match="something outside the book"):
        lab.create_network(foreign.name)
    with pytest.raises(errors.SubnetTaken, match=foreign.name):
        lab.create_network("mine", subnet=foreign.subnets[0])
    with pytest.raises(errors.NotOurs):
        lab.network(foreign.name).remove()


def test_an_address_that_is_given_out(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.8.0/24")
    lab.run("one", network=net, ip="10.97.8.10")
    with pytest.raises(errors.SubnetTaken, match="choose another"):
        lab.run("two", network=net, ip="10.97.8.10")
    assert lab.containers().name.tolist() == ["one"]


def test_unknown_network_lists_those_there_are(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match=r"bridge, .*host, none"):
        lab.network("nowhere")
    with pytest.raises(errors.NotFound):
        lab.run("one", network="nowhere")


def test_host_and_none_have_no_subnet(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match="has no subnet"):
        _ = lab.network("host").subnet


def test_ipv6_network(lab: Lab) -> None:
    net = lab.create_network("six", subnet="fd00:97::/64", ipv6=True)
    bbox = lab.run("one", network=net)
    assert "fd00:97::2/64" in bbox.ip_addr().address.tolist()
