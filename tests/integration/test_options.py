"""Each option of `lab.run` and `lab.create_network` has the effect that its command line promises."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from docker.utils import version_lt

from netbook import Lab
from netbook.errors import EngineRefused


def _old(lab: Lab, api: str) -> bool:
    return version_lt(lab.engine._api._version, api)


def test_what_a_container_is_told(lab: Lab) -> None:
    web = lab.run(
        "web",
        cap_add="NET_ADMIN",
        sysctl={"net.ipv4.ip_forward": 0},
        dns=["192.0.2.53", "192.0.2.54"],
        dns_search="shop.test",
        dns_option="ndots:3",
        add_host={"db": "192.0.2.5"},
        mac="02:42:c0:00:02:09",
    )
    resolv = web.exec("cat", "/etc/resolv.conf").stdout.split("\n")
    assert {"nameserver 192.0.2.53", "nameserver 192.0.2.54", "search shop.test", "options ndots:3"} <= {
        *resolv
    }
    assert "192.0.2.5" in web.hosts().query("names == 'db'").address.tolist()
    assert web.exec("cat", "/proc/sys/net/ipv4/ip_forward").stdout == "0\n"
    assert web.exec("ip", "link", "set", "eth0", "mtu", "1400").ok
    assert "02:42:c0:00:02:09" in web.ip_addr(full=True).mac.tolist()


def test_a_mac_address_on_a_network_of_ones_own(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.1.0/24")
    web = lab.run("web", network=net, mac="02:42:c0:00:02:0a", ip="10.97.1.7")
    assert "02:42:c0:00:02:0a" in web.ip_addr(full=True).mac.tolist()
    assert web.address == "10.97.1.7"


def test_a_port_is_published_where_it_was_said(lab: Lab) -> None:
    web = lab.run("web", publish=["0.0.0.0::80", "48231:81", "127.0.0.1::53/udp"])
    ports = lab.engine.inspect(web.id)["NetworkSettings"]["Ports"]
    where = {port: {bound["HostIp"] for bound in ports[port]} for port in ports}
    assert where == {"80/tcp": {"0.0.0.0"}, "81/tcp": {"127.0.0.1"}, "53/udp": {"127.0.0.1"}}
    assert ports["81/tcp"][0]["HostPort"] == "48231"
    assert int(ports["80/tcp"][0]["HostPort"]) > 0


def test_a_network_of_both_protocols(lab: Lab) -> None:
    net = lab.create_network(
        "both", subnet=["10.97.2.0/24", "fd97:2::/64"], gateway=["fd97:2::9", "10.97.2.9"], ipv6=True
    )
    web = lab.run("web", network=net, ip="10.97.2.7", ip6="fd97:2::7")
    addresses = web.ip_addr().address.tolist()
    assert {"10.97.2.7/24", "fd97:2::7/64"} <= {*addresses}
    assert net.info.gateways == ("10.97.2.9", "fd97:2::9")
    db = lab.run("db")
    net.connect(db, ip6="fd97:2::8")
    assert ip_address("fd97:2::8").compressed in " ".join(db.ip_addr().address)


def test_a_volume_goes_with_its_lab_and_a_strangers_stays(lab: Lab) -> None:
    api = lab.engine._api
    api.create_volume("netbook-test-strangers")
    try:
        lab.run("web", volume=["netbook-test-mine:/data", "netbook-test-strangers:/theirs"]).exec(
            "touch", "/data/a", "/theirs/b"
        )
        lab.run("again", volume="netbook-test-mine:/data:ro")
        assert lab.container("again").exec("ls", "/data").stdout == "a\n"
        assert not lab.container("again").exec("touch", "/data/c").ok
        lab.clean()
        left = {volume["Name"] for volume in api.volumes()["Volumes"] or []}
        assert "netbook-test-mine" not in left
        assert "netbook-test-strangers" in left
    finally:
        lab.clean()
        api.remove_volume("netbook-test-strangers")


def test_which_network_leads_out_can_be_said_to_a_new_engine_only(lab: Lab) -> None:
    first = lab.create_network("first", subnet="10.97.1.0/24")
    last = lab.create_network("last", subnet="10.97.2.0/24")
    web = lab.run("web", network=first)
    if _old(lab, "1.48"):
        with pytest.raises(EngineRefused, match=r"does not know gw_priority.*Docker 28.0"):
            last.connect(web, gw_priority=1)
        assert list(web.addresses) == ["first"]
        return
    last.connect(web, gw_priority=1)
    assert web.ip_route().query("destination == 'default'").gateway.tolist() == ["10.97.2.1"]


def test_a_network_without_ipv4_is_for_a_new_engine_only(lab: Lab) -> None:
    def make() -> list[str]:
        net = lab.create_network("six", subnet="fd97:6::/64", ipv4=False, ipv6=True)
        return [str(a) for a in lab.run("web", network=net).ip_addr().address]

    if _old(lab, "1.48"):
        with pytest.raises(EngineRefused, match=r"does not know ipv4=False.*Docker 28.0"):
            make()
        assert "six" not in lab.networks().name.tolist()
        return
    assert not [a for a in make() if ":" not in a and a != "127.0.0.1/8"]
