"""The diagram as a reader meets it: three forms, always the same, for eye, ear and grey print."""

from __future__ import annotations

import base64
import html
import random
import re
from dataclasses import replace
from ipaddress import ip_interface
from xml.etree import ElementTree as ET

import pytest

from netbook.diagram import diagram as module
from netbook.diagram.diagram import Diagram
from netbook.drawing import palette
from netbook.errors import NetbookError, NotFound
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Address
from netbook.topology.graph import Box, Bridge, Port, Topology
from tests.fixtures.wirings import bridge, containers, port, rider, topology

BRIDGE, CUSTOM = bridge("bridge"), bridge("custom_network", 1)


def chapter_8() -> Topology:
    """The end of the tutorial: one container on both networks, one on the default, two on the custom one."""
    return topology(
        Box(("default_bbox01",), "own", (port(BRIDGE, 2), port(CUSTOM, 4, "eth1"))),
        Box(("default_bbox02",), "own", (port(BRIDGE, 3),)),
        Box(("custom_bbox01",), "own", (port(CUSTOM, 2),)),
        Box(("custom_bbox02",), "own", (port(CUSTOM, 3),)),
        bridges=[BRIDGE, CUSTOM],
    )


def modes() -> Topology:
    """Every kind of box."""
    return topology(
        Box(("bbox01", "bbox04"), "own", (port(BRIDGE),)),
        Box(("bbox02",), "host"),
        Box(("bbox03",), "none"),
        Box(("bbox05",), "none", joins="bbox06"),
        Box(("bbox06",), "stopped"),
        Box(("bbox07",), "stopped", joins="bbox01"),
        Box(("printer",), "own", (rider("lan"),)),
        bridges=[BRIDGE, CUSTOM],
    )


def test_one_that_cannot_be_read_says_so_and_not_that_it_is_stopped():
    diagram = Diagram(topology(Box(("bbox01",), "unread"), bridges=[BRIDGE]))
    assert {"its namespace", "cannot be read"} <= set(texts(diagram))
    for said in (repr(diagram), diagram.alt):
        assert "cannot be read" in said
        assert "stopped" not in said


def texts(diagram: Diagram) -> list[str]:
    """All that is written in the picture."""
    return [element.text or "" for element in ET.fromstring(diagram.svg).iter() if element.text]


def shuffled(topology: Topology, seed: int) -> Topology:
    """The same wiring, read in another order."""
    rng = random.Random(seed)

    def mixed(items):
        return tuple(rng.sample(items, len(items)))

    boxes = [replace(box, ports=mixed(box.ports)) for box in topology.boxes]
    return replace(
        topology, boxes=mixed(boxes), bridges=mixed(topology.bridges), networks=mixed(topology.networks)
    )


def rerun(topology: Topology) -> Topology:
    """The same wiring in another run: other ids, indices, veth names, inodes and link-local addresses."""
    local = Address(ip_interface("fe80::42:acff:fe11:2/64"), "link")

    def again(name: str) -> str:
        return name.replace("c0ffeec0ffe", "beef00beef0").replace("c0ffee", "beef00")

    boxes = [
        replace(
            box,
            inode=4026532999,
            ports=tuple(
                replace(
                    p,
                    index=p.index + 90,
                    peer="veth9z8y7x6" if p.peer else "",
                    peer_index=91,
                    bridge=again(p.bridge),
                    addresses=(local, *p.addresses),
                )
                for p in box.ports
            ),
        )
        for box in topology.boxes
    ]
    bridges = [
        replace(
            b, name=again(b.name), network=replace(b.network, id=again(b.network.id)), ports=("veth9z8y7x6",)
        )
        for b in topology.bridges
        if b.network
    ]
    return replace(topology, boxes=tuple(boxes), bridges=tuple(bridges))


# ---------------------------------------------------------------- always the same


@pytest.mark.parametrize("wiring", [chapter_8(), modes(), containers(30, 3), containers(12, 8, 2)])
def test_same_wiring_same_bytes(wiring):
    first = Diagram(wiring)._repr_mimebundle_()
    for seed in range(5):
        assert Diagram(shuffled(wiring, seed))._repr_mimebundle_() == first


def test_nothing_of_one_run_shows():
    for wiring in (chapter_8(), modes()):
        first, second = Diagram(wiring)._repr_mimebundle_(), Diagram(rerun(wiring))._repr_mimebundle_()
        assert first == second
        assert not re.search(r"c0ffee|veth\w{7}|enp3s0|fe80", first["image/svg+xml"] + first["text/plain"])


def test_equality_is_of_pictures():
    assert Diagram(chapter_8()) == Diagram(shuffled(chapter_8(), 1))
    assert hash(Diagram(chapter_8())) == hash(Diagram(shuffled(chapter_8(), 1)))
    assert Diagram(chapter_8()) != Diagram(modes())
    assert Diagram(chapter_8()) != Diagram(chapter_8(), "with a title")
    assert Diagram(chapter_8()) != Diagram(chapter_8(), highlight=["custom_bbox01"])
    assert Diagram(chapter_8()) != "a picture"


# ---------------------------------------------------------------- everything is in it


@pytest.mark.parametrize("wiring", [chapter_8(), modes(), containers(9, 8)])
def test_every_container_network_and_address_is_in_every_form(wiring):
    diagram = Diagram(wiring)
    written = "\n".join(texts(diagram))
    for form in (written, diagram.alt, diagram.text):
        for box in wiring.boxes:
            assert all(name in form for name in box.containers)
            assert all(address.ip in form for p in box.ports for address in p.addresses)
        for on in wiring.bridges:
            assert on.network.name in form
            assert on.addresses[0].cidr in form


@pytest.mark.parametrize("number", range(31))
def test_any_number_is_in_picture_and_text(number):
    diagram = Diagram(containers(number, 3))
    names = [f"bbox{i:02d}" for i in range(number)]
    assert [name for name in names if name not in texts(diagram)] == []
    assert [name for name in names if name not in diagram.text] == []
    assert f"{number or 'No'} container" in diagram.alt


def test_alt_text_is_short_even_for_many():
    alt = Diagram(containers(30, 3)).alt
    assert len(alt) < 600
    assert alt.startswith("30 containers and 3 networks on the engine host. ")
    assert "and 6 more" in alt


def test_alt_text_reads_well():
    assert Diagram(chapter_8()).alt == (
        "4 containers and 2 networks on the engine host. "
        "Network bridge (docker0, 172.17.0.1/16) connects default_bbox02 at 172.17.0.3 and default_bbox01 at "
        "172.17.0.2; network custom_network (172.18.0.1/16, DNS) connects default_bbox01 at 172.18.0.4, "
        "custom_bbox01 at 172.18.0.2 and custom_bbox02 at 172.18.0.3."
    )


def test_text_is_a_tree_of_edges():
    assert Diagram(modes(), "All modes", "bbox03").text.splitlines() == [
        "All modes",
        "engine host",
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside",
        "    bbox01 + bbox04 · eth0 172.17.0.2 · veth · one network namespace",
        "  br-… · network custom_network · 172.18.0.1/16 · DNS · NAT to the world outside",
        "  the host's own interfaces → the world outside",
        "    printer · eth0 192.168.1.2 · sub-interface · network lan",
        "    bbox02 · shares · host network",
        "  without a cable",
        "    bbox03 · none: only lo · highlighted",
        "    bbox05 · only lo is left · joined bbox06",
        "    bbox06 · stopped",
        "    bbox07 · stopped · joins bbox01",
    ]


def test_the_picture_says_what_each_box_is():
    written = texts(Diagram(modes()))
    for phrase in ("one network namespace", "none: only lo", "host network", "stopped", "only lo is left"):
        assert phrase in written
    assert {"engine host", "the host's own interfaces", "→ the world outside", "NAT", "veth", "DNS"} <= set(
        written
    )


def test_no_containers_is_said():
    diagram = Diagram(topology(bridges=[BRIDGE]))
    assert "no containers" in texts(diagram)
    assert "no containers" in diagram.text
    assert diagram.alt.startswith("No containers and 1 network")


def test_nothing_at_all():
    assert "the host's own interfaces" in texts(Diagram(Topology()))


def test_a_paused_container():
    info = ContainerInfo("1234", "bbox01", state="paused")
    diagram = Diagram(topology(Box(("bbox01",), "own", (port(BRIDGE),), members=(info,)), bridges=[BRIDGE]))
    assert "paused" in texts(diagram)
    assert "    bbox01 · eth0 172.17.0.2 · veth · paused" in diagram.text.splitlines()


def test_internal_network_has_a_mark_and_no_nat():
    diagram = Diagram(topology(bridges=[bridge("closed", 1, internal=True)]))
    assert "internal" in texts(diagram)
    assert "NAT" not in texts(diagram)
    assert "internal" in diagram.alt
    assert "NAT" not in diagram.text


def test_an_interface_that_is_down():
    diagram = Diagram(topology(Box(("bbox01",), "own", (port(BRIDGE, up=False),)), bridges=[BRIDGE]))
    assert "eth0 is down" in texts(diagram)
    assert "(down)" in diagram.text


def test_foreign_things_are_marked_in_every_form():
    theirs = bridge("theirs", 2, owned=False)
    boxes = [Box(("mine",), "own", (port(BRIDGE),)), Box(("grafana",), "own", (port(theirs),), owned=False)]
    diagram = Diagram(topology(*boxes, bridges=[BRIDGE, theirs]))
    lines = diagram.text.splitlines()
    assert [line.split(" · ")[0].strip() for line in lines if "not the book's" in line] == ["br-…", "grafana"]
    assert texts(diagram).count("not the book's") == 2
    assert "Not the book's: grafana" in diagram.alt
    assert "theirs (172.19.0.1/16, DNS, not the book's)" in diagram.alt


def test_a_network_without_a_bridge_is_named_at_its_ports():
    lan = NetworkInfo("1234", "lan", "macvlan", owned=True)
    wiring = topology(Box(("printer",), "own", (rider("lan", 7),)), bridges=[BRIDGE])
    diagram = Diagram(replace(wiring, networks=(*wiring.networks, lan)))
    assert {"lan", "macvlan", "192.168.1.7"} <= set(texts(diagram))
    assert "    printer · eth0 192.168.1.7 · macvlan · network lan" in diagram.text.splitlines()
    assert "macvlan network lan connects printer at 192.168.1.7 to the host's interfaces" in diagram.alt


def test_a_macvlan_upon_a_bridge_is_drawn_at_it_and_is_no_member_of_its_network():
    lan = NetworkInfo("1234", "lan", "macvlan", owned=True)
    upon = replace(rider("lan", 7), parent=CUSTOM.name)
    wiring = topology(
        Box(("printer",), "own", (upon,)), Box(("desk",), "own", (port(CUSTOM),)), bridges=[CUSTOM]
    )
    diagram = Diagram(replace(wiring, networks=(*wiring.networks, lan)), highlight=["lan"])
    lines = diagram.text.splitlines()
    rides = "    printer · eth0 192.168.1.7 · macvlan · network lan · highlighted"
    assert lines.index(rides) < lines.index("  the host's own interfaces → the world outside")
    assert "connects desk at" in diagram.alt
    assert "macvlan network lan connects printer at 192.168.1.7 to bridge of custom_network" in diagram.alt


def test_long_names_are_whole_in_a_tooltip_and_in_words():
    name, network = "project_web-frontend_" * 3 + "7", "a_network_" * 7
    on = bridge(network, 1)
    diagram = Diagram(topology(Box((name,), "own", (port(on),)), bridges=[on]))
    titles = [e.text for e in ET.fromstring(diagram.svg).iter("{http://www.w3.org/2000/svg}title")]
    assert name in titles
    assert network in titles
    assert name in diagram.text
    assert name in diagram.alt


def test_chinese():
    on = bridge("教室网络", 1)
    diagram = Diagram(topology(Box(("容器一号",), "own", (port(on),)), bridges=[on]), "两个网络")
    for form in ("\n".join(texts(diagram)), diagram.alt, diagram.text):
        assert all(word in form for word in ("教室网络", "容器一号", "两个网络"))


# ---------------------------------------------------------------- highlight


def test_highlight_glows_and_is_said():
    diagram = Diagram(chapter_8(), highlight=["custom_bbox01", "custom_network"])
    assert palette.GLOW in diagram.svg
    assert palette.GLOW not in Diagram(chapter_8()).svg
    assert sum("highlighted" in line for line in diagram.text.splitlines()) == 2
    assert "highlighted: custom_bbox01 and custom_network" in diagram.alt


def test_one_name_may_stand_alone():
    assert Diagram(chapter_8(), highlight="custom_bbox01") == Diagram(
        chapter_8(), highlight=["custom_bbox01"]
    )


def test_highlight_of_something_that_is_not_there():
    with pytest.raises(NotFound, match=r"'bbox99'(.|\n)*custom_bbox01, custom_bbox02"):
        Diagram(chapter_8(), highlight=["bbox99"])


# ---------------------------------------------------------------- files and notebooks


@pytest.mark.parametrize("wiring", [Topology(), chapter_8(), modes(), containers(30, 8)])
def test_svg_is_well_formed_and_fits_a_page(wiring):
    root = ET.fromstring(Diagram(wiring, "Title").svg)
    assert root.get("role") == "img"
    assert float(root.get("width", "")) <= 980
    assert root[0].text == "Title"
    assert root[1].text == Diagram(wiring, "Title").alt


NASTY = """<script>&"quoted"'s ]]> \x00\x1b[31m\n-->"""


def test_nothing_breaks_out_of_the_markup():
    on = bridge("<net>&\"'", 1)
    diagram = Diagram(topology(Box(("<b>&\"'",), "own", (port(on),)), bridges=[on]), NASTY)
    root = ET.fromstring(diagram.svg)
    assert {element.tag.split("}")[1] for element in root.iter()} <= {
        "svg", "title", "desc", "g", "rect", "circle", "path", "text"
    }  # fmt: skip
    assert "<b>&\"'" in texts(diagram)
    image = diagram._repr_mimebundle_()["text/html"]
    alt, data = re.fullmatch(
        r'<img alt="([^"<>]*)" src="data:image/svg\+xml;base64,([\w+/=]+)">', image
    ).groups()
    assert html.unescape(alt) == diagram.alt
    assert base64.b64decode(data).decode() == diagram.svg
    assert diagram.title == """<script>&"quoted"'s ]]>   [31m -->"""


def test_three_forms_for_the_notebook():
    diagram = Diagram(chapter_8())
    bundle = diagram._repr_mimebundle_(include=None, exclude=None, more=1)
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert bundle["text/plain"] == repr(diagram) == diagram.text
    assert set(diagram._repr_mimebundle_(include={"text/html"})) == {"text/html"}
    assert set(diagram._repr_mimebundle_(exclude={"image/svg+xml"})) == {"text/plain", "text/html"}


def test_a_failure_while_drawing_leaves_words_and_its_traceback(monkeypatch):
    monkeypatch.setattr(module, "plan", lambda *_, **__: 1 / 0)
    bundle = Diagram(chapter_8())._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert bundle["text/plain"].startswith("engine host\n")
    assert "ZeroDivisionError" in bundle["text/plain"]


def test_save(tmp_path):
    path = Diagram(chapter_8()).save(tmp_path / "wiring.SVG")
    assert path.read_bytes().decode() == Diagram(chapter_8()).svg
    assert Diagram(chapter_8()).save(str(tmp_path / "again.svg")).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["wiring.png", "wiring"])
def test_save_as_something_else(tmp_path, name):
    with pytest.raises(NetbookError, match=r"(?s)must be '\.svg'.*wiring\.svg"):
        Diagram(chapter_8()).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- colours


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def painted(diagram: Diagram) -> list[tuple[str, str]]:
    """For each text its colour and the colour behind it: the last filled shape drawn around its anchor."""
    found, behind = [], []
    for element in ET.fromstring(diagram.svg).iter():
        tag, get = element.tag.split("}")[1], lambda key, e=element: float(e.get(key, 0))
        fill = element.get("fill", "none")
        if tag == "rect" and fill != "none":
            behind.append((get("x"), get("y"), get("x") + get("width"), get("y") + get("height"), fill))
        elif tag == "circle":
            r = get("r")
            behind.append((get("cx") - r, get("cy") - r, get("cx") + r, get("cy") + r, fill))
        elif tag == "text":
            x, y = get("x"), get("y") - 3
            ground = [color for a, b, c, d, color in behind if a <= x <= c and b <= y <= d]
            found.append((fill, ground[-1]))
    return found


@pytest.mark.parametrize("foreign", [False, True])
def test_text_has_contrast(foreign):
    wiring = containers(16, 8)
    if foreign:
        wiring = replace(wiring, boxes=tuple(replace(box, owned=False) for box in wiring.boxes))
    pairs = {*painted(Diagram(wiring, "Title")), *painted(Diagram(modes()))}
    assert len(pairs) > 10
    assert min(contrast(text, ground) for text, ground in pairs) >= 4.5


@pytest.mark.parametrize("look", [*palette.INKS, palette.NEUTRAL])
def test_lines_have_contrast(look):
    for ground in (palette.GROUND, palette.PAPER, look.fill):
        assert contrast(look.line, ground) >= 4.5


def test_networks_differ_in_colour_dashes_and_letter():
    assert len(palette.INKS) >= 8
    for kind in ("line", "fill", "dash"):
        assert len({getattr(look, kind) for look in palette.INKS}) == len(palette.INKS)
    assert {"A", "B", "C", "D", "E", "F", "G", "H"} <= set(texts(Diagram(containers(8, 8))))


def test_one_network_needs_no_letter():
    assert "A" not in texts(Diagram(containers(3, 1)))


def test_the_default_bridge_keeps_its_colour():
    custom = bridge("a_network", 1)
    alone, both = Diagram(topology(bridges=[BRIDGE])), Diagram(topology(bridges=[custom, BRIDGE]))
    assert palette.INKS[0].fill in alone.svg
    assert palette.INKS[0].fill in both.svg
    assert palette.INKS[0].fill not in Diagram(topology(bridges=[custom])).svg
    assert palette.INKS[1].fill in Diagram(topology(bridges=[custom])).svg


def test_stopped_is_hollow_and_dashed_not_coloured():
    drawn = ET.fromstring(Diagram(topology(Box(("gone",), "stopped"), bridges=[BRIDGE])).svg)
    groups = [g for g in drawn.iter("{http://www.w3.org/2000/svg}g") if g[0].text == "gone"]
    rect = groups[0].find("{http://www.w3.org/2000/svg}rect")
    assert rect.get("fill") == "none"
    assert rect.get("stroke-dasharray")


def test_nat_is_said_and_drawn_only_where_it_is() -> None:
    assert CUSTOM.network
    routed = replace(CUSTOM, network=replace(CUSTOM.network, masquerade=False))
    both = Diagram(topology(Box(("a",), "own", (port(BRIDGE),)), bridges=[BRIDGE, routed]))
    assert [line for line in both.text.splitlines() if "NAT" in line] == [
        "  docker0 · network bridge · 172.17.0.1/16 · NAT to the world outside"
    ]
    assert texts(both).count("NAT") == 1
    assert "NAT" not in texts(Diagram(topology(bridges=[routed])))


def test_an_overlay_has_a_bar_and_its_name_but_no_bridge_and_no_nat() -> None:
    info = NetworkInfo("0a" * 32, "ov1", "overlay", subnets=("10.0.1.0/24",))
    hidden = Bridge("overlay ov1", info, hidden=True)
    ports = [
        Port("eth0", 4, (Address(ip_interface(f"10.0.1.{n}/24")),), network="ov1", bridge=hidden.name)
        for n in (2, 3)
    ]
    boxes = [Box((name,), "own", (port,)) for name, port in zip(("a", "b"), ports, strict=True)]
    drawn = Diagram(topology(*boxes, bridges=[BRIDGE, hidden]))
    assert drawn.text.splitlines()[2:6] == [
        "  overlay · network ov1 · 10.0.1.0/24 · DNS · not the book's",
        "    a · eth0 10.0.1.2 · veth",
        "    b · eth0 10.0.1.3 · veth",
        "  the host's own interfaces → the world outside",
    ]
    assert "network ov1 (overlay, 10.0.1.0/24, DNS, not the book's) connects a at 10.0.1.2 and b" in drawn.alt
    assert "overlay · network ov1" in texts(drawn)
    assert texts(drawn).count("NAT") == 1
