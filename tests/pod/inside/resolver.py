"""The pod's DNS server: it knows no name and says so at once, as a cluster's does of names not its own.

Without one, whoever asks for an unknown name waits for seconds. `python3 resolver.py` serves 127.0.0.1:53.
"""

from __future__ import annotations

import socket

_REFUSAL = bytes((0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0))  # NXDOMAIN; one question, no answers: RFC 1035, 4.1.1


def answer(query: bytes) -> bytes:
    """The same id and question, and that the name does not exist.

    >>> answer(bytes.fromhex("beef01000001000000000001") + b"\\2no\\0\\0\\1\\0\\1" + b"more")[:12].hex()
    'beef81830001000000000000'
    """
    end = query.index(0, 12) + 5  # the name's last byte, type and class
    return query[:2] + _REFUSAL + query[12:end]


def serve() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        while True:
            query, client = server.recvfrom(4096)
            server.sendto(answer(query), client)


if __name__ == "__main__":
    serve()
