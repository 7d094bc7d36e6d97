"""What a packet is, by the names that the book calls it: a `Packet`'s fields, from what dpkt has read."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from dpkt import arp, dns, dpkt, ethernet, icmp, icmp6, ip, ip6, tcp, udp

from netbook.model.packet import Packet

_FIRST = 16  # bytes of a ping's data that tell it from others: the time is in them
_DNS = 53
_VXLAN = 4789  # of swarm's overlays; RFC 7348
_RESOLVER = "127.0.0.11"  # Docker's own; its port is an arbitrary one behind NAT
BROKEN = (dpkt.Error, ValueError, IndexError, KeyError, UnicodeError)  # what dpkt raises at strange bytes
_UNREACHABLE = {0: "network", 1: "host", 2: "protocol", 3: "port", 13: "prohibited"}
_UNREACHABLE6 = {0: "network", 1: "prohibited", 3: "host", 4: "port"}
_CODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_FLAGS = ((tcp.TH_SYN, "S"), (tcp.TH_FIN, "F"), (tcp.TH_RST, "R"), (tcp.TH_ACK, "A"))

Fields = dict[str, Any]


def network(found: object) -> Fields:
    """Of an IPv4, IPv6 or ARP packet; of anything else {}. Errors: BROKEN, for what is cut short."""
    if isinstance(found, arp.ARP):
        return _arp(found)
    if isinstance(found, ip.IP):
        about = {
            "source": str(ip_address(found.src)),
            "target": str(ip_address(found.dst)),
            "length": found.len,
            "ttl": found.ttl,
            "ip_id": found.id,
        }
        said = {**about, **_transport(found.data, about)}
        return _fragment(said, found.offset * 8) if found.mf or found.offset else said
    if isinstance(found, ip6.IP6):
        about = {
            "source": str(ip_address(found.src)),
            "target": str(ip_address(found.dst)),
            "length": found.plen + found.__hdr_len__,
            "ttl": found.hlim,
        }
        if cut := found.extension_hdrs.get(ip.IP_PROTO_FRAGMENT):
            about["ip_id"] = cut.id
        said = {**about, **_transport(found.data, about)}
        return _fragment(said, cut.frag_off * 8) if cut else said
    return {}


def _arp(found: arp.ARP) -> Fields:
    source, target = str(ip_address(found.spa)), str(ip_address(found.tpa))
    asks = found.op == arp.ARP_OP_REQUEST
    return {
        "protocol": "ARP",
        "what": f"ARP who has {target}" if asks else f"ARP reply: {source} is here",
        "source": source,
        "target": target,
        "length": len(bytes(found)),
        "identity": ("ARP", found.op, source, target, found.sha),
    }


def _fragment(said: Fields, offset: int) -> Fields:
    """A piece of a packet: the first has the name of the whole, the others tell where they belong."""
    if offset:
        said |= {"protocol": "fragment", "what": f"fragment from byte {offset}"}
    else:
        said["what"] = f"{said['what']}, first fragment"
    return {**said, "identity": ("fragment", said["ip_id"], offset)}


def _transport(found: object, about: Fields) -> Fields:
    if isinstance(found, icmp.ICMP):
        return _icmp(found)
    if isinstance(found, icmp6.ICMP6):
        return _icmp6(found, about)
    if isinstance(found, tcp.TCP):
        return _tcp(found)
    if isinstance(found, udp.UDP):
        ports = {"source_port": found.sport, "target_port": found.dport}
        if _DNS in ports.values() or _RESOLVER in (about["source"], about["target"]):
            return {**ports, **_dns(found)}
        if found.dport == _VXLAN:
            return {**ports, **_vxlan(bytes(found.data))}
        return {**ports, "protocol": "UDP", "what": "UDP"}
    return {"what": f"IP protocol {about.get('protocol', '?')}"}


def _vxlan(data: bytes) -> Fields:
    """A header of 8 bytes, three of them the network's number, and a whole Ethernet frame."""
    number, inside = int.from_bytes(data[4:7], "big"), ethernet.Ethernet(data[8:])
    said = {"protocol": "", "what": f"ethertype {inside.type:#06x}", **network(inside.data)}
    carried = Packet(0, 0, False, mac=inside.src.hex(":"), **said)
    what = f"VXLAN {number}: {carried.what}"
    found: Fields = {"protocol": "VXLAN", "what": what, "detail": carried.detail, "carried": carried}
    return found | ({"identity": carried.identity} if carried.identity else {})


def _icmp(found: icmp.ICMP) -> Fields:
    rest = bytes(found.data)
    if found.type in (icmp.ICMP_ECHO, icmp.ICMP_ECHOREPLY):
        return _echo("ICMP", found.type == icmp.ICMP_ECHO, rest)
    what = {
        icmp.ICMP_UNREACH: f"ICMP unreachable: {_UNREACHABLE.get(found.code, found.code)}",
        icmp.ICMP_TIMEXCEED: "ICMP time exceeded",
        icmp.ICMP_REDIRECT: "ICMP redirect",
    }.get(found.type, f"ICMP type {found.type}")
    about, kind = getattr(found.data, "ip", None), (found.type, found.code)
    if kind == (icmp.ICMP_UNREACH, icmp.ICMP_UNREACH_NEEDFRAG):
        return _complaint("ICMP fragmentation needed", about, kind, rest[2:4])
    return _complaint(what, about, kind)


def _icmp6(found: icmp6.ICMP6, about: Fields) -> Fields:
    rest = bytes(found.data)
    if found.type in (icmp6.ICMP6_ECHO_REQUEST, icmp6.ICMP6_ECHO_REPLY):
        return _echo("ICMPv6", found.type == icmp6.ICMP6_ECHO_REQUEST, rest)
    if found.type in (icmp6.ND_NEIGHBOR_SOLICIT, icmp6.ND_NEIGHBOR_ADVERT):
        spoken = str(ip_address(rest[4:20]))
        asks = found.type == icmp6.ND_NEIGHBOR_SOLICIT
        return {
            "protocol": "ND",
            "what": f"ND who has {spoken}" if asks else f"ND reply: {spoken} is here",
            "source": about["source"] if asks else spoken,
            "target": spoken if asks else about["target"],
            "identity": ("ND", found.type, about["source"], about["target"], spoken),
        }
    what = {
        icmp6.ICMP6_DST_UNREACH: f"ICMPv6 unreachable: {_UNREACHABLE6.get(found.code, found.code)}",
        icmp6.ICMP6_PACKET_TOO_BIG: "ICMPv6 packet too big",
        icmp6.ICMP6_TIME_EXCEEDED: "ICMPv6 time exceeded",
    }.get(found.type, f"ICMPv6 type {found.type}")
    mtu = rest[:4] if found.type == icmp6.ICMP6_PACKET_TOO_BIG else b""
    return _complaint(what, getattr(found.data, "ip6", None), (found.type, found.code), mtu)


def _echo(family: str, asks: bool, rest: bytes) -> Fields:
    """NAT may change the identifier, so it is no part of the identity; the rest of the bytes is."""
    number = int.from_bytes(rest[2:4], "big")
    return {
        "protocol": "ICMP",
        "what": f"{family} echo {'request' if asks else 'reply'}",
        "echo": (number, rest[4 : 4 + _FIRST]),
        "identity": ("echo", asks, number, rest[4:]),
    }


def _complaint(what: str, about: object, kind: tuple[int, int], mtu: bytes = b"") -> Fields:
    quoted = None
    if about is not None:
        quoted = Packet(0, 0, False, **{"protocol": "", "what": "", **network(about)})
    identity = ("complaint", *kind, quoted.identity[:3] if quoted else ())
    detail = f"MTU {int.from_bytes(mtu, 'big')}" if mtu else ""
    return {"protocol": "ICMP", "what": what, "detail": detail, "quoted": quoted, "identity": identity}


def _tcp(found: tcp.TCP) -> Fields:
    flags = "".join(letter for bit, letter in _FLAGS if found.flags & bit)
    carried = bytes(found.data)
    if "S" in flags:
        what = "SYN-ACK" if "A" in flags else "SYN"
    elif "R" in flags:
        what = "RST"
    elif "F" in flags:
        what = "FIN"
    else:
        what = "data" if carried else "ACK"
    return {
        "protocol": "TCP",
        "what": f"TCP {what}",
        "source_port": found.sport,
        "target_port": found.dport,
        "flags": flags,
        "number": found.seq,
        "detail": _segment(found.opts) if "S" in flags else "",
        "identity": ("TCP", found.seq, found.ack, flags, carried),
    }


def _segment(options: bytes) -> str:
    """How much one packet may carry, says its sender: the option MSS of a SYN."""
    size = dict(filter(None, tcp.parse_opts(options))).get(tcp.TCP_OPT_MSS)  # None: one that is cut short
    return f"MSS {int.from_bytes(size, 'big')}" if size else ""


def _dns(found: udp.UDP) -> Fields:
    try:
        said = dns.DNS(found.data)
        asked = said.qd[0]
        answers = [str(ip_address(a.rdata)) for a in said.an if a.type == asked.type and a.rdata]
    except BROKEN:
        return {"protocol": "UDP", "what": "UDP"}
    kind = {dns.DNS_A: "A", dns.DNS_AAAA: "AAAA", dns.DNS_PTR: "PTR"}.get(asked.type, f"type {asked.type}")
    name = asked.name.rstrip(".")
    if said.qr == dns.DNS_Q:
        what = f"DNS {kind}? {name}"
    else:
        what = f"DNS {name} is {', '.join(sorted(answers))}" if answers else f"DNS {name}: no address"
    code = _CODES.get(said.rcode, str(said.rcode))
    return {
        "protocol": "DNS",
        "what": what,
        "name": name.lower(),
        "detail": code if said.qr == dns.DNS_R and said.rcode else "",
        "identity": ("DNS", said.id, said.qr, name, kind),
    }
