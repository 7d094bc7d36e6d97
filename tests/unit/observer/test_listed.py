"""A wiring from the engine's two listings alone."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from netbook.cli import draw
from netbook.diagram.diagram import Diagram
from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.observer import listed
from netbook.topology.build import build

_SHOP = NetworkInfo(
    "a" * 64, "shop", "bridge", subnets=("10.9.0.0/24",), gateways=("10.9.0.1",), bridge="br-a"
)
_LAN = NetworkInfo("b" * 64, "lan", "macvlan", subnets=("192.0.2.0/24",))
_HOST = NetworkInfo("c" * 64, "host", "host")


def _container(
    name: str, mode: str = "shop", address: str = "", network: str = "shop", **more: str
) -> ContainerInfo:
    ends = (Endpoint(network, address, 24),) if address else ()
    return ContainerInfo(name * 8, name, network_mode=mode, endpoints=ends, **more)  # type: ignore[arg-type]


def test_every_mode_has_its_place() -> None:
    containers = [
        _container("web", address="10.9.0.2"),
        _container("side", mode=f"container:{'web' * 8}"),
        _container("lost", mode="container:gone"),
        _container("out", mode="host"),
        _container("off", state="exited"),
        _container("far", mode="lan", network="lan", address="192.0.2.7"),
    ]
    graph = build(listed.joined(containers, [_SHOP, _LAN, _HOST]))
    boxes = {box.label: box for box in graph.boxes}
    assert boxes["web + side"].ports[0].bridge == "br-a"
    assert [a.cidr for a in boxes["web + side"].ports[0].addresses] == ["10.9.0.2/24"]
    modes = {label: box.mode for label, box in boxes.items()}
    assert modes == {"web + side": "own", "lost": "none", "out": "host", "off": "stopped", "far": "own"}
    assert (boxes["far"].ports[0].network, boxes["far"].ports[0].bridge) == ("lan", "")
    assert [a.cidr for b in graph.bridges for a in b.addresses] == ["10.9.0.1/24"]
    assert "web" in Diagram(graph).svg


def test_nat_is_not_claimed_for_the_engine_does_not_say_whether_it_writes_rules() -> None:
    told_not = replace(_SHOP, id="e" * 64, name="routed", bridge="br-e", masquerade=False)
    graph = build(listed.joined([], [_SHOP, told_not]))
    assert "NAT" not in Diagram(graph).text
    assert {n["name"]: n["masquerade"] for n in draw.data(graph)["networks"]} == {
        "routed": False,
        "shop": None,
    }


def test_an_odd_subnet_is_no_stone_in_the_way() -> None:
    odd = NetworkInfo("d" * 64, "odd", "bridge", subnets=("dhcp",), gateways=("none",), bridge="br-d")
    assert build(listed.joined([], [odd])).bridges[0].addresses == ()


def test_a_hundred_containers_are_drawn_soon() -> None:
    networks = [
        NetworkInfo(
            f"{n:064x}",
            f"net{n:02}",
            "bridge",
            subnets=(f"10.8.{n}.0/24",),
            gateways=(f"10.8.{n}.1",),
            bridge=f"br{n}",
        )
        for n in range(20)
    ]
    containers = [
        _container(f"c{n:03}", address=f"10.8.{n % 20}.{n + 2}", network=f"net{n % 20:02}")
        for n in range(100)
    ]
    began = time.process_time()
    graph = build(listed.joined(containers, networks))
    picture = draw.form(draw.everybodys(graph), ".svg", "many")
    assert time.process_time() - began < 2
    assert all(f">{c.name}<" in picture for c in containers)
    wide, high = (float(size) for size in re.findall(r'(?:width|height)="([0-9.]+)"', picture)[:2])
    assert 2000 < wide < 4000  # a column for each network, in the size in which it is drawn
    assert high < 2500
    assert "not the book" not in picture
    assert draw.told(graph) == "100 containers, 20 networks"
