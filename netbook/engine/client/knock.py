"""Does somebody answer on this unix socket? The smallest question of the Engine API: `GET /_ping`.

By hand, because the docker SDK leaves its socket open when a connection is refused.
"""

from __future__ import annotations

import socket
from pathlib import Path


def knock(path: Path, seconds: float = 5) -> str:
    """Why nobody answers, in a few words; "" if an engine does."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(seconds)
        try:
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            answer = client.recv(64)
        except TimeoutError:
            return f"nothing within {seconds:g} s"
        except OSError as error:
            return error.strerror or str(error)
    return "" if b" 200 " in answer else "what listens there is no Docker Engine"
