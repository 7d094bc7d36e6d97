"""One thing that came, went or changed between two moments, and which part of a picture bears it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from netbook.topology.graph import Box, Port

Kind = Literal["came", "went", "changed"]
Key = tuple[str, ...]  # a part of a picture; never shown


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the table of changes."""

    change: Kind
    what: str  # network, bridge, container, name, state, namespace, interface, address, veth pair
    name: str
    before: str = ""
    after: str = ""
    key: Key = ()  # which part of a picture bears it
    note: str = ""  # what that part then says of what was before

    @property
    def words(self) -> str:
        """How a picture says it.

        >>> Change("came", "container", "bbox01").words
        'new'
        >>> Change("changed", "state", "bbox01", "running", "stopped", note="was running").words
        'was running'
        """
        return {"came": "new", "went": "gone"}.get(self.change) or self.note or "changed"


Marks = Mapping[Key, Change]


def marks(changes: Iterable[Change]) -> Marks:
    """For each part of a picture the first of its changes, for `Diagram(…, marks=…)`."""
    found: dict[Key, Change] = {}
    for change in changes:
        found.setdefault(change.key, change)
    return found


def of_container(identity: str) -> Key:
    """The key of a box, or of one of several containers in it."""
    return "container", identity


def of_network(identity: str) -> Key:
    return "network", identity


def of_interface(box: Box, port: Port) -> Key:
    return "interface", box.ids[0], port.name, port.bridge or port.network or port.parent


def of_cable(box: Box, port: Port) -> Key:
    return "cable", *of_interface(box, port)[1:]
