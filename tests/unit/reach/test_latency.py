"""Round-trip times: what is said of them follows from them, and the picture shows every one."""

from __future__ import annotations

import warnings
from ipaddress import ip_interface
from xml.etree import ElementTree as ET

import pytest

from netbook.drawing import strips
from netbook.errors import NotFound, NotRunning
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Address
from netbook.reach.latency import Latency, Samples, chosen
from netbook.topology.graph import Box, Bridge, Port, Topology

NEAR = Samples("container", "bbox01", "bbox04", "127.0.0.1", (0.02, 0.021, 0.022, 0.03), 4)
FAR = Samples("bridge", "bbox01", "bbox02", "172.17.0.3", (0.05, 0.06, 0.061, 0.09), 4)
LIKE_FAR = Samples("custom", "bbox05", "bbox06", "10.0.0.3", (0.051, 0.06, 0.062, 0.08), 5)
MUTE = Samples("none", "bbox03", "bbox01", "172.17.0.2", (), 4, "network unreachable")


def said(*ways: Samples, rung: str = "private") -> str:
    return " ".join(Latency(ways, rung).sentences)


def test_table():
    table = Latency([NEAR, MUTE]).table
    assert list(table) == ["way", "source", "target", "median_ms", "min_ms", "max_ms", "lost"]
    assert table.iloc[0].tolist() == ["container", "bbox01", "bbox04", 0.0215, 0.02, 0.03, 0]
    assert table.median_ms.isna().tolist() == [False, True]
    assert table.lost.tolist() == [0, 4]
    assert len(Latency([NEAR, MUTE]).samples) == 4


def test_a_difference_that_can_be_read():
    assert "Apart in this run" in said(NEAR, FAR)
    assert "container before bridge" in said(FAR, NEAR)
    assert "no difference can be read" not in said(NEAR, FAR)


def test_a_difference_that_cannot():
    assert "Between any of them no difference can be read" in said(FAR, LIKE_FAR)
    assert "Apart" not in said(FAR, LIKE_FAR)
    assert "Between all other pairs no difference" in said(NEAR, FAR, LIKE_FAR)
    assert "container before bridge and custom" in said(NEAR, FAR, LIKE_FAR)


def test_what_was_lost_and_why():
    assert "custom: 1 of 5 lost." in said(LIKE_FAR)
    assert "none: 4 of 4 lost (network unreachable)." in said(MUTE)


def test_always_one_machine_and_sometimes_a_slow_one():
    assert "no other machine" in said(NEAR)
    assert "embedded" not in said(NEAR)
    assert "compare the rows with each other" in said(NEAR, rung="embedded")


def test_three_forms():
    bundle = Latency([NEAR, FAR, MUTE], "private", "往返时间")._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert (
        '<img alt="往返时间, one strip of points for each of 3 ways. Medians: container 0.'
        in bundle["text/html"]
    )
    assert "with no cable, no switch and no other machine in them.</li>" in bundle["text/html"]
    assert "0.02" in bundle["text/plain"]


def test_same_times_same_bytes_and_no_date():
    first, second = (Latency([NEAR, FAR], "private").svg for _ in range(2))
    assert first == second
    assert "dc:date" not in first
    assert ", private engine" in first


@pytest.mark.parametrize("ways", [[], [MUTE], [NEAR], [NEAR, FAR, LIKE_FAR, MUTE] * 3])
def test_picture_shows_every_point(ways):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        root = ET.fromstring(Latency(ways).svg)
    points = [e for e in root.iter() if e.tag.endswith("use") and e.get("style", "").startswith("fill: none")]
    assert len(points) == sum(len(way.times) for way in ways)
    texts = {e.text for e in root.iter() if e.tag.endswith("}text")}
    assert {f"{way.source} → {way.target}" for way in ways} <= texts
    assert ("no reply" in texts) is any(not way.times for way in ways)


def test_far_apart_is_logarithmic():
    texts = [
        e.text for e in ET.fromstring(strips.draw([("a", (0.01, 5.0))], "t", "ms", "d")).iter() if e.text
    ]
    assert {"0.1", "1"} <= {text.strip() for text in texts}


# ---------------------------------------------------------------- which ways


def container(name: str, mode: str = "default") -> ContainerInfo:
    return ContainerInfo(f"id-{name}", name, state="running", network_mode=mode)


def port(network: str, address: str, name: str = "eth0") -> Port:
    return Port(name, 2, (Address(ip_interface(address)),), network=network, bridge=f"bridge of {network}")


GRAPH = Topology(
    (
        Box(("bbox01", "bbox04"), "own", (port("bridge", "172.17.0.2/16"),), 1),
        Box(("bbox02",), "own", (port("bridge", "172.17.0.3/16"),), 2),
        Box(("bbox03",), "none", (), 3),
        Box(("bbox05",), "own", (port("custom", "10.0.0.2/24"), port("bridge", "172.17.0.4/16", "eth1")), 5),
        Box(("bbox06",), "own", (port("custom", "10.0.0.3/24"),), 6),
        Box(("bbox07",), "host", (), 100),
    ),
    (
        Bridge(
            "bridge of bridge",
            NetworkInfo("n1", "bridge", "bridge", bridge="docker0"),
            (Address(ip_interface("172.17.0.1/16")),),
        ),
    ),
)
LAB = (
    container("bbox01"),
    container("bbox02"),
    container("bbox03", "none"),
    container("bbox04", "container:id-bbox01"),
    container("bbox05", "custom"),
    container("bbox06", "custom"),
    container("bbox07", "host"),
)


def ways(pairs=None, lab=LAB, graph=GRAPH):
    return [(w.label, w.source, w.target, w.address) for w in chosen(graph, lab, pairs)]


def test_the_usual_ways_are_those_of_the_modes_in_the_lab():
    assert ways() == [
        ("itself", "bbox01", "bbox01", "127.0.0.1"),
        ("container", "bbox04", "bbox01", "127.0.0.1"),
        ("bridge", "bbox01", "bbox02", "172.17.0.3"),
        ("custom", "bbox05", "bbox06", "10.0.0.3"),
        ("host", "bbox01", "bbox07", "172.17.0.1"),
    ]
    assert ways(lab=LAB[2:3]) == [("itself", "bbox03", "bbox03", "127.0.0.1")]


def test_the_address_is_one_that_both_are_near():
    assert ways({"x": ("bbox06", "bbox05")}) == [("x", "bbox06", "bbox05", "10.0.0.2")]
    assert ways({"x": ("bbox01", "bbox05")}) == [("x", "bbox01", "bbox05", "172.17.0.4")]
    assert ways({"x": ("bbox01", "192.0.2.1")}) == [("x", "bbox01", "192.0.2.1", "192.0.2.1")]
    assert ways({"x": ("bbox07", "bbox07")}) == [("x", "bbox07", "bbox07", "127.0.0.1")]


def test_what_cannot_be_measured():
    with pytest.raises(NotFound, match="no container of this lab runs"):
        ways(lab=())
    with pytest.raises(NotRunning, match=r"x: 'bbox99' is not a running(.|\n)*bbox01, bbox02"):
        ways({"x": ("bbox99", "bbox01")})
    with pytest.raises(NotFound, match="bbox03 has no address"):
        ways({"x": ("bbox01", "bbox03")})
