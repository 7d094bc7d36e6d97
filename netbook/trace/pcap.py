"""`tcpdump -i any -y LINUX_SLL2 -w FILE`: what one network namespace saw.

Returns `tuple[Packet, ...]`, in the order of the file. What the packets are is dpkt's
business; here they get the names by which the book calls them. A packet that is cut
short or strange is a packet without a protocol; a file that is cut short is an error.
"""

from __future__ import annotations

from collections.abc import Iterable

from dpkt import dpkt, pcap, sll2

from netbook.errors import ParseError
from netbook.model.packet import Packet
from netbook.trace.dissect import BROKEN, Fields, network

HEADER = pcap.FileHdr.__hdr_len__  # bytes before the first record
_OUTGOING = 4  # <linux/if_packet.h>
_NANO = {pcap.TCPDUMP_MAGIC_NANO: 1, pcap.PMUDPCT_MAGIC_NANO: 1}


def parse(data: bytes) -> tuple[Packet, ...]:
    """Errors: ParseError for a file that is none, is cut short, or is of another link type."""
    return tuple(_packet(*found) for found in _records(data))


def join(header: bytes, packets: Iterable[Packet]) -> bytes:
    """A file with these packets; `header` is the first bytes of the one they came from."""
    return header[:HEADER] + b"".join(packet.record for packet in packets)


def _records(data: bytes) -> Iterable[tuple[int, bytes, bytes]]:
    """Time, bytes of the packet, and the record as it is in the file."""
    magic = int.from_bytes(data[:4], "big")
    little = magic in (pcap.PMUDPCT_MAGIC, pcap.PMUDPCT_MAGIC_NANO)
    if not (little or magic in (pcap.TCPDUMP_MAGIC, pcap.TCPDUMP_MAGIC_NANO)) or len(data) < HEADER:
        raise _unreadable(data[:HEADER], 0, "a pcap file, as tcpdump -w writes it")
    about = (pcap.LEFileHdr if little else pcap.FileHdr)(data[:HEADER])
    if about.linktype != pcap.DLT_LINUX_SLL2:
        raise _unreadable(data[:HEADER], 0, f"link type LINUX_SLL2 (276), not {about.linktype}")
    unit = _NANO.get(magic, 1000)
    kind = pcap.LEPktHdr if little else pcap.PktHdr
    at, number = HEADER, 0
    while at < len(data):
        number += 1
        start, at = at, at + kind.__hdr_len__
        if at > len(data):
            raise _unreadable(data[start:], number, "the header of a packet")
        head = kind(data[start:at])
        at += head.caplen
        if at > len(data):
            raise _unreadable(data[start:], number, f"a packet of {head.caplen} bytes")
        time = head.tv_sec * 10**9 + head.tv_usec * unit
        yield time, data[at - head.caplen : at], data[start:at]


def _unreadable(data: bytes, number: int, expected: str) -> ParseError:
    return ParseError("pcap", data[:24].hex(" "), number, expected)


def _packet(time: int, data: bytes, record: bytes) -> Packet:
    try:
        seen = sll2.SLL2(data)
    except dpkt.Error as error:
        raise _unreadable(data, 0, "a LINUX_SLL2 header of 20 bytes") from error
    mac = seen.hdr[: seen.hlen].hex(":") if seen.hlen <= 8 else ""
    fields: Fields = {"protocol": "", "what": f"ethertype {seen.ethtype:#06x}", "mac": mac}
    try:
        fields |= network(seen.data)
    except BROKEN:
        fields["what"] = "unreadable"
    fields.setdefault("identity", (time, record))  # like no other
    outgoing = seen.type == _OUTGOING
    return Packet(time=time, interface=seen.intindex, outgoing=outgoing, record=record, **fields)
