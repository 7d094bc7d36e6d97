"""What lies beyond the tour (tests/tour.ipynb) works in the embedded engine, too: one test each."""

from __future__ import annotations

import socket

import pytest

from netbook import Lab
from tests.pod.inside.conftest import Guest


def test_host(lab: Lab) -> None:
    container = lab.run("shares", network="host")
    assert {"docker0", "vec0"} <= set(container.ip_addr().interface)


def test_unknown_name_is_answered(lab: Lab) -> None:
    lab.create_network("own")
    assert lab.run("one", network="own").ping("nobody").outcome.item() == "bad address"


def test_ipv6(lab: Lab) -> None:
    network = lab.create_network("six", subnet="fd97:4::/64", ipv6=True)
    one, two = lab.run_many(["one", "two"], network=network)
    six = lab.engine.inspect(two.id)["NetworkSettings"]["Networks"]["six"]["GlobalIPv6Address"]
    assert six.startswith("fd97:4::")
    assert one.exec("ping", "-6", "-c", "2", six).ok


def test_macvlan(lab: Lab) -> None:
    lab.create_network("mac", driver="macvlan", subnet="10.97.5.0/24", options={"parent": "vec0"})
    one, two = lab.run_many(["one", "two"], network="mac")
    assert one.reaches(two.address)


def test_ipvlan(lab: Lab) -> None:
    lab.create_network("ipv", driver="ipvlan", subnet="10.97.6.0/24", options={"parent": "vec0"})
    one, two = lab.run_many(["one", "two"], network="ipv")
    assert one.reaches(two.address)


def test_trace_of_a_packet_that_leaves_the_guest(lab: Lab) -> None:
    made = lab.trace(lab.run("one"), "10.0.2.2")  # slirp4netns' own address, which answers
    request = made.table.query("what == 'ICMP echo request'")
    assert request["where"].tolist()[-1] == "vec0 of the host"
    assert request.source.tolist()[-1] == "10.0.2.100"


def test_netem_delays(lab: Lab, guest: Guest) -> None:
    one, two = lab.run_many(["one", "two"])
    pairs = lab.veth_pairs(full=True).set_index("container")
    guest("tc", "qdisc", "add", "dev", str(pairs.host_end["two"]), "root", "netem", "delay", "200ms")
    assert one.ping(two.address, full=True).time_ms.min() >= 200


def test_the_way_out_is_slirp4netns_and_not_the_pods_loopback(lab: Lab) -> None:
    """What listens on this machine's 127.0.0.1, as JupyterLab may, is out of reach for containers."""
    routes = lab.host.ip_route().set_index("destination")
    assert routes.gateway["default"] == "10.0.2.2"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert not lab.run("one").exec("nc", "-w", "2", "10.0.2.2", port).ok
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
