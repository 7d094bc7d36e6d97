"""Engine hosts in containers: what is kept of the engines inside, and where it is said to be."""

from __future__ import annotations

from dataclasses import replace

from netbook import Diagram
from netbook.model.docker import NetworkInfo
from netbook.model.kernel import Namespace
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Box
from netbook.topology.within import within
from tests.fixtures.wirings import bridge, port, topology

NOTHING = Snapshot(Namespace(1))
WIRE = bridge("wire", 1)
SHOP = replace(bridge("shop", 2), network=NetworkInfo("c0ffee2", "shop", "overlay"), hidden=True)
INNER = bridge("bridge")


def test_a_container_says_on_which_host_it_is():
    """Its overlay is kept, and the bridge of its host is not."""
    outside = topology(Box(("oslo",), "own", (port(WIRE),)), bridges=[WIRE])
    cables = (replace(port(SHOP), peer=""), port(INNER, name="eth1"))
    inside = topology(Box(("web",), "own", cables), bridges=[SHOP, INNER])
    _, found = within((NOTHING, outside), {"oslo": (NOTHING, inside)}, {})
    assert found.box("web").on == "oslo"
    assert [p.name for p in found.box("web").ports] == ["eth0"]
    assert {b.title for b in found.bridges} == {"wire", "shop"}
    assert "on oslo" in Diagram(found).text
    assert ">on oslo</text>" in Diagram(found).svg
