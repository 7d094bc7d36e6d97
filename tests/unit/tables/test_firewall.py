"""Rules in words: of real engines' rules, by the names of a wiring; what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netbook import tables
from netbook.errors import NotFound
from netbook.model.docker import NetworkInfo
from netbook.model.firewall import Chain, Match, Rule
from netbook.observer import firewall
from netbook.parsers import iptables_save
from netbook.topology.graph import Topology
from netbook.topology.rules import Names, is_strange, words
from tests.fixtures.golden import FIXTURES

ENGINES = ("docker-20.10", "docker-28.5")
EMPTY = Topology()


def chains(folder: str, case: str) -> tuple[Chain, ...]:
    return iptables_save.parse((FIXTURES / folder / f"iptables_save--{case}.out").read_text())


def rule(text: str) -> Rule:
    (chain,) = iptables_save.parse(f"*filter\n:INPUT ACCEPT\n-A INPUT {text}\nCOMMIT\n")
    return chain.rules[0]


NAMES = Names({"br-1a2b": "bridge of shop"}, {"10.1.0.2": "web"}, {"10.1.0.0/24": "network shop"})


@pytest.mark.parametrize(
    ("text", "target", "match"),
    [
        ("-j DROP", "DROP", "everything"),
        ("-i br-1a2b ! -o br-1a2b -j ACCEPT", "ACCEPT", "in bridge of shop, not out bridge of shop"),
        ("-s 10.1.0.0/24 -j MASQUERADE", "MASQUERADE", "from network shop"),
        ("! -d 10.1.0.2/32 -p tcp -m tcp --dport 80 -j DROP", "DROP", "not to web, tcp, port 80"),
        ("-d 10.9.0.2/32 -j DROP", "DROP", "to 10.9.0.2"),
        ("-p tcp -j DNAT --to-destination 10.1.0.2:80", "DNAT to web:80", "tcp"),
        ("-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "ACCEPT", "state RELATED,ESTABLISHED"),
        ("-m addrtype --dst-type LOCAL -j DOCKER", "DOCKER", "to an address of type LOCAL"),
        ("-j REJECT --reject-with icmp-port-unreachable", "REJECT with icmp-port-unreachable", "everything"),
        ("-p tcp -m tcp --tcp-flags SYN,RST SYN -g MINE", "goto MINE", "tcp, tcp-flags SYN,RST SYN"),
        ("! -f", "", "not f"),
        ('-m comment --comment "-j is a \\"word\\"" -j DROP', "DROP", 'comment -j is a "word"'),
    ],
)
def test_a_rule_in_words(text: str, target: str, match: str) -> None:
    assert words(rule(text), NAMES) == (target, match)
    assert rule(text).spec == text


def test_options_belong_to_their_module_or_to_the_target() -> None:
    found = rule(
        '-p tcp -m multiport --dports 53,67:68 -m limit --limit 5/min -j LOG --log-prefix "- wall: "'
    )
    assert [(m.name, m.module) for m in found.matches] == [
        ("p", ""),
        ("dports", "multiport"),
        ("limit", "limit"),
    ]
    assert found.options == (Match("log-prefix", "- wall: "),)


@pytest.mark.parametrize("backend", ["nft", "legacy"])
def test_both_backends_are_read_alike(backend: str) -> None:
    found = chains(f"iptables-1.8.9-{backend}", "all")
    assert {c.backend for c in found} == {backend}
    other = chains("iptables-1.8.9-nft", "all")

    def told(every: tuple[Chain, ...]) -> set[tuple[str, str, str]]:
        return {r.identity for c in every for r in c.rules}

    assert told(found) == told(other)
    counted = {(c.name, r.spec): r.packets for c in found for r in c.rules}
    assert counted["INPUT", "-p icmp -j ACCEPT"] == 3
    assert {r.packets for c in chains(f"iptables-1.8.9-{backend}", "without_counters") for r in c.rules} == {
        None
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_chains_in_a_packets_order_with_policies_last(engine: str) -> None:
    table = tables.firewall(chains(engine, "filter"), EMPTY)
    assert list(table.columns) == ["chain", "number", "target", "match"]
    assert list(dict.fromkeys(table.chain))[:3] == ["INPUT", "FORWARD", "OUTPUT"]
    forward = table[table.chain == "FORWARD"]
    assert forward.number.tolist() == [*range(1, len(forward)), "policy"]
    assert forward.target.iloc[-1] == "DROP"
    full = tables.firewall(chains(engine, "filter"), EMPTY, full=True)
    assert list(full.columns) == ["backend", "chain", "number", "target", "match", "packets", "bytes"]
    assert len(full) == len(table)


def test_a_backend_without_rules_is_not_shown_and_two_with_rules_are_told_apart() -> None:
    nft, untouched = Chain("filter", "INPUT", "ACCEPT", backend="nft"), Chain("filter", "INPUT", "ACCEPT")
    legacy = replace(untouched, backend="legacy")
    used = replace(legacy, rules=(Rule("filter", "INPUT", "-j DROP", "DROP"),))
    assert tables.firewall([nft, legacy], EMPTY).chain.tolist() == ["INPUT"]
    assert tables.firewall([nft, used], EMPTY).chain.tolist() == ["INPUT", "INPUT"]
    busy = replace(nft, policy="DROP")
    both = tables.firewall([used, busy], EMPTY)
    assert both.chain.tolist() == ["INPUT", "INPUT (legacy)", "INPUT (legacy)"]
    assert tables.firewall([used, busy], EMPTY, full=True).backend.tolist() == ["nft", "legacy", "legacy"]


def test_rules_of_strangers_are_left_out_and_counted() -> None:
    ours = NetworkInfo(id="a" * 64, name="shop", driver="bridge", subnets=("10.1.0.0/24",), owned=True)
    theirs = NetworkInfo(id="b" * 64, name="their", driver="bridge", subnets=("10.2.0.0/24",), owned=False)
    topology = Topology(networks=(ours, theirs))
    found = iptables_save.parse(
        "*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -s 10.2.0.0/24 -j MASQUERADE\n"
        "-A POSTROUTING -s 10.1.0.0/24 -j MASQUERADE\n-A POSTROUTING -s 10.2.0.0/24 -d 10.1.0.0/24 -j DROP\n"
        "-A POSTROUTING -s 192.0.2.0/24 -j ACCEPT\nCOMMIT\n"
    )
    table = tables.firewall(found, topology)
    assert table.match.tolist() == [
        "from network shop",
        "from network their, to network shop",
        "from 192.0.2.0/24",
        "everything else",
    ]
    assert table.number.tolist() == [1, 2, 3, "policy"]
    assert table.attrs["left_out"] == 1
    assert table.attrs["chains"] == found
    assert tables.firewall(found, topology, foreign=True).match.iloc[0] == "from network their"
    assert tables.firewall(found, topology, full=True).attrs["left_out"] == 0


def test_rules_of_ipv6_are_read_and_told_alike() -> None:
    net = NetworkInfo(id="a" * 64, name="shop", driver="bridge", subnets=("fd00:1::/64",), owned=True)
    found = iptables_save.parse(
        "# Generated by ip6tables-save v1.8.9 (nf_tables) on Sun Nov 29 14:18:45 2026\n*nat\n"
        ":POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s fd00:1::/64 -j MASQUERADE\nCOMMIT\n"
    )
    assert found[0].backend == "nft"
    assert tables.firewall(found, Topology(networks=(net,))).match.tolist()[0] == "from network shop"
    names = Names({}, {"fd00:1::2": "web"})
    told = ["fd00:1::2/128", "[fd00:1::2]:80", "[fd00:1::9]:80", "fd00:1::9"]
    assert [names.of_address(text) for text in told] == ["web", "web:80", "[fd00:1::9]:80", "fd00:1::9"]


def test_a_rule_for_a_subnet_is_of_the_network_that_has_a_bridge() -> None:
    """A macvlan network upon that bridge can have the same subnet, and no rules."""
    bridged, riding = (
        NetworkInfo(id=name[0] * 64, name=name, driver=driver, subnets=("10.1.0.0/24",), bridge=at)
        for name, driver, at in (("lan", "bridge", "br0"), ("upon", "macvlan", ""))
    )
    names = Names.of(Topology(networks=(bridged, riding)))
    assert names.of_address("10.1.0.0/24") == "network lan"


def test_a_strangers_container_on_the_default_bridge_is_a_stranger() -> None:
    names = Names({"docker0": "docker0"}, {"172.17.0.2": "their"})
    theirs = rule("-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT")
    nobodys = Names({"docker0": "docker0"})
    assert is_strange(theirs, nobodys, names)
    assert not is_strange(rule("-o docker0 -j ACCEPT"), nobodys, names)
    assert not is_strange(theirs, names, names)


def test_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="filter, nat"):
        firewall.command("fliter")
    with pytest.raises(NotFound, match="choose from: INPUT") as raised:
        firewall.chosen([Chain("filter", "INPUT")], "IMPUT")
    assert "IMPUT" in str(raised.value)
