"""A journey as a reader meets it: it moves without a script, stands still on paper, and is told in words."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from netbook.diagram import animation
from netbook.diagram.animation import MOVE, PAUSE, REST
from netbook.diagram.captions import Step
from netbook.diagram.journey import Journey
from netbook.diagram.storyboard import exchanges
from netbook.drawing import palette
from netbook.errors import NetbookError, NotFound
from netbook.model.journey import Leg, Stop
from netbook.topology.graph import Topology
from tests.fixtures.wirings import containers
from tests.unit.diagram.test_diagram import rerun
from tests.unit.diagram.test_ways import CUSTOM, cabled, every_kind, passed

SVG = "{http://www.w3.org/2000/svg}"
WIRING = every_kind()


def ping(wiring: Topology = WIRING) -> list[Leg]:
    way = passed(wiring, "router.eth0", "~router.eth0", "docker0", "~bbox01.eth0", "bbox01.eth0")
    return [
        Leg("ARP who has 172.17.0.3", way, "172.17.0.2", "everybody"),
        Leg("ARP reply", way[::-1], "172.17.0.3", "172.17.0.2"),
        Leg("ICMP echo request", way, "172.17.0.2", "172.17.0.3"),
        Leg("ICMP echo reply", way[::-1], "172.17.0.3", "172.17.0.2"),
    ]


def lost() -> Leg:
    way = passed(WIRING, "router.eth0", "~router.eth0", "docker0")
    return Leg("ICMP echo request", way, "172.17.0.2", "172.18.0.3", "lost after docker0", True)


def texts(drawn: str) -> list[str]:
    return [element.text for element in ET.fromstring(drawn).iter(f"{SVG}text") if element.text]


def moving(drawn: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(drawn).iter(f"{SVG}g") if g.get("class") == "nb-moving"]


# ---------------------------------------------------------------- the film


def test_one_packet_after_another():
    groups = moving(Journey(WIRING, ping()).svg)
    total = 4 * (MOVE + REST) + PAUSE
    assert len(groups) == 4
    ends = [0.0]
    for group in groups:
        motion = group.find(f".//{SVG}animateMotion")
        _, leaves, arrives, end = (float(time) * total for time in motion.get("keyTimes").split(";"))
        assert leaves == pytest.approx(ends[-1], abs=0.01)
        assert arrives - leaves == pytest.approx(MOVE, abs=0.01)
        assert end == pytest.approx(total)
        ends.append(arrives + REST)
    assert ends[-1] == pytest.approx(total - PAUSE, abs=0.01)


def test_all_parts_have_the_same_length_for_ever():
    root = ET.fromstring(Journey(WIRING, [*ping(), lost()]).svg)
    parts = [e for e in root.iter() if e.tag in (f"{SVG}animate", f"{SVG}animateMotion")]
    assert {e.get("dur") for e in parts} == {f"{5 * (MOVE + REST) + PAUSE:g}s"}
    assert {e.get("repeatCount") for e in parts} == {"indefinite"}
    for part in parts:
        times = [float(time) for time in part.get("keyTimes").split(";")]
        assert times == sorted(times)
        assert times[0] == 0
        assert max(times) <= 1
        values = part.get("values") or part.get("keyPoints")
        assert len(values.split(";")) == len(times)


def test_every_packet_is_told_at_its_dot_and_below_the_picture():
    drawn = Journey(WIRING, ping()).svg
    for number, leg in enumerate(ping(), 1):
        assert texts(drawn).count(leg.what) >= 2
        assert texts(drawn).count(str(number)) == 3  # at its dot, on its way, below the picture
        assert f"{leg.source} → {leg.target}" in texts(drawn)


def test_where_nothing_moves_numbers_stand_on_the_ways():
    root = ET.fromstring(Journey(WIRING, ping()).svg)
    still = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "nb-still")
    assert still.get("visibility") is None
    assert [e.text for e in still.iter(f"{SVG}text")] == ["1", "2", "3", "4"]
    assert all(group.get("visibility") == "hidden" for group in moving(Journey(WIRING, ping()).svg))
    assert "prefers-reduced-motion" in root.find(f"{SVG}style").text


def test_a_lost_packet_gets_a_cross_when_it_has_stopped():
    drawn = Journey(WIRING, [lost()]).svg
    (group,) = moving(drawn)
    cross = group.findall(f"{SVG}g/{SVG}animate")
    assert [e.get("keyTimes").split(";")[1] for e in cross] == [f"{MOVE / (MOVE + REST + PAUSE):.4g}"]
    assert "✕ lost after docker0" in texts(drawn)
    assert not [
        e
        for e in ET.fromstring(Journey(WIRING, ping()).svg).iter()
        if e.get("r") == "10" and e.get("stroke") == palette.INK
    ]


def test_a_packet_that_nobody_saw_is_told_all_the_same():
    journey = Journey(WIRING, [Leg("ping", (), "", "1.1.1.1", "Network is unreachable", True)])
    for drawn in (journey.svg, journey.storyboard):
        assert "✕ Network is unreachable" in texts(drawn)
    assert "animateMotion" not in journey.svg
    assert "seen nowhere ✕" in journey.text


def test_no_packets():
    journey = Journey(WIRING, [])
    assert journey.text == "no packets"
    assert journey.alt == "No packets on the way."
    assert set(journey._repr_mimebundle_()) == {"text/plain", "text/html", "image/svg+xml"}


# ---------------------------------------------------------------- on paper


def test_what_goes_there_and_back_shares_a_frame():
    other = Leg("ICMP echo request", passed(WIRING, "bbox02.eth0", "router.eth1"))
    steps = [Step(i, leg) for i, leg in enumerate([*ping(), other, *[ping()[2]] * 7], 1)]
    frames = [[step.number for step in frame] for frame in exchanges(steps)]
    assert frames == [[1, 2], [3, 4], [5], [6, 7, 8, 9, 10, 11], [12]]


def test_the_storyboard_shows_what_took_part():
    drawn = Journey(WIRING, ping()).storyboard
    written = texts(drawn)
    assert {"router", "bbox01", "bbox04"} <= set(written)
    assert not {"bbox02", "hidden", "web", "alone", "printer"} & set(written)
    assert not [text for text in written if "custom_network" in text]
    assert [leg.what for leg in ping() if leg.what not in written] == []
    assert not {"animate", "animateMotion", "style"} & {
        e.tag.removeprefix(SVG) for e in ET.fromstring(drawn).iter()
    }


def test_networks_keep_their_colours_in_the_storyboard():
    way = passed(WIRING, "bbox02.eth0", "router.eth1")
    journey = Journey(WIRING, [Leg("ping", way)])
    first, *_, third = (look.line for look in palette.INKS[:3])  # bridge, closed, custom_network
    assert first in journey.svg
    assert third in journey.svg
    assert third in journey.storyboard
    assert first not in journey.storyboard


def test_a_veth_alone_brings_its_container_into_the_storyboard():
    assert "bbox02" in texts(Journey(WIRING, [Leg("ARP", passed(WIRING, "~bbox02.eth0"))]).storyboard)


def test_what_stays_inside_a_container_shows_its_networks():
    written = texts(Journey(WIRING, [Leg("DNS", passed(WIRING, "bbox04.lo"))]).storyboard)
    assert {"bbox01", "bbox04", "eth0"} <= set(written)


def test_two_storyboards_in_one_page_do_not_mix():
    one, two = Journey(WIRING, ping()), Journey(WIRING, [Leg("x", passed(WIRING, "bbox02.eth0"))])
    (first,), (second,) = (re.findall(r'<g id="([\w-]+)"', j.storyboard) for j in (one, two))
    assert first != second
    assert f'href="#{first}"' in one.storyboard


# ---------------------------------------------------------------- in words


def test_text_names_what_is_the_same_in_every_run():
    way = passed(WIRING, "bbox02.eth0", "~bbox02.eth0", CUSTOM.name, "enp3s0")
    legs = [Leg("TCP SYN", way, "172.18.0.3", "1.1.1.1", "source became 10.0.2.100 (NAT)")]
    assert Journey(WIRING, [*legs, lost()], "Out").text.splitlines() == [
        "Out",
        " 1 TCP SYN · 172.18.0.3 → 1.1.1.1 · source became 10.0.2.100 (NAT)",
        "   bbox02 eth0 → veth of bbox02 → bridge of custom_network → the host's own interface",
        " 2 ICMP echo request · 172.17.0.2 → 172.18.0.3 · lost after docker0",
        "   router eth0 → veth of router → docker0 ✕",
    ]


def test_alt_is_a_sentence():
    assert Journey(WIRING, [ping()[2], lost()], "A try").alt == (
        "A try: 2 packets on the way: 1, ICMP echo request from router to bbox01 (172.17.0.2 → 172.17.0.3); "
        "2, ICMP echo request from router (172.17.0.2 → 172.18.0.3): lost after docker0."
    )
    assert Journey(WIRING, ping() * 5).alt.endswith("; and 8 more.")


def test_interfaces_that_the_diagram_does_not_show_are_told():
    (stop,) = passed(WIRING, "docker0")
    journey = Journey(WIRING, [Leg("x", (stop, Stop("", "veth1"), Stop("", "veth2")), note="so far")])
    assert journey.legs[0].note == "so far; passes 2 interfaces not in the diagram"
    assert "veth1" not in journey.text


def test_a_container_that_is_not_there():
    with pytest.raises(NotFound, match="bbox99"):
        Journey(WIRING, [Leg("x", (Stop("bbox99", "eth0"),))])


def test_chinese():
    journey = Journey(WIRING, [replace(ping()[0], what="请求", note="回来了")], "数据包的路")
    for form in (
        journey.text,
        journey.alt,
        "\n".join(texts(journey.svg)),
        "\n".join(texts(journey.storyboard)),
    ):
        assert all(word in form for word in ("请求", "回来了", "数据包的路"))


# ---------------------------------------------------------------- the notebook


def test_same_journey_same_bytes():
    bundle = Journey(WIRING, ping(), "Ping")._repr_mimebundle_()
    assert Journey(WIRING, ping(), "Ping")._repr_mimebundle_() == bundle
    again = cabled(rerun(WIRING))
    assert Journey(again, ping(again), "Ping")._repr_mimebundle_() == bundle
    assert Journey(WIRING, ping(), "Ping") == Journey(again, ping(again), "Ping")
    assert Journey(WIRING, ping()) != Journey(WIRING, ping()[::-1])


def test_both_pictures_are_in_the_html_and_paper_gets_the_still_one():
    journey = Journey(WIRING, ping(), "<&\"'>")
    bundle = journey._repr_mimebundle_()
    images = re.findall(
        r'<img alt="([^"<>]*)" src="data:image/svg\+xml;base64,([\w+/=]+)">', bundle["text/html"]
    )
    assert [base64.b64decode(data).decode() for _, data in images] == [journey.svg, journey.storyboard]
    assert {html.unescape(alt) for alt, _ in images} == {journey.alt}
    assert bundle["image/svg+xml"] == journey.storyboard
    assert bundle["text/plain"] == repr(journey) == journey.text


def test_a_failure_while_drawing_leaves_words_and_its_traceback(monkeypatch):
    monkeypatch.setattr(animation, "film", lambda *_: 1 / 0)
    bundle = Journey(WIRING, ping())._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "ICMP echo reply" in bundle["text/plain"]
    assert "ZeroDivisionError" in bundle["text/plain"]


def test_save(tmp_path):
    assert Journey(WIRING, ping()).save(tmp_path / "ping.svg").read_text() == Journey(WIRING, ping()).svg
    with pytest.raises(NetbookError, match=r"must be '\.svg'"):
        Journey(WIRING, ping()).save(tmp_path / "ping.gif")


@pytest.mark.parametrize("number", [2, 10, 30])
def test_pictures_fit_a_page(number):
    wiring = cabled(containers(number, 1))
    way = passed(wiring, "bbox00.eth0", f"bbox{number - 1:02}.eth0")
    legs = [
        Leg("a very long name of a packet " * 4, way, "2001:db8::" + "f" * 30, "fd00::1", "and a note " * 9)
    ]
    journey = Journey(wiring, legs * 4, "Title")
    for drawn in (journey.svg, journey.storyboard):
        root = ET.fromstring(drawn)
        assert float(root.get("width", "")) <= 980
        assert root[0].text == "Title"
        assert root[1].text == journey.alt
