"""What verbs did to the network: `with lab.changes():`, as a picture and as a table."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection
from contextlib import nullcontext, suppress
from typing import Self

import pandas as pd
from IPython.display import display

from netbook import tables
from netbook.diagram.diagram import Diagram
from netbook.drawing.lettering import printable
from netbook.errors import NetbookError
from netbook.topology.change import marks
from netbook.topology.difference import difference
from netbook.topology.graph import Topology
from netbook.topology.union import union


class Changes:
    """Two moments of the wiring, and what came, went and changed between them. Introduced in chapter 02.

    Made by `lab.diff(before, after)`, or by `with lab.changes() as changes:`, which shows itself at the
    end of the block. `after` may be a way to look: then it is now, until the block has ended.
    """

    def __init__(self, before: Topology, after: Topology | Callable[[], Topology], title: str = "") -> None:
        if not isinstance(before, Topology) or not (isinstance(after, Topology) or callable(after)):
            kinds = f"{type(before).__name__} and {type(after).__name__}"
            raise TypeError(f"before and after must be results of lab.snapshot(), not {kinds}")
        self.before = before
        self.title = printable(title).strip()
        self._look = after if callable(after) else lambda: after
        self._seen: Topology | None = None

    @property
    def after(self) -> Topology:
        return self._seen or self._look()

    @property
    def table(self) -> pd.DataFrame:
        """One row for each change: columns change (`came`, `went`, `changed`), what, name, before, after.

        `what`: network, bridge, container, name, state, namespace, interface, address or veth pair.
        """
        return tables.changes(difference(self.before, self.after))

    @property
    def diagram(self) -> Diagram:
        """All that was there or is there, in one picture, with what came, went and changed marked."""
        after = self.after
        found = marks(difference(self.before, after))
        return Diagram(union(self.before, after), self.title, marks=found)

    @property
    def text(self) -> str:
        """The changes, and the wiring, in words."""
        return str(self._repr_mimebundle_()["text/plain"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # The block's own error is the news: if the engine is gone, let it be seen, not that we cannot look
        with suppress(NetbookError) if kind else nullcontext():
            self._seen = self._look()
            display(self)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: object
    ) -> dict[str, str]:
        picture = self.diagram
        if picture.marks:
            return picture._repr_mimebundle_(include, exclude)
        said = f"{self.title}: nothing changed" if self.title else "Nothing changed"
        return {"text/plain": said, "text/html": f"<p>{html.escape(said)}</p>"}
