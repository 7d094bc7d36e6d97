"""What `netstat` and `ss` share: an address and a port in one word."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from netbook.parsers._lines import Line

_END = re.compile(r"(?:\[(?P<inside>[^]]+)\]|(?P<bare>.*?))(?:%(?P<device>[^:]+))?:(?P<port>[0-9]{1,5}|\*)")


def end(line: Line, word: str) -> tuple[str, int, str]:
    """Address, port (0: any) and interface, of `0.0.0.0:80`, `:::80`, `[::]:80`, `*:80`, `127.0.0.53%lo:53`.

    `*` is what ss has for an IPv6 socket that takes IPv4 too. An IPv4 connection of such a socket
    (`::ffff:172.17.0.2`) has its IPv4 address.
    """
    match = _END.fullmatch(word)
    if match is None:
        raise line.error(f"an address and a port such as '0.0.0.0:80', not {word!r}")
    said, _, device = (match["inside"] or match["bare"]).partition("%")
    address = line.address("::" if said in ("", "*") else said, "what stands before the port")
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    port = 0 if match["port"] == "*" else line.integer(match["port"], "port")
    return str(address), port, match["device"] or device
