r"""`netstat -tuln` and `netstat -tuan`: who listens, and who talks to whom.

Returns `tuple[Socket, ...]`, in the order printed; `()` where there are only the headings.

    proto      str    tcp or udp: netstat's tcp6 is a socket whose address is IPv6
    address    str    0.0.0.0 or :: for all addresses; :: takes IPv4 connections too
    port       int
    state      str    of TCP: LISTEN, ESTABLISHED, TIME_WAIT …; "" for a UDP socket that is not connected
    peer       str    the address at the other end; "" for none
    peer_port  int    0 for none

>>> (web,) = parse('''\
... Active Internet connections (only servers)
... Proto Recv-Q Send-Q Local Address           Foreign Address         State
... tcp        0      0 :::80                   :::*                    LISTEN
... ''')
>>> web.proto, web.address, web.port, web.state
('tcp', '::', 80, 'LISTEN')
"""

from __future__ import annotations

from netbook.model.sockets import Socket
from netbook.parsers._lines import Line, nothing, read
from netbook.parsers._sockets import end

_EXPECTED = "a socket such as 'tcp  0  0 0.0.0.0:80  0.0.0.0:*  LISTEN'"
_TITLE, _HEADINGS = "Active Internet connections ", ["Proto", "Recv-Q", "Send-Q", "Local", "Address"]
_STATES = {
    *("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT"),
    *("LAST_ACK", "LISTEN", "CLOSING", "UNKNOWN"),
}


def parse(text: str) -> tuple[Socket, ...]:
    """Read what `netstat` printed."""
    lines = read("netstat", text)
    if not lines:
        raise nothing("netstat", "the heading 'Active Internet connections …'")
    if not lines[0].text.startswith(_TITLE):
        raise lines[0].error("the heading 'Active Internet connections …'")
    return tuple(_socket(line) for line in lines[1:] if line.words[:5] != _HEADINGS)


def _socket(line: Line) -> Socket:
    proto, *queues = line.words[:3]
    rest = line.words[3:]
    state = rest[2] if len(rest) > 2 else ""
    if (
        proto not in ("tcp", "tcp6", "udp", "udp6")
        or len(rest) not in (2, 3)
        or (state and state not in _STATES)
    ):
        raise line.error(_EXPECTED)
    for queue in queues:
        line.integer(queue, "length of a queue")
    address, port, device = end(line, rest[0])
    peer, peer_port, _ = end(line, rest[1])
    return Socket(proto[:3], address, port, state, peer if peer_port else "", peer_port, device)
