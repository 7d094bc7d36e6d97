"""What the checks came to: a sentence, a table, and a picture of the way with the break on it."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

import pandas as pd

from netbook import tables
from netbook.diagram.diagram import Diagram
from netbook.topology.graph import Topology
from netbook.topology.path import Way
from netbook.why.case import Checked

_COLUMNS = ("step", "question", "found", "ok")


class Why:
    """Why one cannot reach another, or that it can.

    `.ok`; `.cause` and `.remedy`, "" where all is well; `.step`, the check that said no; `.table`, a row for
    each check until then; `.diagram`, the way, with a flag where it breaks; `.notes`, what is odd besides.
    Introduced in chapter 19.
    """

    def __init__(
        self,
        question: str,
        findings: Sequence[Checked],
        topology: Topology,
        way: Way,
        notes: Sequence[str] = (),
    ) -> None:
        self.question, self.findings, self.notes = question, tuple(findings), tuple(notes)
        self._topology, self._way = topology, way

    @property
    def _no(self) -> Checked | None:
        """The last one: what a packet lacked is told by its own check, the reason by the next."""
        return next((f for f in reversed(self.findings) if not f.ok), None)

    @property
    def ok(self) -> bool:
        """Did every check say yes?"""
        return self._no is None

    @property
    def step(self) -> str:
        """The check that knows the cause; "" if all is well."""
        return self._no.step if self._no else ""

    @property
    def cause(self) -> str:
        """In one clause, without a full stop."""
        return self._no.cause if self._no else ""

    @property
    def remedy(self) -> str:
        """What mends it, as a command where there is one."""
        return self._no.remedy if self._no else ""

    @property
    def sentence(self) -> str:
        """Question, cause and remedy."""
        notes = "".join(f" Yet {note}." for note in self.notes)
        if self._no is None:
            return f"{self.question}: yes.{notes}"
        end = "" if self.remedy.endswith("?") else "."
        mend = f" Remedy: {self.remedy}{end}" if self.remedy else ""
        return f"{self.question}: no, for {self.cause}.{mend}{notes}"

    @property
    def table(self) -> pd.DataFrame:
        """One row for each check, until the first no: columns step, question, found, ok (yes or no)."""
        rows = (
            {**{c: getattr(f, c) for c in _COLUMNS}, "ok": "yes" if f.ok else "no"} for f in self.findings
        )
        return tables.frame(_COLUMNS, rows)

    @property
    def diagram(self) -> Diagram:
        """The wiring, with the way as far as it goes, and a flag where it breaks."""
        return Diagram(self._topology, self.question, way=self._way)

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: object
    ) -> dict[str, str]:
        picture = self.diagram._repr_mimebundle_()
        parts = [f"<p>{html.escape(self.sentence)}</p>", picture.get("text/html", ""), self.table.to_html()]
        bundle = {**picture, "text/plain": self.sentence, "text/html": "\n".join(filter(None, parts))}
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }
