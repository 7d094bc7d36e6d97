"""What a command prints, both streams, from the one connection that carries them.

The SDK's own `exec_start` reads from the bare socket, below Python's buffer. Bytes
that arrived together with the HTTP header sit in that buffer and are lost: with a
quick command and a busy machine, `docker exec` seems to print nothing. So read the
response itself, to its end.

Each frame is a header of 8 bytes (stream 1 or 2, three zeros, length, big-endian)
and its payload: "Attach to a container" in the Engine API's reference.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

from docker import APIClient

from netbook.model.programs import ExecResult

_HEADER = struct.Struct(">BxxxL")


def run(
    api: APIClient,
    container: str,
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    user: str,
    note: Callable[[str], object],
) -> ExecResult:
    """`docker exec`; `note` is told the exec's id before it starts."""
    made = api.exec_create(container, list(argv), environment=dict(env), user=user)["Id"]
    note(made)
    out, err = _start(api, made)
    code = api.exec_inspect(made)["ExitCode"]
    return ExecResult(tuple(argv), code, out.decode(errors="replace"), err.decode(errors="replace"))


def _start(api: APIClient, identity: str) -> tuple[bytes, bytes]:
    """`POST /exec/ID/start`: run it to its end; standard output and standard error."""
    reply = api._post_json(
        api._url("/exec/{0}/start", identity),
        data={"Tty": False, "Detach": False},
        stream=True,
        timeout=None,  # a command may be silent for longer than an answer of the API takes
    )
    try:
        api._raise_for_status(reply)
        return split(reply.raw.read())
    finally:
        reply.close()


def split(data: bytes) -> tuple[bytes, bytes]:
    """Frames apart by stream; a last frame that was cut short counts as far as it goes.

    >>> split(bytes([1, 0, 0, 0, 0, 0, 0, 3]) + b"out" + bytes([2, 0, 0, 0, 0, 0, 0, 3]) + b"err")
    (b'out', b'err')
    """
    return Frames().feed(data)


class Frames:
    """The same for bytes that come in pieces, wherever they were cut."""

    def __init__(self) -> None:
        self._header = b""  # as much of the next one as has come
        self._stream, self._left = 0, 0  # of the frame that has begun: whose it is, and what is missing

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """What of these bytes belongs to standard output, and what to standard error."""
        parts: dict[int, list[bytes]] = {1: [], 2: []}
        at = 0
        while at < len(data):
            if not self._left:
                missing = _HEADER.size - len(self._header)
                self._header += data[at : at + missing]
                at += missing
                if len(self._header) == _HEADER.size:
                    self._stream, self._left = _HEADER.unpack(self._header)
                    self._header = b""
                continue
            payload = data[at : at + self._left]
            parts.setdefault(self._stream, []).append(payload)
            self._left -= len(payload)
            at += len(payload)
        return b"".join(parts[1]), b"".join(parts[2])
