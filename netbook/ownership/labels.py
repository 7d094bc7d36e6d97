"""The labels that say what netbook made, for whom, in which lab, by which process.

All cleaning filters by these labels and never by name: `docker ps -a --filter label=org.netbook.owner`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from netbook.ownership import reader

NAMESPACE = "org.netbook"
OWNER = f"{NAMESPACE}.owner"  # the reader's id: a second reader on the same engine is someone else
READER = f"{NAMESPACE}.reader"  # the same in words
LAB = f"{NAMESPACE}.lab"
SESSION = f"{NAMESPACE}.session"  # the process that made it
MADE = f"{NAMESPACE}.made"  # another one for each thing: a container inherits its image's labels
TASK = f"{NAMESPACE}.task"  # the exercise whose start made it
ROLE = f"{NAMESPACE}.role"  # "observer", "capture"; absent on what the reader made
IMAGE = f"{NAMESPACE}.image"  # who built it; not OWNER, for containers inherit their image's labels
ENGINE = (
    f"{NAMESPACE}.engine"  # of a daemon that the book or its tests started; of a container that is its host
)


def owner() -> str:
    """Who is reading, as an id that lasts."""
    return reader.identity()


def for_lab(lab: str, session: str, role: str = "") -> dict[str, str]:
    """The labels of one thing made in `lab`."""
    labels = {OWNER: owner(), READER: reader.name(), LAB: lab, SESSION: session, MADE: uuid.uuid4().hex}
    return labels | {ROLE: role} if role else labels


def is_reader(owner_or_name: str | None) -> bool:
    """Is that this reader? Earlier editions wrote user@machine."""
    return owner_or_name in (owner(), reader.name())


def is_ours(labels: Mapping[str, str] | None) -> bool:
    """Did this reader's netbook make it? (Another reader's things are foreign too.)"""
    return is_reader((labels or {}).get(OWNER))


def is_of(lab: str, labels: Mapping[str, str] | None) -> bool:
    """Did that lab of this reader's make it?"""
    return is_ours(labels) and (labels or {}).get(LAB) == lab


def given(labels: Mapping[str, str], image: Mapping[str, str] | None) -> dict[str, str]:
    """A container's labels, without ours if it only inherited them from its `image` (its labels).

    `docker commit` writes a container's labels into the image, and what is built FROM that has them, too. An
    image that is gone cannot be asked; then they are not taken for ours either.

    >>> mark = {OWNER: "me", MADE: "1"}
    >>> given(mark, {}) == mark, given(mark, mark), given(mark | {MADE: "2"}, mark) == mark | {MADE: "2"}
    (True, {}, True)
    """
    if OWNER not in labels:
        return dict(labels)
    if image is not None and (labels.get(MADE) != image.get(MADE) if MADE in labels else OWNER not in image):
        return dict(labels)
    return {key: value for key, value in labels.items() if not key.startswith(f"{NAMESPACE}.")}


def holder(labels: Mapping[str, str] | None) -> str:
    """Say in words who made a thing, for messages.

    >>> holder({OWNER: "0f3a", READER: "ann@desk", LAB: "bridge"})
    "ann@desk's lab 'bridge'"
    >>> holder({})
    'something outside the book'
    """
    labels = labels or {}
    if OWNER not in labels:
        return "something outside the book"
    if is_ours(labels):
        return f"your lab {labels.get(LAB, '?')!r}"
    return f"{labels.get(READER, labels[OWNER])}'s lab {labels.get(LAB, '?')!r}"
