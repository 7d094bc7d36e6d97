r"""`ip addr`: which interfaces a network namespace has, and their addresses.

Returns `tuple[Interface, ...]`, in the order printed; there is always at least `lo`.

    index      int         the number in front
    name       str         without the `@…` part
    flags      tuple[str]  iproute2's names in iproute2's order, whichever tool printed them;
                           M-DOWN only where the far end is in this namespace
    mtu        int         bytes
    mac        str         "" for what has none: a tunnel's end is an IP address, not a MAC
    master     str         the bridge (or bond) it is plugged into
    link       int | str | None
                           `eth0@if7` → 7: interface number 7 of another namespace;
                           `eth0.5@eth0` → "eth0": an interface of this one; `@NONE` → None
    kind       str         ether, loopback, none …
    addresses  tuple[Address]
                           value: address and prefix length (of the peer, if it has one); scope

Everything else is passed over: the queueing, `state` (see `Interface.state`), `group`, `altname`,
lifetimes, the details of `ip -d addr`.

One trap is in the text itself: busybox prints the far end's number as a name whenever
this namespace happens to have an interface of that number, even if the far end is in
another namespace. iproute2 does not, so with `link-netnsid` the number is certain.

>>> lo, eth0 = parse('''\
... 1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
...     link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
...     inet 127.0.0.1/8 scope host lo
...        valid_lft forever preferred_lft forever
... 6: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue
...     link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff
...     inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0
...        valid_lft forever preferred_lft forever
... ''')
>>> eth0.name, eth0.link, eth0.addresses[0].cidr, lo.addresses[0].scope
('eth0', 7, '172.17.0.2/16', 'host')
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from ipaddress import ip_interface

from netbook.model.kernel import Address, Interface
from netbook.parsers import _flags
from netbook.parsers._lines import Line, nothing, pairs, read

_EXPECTED = "an interface such as '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 …'"
_HEADER = re.compile(r"([0-9]{1,10}): ([^\s:]+?)(?:@([^\s:@]+))?: <(\S*)>(.*)")
_ELSEWHERE = {"link-netns", "link-netnsid"}  # the far end is in another namespace
_HEADER_KEYS = {"mtu", "qdisc", "master", "state", "mode", "group", "qlen", *_ELSEWHERE}
_LINK_KEYS = {"brd", "peer", "permaddr", *_ELSEWHERE}
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_ADDRESS_KEYS = {"peer", "brd", "any", "scope", "metric", "proto", "flags"}
_KINDS = {"[65534]": "none", "[823]": "gre6"}  # busybox has no names for these: <linux/if_arp.h>


def parse(text: str) -> tuple[Interface, ...]:
    """Read what `ip addr` printed."""
    stanzas: list[list[Line]] = []
    for line in read("ip_addr", text):
        if not line.indented:
            stanzas.append([line])
        elif stanzas:
            stanzas[-1].append(line)
        else:
            raise line.error(_EXPECTED)
    if not stanzas:
        raise nothing("ip_addr", _EXPECTED)
    found = tuple(_interface(stanza) for stanza in stanzas)
    names = {interface.name for interface in found}
    return tuple(_far_end(interface, names) for interface in found)


def _interface(stanza: list[Line]) -> Interface:
    head, *body = stanza
    match = _HEADER.fullmatch(head.text)
    flags = _flags.parse(match[4]) if match else None
    if match is None or flags is None:
        raise head.error(_EXPECTED)
    said = pairs(match[5].split(), _HEADER_KEYS)
    hardware = next((line.words for line in body if line.words[0].startswith("link/")), ["link/"])
    kind = hardware[0].removeprefix("link/")
    mac = hardware[1] if hardware[1:] and _MAC.fullmatch(hardware[1]) else ""
    interface = Interface(
        index=int(match[1]),
        name=match[2],
        flags=flags,
        mtu=head.integer(said.get("mtu", ""), "mtu"),
        mac=mac,
        master=said.get("master", ""),
        link=None if match[3] == "NONE" else match[3],
        kind=_KINDS.get(kind, kind),
        addresses=tuple(_address(line) for line in body if line.words[0] in ("inet", "inet6")),
    )
    elsewhere = _ELSEWHERE & (said.keys() | pairs(hardware, _LINK_KEYS).keys())
    return _far_end(interface, ()) if elsewhere else interface


def _address(line: Line) -> Address:
    family, *rest = line.words
    own, said = "".join(rest[:1]), pairs(rest[1:], _ADDRESS_KEYS)
    if "peer" in said:  # `10.0.0.1 peer 10.0.0.2/32`: the length belongs to the peer
        own += "/" + said["peer"].partition("/")[2]
    try:
        value = ip_interface(own)
    except ValueError:
        value = None
    if value is None or "/" not in own or value.version != (4 if family == "inet" else 6):
        raise line.error(f"an address and its prefix length after {family!r}, then 'scope'")
    return Address(value, said.get("scope", "global"))


def _far_end(interface: Interface, names: Collection[str]) -> Interface:
    """`if7` is number 7 of another namespace, unless this one has an interface of that very name.

    busybox cannot see whether an interface of another namespace is down, and says M-DOWN of each.
    """
    link = interface.link
    if isinstance(link, str) and link not in names and re.fullmatch(r"if[0-9]{1,10}", link):
        link = int(link[2:])
    here = isinstance(link, str)
    return replace(
        interface, link=link, flags=tuple(flag for flag in interface.flags if here or flag != "M-DOWN")
    )
