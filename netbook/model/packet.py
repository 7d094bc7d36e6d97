"""One packet, as a capture has it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as one interface saw it: one record of `tcpdump -i any -w FILE`.

    `identity` is equal for the same packet at other interfaces, also beyond NAT: it has
    neither addresses nor ports nor time to live.
    """

    time: int  # nanoseconds since 1970
    interface: int  # index, in the namespace where it was captured
    outgoing: bool
    protocol: str  # ARP, ND, ICMP, TCP, UDP, DNS, fragment; else ""
    what: str  # "ICMP echo request", "ARP who has 172.17.0.3"
    source: str = ""  # addresses; of ARP and ND those that are spoken of
    target: str = ""
    identity: tuple[object, ...] = ()
    source_port: int = 0
    target_port: int = 0
    mac: str = ""  # the sender's on this wire
    length: int = 0  # bytes on the wire, from the IP or ARP header on
    ttl: int = 0
    ip_id: int = 0
    echo: tuple[int, bytes] | None = None  # of a ping: sequence number, first bytes that it carries
    flags: str = ""  # TCP: some of SFRA
    number: int = 0  # TCP: sequence number
    name: str = ""  # DNS: that was asked for
    detail: str = ""  # DNS: the code if not NOERROR; SYN: "MSS 1460"; what did not fit: "MTU 1400"
    quoted: Packet | None = None  # ICMP: of which it complains
    carried: Packet | None = None  # VXLAN: what it has inside, whose identity it shares
    record: bytes = field(default=b"", repr=False)  # as in the file, its header included

    @property
    def inmost(self) -> Packet:
        """What was sent; of a tunnel's packet, what it carries."""
        return self.carried or self
