"""Wiring that Docker did not make, on a real kernel: bridges, cables and namespaces made with `ip`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine
from netbook.model.journey import Stop
from netbook.topology.graph import Cable

Ip = Callable[..., None]


@pytest.fixture
def hand(mortal: tuple[PrivateEngine, Engine]) -> Iterator[tuple[Lab, Ip]]:
    """A lab on an engine of its own, and `ip` in the network of a process: 0 is the engine's host."""
    daemon, engine = mortal
    busybox.ensure(engine)

    def ip(pid: int, words: str) -> None:
        where = ["nsenter", "-t", str(pid or daemon.pid), "-n", *([] if pid else ["-m"])]
        subprocess.run([*where, "ip", *words.split()], check=True)

    with Lab("hand", engine=engine, echo=False) as lab:
        yield lab, ip


def pid(lab: Lab, name: str) -> int:
    return lab.container(name).info.pid


def test_a_bridge_by_hand_step_by_step(hand: tuple[Lab, Ip]) -> None:
    lab, ip = hand
    lab.run("one", network="none")
    inside = pid(lab, "one")
    before = lab.diagram().text
    ip(0, "link add h1 type veth peer name c1")
    assert lab.diagram().text == before  # both ends are the host's own
    ip(0, f"link set c1 netns {inside}")
    (port,) = lab.snapshot().box("one").ports
    assert (port.peer, port.bridge, port.parent) == ("h1", "", "")
    assert "cables lead from one to the host, into no bridge" in lab.diagram().alt
    ip(0, "link add br-hand type bridge")
    ip(0, "addr add 10.99.0.1/24 dev br-hand")
    ip(0, "link set br-hand up")
    assert "br-hand" not in lab.diagram().text  # nobody of ours is on it
    assert "  br-hand · 10.99.0.1/24 · no Docker network" in lab.diagram(foreign=True).text
    ip(0, "link set h1 master br-hand")
    ip(0, "link set h1 up mtu 1400")
    ip(inside, "addr add 10.99.0.2/24 dev c1")
    ip(inside, "link set c1 up mtu 1400")
    lines = lab.diagram().text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  br-hand"))
    assert lines[at + 1] == "    one · c1 10.99.0.2 MTU 1400 · veth"
    assert lab.veth_pairs().host_end.tolist() == ["veth of one c1"]


def test_cables_between_containers_whose_numbers_fit_by_chance(hand: tuple[Lab, Ip]) -> None:
    """Four namespaces, the same two numbers in all: as the numbers of eth0 are from Docker 28 on."""
    lab, ip = hand
    names = ["left", "right", "up", "down"]
    for name in names:
        lab.run(name, network="none")
    pids = {name: pid(lab, name) for name in names}
    for number, (a, b) in enumerate((("left", "right"), ("up", "down"))):
        peer = f"name wire index 70 netns {pids[b]}"
        ip(pids[a], f"link add name wire index 71 type veth peer {peer}")
        ip(pids[a], f"addr add 10.99.{number}.1/24 dev wire")
        ip(pids[b], f"addr add 10.99.{number}.2/24 dev wire")
    assert lab.snapshot().cables == (
        Cable((Stop("down", "wire"), Stop("up", "wire"))),
        Cable((Stop("left", "wire"), Stop("right", "wire"))),
    )
    assert "without a cable" not in lab.diagram().text


def test_a_named_namespace(hand: tuple[Lab, Ip]) -> None:
    lab, ip = hand
    lab.run("one", network="none")
    ip(0, "netns add red")
    try:
        assert "red" not in lab.diagram().text  # it has no label that would say whose it is
        assert lab.snapshot(foreign=True).box("red").mode == "named"
        ip(0, f"-n red link add name r0 type veth peer name c0 netns {pid(lab, 'one')}")
        assert "red · r0 no address (down) · veth · network namespace · no container" in lab.diagram().text
    finally:
        ip(0, "netns del red")


def test_two_protocols_and_two_subnets_are_told_everywhere(lab: Lab) -> None:
    dual = lab.create_network("dual", subnet=["10.99.9.0/24", "fd00:99::/64"], ipv6=True)
    one = lab.run("one", network=dual)
    assert {"10.99.9.1/24", "fd00:99::1/64"} <= {
        address.cidr for b in lab.snapshot().bridges if b.title == "dual" for address in b.addresses
    }
    (port,) = lab.snapshot().box("one").ports
    told = [a.ip for a in port.addresses if not a.value.is_link_local]
    picture = lab.diagram()
    for form in (picture.svg, picture.alt, picture.text):
        assert all(address in form for address in [*told, "10.99.9.1/24", "fd00:99::1/64"])
    assert len(told) == 2
    assert port.mac == one.ip_addr(full=True).query("interface == 'eth0'").mac.iloc[0]
    assert port.mtu == 1500
    subnets, parent = ["10.99.10.0/24", "10.99.11.0/24"], {"parent": dual.info.bridge}
    two = lab.create_network("two", driver="macvlan", subnet=subnets, options=parent)
    lab.run("rider", network=two)
    assert "macvlan network two (10.99.10.0/24, 10.99.11.0/24) connects rider" in lab.diagram().alt


def test_what_is_published_is_the_same_in_both_listings(lab: Lab) -> None:
    lab.run("web", publish=["80", "127.0.0.1::53/udp"])
    (listed,) = (c for c in lab.workspace.containers() if c.name == "web")
    asked = lab.workspace.container("web")
    assert listed.publications == asked.publications
    found = {(p.host_ip, p.port, p.proto) for p in asked.publications}
    assert {("127.0.0.1", 80, "tcp"), ("127.0.0.1", 53, "udp")} <= found
    assert all(p.host_port for p in asked.publications)
    assert lab.snapshot().box("web").publications == asked.publications
