"""The labels that say what netbook made, for whom, in which lab, by which process.

All cleaning filters by these labels and never by name: `docker ps -a --filter label=org.netbook.owner`.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping
from functools import cache

NAMESPACE = "org.netbook"
OWNER = f"{NAMESPACE}.owner"  # user@machine: a second reader on the same engine is someone else
LAB = f"{NAMESPACE}.lab"
SESSION = f"{NAMESPACE}.session"  # the process that made it
ROLE = f"{NAMESPACE}.role"  # "observer", "capture"; absent on what the reader made
IMAGE = f"{NAMESPACE}.image"  # who built it; not OWNER, for containers inherit their image's labels


@cache
def owner() -> str:
    """Who is reading, as user@machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a uid without a passwd entry, as in many pods
        user = f"uid{os.getuid()}"
    return f"{user}@{socket.gethostname()}"


def for_lab(lab: str, session: str, role: str = "") -> dict[str, str]:
    """The labels of one thing made in `lab`."""
    labels = {OWNER: owner(), LAB: lab, SESSION: session}
    return labels | {ROLE: role} if role else labels


def is_ours(labels: Mapping[str, str] | None) -> bool:
    """Did this reader's netbook make it? (Another reader's things are foreign too.)"""
    return (labels or {}).get(OWNER) == owner()


def is_of(lab: str, labels: Mapping[str, str] | None) -> bool:
    """Did that lab of this reader's make it?"""
    return is_ours(labels) and (labels or {}).get(LAB) == lab


def holder(labels: Mapping[str, str] | None) -> str:
    """Say in words who made a thing, for messages.

    >>> holder({OWNER: "ann@desk", LAB: "bridge"})
    "ann@desk's lab 'bridge'"
    >>> holder({})
    'something outside the book'
    """
    labels = labels or {}
    if OWNER not in labels:
        return "something outside the book"
    if is_ours(labels):
        return f"your lab {labels.get(LAB, '?')!r}"
    return f"{labels[OWNER]}'s lab {labels.get(LAB, '?')!r}"
