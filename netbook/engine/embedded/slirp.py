"""slirp4netns: the guest's network card, and the one port of it that this machine can reach.

Its API: https://github.com/rootless-containers/slirp4netns/blob/master/slirp4netns.1.md#api-socket.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path

from netbook.engine.embedded.programs import Programs

SOCKET, API = "slirp.sock", "slirp-api.sock"
_TRIES = 20


def command(programs: Programs, leash: int) -> list[str]:
    """It forks; both halves end when the other end of `leash` closes."""
    return programs.command(
        "slirp4netns",
        "--target-type=bess",
        "--disable-host-loopback",  # containers cannot reach what listens on this machine's 127.0.0.1
        f"--api-socket={API}",
        f"--exit-fd={leash}",
        SOCKET,
    )


def forward(directory: Path, to: int) -> int:
    """A port on 127.0.0.1 that leads to the guest's port `to`; returns its number.

    Another program may take the port first: then the next. Errors: OSError if none could be had.
    """
    why = ""
    for _ in range(_TRIES):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        arguments = {"proto": "tcp", "host_addr": "127.0.0.1", "host_port": port, "guest_port": to}
        with socket.socket(socket.AF_UNIX) as api:
            api.connect(str(directory / API))
            api.sendall(json.dumps({"execute": "add_hostfwd", "arguments": arguments}).encode())
            api.shutdown(socket.SHUT_WR)
            answer = json.loads(api.recv(4096) or b"{}")
        if "error" not in answer:
            return port
        why = str(answer["error"])
    raise OSError(why)
