"""What the chapters need, and what lies beyond them, works in the embedded engine: one test each."""

from __future__ import annotations

import socket

import pytest

from netbook import Lab
from tests.pod.inside.conftest import Guest


def test_bridge(lab: Lab) -> None:
    one, two = lab.run_many(["one", "two"])
    assert one.reaches(two.address)
    pairs = lab.veth_pairs()
    assert sorted(pairs.container) == ["one", "two"]
    assert set(pairs.bridge) == {"docker0"}


def test_host(lab: Lab) -> None:
    container = lab.run("shares", network="host")
    assert {"docker0", "vec0"} <= set(container.ip_addr().interface)


def test_none(lab: Lab) -> None:
    assert list(lab.run("alone", network="none").ip_addr().interface) == ["lo"]


def test_container(lab: Lab) -> None:
    owner = lab.run("owner")
    guest = lab.run("guest", network="container:owner")
    assert guest.ip_addr().equals(owner.ip_addr())


def test_link(lab: Lab) -> None:
    lab.run("server")
    client = lab.run("client", link="server:db")
    assert client.reaches("db")


def test_user_defined_network_with_names(lab: Lab) -> None:
    network = lab.create_network("own")
    one, two = lab.run_many(["one", "two"], network=network)
    assert one.reaches("two")
    assert two.lookup("one").address.item() == one.address


def test_unknown_name_is_answered(lab: Lab) -> None:
    lab.create_network("own")
    assert lab.run("one", network="own").ping("nobody").outcome.item() == "bad address"


def test_connect_and_disconnect(lab: Lab) -> None:
    network, one = lab.create_network("later"), lab.run("one")
    network.connect(one)
    assert {"eth0", "eth1"} <= set(one.ip_addr().interface)
    network.disconnect(one)
    assert "eth1" not in set(one.ip_addr().interface)


def test_published_port_is_reached_from_the_engines_host(lab: Lab, guest: Guest) -> None:
    server = ["sh", "-c", "echo hello > /tmp/index.html; httpd -f -h /tmp"]
    lab.run("web", *server, publish="8080:80")
    assert guest("busybox", "wget", "-qO-", "http://127.0.0.1:8080/index.html") == "hello\n"


def test_firewall_rules_are_visible(lab: Lab, guest: Guest) -> None:
    network = lab.create_network("masked", subnet="10.97.3.0/24")
    assert f"-s {network.subnet} ! -o" in guest("iptables", "-t", "nat", "-S", "POSTROUTING")
    network.remove()
    assert "10.97.3.0" not in guest("iptables", "-t", "nat", "-S", "POSTROUTING")


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


def test_trace_sees_every_interface_on_the_way(lab: Lab) -> None:
    """tcpdump in the guest: its kernel has packet sockets, and the image is built from what the pod has."""
    network = lab.create_network("own")
    one, two = lab.run_many(["one", "two"], network=network)
    made = lab.trace(one, "two")
    assert [leg.what for leg in made.legs] == [
        "DNS A? two",
        f"DNS two is {two.address}",
        f"ARP who has {two.address}",
        f"ARP reply: {two.address} is here",
        "ICMP echo request",
        "ICMP echo reply",
    ]
    there = ["eth0 of one", "veth of one", "bridge of own", "veth of two", "eth0 of two"]
    assert made.table.query("what == 'ICMP echo request'")["where"].tolist() == there
    assert made.table.query("what == 'ICMP echo reply'")["where"].tolist() == there[::-1]
    assert lab.trace(one, "two").text == made.text


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


def test_vxlan_carries_frames_between_two_namespaces(engine: object, guest: Guest) -> None:
    script = """
        set -e
        for n in a b; do ip netns add $n; done
        ip link add under_a netns a type veth peer name under_b netns b
        for pair in a:1:2 b:2:1; do
            n=${pair%%:*} me=${pair#*:}; other=${me#*:} me=${me%:*}
            ip -n $n addr add 192.0.2.$me/24 dev under_$n
            ip -n $n link set under_$n up
            ip -n $n link add vx type vxlan id 42 dev under_$n remote 192.0.2.$other dstport 4789
            ip -n $n addr add 198.51.100.$me/24 dev vx
            ip -n $n link set vx up
        done
        ip netns exec a busybox ping -c 3 198.51.100.2
    """
    try:
        assert "3 packets transmitted, 3 packets received" in guest(script)
    finally:
        guest("ip netns del a; ip netns del b")


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
