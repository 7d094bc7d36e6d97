"""One short phrase for one thing that went wrong, whichever C library put it into words."""

from __future__ import annotations

_PHRASES = {  # glibc's words and musl's, in lower case
    "bad address": "bad address",
    "name or service not known": "bad address",
    "temporary failure in name resolution": "bad address",
    "no address associated with hostname": "bad address",
    "name does not resolve": "bad address",
    "name has no usable address": "bad address",
    "unknown host": "bad address",
    "try again": "bad address",
    "network is unreachable": "network unreachable",
    "network unreachable": "network unreachable",
    # no address of that family to send from: what Linux says where IPv6 is switched off
    "cannot assign requested address": "network unreachable",
    "address not available": "network unreachable",
    "no route to host": "no route to host",
    "host is unreachable": "no route to host",
    "operation not permitted": "operation not permitted",
    "permission denied": "permission denied",
    "no servers could be reached": "no servers could be reached",
}


def phrase(words: str) -> str:
    """Find the phrase in a complaint; failing that, the last of its own words.

    >>> phrase("sendto: Network is unreachable"), phrase("sendto: Invalid argument")
    ('network unreachable', 'invalid argument')
    """
    lower = words.lower()
    return next((short for part, short in _PHRASES.items() if part in lower), lower.rpartition(": ")[2])
