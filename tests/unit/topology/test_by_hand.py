"""Wiring that Docker did not make: cables between namespaces, named namespaces, bridges without a network."""

from __future__ import annotations

from dataclasses import replace

from netbook.model.docker import ContainerInfo, Endpoint, Publication
from netbook.model.journey import Stop
from netbook.model.kernel import Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.topology.build import build
from netbook.topology.difference import difference
from netbook.topology.graph import Bridge, Cable, Topology
from netbook.topology.union import union
from tests.unit.topology.test_topology import BRIDGE, DOCKER0, container, eth, snapshot, veth


def cables(topology: Topology) -> list[str]:
    return [cable.label for cable in topology.cables]


def test_a_cable_between_two_namespaces_is_given_once() -> None:
    seen = snapshot((), {1: (eth(2, 3),), 2: (eth(3, 2),)}, container("a", 1), container("b", 2))
    assert build(seen).cables == (Cable((Stop("a", "eth0"), Stop("b", "eth0"))),)
    assert not build(seen).veth_pairs


def two_by_two(*addresses: str) -> Snapshot:
    """Four containers whose numbers all fit."""
    numbers = ((2, 3), (3, 2), (2, 3), (3, 2))
    inside = {i: (eth(*n, a),) for i, (n, a) in enumerate(zip(numbers, addresses, strict=True), 1)}
    return snapshot((), inside, *(container(name, i) for i, name in enumerate("abcd", 1)))


def test_numbers_that_fit_by_chance_are_told_apart_by_subnet() -> None:
    apart = build(two_by_two("10.0.0.1/24", "10.1.0.2/24", "10.1.0.1/24", "10.0.0.2/24"))
    assert cables(apart) == ["a eth0 – d eth0", "b eth0 – c eth0"]
    assert not any(port.parent or port.peer for box in apart.boxes for port in box.ports)


def test_what_stays_uncertain_is_no_cable() -> None:
    alike = build(two_by_two("10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24", "10.0.0.4/24"))
    assert cables(alike) == []
    three = two_by_two("10.0.0.1/24", "10.0.0.2/24", "10.1.0.1/24", "")
    assert cables(build(three)) == ["a eth0 – b eth0", "c eth0 – d eth0"]  # all but two are sure


def test_a_bridges_subnet_counts_for_what_is_plugged_into_it() -> None:
    """`a` is on docker0; `b` fits the same veth, and `c` fits `a`, all by chance."""
    seen = snapshot(
        (DOCKER0, veth(90, 2, "docker0")),
        {1: (eth(2, 90, "172.17.0.2/16"),), 2: (eth(2, 90, "10.0.0.2/24"),), 3: (eth(90, 2, "10.0.0.3/24"),)},
        *(container(name, i) for i, name in enumerate("abc", 1)),
    )
    built = build(seen)
    assert [(pair.container, pair.peer_index) for pair in built.veth_pairs] == [("a", 90)]
    assert cables(built) == ["b eth0 – c eth0"]


def test_a_macvlan_does_not_fit_the_cable_that_it_rides_on() -> None:
    """Its parent is a veth whose other end has, in its own namespace, the number that the rider has."""
    vlan = replace(BRIDGE, id="ee" * 32, name="vlan", driver="macvlan", bridge="")
    rider = container("a", 1, "vlan", endpoints=(Endpoint("vlan", "172.17.0.9", 24),))
    lan = veth(10, 2, "docker0")
    inside = {1: (eth(2, 10, "172.17.0.9/16"),), 2: (eth(2, 10, "172.17.0.3/16"),)}
    seen = snapshot((DOCKER0, lan), inside, rider, container("b", 2))
    built = build(replace(seen, networks=(*seen.networks, vlan)))
    assert [pair.container for pair in built.veth_pairs] == ["b"]
    assert built.box("a").ports[0].parent == lan.name


def test_a_hosts_end_that_is_plugged_into_nothing() -> None:
    end = replace(veth(7, 4, ""), link="eth0")  # busybox, when the host has a number 4
    uplink = Interface(4, "eth0", ("UP", "LOWER_UP"))
    seen = snapshot((uplink, end), {1: (eth(4, 7),)}, container("a", 1))
    looked, unread = replace(seen, riding=frozenset()), seen
    (port,), (unsure,) = (build(each).box("a").ports for each in (looked, unread))
    assert (port.peer, port.bridge, port.parent) == (end.name, "", "")
    assert (unsure.peer, unsure.parent) == ("", end.name)
    (vlan,) = build(replace(seen, riding=frozenset({end.name}))).box("a").ports
    assert (vlan.peer, vlan.parent) == ("", end.name)


def named(*, owned: bool = False, name: str = "red") -> Snapshot:
    seen = snapshot((), {1: (eth(2, 3),)}, container("a", 1))
    return replace(seen, namespaces=(*seen.namespaces, Namespace(5, (eth(3, 2),), name, owned)))


def test_a_namespace_need_not_have_a_container() -> None:
    built = build(named())
    red = built.box("red")
    assert (red.mode, red.containers, red.owner, red.label, red.owned) == ("named", (), "red", "red", False)
    assert [box.label for box in built.owned().boxes] == ["a", "red"]  # a cable leads to it
    assert cables(built.owned()) == ["a eth0 – red eth0"]
    alone = replace(named(), containers=())
    assert not build(alone).owned().boxes
    assert [b.label for b in build(replace(named(owned=True), containers=())).owned().boxes] == ["red"]


def test_a_named_namespace_with_a_container_in_it_is_the_containers() -> None:
    seen = named()
    spaces = (replace(seen.namespaces[0], name="red"),)
    assert [box.label for box in build(replace(seen, namespaces=spaces)).boxes] == ["a"]


def test_a_namespace_and_a_container_of_one_name_are_two() -> None:
    built = build(named(name="a"))
    assert [box.label for box in built.boxes] == ["a", "netns a"]
    assert cables(built) == ["a eth0 – netns a eth0"]


HAND = Interface(8, "br-hand", ("UP", "LOWER_UP"), mtu=1400)


def plugged() -> Snapshot:
    seen = snapshot((DOCKER0, HAND, veth(5, 4, HAND.name)), {1: (eth(4, 5),)}, container("a", 1))
    return replace(seen, bridges={HAND.name: ("veth0000005",)})


def test_a_bridge_without_a_network() -> None:
    built = build(plugged())
    bridge = next(b for b in built.bridges if b.network is None)
    assert (bridge.title, bridge.short, bridge.label, bridge.nat, bridge.odd_mtu) == (
        *["br-hand"] * 3,
        False,
        1400,
    )
    assert built.owned().bridges == built.bridges
    assert built.box("a").ports[0].bridge == "br-hand"
    foreign = replace(plugged(), containers=())
    assert [b.title for b in build(foreign).bridges] == ["bridge", "br-hand"]
    assert [b.title for b in build(foreign).owned().bridges] == ["bridge"]


def test_what_is_made_by_hand_comes_and_goes() -> None:
    before, after = build(named()), build(replace(plugged(), containers=()))
    rows = [(c.change, c.what, c.name) for c in difference(before, after)]
    assert ("went", "namespace", "red") in rows
    assert ("came", "bridge", "br-hand") in rows
    both = union(before, after)
    assert [box.label for box in both.boxes] == ["a", "red"]
    assert (both.cables, both.box("red").ports) == (before.cables, before.box("red").ports)


def test_a_port_keeps_its_mtu_and_mac_and_a_box_what_is_published() -> None:
    odd = replace(eth(4, 5), mtu=1450, mac="02:42:ac:11:00:02", master="br0")
    web = Publication("127.0.0.1", 8080, 80)
    info = container("a", 1, publications=(web,))
    box = build(snapshot((DOCKER0, veth(5, 4, "docker0")), {1: (odd,)}, info)).box("a")
    (port,) = box.ports
    assert (port.mtu, port.odd_mtu, port.mac, port.master) == (1450, 1450, "02:42:ac:11:00:02", "br0")
    assert replace(port, mtu=1500).odd_mtu == 0
    assert box.publications == (web,)


def test_bridges_of_two_moments_without_a_network_are_one_by_name() -> None:
    one = Topology(bridges=(Bridge("br0", up=False),))
    two = Topology(bridges=(Bridge("br0"),))
    assert [(c.what, c.before, c.after) for c in difference(one, two)] == [("bridge", "down", "up")]
    assert len(union(one, two).bridges) == 1
    assert ContainerInfo("a" * 8, "a").publications == ()
