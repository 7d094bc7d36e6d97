"""A command that stays open in a container: a line written, a text read, no engine call for either.

An exec with its standard input attached: the engine answers `POST /exec/ID/start` by giving the connection
over to the streams. The command ends when the connection does, for it then reads the end of its input.
"""

from __future__ import annotations

import contextlib
import time
from socket import SHUT_RDWR
from threading import RLock
from typing import Any

from docker import APIClient
from docker.errors import APIError

from netbook.engine.client.streams import Frames
from netbook.errors import EngineGone

END = b"@end\n"  # the last line of every answer
_PATIENCE = 20.0  # seconds for one answer
_SILENCE = 5.0  # seconds, after which to ask whether anybody is there


class Channel:
    """Ask a command in a container, as often as you like. One question at a time, from any thread."""

    def __init__(self, api: APIClient, identity: str) -> None:
        self._api, self._id = api, identity
        self._reply = api._post_json(
            api._url("/exec/{0}/start", identity),
            headers={"Connection": "Upgrade", "Upgrade": "tcp"},
            data={"Tty": False, "Detach": False},
            stream=True,
        )
        try:
            self._socket = bare_socket(api, self._reply)
        except BaseException:
            self._reply.close()
            raise
        self._frames, self._turn, self.closed = Frames(), RLock(), False

    def ask(self, line: str) -> str:
        """Write a line, and read what the command prints up to its `@end`.

        Errors: EngineGone if it or its container has ended, or does not answer.
        """
        with self._turn:
            try:
                return self._ask(line).decode(errors="replace")
            except OSError as error:  # closed meanwhile, too
                self.close()
                if isinstance(error, EngineGone):
                    raise
                raise _gone(getattr(error, "strerror", None) or "no answer") from error
            except BaseException:  # interrupted: the rest of this answer is not the next one's
                self.close()
                raise

    def _ask(self, line: str) -> bytes:
        deadline = time.monotonic() + _PATIENCE
        self._socket.settimeout(_PATIENCE)
        self._socket.sendall(f"{line}\n".encode())
        self._socket.settimeout(_SILENCE)
        answer = b""
        while not answer.endswith(END):
            try:
                data = self._socket.recv(1 << 16)
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
                if not self._runs():  # the engine leaves the connection open
                    raise _gone("it has ended") from None
                continue
            if not data:
                raise _gone("the connection ended")
            answer += self._frames.feed(data)[0]
        return answer.removesuffix(END)

    def _runs(self) -> bool:
        try:
            return bool(self._api.exec_inspect(self._id)["Running"])
        except APIError:  # its container was removed
            return False

    def close(self) -> None:
        """End it; whoever waits for an answer gets EngineGone at once. Safe to call twice."""
        if not self.closed:
            self.closed = True
            hang_up(self._socket)
            with self._turn:  # not below somebody who still reads
                self._reply.close()


class Hold:
    """A container's input, held open by us: it reads the end of it when we let go, however we end."""

    def __init__(self, api: APIClient, container: str) -> None:
        self._reply = api._post(
            api._url("/containers/{0}/attach", container),
            headers={"Connection": "Upgrade", "Upgrade": "tcp"},
            params={"stdin": 1, "stream": 1},
            stream=True,
        )
        try:
            api._raise_for_status(self._reply)
            self._socket = bare_socket(api, self._reply)
        except BaseException:
            self._reply.close()
            raise

    def write(self, line: str) -> None:
        """Errors: OSError if the container has ended."""
        self._socket.sendall(f"{line}\n".encode())

    def close(self) -> None:
        """Let go. Safe to call twice."""
        hang_up(self._socket)
        self._reply.close()


def bare_socket(api: APIClient, reply: Any) -> Any:
    """The connection below an answer that goes on and on: a socket, a named pipe or an SSH channel."""
    found = api._get_raw_response_socket(reply)
    return getattr(found, "_sock", found)


def hang_up(socket: Any) -> None:
    """Wake up who reads from it, in whatever thread."""
    with contextlib.suppress(OSError):  # the other side was quicker
        if hasattr(socket, "shutdown"):
            socket.shutdown(SHUT_RDWR)
        else:  # a named pipe
            socket.close()


def _gone(why: str) -> EngineGone:
    return EngineGone(
        f"The helper container does not answer any more ({why}).",
        remedy="run the cell again: a new one is made; if that fails, `python3 -m netbook doctor`",
    )
