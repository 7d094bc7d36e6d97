"""What happens on the engine, as it happens: `docker events` of containers and networks.

Only what changes the wiring; `exec_…`, which our own reading causes too, only if it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests.exceptions
import urllib3.exceptions
from docker import APIClient
from docker.utils import convert_filters

from netbook.engine.client.channel import bare_socket, hang_up

ACTIONS = (
    *("create", "start", "stop", "die", "pause", "unpause", "destroy", "rename"),  # of containers
    *("connect", "disconnect", "remove"),  # of networks; create and destroy are above
)
EXECS = ("exec_start", "exec_die")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of `docker events`."""

    kind: str  # container, network
    action: str  # one of ACTIONS; or of EXECS, the first with the command: `exec_start: ip addr`
    id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)  # the name, and a container's labels


class Events:
    """Iterate over them; it ends when `close` is called, by whichever thread, and when the engine is gone."""

    def __init__(self, api: APIClient, *, execs: bool = False) -> None:
        actions = [*ACTIONS, *(EXECS if execs else ())]
        wanted = convert_filters({"type": ["container", "network"], "event": actions})
        self._reply = api._get(api._url("/events"), params={"filters": wanted}, stream=True, timeout=None)
        try:
            self._socket = bare_socket(api, self._reply)
        except BaseException:
            self._reply.close()
            raise
        self.closed = self._begun = False

    def __iter__(self) -> Iterator[Event]:
        self._begun = True
        try:
            for line in self._reply.iter_lines(chunk_size=None):
                if line:
                    yield event(json.loads(line))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            return  # cut off: by `close`, or because the engine ended
        finally:
            self._reply.close()

    def close(self) -> None:
        """End the iteration, which lets go of the connection. Safe to call twice."""
        if not self.closed:
            self.closed = True
            hang_up(self._socket)
            if not self._begun:
                self._reply.close()


def event(record: dict[str, Any]) -> Event:
    """One object of `GET /events`."""
    actor = record.get("Actor") or {}
    about = dict(actor.get("Attributes") or {})
    return Event(record.get("Type", ""), record.get("Action", ""), actor.get("ID", ""), about)
