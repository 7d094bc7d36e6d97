r"""`bridge fdb`: by which port of a bridge, or behind which host of a tunnel, a MAC address is.

Returns `tuple[Forwarding, ...]`, in the order printed; `()` for no bridge. A MAC may have several lines.

    mac        str   the first word
    interface  str   after `dev`
    behind     str   after `dst`: a tunnel's other end; "" for what is on this host
    permanent  bool  somebody wrote it; else it was learnt from a packet

>>> near, far = parse('''\
... 02:42:0a:63:00:0a dev veth1 master br0
... 02:42:0a:63:00:14 dev vxlan0 dst 10.66.18.3 link-netnsid 0 self permanent
... ''')
>>> far.behind, far.permanent, near.interface, near.behind
('10.66.18.3', True, 'veth1', '')
"""

from __future__ import annotations

import re

from netbook.model.neighbours import Forwarding
from netbook.parsers._lines import Line, pairs, read

_EXPECTED = "an entry such as '02:42:0a:63:00:14 dev vxlan0 dst 10.66.18.3 self permanent'"
_KEYS = {"dev", "dst", "port", "vni", "via", "vlan", "master", "link-netnsid", "src_vni", "nhid"}
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def parse(text: str) -> tuple[Forwarding, ...]:
    """Read what `bridge fdb` printed."""
    return tuple(_entry(line) for line in read("bridge_fdb", text))


def _entry(line: Line) -> Forwarding:
    mac, *words = line.words
    said = pairs(words, _KEYS)
    if line.indented or not _MAC.fullmatch(mac) or not said.get("dev"):
        raise line.error(_EXPECTED)
    behind = said.get("dst", "")
    if behind:
        line.address(behind, "the word after 'dst'")
    return Forwarding(mac, said["dev"], behind, "permanent" in words[2:])
