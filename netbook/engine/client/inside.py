"""An engine that runs inside a container of another one: reached through that one, wherever that one is.

The container's address may lead nowhere from here (Docker Desktop, user-mode Linux, another machine). So each
connection is `docker exec -i CONTAINER docker system dial-stdio`, which joins its streams to the socket of
the engine inside; the docker CLI goes through SSH in the same way. The SDK gets an ordinary pair of sockets.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from docker import APIClient
from docker.transport.basehttpadapter import BaseHTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from netbook.engine.client.channel import bare_socket, hang_up
from netbook.engine.client.engine import Engine
from netbook.engine.client.refusals import translated
from netbook.engine.client.streams import Frames

_PATIENCE = 120  # seconds for one answer
_AT_ONCE = 10  # connections that are kept
_PIECE = 1 << 16  # bytes

Dial = Callable[[], socket.socket]


def engine(outer: Engine, container: str, name: str) -> Engine:
    """The engine in a container of `outer`, which goes with that container. Errors: EngineGone."""
    where = f"{name}, a container on {outer.where}"
    api = APIClient(base_url="http://engine:80", version=outer._api._version, timeout=_PATIENCE)
    api.mount("http://", _Adapter(lambda: _connection(outer._api, container)))
    with translated(where, {}):
        api._version = api._retrieve_server_version()
    return Engine(api, rung=outer.rung, where=where)


def _connection(outer: APIClient, container: str) -> socket.socket:
    made = outer.exec_create(container, ["docker", "system", "dial-stdio"], stdin=True)
    reply = outer._post_json(
        outer._url("/exec/{0}/start", made["Id"]),
        headers={"Connection": "Upgrade", "Upgrade": "tcp"},
        data={"Tty": False, "Detach": False},
        stream=True,
    )
    try:
        outer._raise_for_status(reply)
        far = bare_socket(outer, reply)
        far.settimeout(None)
    except BaseException:
        reply.close()
        raise
    ours, near = socket.socketpair()
    Thread(target=_out, args=(near, far), daemon=True).start()
    Thread(target=_in, args=(near, far, reply), daemon=True).start()
    return ours


def _out(near: socket.socket, far: Any) -> None:
    """From the SDK into the container, until it hangs up."""
    with suppress(OSError):
        while data := near.recv(_PIECE):
            far.sendall(data)
    hang_up(far)


def _in(near: socket.socket, far: Any, reply: Any) -> None:
    """And back, without the frames of the exec; what the command complains of ends the connection."""
    frames = Frames()
    with suppress(OSError):
        while data := far.recv(_PIECE):
            near.sendall(frames.feed(data)[0])
    hang_up(near)
    near.close()
    reply.close()


class _Connection(HTTPConnection):
    def __init__(self, dial: Dial) -> None:
        super().__init__("engine")
        self._dial = dial

    def connect(self) -> None:
        self.sock = self._dial()
        self.sock.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)


class _Pool(HTTPConnectionPool):
    def __init__(self, dial: Dial) -> None:
        super().__init__("engine", maxsize=_AT_ONCE)
        self._dial = dial

    def _new_conn(self) -> _Connection:
        return _Connection(self._dial)


class _Adapter(BaseHTTPAdapter):  # type: ignore[misc]  # the SDK has no types
    """Every address is that engine: there is nothing else to connect to."""

    def __init__(self, dial: Dial) -> None:
        self._pool = _Pool(dial)
        super().__init__()

    def get_connection_with_tls_context(self, *_: object, **__: object) -> _Pool:
        return self._pool

    def request_url(self, request: Any, *_: object) -> str:
        return str(request.path_url)

    def close(self) -> None:
        self._pool.close()
        super().close()
