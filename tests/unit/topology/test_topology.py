"""Snapshot → graph, on wiring made by hand."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_interface

from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.model.kernel import Address, Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.topology.build import build

BRIDGE = NetworkInfo("aa" * 32, "bridge", "bridge", subnets=("172.17.0.0/16",), bridge="docker0")
CUSTOM = NetworkInfo("bb" * 32, "custom", "bridge", bridge="br-" + "bb" * 6, owned=True)
LO = Interface(1, "lo", ("LOOPBACK", "UP", "LOWER_UP"))


def eth(index: int, link: int, address: str = "", name: str = "eth0") -> Interface:
    addresses = (Address(ip_interface(address)),) if address else ()
    return Interface(index, name, ("UP", "LOWER_UP"), link=link, addresses=addresses)


def veth(index: int, link: int, master: str) -> Interface:
    return Interface(index, f"veth{index:07x}", ("UP", "LOWER_UP"), link=link, master=master)


def container(name: str, namespace: int, mode: str = "default", **more: object) -> ContainerInfo:
    return replace(ContainerInfo(name * 8, name, network_mode=mode, namespace=namespace), **more)


def snapshot(
    host: tuple[Interface, ...], inside: dict[int, tuple[Interface, ...]], *cs: ContainerInfo
) -> Snapshot:
    return Snapshot(
        Namespace(100, (LO, *host)),
        tuple(Namespace(n, (LO, *i)) for n, i in inside.items()),
        cs,
        (BRIDGE, CUSTOM),
    )


DOCKER0 = Interface(3, "docker0", ("UP", "LOWER_UP"), addresses=(Address(ip_interface("172.17.0.1/16")),))
UPLINK = Interface(2, "wan0", ("UP", "LOWER_UP"))


def test_pairs_by_number_when_the_indices_mislead() -> None:
    """In one's own namespace a peer can have any number: also the index of another's veth."""
    seen = snapshot(
        (DOCKER0, veth(7, 9, "docker0"), veth(9, 7, "docker0")),
        {1: (eth(9, 7, "172.17.0.2/16"),), 2: (eth(7, 9, "172.17.0.3/16"),)},
        container("a", 1),
        container("b", 2),
    )
    assert [(p.container, p.peer_index) for p in build(seen).veth_pairs] == [("a", 7), ("b", 9)]


def test_a_macvlan_is_not_a_veth() -> None:
    """Its link names the parent's index, but the parent does not point back."""
    info = container("a", 1, "vlan", endpoints=(Endpoint("vlan", "10.0.0.2", 24),))
    port = build(snapshot((UPLINK,), {1: (eth(9, 2, "10.0.0.2/24"),)}, info)).box("a").ports[0]
    assert (port.peer, port.parent, port.network) == ("", "wan0", "vlan")


def test_a_shared_namespace_is_one_box_its_owner_first() -> None:
    seen = snapshot(
        (DOCKER0, veth(5, 4, "docker0")),
        {1: (eth(4, 5),)},
        container("a", 1, "container:" + "z" * 8),
        container("z", 1),
    )
    (box,) = build(seen).boxes
    assert (box.label, box.mode, len(build(seen).veth_pairs)) == ("z + a", "own", 1)


def test_host_mode_is_the_hosts_namespace() -> None:
    boxes = build(snapshot((DOCKER0,), {}, container("a", 100, "host"), container("b", 100, "host"))).boxes
    assert [(b.label, b.mode) for b in boxes] == [("a", "host"), ("b", "host")]


def test_joining_a_container_that_ended() -> None:
    gone = container("z", 0, state="exited")
    left = container("a", 1, "container:" + gone.id)
    built = build(snapshot((DOCKER0,), {1: ()}, gone, left))
    assert (built.box("a").mode, built.box("a").joins) == ("none", "z")
    assert built.box("z").mode == "stopped"


def test_running_but_not_to_be_read_is_not_stopped() -> None:
    not_found, not_entered = container("a", 0), container("b", 7)
    built = build(
        snapshot((DOCKER0,), {}, not_found, not_entered, replace(container("c", 0), state="paused"))
    )
    assert {box.label: box.mode for box in built.boxes} == dict.fromkeys("abc", "unread")


def test_host_interfaces_are_neither_bridges_nor_cables() -> None:
    foreign = veth(8, 4, "docker0")  # a container that nobody may look into
    seen = snapshot((UPLINK, DOCKER0, veth(5, 4, "docker0"), foreign), {1: (eth(4, 5),)}, container("a", 1))
    assert [i.name for i in build(seen).host_interfaces] == ["lo", "wan0"]


def test_owned_drops_what_is_foreign() -> None:
    theirs = container("theirs", 2, owned=False)
    seen = snapshot((DOCKER0, veth(5, 4, "docker0")), {1: (eth(4, 5),), 2: ()}, container("a", 1), theirs)
    built = build(replace(seen, networks=(BRIDGE, replace(CUSTOM, owned=False))))
    assert [b.label for b in built.boxes] == ["a", "theirs"]
    assert [b.label for b in built.owned().boxes] == ["a"]
    assert [n.name for n in built.owned().networks] == ["bridge"]


def test_members_are_what_the_engine_knows() -> None:
    paused = container("b", 1, "container:a", state="paused")
    box = build(snapshot((DOCKER0,), {1: ()}, container("a", 1), paused)).box("a")
    assert (box.containers, box.ids, box.paused) == (("a", "b"), ("a" * 8, "b" * 8), ("b",))
    assert build(snapshot((), {}, container("c", 0, state="exited"))).box("c").ids == ("c" * 8,)


def test_a_bridge_without_cables_is_down() -> None:
    idle = replace(DOCKER0, flags=("UP",))
    assert [build(snapshot((each,), {})).bridges[0].up for each in (DOCKER0, idle)] == [True, False]


def test_same_wiring_in_another_order_is_equal() -> None:
    parts = (container("a", 1), container("b", 2))
    inside = {1: (eth(4, 5),), 2: (eth(6, 7),)}
    host = (DOCKER0, veth(5, 4, "docker0"), veth(7, 6, "docker0"))
    assert build(snapshot(host, inside, *parts)) == build(snapshot(host, inside, *reversed(parts)))


def test_a_link_that_busybox_names_wrongly() -> None:
    """Docker 28: eth0 has index 2 inside, docker0 has it outside; busybox prints `veth@docker0`."""
    bridge = replace(DOCKER0, index=2)
    cable = replace(veth(90, 2, "docker0"), link="docker0")
    (pair,) = build(snapshot((bridge, cable), {1: (eth(2, 90),)}, container("a", 1))).veth_pairs
    assert (pair.peer_index, pair.network) == (90, "bridge")


def test_a_vlan_of_the_hosts_is_not_the_other_end() -> None:
    """macvlan on a vlan: the vlan's link is a number that the container has, too, but of its own parent."""
    vlan = Interface(5, "wan0.7", ("UP", "LOWER_UP"), link="wan0")
    (port,) = build(snapshot((UPLINK, vlan), {1: (eth(2, 5),)}, container("a", 1))).box("a").ports
    assert (port.peer, port.parent) == ("", "wan0.7")


def test_a_cable_between_two_containers_does_not_lead_to_the_host() -> None:
    """Made by hand: each end has the number of the other, and the host has both numbers by chance."""
    seen = snapshot(
        (UPLINK, DOCKER0),
        {1: (eth(3, 2, "10.1.0.1/30"),), 2: (eth(2, 3, "10.1.0.2/30"),)},
        container("a", 1, "none"),
        container("b", 2, "none"),
    )
    ports = [port for box in build(seen).boxes for port in box.ports]
    assert [(port.peer, port.parent, port.bridge) for port in ports] == [("", "", "")] * 2


OVERLAY = NetworkInfo("cc" * 32, "ov1", "overlay", scope="swarm", subnets=("10.0.1.0/24",))
GWBRIDGE = NetworkInfo("dd" * 32, "docker_gwbridge", "bridge", bridge="docker_gwbridge")


def swarmed() -> Snapshot:
    """`a` and `b` on an overlay, whose cables end in another namespace, under numbers the host has too."""
    gateway = Interface(6, "docker_gwbridge", ("UP", "LOWER_UP"))
    host = (DOCKER0, gateway, veth(5, 4, "docker0"), veth(7, 9, "docker_gwbridge"))
    ends = [(Endpoint("ov1", f"10.0.1.{n}", 24),) for n in (2, 3)]
    inside = {
        1: (eth(4, 5, "10.0.1.2/24"), eth(9, 7, "172.18.0.2/16", "eth1")),  # 4 and 5 by chance
        2: (eth(14, 3, "10.0.1.3/24"),),  # the number of docker0
    }
    seen = snapshot(
        host, inside, container("a", 1, endpoints=ends[0]), container("b", 2, "ov1", endpoints=ends[1])
    )
    return replace(seen, networks=(*seen.networks, OVERLAY, GWBRIDGE))


def test_an_overlay_has_a_bridge_that_is_not_on_the_host() -> None:
    built = build(swarmed())
    (hidden,) = [bridge for bridge in built.bridges if bridge.hidden]
    assert (hidden.network, hidden.label, hidden.short, hidden.nat) == (
        OVERLAY,
        "overlay ov1",
        "overlay",
        False,
    )
    assert [(p.network, p.bridge, p.peer, p.parent) for box in built.boxes for p in box.ports] == [
        ("ov1", "overlay ov1", "", ""),
        ("docker_gwbridge", "docker_gwbridge", "veth0000007", ""),
        ("ov1", "overlay ov1", "", ""),
    ]
    assert "overlay ov1" not in built.host_names
    assert not [b for b in build(replace(swarmed(), containers=())).bridges if b.hidden]


def test_an_own_container_on_a_foreign_network_shows_it() -> None:
    theirs = replace(CUSTOM, owned=False)
    bar = Interface(6, CUSTOM.bridge, ("UP", "LOWER_UP"))
    host = (DOCKER0, bar, veth(5, 4, CUSTOM.bridge), veth(7, 9, CUSTOM.bridge))
    cs = container("a", 1, "custom"), container("x", 2, "custom", owned=False)
    seen = replace(snapshot(host, {1: (eth(4, 5),), 2: (eth(9, 7),)}, *cs), networks=(BRIDGE, theirs))
    shown = build(seen).owned()
    assert [b.label for b in shown.boxes] == ["a"]
    assert [n.name for n in shown.networks] == ["bridge", "custom"]
    assert shown.host_names["veth0000005"] == "veth of a"
    alone = build(replace(seen, containers=cs[1:])).owned()
    assert [n.name for n in alone.networks] == ["bridge"]
