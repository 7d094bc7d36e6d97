"""A container that plays the host: what is drawn around it, and whether its rules hide what leaves."""

from __future__ import annotations

from dataclasses import replace

from netbook.model.docker import ContainerInfo
from netbook.model.kernel import Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.parsers import ip_addr, iptables_save
from netbook.topology.played import beside, seen_from, translated

MACHINE = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.92.0.1/24 scope global br0
4: to-red@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0
"""
RED = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
3: eth0@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.92.0.2/24 scope global eth0
"""
LO = (Interface(1, "lo", ("LOOPBACK", "UP", "LOWER_UP")),)


def container(name: str, namespace: int, mode: str = "none") -> ContainerInfo:
    return ContainerInfo(
        name, name, state="running", owned=True, network_mode=mode, namespace=namespace, pid=namespace
    )


SEEN = Snapshot(
    Namespace(1, LO),
    (Namespace(2, ip_addr.parse(MACHINE)), Namespace(3, ip_addr.parse(RED)), Namespace(4, LO)),
    (container("machine", 2), container("red", 3), container("web", 4, "bridge")),
)


def test_the_player_is_the_host_and_around_it_is_what_no_network_reaches() -> None:
    _, stage = seen_from(SEEN, SEEN.containers[0], {"br0": ("to-red",)})
    assert stage.place == "machine, which plays the host"
    assert [box.owner for box in stage.boxes] == ["red"]
    assert stage.boxes[0].ports[0].bridge == "br0"
    assert [bridge.label for bridge in stage.bridges] == ["br0"]


def test_what_is_on_the_stage_is_not_beside_it() -> None:
    _, stage = seen_from(SEEN, SEEN.containers[0], {"br0": ("to-red",)})
    whole = replace(stage, boxes=(*stage.boxes, replace(stage.boxes[0], containers=("web",))))
    assert [box.owner for box in beside(whole, stage, "machine").boxes] == ["web"]


def test_only_a_rule_for_its_subnet_is_nat_of_a_bridge() -> None:
    _, stage = seen_from(SEEN, SEEN.containers[0], {"br0": ("to-red",)})

    def nat(rule: str) -> bool:
        said = f"*nat\n:POSTROUTING ACCEPT [0:0]\n{rule}\nCOMMIT\n"
        return translated(stage, iptables_save.parse(said)).bridges[0].nat

    assert nat("-A POSTROUTING -s 10.92.0.0/24 ! -o br0 -j MASQUERADE")
    assert nat("-A POSTROUTING -o wan -j MASQUERADE")
    assert not nat("-A POSTROUTING -s 10.93.0.0/24 -j MASQUERADE")
    assert not nat("-A POSTROUTING -s 10.92.0.0/24 -j ACCEPT")
