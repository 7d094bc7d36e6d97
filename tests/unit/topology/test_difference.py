"""What came, went and changed, on wiring made by hand."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbook.model.docker import ContainerInfo
from netbook.model.kernel import Address
from netbook.topology.change import Change, marks
from netbook.topology.difference import difference
from netbook.topology.graph import Box, Port, Topology
from netbook.topology.union import union
from tests.fixtures.wirings import bridge, port, rider, topologies, topology

BRIDGE, CUSTOM = bridge("bridge"), bridge("custom_network", 1)


def box(*names: str, mode: str = "own", ports: tuple[Port, ...] = (), run: int = 1, **more) -> Box:
    """Containers as an engine knows them; another `run` has other processes, though the same containers."""
    infos = more.pop("members", None) or tuple(
        ContainerInfo(f"id of {name}", name, state=more.pop("state", "running"), pid=31000 * run + i)
        for i, name in enumerate(names)
    )
    return Box(names, mode, ports, more.pop("inode", 7), members=infos, **more)


def wiring(*boxes: Box, bridges=(BRIDGE, CUSTOM)) -> Topology:
    return topology(*boxes, bridges=list(bridges))


def rows(before: Topology, after: Topology) -> list[tuple[str, ...]]:
    return [(c.change, c.what, c.name, c.before, c.after) for c in difference(before, after)]


def notes(before: Topology, after: Topology) -> dict[str, str]:
    return {mark.name: mark.words for mark in marks(difference(before, after)).values()}


ONE = box("bbox01", ports=(port(BRIDGE),))
STOPPED = box("bbox01", mode="stopped", run=0, inode=0)


def test_a_container_brings_its_interface_and_its_cable():
    assert rows(wiring(), wiring(ONE)) == [
        ("came", "container", "bbox01", "", "running, own namespace"),
        ("came", "interface", "bbox01 eth0", "", "172.17.0.2/16 on bridge"),
        ("came", "veth pair", "veth of bbox01", "", "docker0"),
    ]
    assert [row[0] for row in rows(wiring(ONE), wiring())] == ["went"] * 3


def test_a_container_that_is_made_and_not_started():
    assert rows(wiring(), wiring(STOPPED)) == [("came", "container", "bbox01", "", "stopped")]


def test_stopping_takes_namespace_interface_and_cable():
    assert rows(wiring(ONE), wiring(STOPPED)) == [
        ("changed", "state", "bbox01", "running", "stopped"),
        ("changed", "namespace", "bbox01", "own", "none"),
        ("went", "interface", "bbox01 eth0", "172.17.0.2/16 on bridge", ""),
        ("went", "veth pair", "veth of bbox01", "docker0", ""),
    ]
    assert notes(wiring(ONE), wiring(STOPPED))["bbox01"] == "was running"


def test_pausing():
    paused = replace(ONE, members=(replace(ONE.members[0], state="paused"),))
    assert rows(wiring(ONE), wiring(paused)) == [("changed", "state", "bbox01", "running", "paused")]


@pytest.mark.parametrize("inode", [7, 8])
def test_a_restarted_container_looks_alike_and_has_a_new_namespace(inode):
    """The kernel may give the inode of the namespace before; the process tells."""
    cable = replace(port(BRIDGE), peer="veth9z8y7x6", peer_index=99)
    assert rows(wiring(ONE), wiring(box("bbox01", ports=(cable,), run=2, inode=inode))) == [
        ("changed", "state", "bbox01", "running", "running, restarted"),
        ("changed", "namespace", "bbox01", "own", "own, a new one"),
        ("changed", "veth pair", "veth of bbox01", "docker0", "docker0, a new one"),
    ]


def test_a_container_replaced_under_its_name_is_another_one():
    other = replace(ONE, members=(replace(ONE.members[0], id="another"),))
    assert [row[:3] for row in rows(wiring(ONE), wiring(other))][::3] == [
        ("went", "container", "bbox01"),
        ("came", "container", "bbox01"),
    ]
    assert [b.label for b in union(wiring(ONE), wiring(other)).boxes] == ["bbox01", "bbox01"]


def test_a_renamed_container_is_the_same_one():
    other = replace(ONE, containers=("bbox09",), members=(replace(ONE.members[0], name="bbox09"),))
    assert rows(wiring(ONE), wiring(other)) == [("changed", "name", "bbox09", "bbox01", "bbox09")]


def test_joining_a_namespace():
    both = box("bbox01", "bbox04", ports=(port(BRIDGE),))
    assert rows(wiring(ONE), wiring(both)) == [
        ("came", "container", "bbox04", "", "running, bbox01's namespace")
    ]
    (drawn,) = union(wiring(both), wiring(ONE)).boxes
    assert drawn.label == "bbox01 + bbox04"  # the one that is gone stays in its place


def test_chapter_5_the_owner_restarts_and_the_joiner_keeps_lo():
    together = wiring(box("bbox01", "bbox04", ports=(port(BRIDGE),)))
    joiner = replace(together.boxes[0].members[1])
    apart = wiring(
        box("bbox01", ports=(port(BRIDGE),), run=2, inode=8),
        box("bbox04", mode="none", joins="bbox01", members=(joiner,)),
    )
    assert rows(together, apart) == [
        ("changed", "state", "bbox01", "running", "running, restarted"),
        ("changed", "namespace", "bbox01", "own", "own, a new one"),
        ("changed", "namespace", "bbox04", "bbox01's", "only lo of bbox01's"),
    ]
    assert notes(together, apart) == {"bbox01": "new namespace", "bbox04": "lost eth0"}
    again = wiring(box("bbox01", "bbox04", ports=(port(BRIDGE),), inode=8, members=(
        apart.boxes[0].members[0], replace(joiner, pid=99),
    )))  # fmt: skip
    assert rows(apart, again) == [
        ("changed", "state", "bbox04", "running", "running, restarted"),
        ("changed", "namespace", "bbox04", "only lo of bbox01's", "bbox01's"),
    ]
    assert notes(apart, again) == {"bbox04": "got eth0"}


def test_the_namespace_is_the_same_when_only_its_dead_owner_is_removed():
    left = box("bbox04", mode="none", joins="bbox01")
    assert rows(wiring(STOPPED, left), wiring(replace(left, joins=""))) == [
        ("went", "container", "bbox01", "stopped", "")
    ]


def test_host_mode_has_the_hosts_namespace():
    assert rows(wiring(), wiring(box("web", mode="host"))) == [
        ("came", "container", "web", "", "running, the host's namespace")
    ]
    restarted = rows(wiring(box("web", mode="host")), wiring(box("web", mode="host", run=2)))
    assert restarted == [("changed", "state", "web", "running", "running, restarted")]


def test_an_interface_on_another_network_is_another_interface():
    moved = box("bbox01", ports=(port(CUSTOM),))
    assert [row[:3] for row in rows(wiring(ONE), wiring(moved))] == [
        ("went", "interface", "bbox01 eth0"),
        ("went", "veth pair", "veth of bbox01"),
        ("came", "interface", "bbox01 eth0"),
        ("came", "veth pair", "veth of bbox01"),
    ]
    (drawn,) = union(wiring(ONE), wiring(moved)).boxes
    assert sorted(p.network for p in drawn.ports) == ["bridge", "custom_network"]


def test_macvlan_has_no_veth_pair():
    assert [row[1] for row in rows(wiring(), wiring(box("printer", ports=(rider("lan"),))))] == [
        "container",
        "interface",
    ]


def test_another_address():
    assert rows(wiring(ONE), wiring(box("bbox01", ports=(port(BRIDGE, 3),)))) == [
        ("changed", "address", "bbox01 eth0", "172.17.0.2/16", "172.17.0.3/16")
    ]
    assert notes(wiring(ONE), wiring(box("bbox01", ports=(port(BRIDGE, 3),)))) == {
        "bbox01 eth0": "was 172.17.0.2"
    }


def test_ipv6_only():
    def six(text: str) -> Topology:
        addresses = tuple(Address(ip_interface(a)) for a in (text, "fe80::42/64") if a)
        return wiring(box("bbox01", ports=(replace(port(BRIDGE), addresses=addresses),)))

    assert notes(six("fd00::2/64"), six("fd00::3/64")) == {"bbox01 eth0": "was fd00::2"}
    assert notes(six(""), six("fd00::3/64")) == {"bbox01 eth0": "had no address"}
    assert rows(six(""), wiring(box("bbox01", ports=(replace(port(BRIDGE), addresses=()),)))) == []


def test_an_interface_goes_down():
    down = box("bbox01", ports=(port(BRIDGE, up=False),))
    assert rows(wiring(ONE), wiring(down)) == [("changed", "interface", "bbox01 eth0", "up", "down")]


def test_networks_and_their_bridges():
    shut = bridge("closed", 2, internal=True, subnets=("172.19.0.0/16",))
    assert rows(wiring(), wiring(bridges=(BRIDGE, shut))) == [
        ("came", "network", "closed", "", "bridge, 172.19.0.0/16, internal"),
        ("came", "bridge", "bridge of closed", "", "172.19.0.1/16"),
        ("went", "network", "custom_network", "bridge", ""),
        ("went", "bridge", "bridge of custom_network", "172.18.0.1/16", ""),
    ]


def test_a_network_made_anew_is_another_one():
    again = bridge("custom_network", 9)
    assert [row[0] for row in rows(wiring(), wiring(bridges=(BRIDGE, again)))] == [
        "went",
        "went",
        "came",
        "came",
    ]
    assert len(union(wiring(), wiring(bridges=(BRIDGE, again))).bridges) == 3


def test_bridges_of_ones_own_go_up_and_down():
    """docker0 is up while anybody's container hangs on it: that would differ from engine to engine."""
    down = [replace(each, up=False) for each in (BRIDGE, CUSTOM)]
    assert rows(wiring(bridges=down), wiring()) == [
        ("changed", "bridge", "bridge of custom_network", "down", "up")
    ]


# ---------------------------------------------------------------- of any two moments


@st.composite
def moments(draw) -> tuple[Topology, Topology]:
    """Two moments of one engine: of all there ever was, each sees its part."""
    ever = draw(topologies())

    def moment() -> Topology:
        boxes = []
        for each in ever.boxes:
            fate = draw(st.sampled_from(["same", "same", "gone", "stopped", "anew", "fewer", "moved"]))
            if fate == "stopped":
                boxes += [
                    Box((name,), "stopped", joins=each.containers[0] if i else "", owned=each.owned)
                    for i, name in enumerate(each.containers)
                ]
            elif fate == "fewer":
                boxes.append(replace(each, containers=each.containers[:1], ports=each.ports[1:]))
            elif fate == "moved":
                ports = (replace(p, addresses=(Address(ip_interface("10.9.8.7/24")),)) for p in each.ports)
                boxes.append(replace(each, ports=tuple(ports)))
            elif fate != "gone":
                boxes.append(replace(each, inode=each.inode + 1000) if fate == "anew" else each)
        bridges = [
            replace(each, up=draw(st.booleans()))
            for each in ever.bridges
            if each.network.name == "bridge" or draw(st.integers(0, 3))
        ]
        return topology(*boxes, bridges=bridges)

    return moment(), moment()


def swapped(change: Change) -> tuple[str, ...]:
    kind = {"came": "went", "went": "came"}.get(change.change, change.change)
    return kind, change.what, change.name, plain(change.after), plain(change.before)


def plain(words: str) -> str:
    return words.removesuffix(", a new one").removesuffix(", restarted")


@given(topologies())
@settings(max_examples=30, deadline=None)
def test_nothing_changes_by_itself(one):
    assert difference(one, one) == ()
    assert union(one, one) == one


@given(moments())
@settings(max_examples=60, deadline=None)
def test_backwards_what_came_went(pair):
    before, after = pair
    there = sorted(swapped(change) for change in difference(before, after))
    back = sorted(
        (c.change, c.what, c.name, plain(c.before), plain(c.after)) for c in difference(after, before)
    )
    assert there == back


@given(moments())
@settings(max_examples=60, deadline=None)
def test_the_union_has_everything_once(pair):
    both = union(*pair)
    names = [name for each in both.boxes for name in each.containers]
    assert sorted(names) == sorted({name for side in pair for each in side.boxes for name in each.containers})
    ports = {(each.ids[0], p.name, p.bridge) for side in pair for each in side.boxes for p in each.ports}
    assert len([p for each in both.boxes for p in each.ports]) == len(ports)
    assert {n.id for n in both.networks} == {n.id for side in pair for n in side.networks}
    assert {b.network.id for b in both.bridges} == {n.id for n in both.networks}
