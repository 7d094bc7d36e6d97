"""The places where the tools differ, or where a text means less or more than it says."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from netbook.errors import ParseError
from netbook.model.kernel import Route
from netbook.model.programs import Resolver
from netbook.parsers import hosts, ip_addr, ip_route, nslookup, ping, resolv_conf

# -- ip addr -----------------------------------------------------------------------


def interface(header: str, *lines: str):
    (found,) = ip_addr.parse("\n".join([header, *[f"    {line}" for line in lines]]))
    return found


def test_flags_that_busybox_glues_on_as_a_number():
    found = interface("2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP300> mtu 1500 qdisc noqueue ")
    assert found.flags == ("BROADCAST", "MULTICAST", "ALLMULTI", "PROMISC", "UP", "LOWER_UP")
    assert found.is_up


def test_a_flag_that_nobody_knows():
    assert interface("2: eth0: <UP,80000> mtu 1500").flags == ("UP", "80000")
    assert interface("2: eth0: <100> mtu 1500").flags == ("PROMISC",)


@pytest.mark.parametrize(
    ("name", "link"),
    [("eth0@if7", 7), ("eth0.5@eth0", "eth0"), ("tunl0@NONE", None), ("br0", None), ("a@b@if7", 7)],
)
def test_the_far_end(name, link):
    found = interface(f"6: {name}: <UP> mtu 1500")
    assert (found.name, found.link) == (name.rpartition("@")[0] or name, link)


def test_an_interface_that_is_called_like_a_number():
    text = "5: if7: <UP> mtu 1500\n6: {}@if7: <UP> mtu 1500 {}\n"
    assert [each.link for each in ip_addr.parse(text.format("eth0", ""))] == [None, "if7"]
    assert [each.link for each in ip_addr.parse(text.format("eth0", "link-netnsid 0"))] == [None, 7]


def test_down_is_only_said_of_a_far_end_that_is_here():
    assert "M-DOWN" in interface("6: veth0@veth1: <UP,M-DOWN> mtu 1500").flags
    assert "M-DOWN" not in interface("6: eth0@if7: <UP,M-DOWN> mtu 1500").flags


def test_a_master_that_is_called_like_a_keyword():
    assert interface("2: eth0: <UP> mtu 1400 qdisc noqueue master mtu state UP").master == "mtu"


def test_hardware():
    assert (
        interface("2: eth0: <UP> mtu 1500", "link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff").mac[:5]
        == "02:42"
    )
    tunnel = interface("2: tunl0@NONE: <NOARP> mtu 1480", "link/ipip 0.0.0.0 brd 0.0.0.0")
    assert (tunnel.kind, tunnel.mac) == ("ipip", "")
    detailed = interface("2: wg0: <UP> mtu 1420", "link/none  promiscuity 0  allmulti 0 minmtu 0")
    assert (detailed.kind, detailed.mac) == ("none", "")
    assert interface("2: wg0: <UP> mtu 1420", "link/[65534] ").kind == "none"
    assert interface("2: eth0: <UP> mtu 1500", "inet 10.0.0.1/24 scope global eth0").kind == ""


@pytest.mark.parametrize(
    ("line", "cidr", "scope"),
    [
        ("inet 10.0.0.1/24 brd 10.0.0.255 scope global dynamic eth0", "10.0.0.1/24", "global"),
        ("inet 10.0.0.1/24 metric 100 brd 10.0.0.255 scope global dynamic eth0", "10.0.0.1/24", "global"),
        ("inet 10.0.0.1 peer 10.0.0.2/32 scope link eth0", "10.0.0.1/32", "link"),
        ("inet 10.0.0.1/24 scope 7 eth0:web", "10.0.0.1/24", "7"),
        ("inet 10.0.0.1/24 scope link scope", "10.0.0.1/24", "link"),  # of an interface that is called so
        ("inet6 fe80::1/64 scope link tentative dadfailed", "fe80::1/64", "link"),
        ("inet6 fe80::1/64 scope link proto kernel_ll", "fe80::1/64", "link"),
        ("inet6 fd02::1/128 scope global flags 02", "fd02::1/128", "global"),
    ],
)
def test_address(line, cidr, scope):
    (found,) = interface(
        "2: eth0: <UP> mtu 1500", line, "   valid_lft forever preferred_lft forever"
    ).addresses
    assert (found.cidr, found.scope) == (cidr, scope)


@pytest.mark.parametrize(
    "line",
    [
        "inet",
        "inet 10.0.0.1",
        "inet 10.0.0.256/8",
        "inet fe80::1/64",
        "inet6 10.0.0.1/8",
        "inet 10.0.0.1 peer x",
    ],
)
def test_no_address(line):
    with pytest.raises(ParseError, match="line 2"):
        interface("2: eth0: <UP> mtu 1500", line)


# -- ip route ----------------------------------------------------------------------


def route(text: str) -> Route:
    (found,) = ip_route.parse(text)
    return found


def test_routes():
    assert route("default via 172.17.0.1 dev eth0 ") == Route("default", "eth0", "172.17.0.1")
    assert route("172.17.0.0/16 dev docker0 scope link  src 172.17.0.1 linkdown") == Route(
        "172.17.0.0/16", "docker0", source="172.17.0.1", scope="link"
    )
    assert route("10.5.5.5 via 10.77.0.2 dev eth0").destination == "10.5.5.5/32"
    assert route("fd04::1 dev eth0 metric 1024 expires 99sec pref medium").destination == "fd04::1/128"
    assert route("0/8 dev eth0").destination == "0.0.0.0/8"
    assert route("blackhole 10.1.0.0/16 ") == Route("10.1.0.0/16", kind="blackhole")
    assert route("10.0.0.0/8 dev via via 10.1.0.1").interface == "via"


def test_a_metric_beyond_busyboxs_numbers():
    assert (
        route("default dev eth0  metric -1").metric
        == route("default dev eth0 metric 4294967295").metric
        == 2**32 - 1
    )


def test_an_ipv4_route_through_an_ipv6_router():
    assert route("10.7.0.0/16 via inet6 fd77::2 dev eth0").gateway == "fd77::2"


def test_one_route_for_each_next_hop():
    text = (
        "10.6.0.0/16 metric 5\n"
        "\tnexthop via 10.77.0.4 dev eth0 weight 2\n"
        "\tnexthop dev eth1 weight 1\n"
        "default dev eth2\n"
    )
    assert ip_route.parse(text) == (
        Route("10.6.0.0/16", "eth0", "10.77.0.4", metric=5),
        Route("10.6.0.0/16", "eth1", metric=5),
        Route("default", "eth2"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "\tnexthop via 10.77.0.4 dev eth0",
        "default via gateway dev eth0",
        "default dev eth0 metric high",
        "10.0.0.1/8 dev eth0",
    ],
)
def test_no_route(text):
    with pytest.raises(ParseError, match="line 1"):
        ip_route.parse(text)


# -- ping --------------------------------------------------------------------------

SUMMARY = "\n--- web ping statistics ---\n{} packets transmitted, {} packets received, {}% packet loss\n"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("ping: bad address 'web'\n", "bad address"),
        ("ping: web: Name or service not known\n", "bad address"),
        ("PING web (10.0.0.2): 56 data bytes\nping: sendto: Network is unreachable\n", "network unreachable"),
        ("PING web (10.0.0.2): 56 data bytes\nping: sendto: Network unreachable\n", "network unreachable"),
        ("ping: sendto: No route to host\nPING web (10.0.0.2): 56 data bytes\n", "no route to host"),
        ("PING web (10.0.0.2): 56 data bytes\nping: sendto: Host is unreachable\n", "no route to host"),
        ("ping: permission denied (are you root?)\n", "permission denied"),
        (
            "PING web (10.0.0.2): 56 data bytes\nping: sendto: Operation not permitted\n",
            "operation not permitted",
        ),
        ("PING web (10.0.0.2): 56 data bytes\nping: sendto: Invalid argument\n", "invalid argument"),
        ("PING web (10.0.0.2): 56 data bytes\n" + SUMMARY.format(2, 0, 100), "no reply"),
        ("PING web (10.0.0.2): 56 data bytes\n" + SUMMARY.format(2, 1, 50), "partial"),
        ("PING web (10.0.0.2): 56 data bytes\n" + SUMMARY.format(2, 2, 0), "reply"),
        ("PING web (10.0.0.2): 56 data bytes\n", "no reply"),
    ],
)
def test_outcome(text, outcome):
    assert ping.parse(text).outcome == outcome


def test_killed_between_replies():
    said = ping.parse(
        "PING web (10.0.0.2): 56 data bytes\n"
        "64 bytes from 10.0.0.2: seq=0 ttl=64 time=0.055 ms\n"
        "64 bytes from 10.0.0.2: seq=3 ttl=64 time=0.068 ms\n"
    )
    assert (said.target, said.address, said.transmitted, said.received) == ("web", "10.0.0.2", 4, 2)
    assert [(reply.seq, reply.ttl, reply.time_ms) for reply in said.replies] == [
        (0, 64, 0.055),
        (3, 64, 0.068),
    ]


@pytest.mark.parametrize(
    ("header", "first", "sent"),
    [
        ("PING web (10.0.0.2): 56 data bytes", 1, 2),  # busybox, inetutils and BSD count from 0
        ("PING web (10.0.0.2) 56(84) bytes of data.", 1, 1),  # iputils from 1
        ("PING web(fd77::2) 56 data bytes", 1, 1),
        ("Ping web (10.0.0.2): 56(84) bytes.", 1, 1),  # toybox too
    ],
)
def test_killed_after_a_lost_packet(header, first, sent):
    said = ping.parse(f"{header}\n64 bytes from 10.0.0.2: icmp_seq={first} ttl=64 time=0.055 ms\n")
    assert said.transmitted == sent


def test_a_duplicate_is_no_second_reply():
    said = ping.parse(
        "PING 10.0.0.255 (10.0.0.255): 56 data bytes\n"
        "64 bytes from 10.0.0.3: seq=0 ttl=64 time=0.055 ms\n"
        "64 bytes from 10.0.0.2: seq=0 ttl=64 time=0.068 ms (DUP!)\n"
        "\n--- 10.0.0.255 ping statistics ---\n"
        "1 packets transmitted, 1 packets received, 1 duplicates, 0% packet loss\n"
    )
    assert said.ok
    assert len(said.replies) == 1


def test_the_first_complaint_counts():
    said = ping.parse("ping: sendto: Network is unreachable\nping: sendmsg: No route to host\n")
    assert said.error == "network unreachable"


def test_two_pings_in_one_text():
    text = "PING web (10.0.0.2): 56 data bytes\n" + SUMMARY.format(1, 0, 100)
    with pytest.raises(ParseError, match="line 5"):
        ping.parse(text + text)


# -- nslookup ----------------------------------------------------------------------

SERVER = "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n"


def test_the_server_is_no_answer():
    said = nslookup.parse(SERVER + "Name:\tbbox02\nAddress: 172.18.0.3\n\n*** Can't find bbox02: No answer\n")
    assert (said.name, said.server, said.addresses, said.error) == (
        "bbox02",
        "127.0.0.11",
        ("172.18.0.3",),
        "",
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            SERVER + "** server can't find bbox09.: NXDOMAIN\n\n** server can't find bbox09.: SERVFAIL\n",
            "NXDOMAIN",
        ),
        (SERVER + "Non-authoritative answer:\n\nNon-authoritative answer:\n", "no answer"),
        (SERVER + "*** Can't find bbox09: No answer\n", "no answer"),
        (SERVER + ";; connection timed out; no servers could be reached\n\n", "no servers could be reached"),
        ("nslookup: can't resolve 'bbox09': Name or service not known\n", "can't resolve"),
        ("nslookup: can't connect to remote host (192.0.2.53): Network unreachable\n", "network unreachable"),
        ("nslookup: bad address 'ns9'\n", "bad address"),
    ],
)
def test_no_answer(text, error):
    said = nslookup.parse(text)
    assert (said.addresses, said.error) == ((), error)
    assert said.name == ("bbox09" if "bbox09" in text else "")


@pytest.mark.parametrize("address", ["172.18.0.2", "fd77::8"])
def test_from_address_to_name(address):
    pointer = ip_address(address).reverse_pointer
    said = nslookup.parse(SERVER + f"{pointer}\tname = bbox01.custom_network\n")
    assert (said.name, said.addresses) == ("bbox01.custom_network", (address,))


# -- files -------------------------------------------------------------------------


def test_comments():
    assert hosts.parse("# made by hand\n10.0.0.2 web # ours\n")[0].names == ("web",)
    assert resolv_conf.parse("; made by hand\nnameserver 10.0.0.2 # ours\n") == Resolver(("10.0.0.2",))


def test_colours_are_no_text():
    with pytest.raises(ParseError, match="without colour codes"):
        hosts.parse("10.0.0.2 \x1b[1mweb\x1b[0m\n")


def test_an_address_without_a_name():
    with pytest.raises(ParseError, match="name after"):
        hosts.parse("10.0.0.2\n")


def test_the_last_search_counts():
    assert resolv_conf.parse(
        "search a.example b.example\ndomain c.example\noptions ndots:0\noptions rotate\n"
    ) == Resolver((), ("c.example",), ("ndots:0", "rotate"))


@pytest.mark.parametrize("text", ["nameserver\n", "nameserver ns1\n", "server 10.0.0.2\n"])
def test_no_resolver(text):
    with pytest.raises(ParseError, match="line 1"):
        resolv_conf.parse(text)
