"""Ports on this machine: which is free, who holds one."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from netbook.errors import SetupError

USUAL = 8888  # Jupyter's own habit
_TRIES = 100


def obstacle(port: int) -> int:
    """Why no server could listen on 127.0.0.1:PORT right now, as an errno; 0 if one could."""
    with socket.socket() as probe:
        if os.name == "posix":  # as servers do: a connection that has just ended is no obstacle
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as refusal:
            return refusal.errno or errno.EADDRINUSE
    return 0


def answers(port: int) -> bool:
    """Does somebody take connections on 127.0.0.1:PORT right now?"""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def next_free(port: int) -> int:
    """The first free port from `port` on."""
    for candidate in range(port, min(port + _TRIES, 65536)):
        if not obstacle(candidate):
            return candidate
    raise SetupError(
        f"None of the ports {port} to {port + _TRIES - 1} is free.", remedy="choose one: --port N"
    )


def holder(port: int) -> str:
    """Who listens there, as far as we may know: `jupyter-lab (process 4711)`; "" if not."""
    try:
        import psutil  # from the venv; before it is made, nobody knows
    except ImportError:
        return ""
    try:
        for connection in psutil.net_connections("tcp"):
            here = getattr(connection.laddr, "port", 0) == port
            if here and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f"{_program(psutil.Process(connection.pid).cmdline())} (process {connection.pid})"
    except (psutil.Error, OSError, RuntimeError):
        return ""
    return ""


def choose(wanted: int | None) -> tuple[int, str]:
    """A port for JupyterLab, and a word about it if it is not the usual one.

    Another start may take it before JupyterLab does: then JupyterLab goes on to the next.

    Errors: SetupError if the reader named one, and it cannot be had.
    """
    if wanted is None:
        port = next_free(USUAL)
        return port, "" if port == USUAL else f"Port {USUAL} is in use{_by(USUAL)}; taking {port}."
    if not 1 <= wanted <= 65535:
        raise SetupError(f"{wanted} is no port.", remedy="choose one from 1024 to 65535")
    why = obstacle(wanted)
    if why == errno.EACCES:
        raise SetupError(
            f"Your user may not open port {wanted}: ports below 1024 are root's.",
            remedy=f"choose a higher one: python3 -m netbook lab --port {next_free(USUAL)}",
        )
    if why:
        free = next_free(wanted if wanted >= 1024 else USUAL)
        raise SetupError(
            f"Port {wanted} is in use{_by(wanted)}.",
            remedy=f"the next free one: python3 -m netbook lab --port {free}",
        )
    return wanted, ""


def _program(command: Sequence[str]) -> str:
    """
    >>> _program(["/book/.venv/bin/python", "-m", "jupyterlab", "--port=8888"])
    'python -m jupyterlab'
    """
    return " ".join([Path(command[0]).name, *command[1:3]])[:40] if command else "a program"


def _by(port: int) -> str:
    who = holder(port)
    return f" by {who}" if who else ""
