"""What real captures have to become: tests/fixtures/tcpdump-*/, and what must not disturb them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from netbook.errors import NotFound, NotRunning
from netbook.model.journey import Stop
from netbook.trace import pcap, probe, record, trace
from netbook.trace.places import Places
from netbook.trace.plain import plain
from tests.fixtures import takes
from tests.fixtures.golden import FIXTURES

FOLDERS = sorted(path.parent for path in FIXTURES.glob("*/*/take.json"))
FOLDER = FIXTURES / "tcpdump-4.99.3"
PATH = FIXTURES / "tcpdump-4.99.3-path"


def take(case: str) -> trace.Take:
    return takes.load(FOLDER / case)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden(folder: Path) -> None:
    assert takes.told(takes.load(folder)) == (folder / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("noise", ["tcp", "name", "ipv6", "from_host", "published", "unreachable"])
def test_what_others_send_meanwhile_is_not_part_of_it(noise: str) -> None:
    """The captures of one network, one over the other; the moment of one is moved into the other's."""
    quiet, other = take("isolated"), take(noise)
    mixed = {}
    for inode, data in quiet.files.items():
        more = pcap.parse(other.files[inode]) if inode in other.files else ()
        mixed[inode] = pcap.join(data, [*pcap.parse(data), *more])
    expected = (FOLDER / "isolated" / "expected.txt").read_text(encoding="utf-8")
    assert takes.told(replace(quiet, files=mixed)) == expected


def test_stops_have_the_topologys_names() -> None:
    seen = take("bridge")
    read = trace.read(seen)
    for box in ("bbox01", "bbox02"):
        (port,) = seen.graph.box(box).ports
        assert {Stop(box, port.name), Stop("", port.peer), Stop("", port.bridge)} <= set(read.legs[0].stops)
    assert read.topology == seen.graph


def test_nat_is_seen_both_ways() -> None:
    there, back = [leg for leg in trace.read(take("nat")).legs if "echo" in leg.what]
    assert there.note == "source became 198.51.100.1 (NAT)"
    assert back.note == "target became 172.17.0.2 (NAT)"
    assert (there.source, back.source) == ("172.17.0.2", "198.51.100.9")


def test_a_lost_packet_says_where() -> None:
    read = trace.read(take("isolated"))
    assert read.lost == "docker0"
    assert read.legs[-1].note == "lost at docker0"
    assert trace.read(take("bridge")).lost == ""


def test_full_has_everything() -> None:
    read = trace.read(take("name"), full=True)
    assert read.table is read.packets
    assert {"DNS A? custom_bbox02", "DNS AAAA? custom_bbox02"} <= set(read.table.what)
    assert read.table.time_us.min() == 0
    assert read.table.query("what == 'ICMP echo request'").time_us.is_monotonic_increasing
    assert set(read.table.query("what == 'ICMP echo request'").ttl) == {64}
    assert read.table.query("what == 'ICMP echo request'").length.unique().tolist() == [84]


def test_what_a_syn_says_it_may_carry_and_who_made_it_less() -> None:
    read = trace.read(takes.load(PATH / "clamped"))
    said = read.packets.query("what == 'TCP SYN'").set_index("where").detail
    assert (said["eth0 of client"], said["eth1 of far"]) == ("MSS 1460", "MSS 1460")
    assert (said["eth0 of far"], said["eth0 of server"]) == ("MSS 1360", "MSS 1360")
    assert read.legs[0].note == "MSS 1460 became MSS 1360"
    assert [leg.note for leg in trace.read(takes.load(PATH / "syn")).legs] == [""] * len(read.legs)


def test_fragmentation_needed_begins_at_the_router_that_sent_it() -> None:
    read = trace.read(takes.load(PATH / "too_big"))
    complaint = read.legs[-1]
    assert (complaint.what, complaint.note) == ("ICMP fragmentation needed", "MTU 1400")
    assert complaint.stops[0] == Stop("near", "eth0")
    assert set(read.packets.query("what == 'ICMP fragmentation needed'").detail) == {"MTU 1400"}


def test_only_the_labs_routers_are_on_the_way_and_only_to_what_is_not_next_door() -> None:
    seen = takes.load(PATH / "ping")
    places = Places(seen.seen, seen.graph)
    boxes = [replace(box, owned=True) for box in seen.graph.boxes if box.mode == "own"]

    def found(source: str, target: str, owned: bool = True) -> set[str]:
        here = [replace(box, owned=owned) for box in boxes]
        return {box.owner for box in record._routers(probe.Probe(source, target), here, [], places)}

    assert found("client", "10.97.4.2") == {"near", "far"}
    assert found("client", "10.97.2.9") == set()
    assert found("client", "server") == set()
    assert found("client", "10.97.4.2", owned=False) == set()


def test_display_has_a_text_a_picture_and_a_table_and_escapes() -> None:
    bundle = trace.read(take("tcp"))._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert bundle["text/html"].count("<img alt=") == 2  # the film, and the storyboard
    assert bundle["text/plain"].splitlines()[0] in bundle["text/html"]
    named = replace(take("unknown_name"), probe=probe.Probe("custom_bbox01", "<b>"))
    assert "<b>" not in trace.read(named)._repr_mimebundle_()["text/html"]


def test_saved_files_have_only_what_belongs_to_it(tmp_path: Path) -> None:
    read = trace.read(take("bridge"))
    paths = read.save(tmp_path / "new")
    assert [path.name for path in paths] == ["host.pcap", "bbox01.pcap", "bbox02.pcap"]
    kept = [packet for path in paths for packet in pcap.parse(path.read_bytes())]
    assert sorted({p.what for p in kept}) == sorted({leg.what for leg in read.legs})
    assert len(kept) == len(read.packets)


def test_an_address_is_that_in_a_network_of_both() -> None:
    graph = take("bridge").graph
    assert record.address_of("custom_bbox02", "custom_bbox01", graph) == "10.97.1.3"
    assert record.address_of("bbox02", "", graph) == "172.17.0.3"


def test_who_has_no_address() -> None:
    seen = take("bridge")
    lonely = replace(seen.graph.box("bbox02"), ports=(), mode="none")
    stopped = replace(lonely, mode="stopped")
    for box, kind in ((lonely, NotFound), (stopped, NotRunning)):
        boxes = tuple(box if "bbox02" in b.containers else b for b in seen.graph.boxes)
        with pytest.raises(kind, match="bbox02"):
            record.address_of("bbox02", "bbox01", replace(seen.graph, boxes=boxes))


@pytest.mark.parametrize(
    ("target", "port", "size", "wait"),
    [("", 0, None, 1), ("-c", 0, None, 1), ("a", 70000, None, 1), ("a", 0, 70000, 1), ("a", 0, None, 0)],
)
def test_what_no_command_should_be_given(target: str, port: int, size: int | None, wait: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        probe.check(target, port, size, wait)


def test_a_reset_after_the_end_is_a_matter_of_moments_and_one_before_it_is_not() -> None:
    read = trace.read(take("tcp"))
    others = [passage for passage in read._passages if passage.leg.what.startswith("TCP")]
    end = next(passage for passage in others if passage.leg.what == "TCP FIN")
    reset = replace(
        end,
        leg=replace(end.leg, what="TCP RST"),
        sightings=tuple(
            replace(s, packet=replace(s.packet, what="TCP RST", identity=("RST",), time=s.packet.time + 1))
            for s in end.sightings
        ),
    )
    after = [passage.leg.what for passage in plain([*others, reset], read._question)]
    assert "TCP RST" not in after
    opened = [passage for passage in others if passage.leg.what != "TCP FIN"]
    assert plain([*opened, reset], read._question)[-1].leg.what == "TCP RST"
