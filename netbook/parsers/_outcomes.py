"""What a TCP connection came to, in one word, whichever program tells it."""

from __future__ import annotations

import re

from netbook.parsers._phrases import phrase

_WORDS = {  # in lower case
    "connection refused": "refused",
    "connection reset by peer": "reset",
    "error getting response": "reset",  # busybox: it ended before an answer was whole
    "connection closed prematurely": "reset",
    "no data received": "reset",
    "empty reply from server": "reset",
    "no route to host": "no route",
    "host is unreachable": "no route",
    "network is unreachable": "no route",
    "cannot assign requested address": "no route",  # no address of that family to send from
    "address not available": "no route",
    "timed out": "timed out",
    "could not resolve host": "unknown name",
    "unable to resolve host address": "unknown name",
}
_STATUS = re.compile(r"(?:HTTP/[0-9.]+|error:|ERROR) ([1-5][0-9]{2})\b")


def outcome(words: str) -> str:
    """The word for a complaint; failing that, the complaint itself, in lower case.

    >>> outcome("can't connect to remote host (10.77.0.2): Connection refused")
    'refused'
    >>> outcome("server returned error: HTTP/1.1 404 Not Found"), outcome("bad address 'bbox09'")
    ('status 404', 'unknown name')
    """
    if status := _STATUS.search(words):
        return f"status {status[1]}"
    lower = words.lower()
    known = next((word for part, word in _WORDS.items() if part in lower), "")
    return known or {"bad address": "unknown name"}.get(found := phrase(words), found)
