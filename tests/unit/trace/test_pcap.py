"""Files of tcpdump's: real ones, cut short, and strange ones."""

from __future__ import annotations

import struct

import pytest
from dpkt.ethernet import Ethernet
from dpkt.icmp import ICMP
from dpkt.ip import IP
from dpkt.udp import UDP
from hypothesis import given, settings
from hypothesis import strategies as st

from netbook.errors import ParseError
from netbook.trace import pcap
from tests.fixtures.golden import FIXTURES

FILES = sorted(FIXTURES.glob("tcpdump-*/*/*.pcap"))
DATA = (FIXTURES / "tcpdump-4.99.3/name/1.pcap").read_bytes()
ENDS = [pcap.HEADER]
for packet in pcap.parse(DATA):
    ENDS.append(ENDS[-1] + len(packet.record))


def test_every_packet_of_the_real_files_has_a_name() -> None:
    found = [packet for path in FILES for packet in pcap.parse(path.read_bytes())]
    assert not [p for p in found if p.what == "unreadable"]
    assert {p.protocol for p in found} >= {"ARP", "ND", "ICMP", "TCP", "DNS", "fragment"}


def test_joined_again_it_is_the_same_file() -> None:
    assert pcap.join(DATA, pcap.parse(DATA)) == DATA


def test_cut_short_anywhere() -> None:
    for length in range(len(DATA)):
        if length in ENDS:
            assert len(pcap.parse(DATA[:length])) == ENDS.index(length)
            continue
        with pytest.raises(ParseError, match="pcap: cannot read") as raised:
            pcap.parse(DATA[:length])
        assert raised.value.number == sum(end <= length for end in ENDS)


@pytest.mark.parametrize(
    "data", [b"", b"tcpdump: eth9: No such device exists\n" * 2, b"\n\r\r\n" + bytes(40)]
)
def test_no_pcap_file(data: bytes) -> None:
    with pytest.raises(ParseError, match="as tcpdump -w writes it"):
        pcap.parse(data)


def test_another_link_type() -> None:
    with pytest.raises(ParseError, match=r"not 1\b"):
        pcap.parse(DATA[:20] + struct.pack("<I", 1) + DATA[24:])


def test_microseconds_and_the_other_byte_order() -> None:
    seconds, fraction, length, _ = struct.unpack("<IIII", DATA[24:40])
    body = DATA[40 : 40 + length]
    header = struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 276)
    other = header + struct.pack(">IIII", seconds, fraction // 1000, length, length) + body
    (here,), there = pcap.parse(other), pcap.parse(DATA)[0]
    assert here.what == there.what
    assert here.time == there.time // 1000 * 1000


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_strange_bytes_are_a_packet_without_a_name_or_our_error(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        hash(pcap.parse(bytes(raw)))
    except ParseError:
        return


def test_a_packet_that_tcpdump_cut_is_no_error() -> None:
    """Its length in the record is that of what was kept."""
    first = DATA[pcap.HEADER : ENDS[1]]
    seconds, fraction, _, length = struct.unpack("<IIII", first[:16])
    short = struct.pack("<IIII", seconds, fraction, 30, length) + first[16:46]
    (found,) = pcap.parse(DATA[: pcap.HEADER] + short)
    assert found.protocol in ("", "UDP")


# 20 bytes before the IP header: ethertype, index 7, Ethernet, outgoing, 6 bytes of a MAC address
SLL2 = struct.pack(">HHIHBB8s", 0x0800, 0, 7, 1, 4, 6, b"\x02\x42\x0a\x42\x12\x02")
ECHO = ICMP.Echo(id=1, seq=1, data=b"abcdefgh" * 7)


def wrapped(vni: int, data: bytes) -> bytes:
    """A capture of one packet: VXLAN, from 10.66.18.2 to 10.66.18.3."""
    udp = UDP(sport=60854, dport=4789, data=struct.pack(">II", 0x08000000, vni << 8) + data)
    udp.ulen = len(udp)
    outside = IP(src=bytes([10, 66, 18, 2]), dst=bytes([10, 66, 18, 3]), p=17, data=udp)
    record = SLL2 + bytes(outside)
    return DATA[: pcap.HEADER] + struct.pack("<IIII", 1, 0, len(record), len(record)) + record


def test_what_is_in_a_tunnel_is_told_and_has_the_same_identity() -> None:
    inside = IP(src=bytes([10, 99, 0, 10]), dst=bytes([10, 99, 0, 20]), p=1, data=ICMP(type=8, data=ECHO))
    frame = Ethernet(src=b"\x02\x42\x0a\x63\x00\x0a", dst=b"\x02\x42\x0a\x63\x00\x14", data=inside)
    (packet,) = pcap.parse(wrapped(4097, bytes(frame)))
    assert (packet.protocol, packet.what) == ("VXLAN", "VXLAN 4097: ICMP echo request")
    assert (packet.source, packet.target, packet.target_port) == ("10.66.18.2", "10.66.18.3", 4789)
    assert packet.carried is not None
    assert packet.inmost is packet.carried
    assert (packet.carried.source, packet.carried.target) == ("10.99.0.10", "10.99.0.20")
    plain = SLL2 + bytes(inside)
    bare = DATA[: pcap.HEADER] + struct.pack("<IIII", 1, 0, len(plain), len(plain)) + plain
    (alone,) = pcap.parse(bare)
    assert alone.identity == packet.identity == packet.carried.identity
    assert packet.length - alone.length == 50


def test_a_tunnel_s_packet_that_is_cut_short_is_unreadable_and_no_error() -> None:
    for length in range(14):
        (packet,) = pcap.parse(wrapped(4097, bytes(length)))
        assert packet.what == "unreadable", length
