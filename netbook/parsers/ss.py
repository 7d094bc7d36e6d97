r"""`ss -tuln` and `ss -tuan`: who listens, and who talks to whom, as iproute2 tells it.

Returns `tuple[Socket, ...]`, in the order printed and in the words of `netstat`; `()` where there are
only the headings. For the fields see `netbook.parsers.netstat`.

>>> (web,) = parse('''\
... Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
... tcp   LISTEN 0      128                *:80              *:*
... ''')
>>> web.proto, web.address, web.port, web.state
('tcp', '::', 80, 'LISTEN')
"""

from __future__ import annotations

from netbook.model.sockets import Socket
from netbook.parsers._lines import Line, nothing, read
from netbook.parsers._sockets import end

_EXPECTED = "a socket such as 'tcp LISTEN 0 128 0.0.0.0:80 0.0.0.0:*'"
_HEADINGS = "the headings 'Netid State Recv-Q …'"
_STATES = {  # as netstat says it
    "LISTEN": "LISTEN",
    "ESTAB": "ESTABLISHED",
    "UNCONN": "",
    "SYN-SENT": "SYN_SENT",
    "SYN-RECV": "SYN_RECV",
    "FIN-WAIT-1": "FIN_WAIT1",
    "FIN-WAIT-2": "FIN_WAIT2",
    "TIME-WAIT": "TIME_WAIT",
    "CLOSE-WAIT": "CLOSE_WAIT",
    "LAST-ACK": "LAST_ACK",
    "CLOSING": "CLOSING",
    "CLOSED": "CLOSE",
}


def parse(text: str) -> tuple[Socket, ...]:
    """Read what `ss` printed."""
    lines = read("ss", text)
    if not lines:
        raise nothing("ss", _HEADINGS)
    if lines[0].words[:3] != ["Netid", "State", "Recv-Q"]:
        raise lines[0].error(_HEADINGS)
    return tuple(_socket(line) for line in lines[1:])


def _socket(line: Line) -> Socket:
    words = line.words
    if len(words) < 6 or words[0] not in ("tcp", "udp") or words[1] not in _STATES:
        raise line.error(_EXPECTED)
    for queue in words[2:4]:
        line.integer(queue, "length of a queue")
    address, port, device = end(line, words[4])
    peer, peer_port, _ = end(line, words[5])
    return Socket(words[0], address, port, _STATES[words[1]], peer if peer_port else "", peer_port, device)
