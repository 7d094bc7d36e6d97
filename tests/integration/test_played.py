"""A container that plays the host, wired by hand on a real kernel."""

from __future__ import annotations

import pytest

from netbook import Lab, errors
from netbook.lab.container import Container
from netbook.learn.exercises.wiring import bridge, plugged
from netbook.learn.program import play


@pytest.fixture
def rooms(lab: Lab) -> tuple[Container, Container]:
    """`machine` with a bridge, and `red` plugged into it."""
    machine = lab.run(
        "machine",
        image="netbook-iptables",
        network="none",
        cap_add="NET_ADMIN",
        sysctl={"net.ipv4.ip_forward": 1},
    )
    red = lab.run("red", network="none", cap_add="NET_ADMIN")
    play(bridge("machine", "10.94.0.1/24") + plugged("machine", "red", "10.94.0.2/24"), lab)
    return machine, red


def test_it_is_drawn_and_traced_as_a_host(lab: Lab, rooms: tuple[Container, Container]) -> None:
    machine, red = rooms
    stage = lab.as_host("machine")
    text = repr(stage.diagram("By hand"))
    assert "machine, which plays the host" in text
    assert "br0 · 10.94.0.1/24 · no Docker network" in text
    assert "red · eth0 10.94.0.2 · veth" in text
    with stage.changes() as changes:
        machine.exec("ip link set br0 down")
    assert "changed: br0" in repr(changes)
    machine.exec("ip link set br0 up")
    seen = stage.trace(red, "10.94.0.1")
    assert seen.outcome == "red pings 10.94.0.1: the reply came back."
    assert set(seen.table["where"]) == {"eth0 of red", "veth of red", "br0"}


def test_its_own_rules_are_read_and_drawn(lab: Lab, rooms: tuple[Container, Container]) -> None:
    machine, _ = rooms
    stage = lab.as_host(machine)
    assert set(stage.firewall("nat")["number"]) == {"policy"}
    assert machine.exec("iptables -t nat -A POSTROUTING -s 10.94.0.0/24 ! -o br0 -j MASQUERADE").ok
    table = stage.firewall("nat", chain="POSTROUTING")
    assert list(table["target"]) == ["MASQUERADE", "ACCEPT"]
    assert "NAT to the world outside" in repr(stage.diagram(firewall=True))
    assert "NAT" not in repr(stage.diagram())
    assert "host machine, by hand" in repr(stage.beside())


@pytest.mark.parametrize("network", ["host", "stopped"])
def test_who_cannot_play_it_is_told_why(lab: Lab, network: str) -> None:
    actor = lab.run("actor", network="none" if network == "stopped" else network)
    if network == "stopped":
        actor.stop()
    with pytest.raises(errors.NotFound, match="actor has no network namespace of its own") as told:
        lab.as_host(actor).diagram()
    assert "--network host" in told.value.remedy
