"""IPv6 on a real engine: what the verbs tell of it, and what chapter 15 says that engines do."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook import Lab, errors
from netbook.lab.container import Container
from netbook.lab.network import Network
from netbook.reach import unanswered
from netbook.workspace import tentative

RECORDED = Path(__file__).parents[2] / "notebooks" / "pictures" / "only-ipv6.svg"


def version(lab: Lab) -> int:
    return int(lab.engine.version.split(".")[0])


def dual(lab: Lab, name: str, number: int) -> Network:
    subnets = [f"10.96.{number}.0/24", f"fd00:96:{number}::/64"]
    return lab.create_network(name, subnet=subnets, ipv6=True)


@pytest.fixture
def pair(lab: Lab) -> tuple[Container, Container]:
    both = dual(lab, "both", 41)
    return lab.run("one", network=both, ip6="fd00:96:41::a"), lab.run(
        "two", network=both, cap_add="NET_ADMIN"
    )


def test_what_a_container_has_of_it(lab: Lab, pair: tuple[Container, Container]) -> None:
    one, two = pair
    assert (one.address6, one.address) == ("fd00:96:41::a", "10.96.41.2")
    assert lab.containers()["addresses"].tolist()[0] == "10.96.41.2, fd00:96:41::a"
    assert one.inspect()["ipv6_address"].tolist() == ["fd00:96:41::a/64"]
    assert lab.network("both").inspect()["ipv6_address"].tolist()[0] == "fd00:96:41::a/64"
    routes = one.ip_route(ipv6=True)
    assert routes["destination"].tolist() == ["default", "fd00:96:41::/64"]
    assert routes["gateway"].tolist()[0] == "fd00:96:41::1"
    assert routes.attrs["left_out"]  # fe80::/64 at least
    assert "fd00:96:41::/64" in lab.host.ip_route(ipv6=True)["destination"].tolist()
    assert two.lookup("one")["address"].tolist() == ["10.96.41.2", "fd00:96:41::a"]
    assert two.lookup("fd00:96:41::a")["name"].tolist() == ["one.both"]
    plain = lab.run("plain")
    with pytest.raises(errors.NotFound, match="no IPv6 addresses"):
        _ = plain.address6


def test_the_bridge_is_waited_for(lab: Lab, pair: tuple[Container, Container]) -> None:
    """Its address is tentative for a second or two; that is no wall."""
    one, _ = pair
    one.exec("sh", "-c", "echo here > index.html; httpd")
    assert lab.host.fetch("http://[fd00:96:41::a]/")["outcome"].tolist() == ["page"]
    bridge = lab.network("both").info.bridge
    assert bridge not in tentative.tentative(lab.host.exec("cat", "/proc/net/if_inet6").stdout)


def test_a_look_waits_until_a_router_may_ask_for_its_neighbours(lab: Lab) -> None:
    """That is by link-local addresses, and theirs are tentative at first, too."""
    nets = [
        lab.create_network(f"side{n}", subnet=[f"10.97.{n}.0/24", f"fd97:{n}::/64"], ipv6=True)
        for n in (21, 22)
    ]
    for net in nets:
        lab.run(f"on-{net.name}", network=net)
    tentative.look(lab.workspace)  # the bridges are ready, and only the router is new
    router = lab.run("router", network=nets[0], sysctl={"net.ipv6.conf.all.forwarding": 1})
    nets[1].connect(router)
    tentative.look(lab.workspace)
    addresses = router.exec("cat", "/proc/net/if_inet6").stdout
    assert addresses.count("fe80") == 2
    assert not tentative.tentative(addresses)


def test_one_protocol_each(lab: Lab, pair: tuple[Container, Container]) -> None:
    one, two = pair
    two.exec("ip -4 addr flush dev eth0")
    assert two.lookup("one")["address"].tolist()[1] == "fd00:96:41::a"  # asked at 127.0.0.11, on lo
    assert two.ping(one.address)["outcome"].tolist() == ["network unreachable"]
    assert two.ping("fd00:96:41::dead")["outcome"].tolist() == ["no reply"]
    two.exec("ip -6 addr add fd00:96:41::f/64 dev eth0 nodad")
    plain = lab.run("plain")
    assert plain.ping(one.address6)["outcome"].tolist() == ["network unreachable"]
    assert plain.fetch(f"http://[{one.address6}]/")["outcome"].tolist() == ["no route"]
    reasons = lab.reachability("address").reasons.set_index(["source", "target", "address"])["reason"]
    assert reasons["plain", "one", "fd00:96:41::a"] == "network unreachable"


@pytest.mark.parametrize(("target", "said"), [("fd00:96:41::dead", "@ARP"), ("fd00:1::1", "@ARP gateway")])
def test_whom_a_packet_waited_for_in_vain(pair: tuple[Container, Container], target: str, said: str) -> None:
    _, two = pair
    two.exec("ip -6 route add fd00:1::/64 via fd00:96:41::dead")
    script = f'{unanswered.SCRIPT}said=$(ping -c 1 -W 1 "$1"); unanswered "$said"'
    assert two.exec("sh", "-c", script, "sh", target).stdout.strip() == said
    assert two.exec("sh", "-c", script, "sh", "fd00:96:41::a").stdout.strip() == ""


def test_the_wall_and_the_mask_came_with_27(lab: Lab) -> None:
    one = lab.run("one", network=dual(lab, "here", 42))
    two = lab.run("two", network=dual(lab, "there", 43))
    reasons = lab.reachability("address").reasons.query("source == 'one'").set_index("address")["answer"]
    assert reasons[two.address] == "no"
    assert reasons[two.address6] == ("yes" if version(lab) < 27 else "no")
    nat = lab.host.firewall("nat", ipv6=True)
    masked = nat[nat["target"] == "MASQUERADE"]["match"].tolist()
    assert ("from network here, not out bridge of here" in masked) == (version(lab) >= 27)
    assert one.address6


def test_ip6tables_in_a_container(lab: Lab) -> None:
    router = lab.run("router", image="netbook-iptables", cap_add=["NET_ADMIN", "NET_RAW"])
    assert router.exec("ip6tables -A INPUT -p tcp --dport 80 -j DROP").ok
    assert "--dport 80 -j DROP" in router.exec("ip6tables-save").stdout
    assert "--dport 80" not in router.exec("iptables-save").stdout


def test_the_recorded_picture_of_a_network_without_ipv4(lab: Lab) -> None:
    """Chapter 15 shows it. To take it again, remove it, and run this on Docker 28."""
    if version(lab) < 28:
        with pytest.raises(errors.EngineRefused, match="28"):
            lab.create_network("pure", subnet="fd00:95:2::/64", ipv4=False, ipv6=True)
        return
    pure = lab.create_network("pure", subnet="fd00:95:2::/64", ipv4=False, ipv6=True)
    one, two = lab.run("one", network=pure), lab.run("two", network=pure)
    assert (one.address, one.addresses) == ("fd00:95:2::2", {"pure": "fd00:95:2::2"})
    assert one.lookup("two").to_dict("list")["address"] == [two.address6]
    assert one.lookup("two")["server"].tolist() == ["127.0.0.11"]
    drawn = lab.diagram("A network without IPv4, on Docker 28").svg
    if not RECORDED.exists():
        RECORDED.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == RECORDED.read_text(encoding="utf-8")
