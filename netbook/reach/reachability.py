"""Who reaches whom, as a matrix to look at: `lab.reachability()`, its tables, its picture and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import pandas as pd

from netbook import tables
from netbook.diagram.diagram import Diagram
from netbook.diagram.scene import natural
from netbook.drawing import matrix, svg
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import printable
from netbook.errors import NotFound, WrongArgument
from netbook.model.programs import Answer
from netbook.reach import measure
from netbook.topology.graph import Topology
from netbook.topology.path import way
from netbook.workspace import tentative
from netbook.workspace.workspace import Workspace

# What stands in a matrix → how its cell looks.
LOOKS = {
    "yes": matrix.Cell("full", "✓", "yes"),
    "address only": matrix.Cell("half", "◐", "address only", short="addr"),
    "name only": matrix.Cell("half", "◑", "name only", short="name"),
    "no": matrix.Cell("empty", "✗", "no"),
    "?": matrix.Cell("open", "?", "not asked", short="n.a."),
    "–": matrix.Cell("self", "–"),
    "open": matrix.Cell("full", "✓", "open"),
    "refused": matrix.Cell("empty", "✗", "refused", short="ref."),
    "timed out": matrix.Cell("empty", "✗", "timed out", short="late"),
    "no route": matrix.Cell("empty", "✗", "no route", short="route"),
    "unknown name": matrix.Cell("empty", "✗", "unknown name", short="name?"),
}
REACHED = ("yes", "open")
_WORDS = {"refused", "timed out", "no route", "unknown name"}  # reasons that stand in a cell themselves
# What ping's words, and ours where it had none, mean.
MEANS = {
    "no reply": "nothing came back; asked twice, a second each",
    "nobody has that address": "ARP asked for it, nobody answered, so no ping was sent",
    "its gateway does not answer": "ARP asked for the gateway in vain, so no ping was sent",
    "bad address": "no such name: whoever was asked for it knows no address",
    "network unreachable": "nothing was sent: no route leads there",
    "no route to host": "nobody there answers to that address",
    "no address": "there is none to ping",
    "no answer": "the name server said nothing",
    "not running": "a stopped container has neither address nor processes",
    "paused": "its processes are frozen, so it cannot be asked",
    "somebody else has that name": "a ping of it reaches another container",
    "refused": "nobody listens on that port, or a firewall says so",
    "timed out": "nothing came back in two seconds, not even a no",
    "no route": "no route leads there, or nobody on the link has that address",
    "unknown name": "whoever was asked for it knows no address",
}

_SYMBOLS = {
    "address only": "by address, but not by name",
    "name only": "by name, but not by address",
    "?": "n.a.: not asked, for the one on the left cannot ping",
}


class Reachability(Figure):
    """Every pair of containers, asked inside the first of the two by ping or nc. Introduced in chapter 04.

    `.table`: rows from, columns to; `yes`, `no`, `?` where the first could not be asked, `–` for
    oneself; when both ways were tried also `address only` and `name only`. Of a TCP `port`, `open` instead
    of `yes` and instead of `no` the reason, if it is one: `refused`, `timed out`, `no route`, `unknown
    name`. `.reasons`: one row for each question. `.diagram(a, b)`: the way from a to b on the wiring, and
    where it breaks.
    """

    def __init__(
        self,
        names: Iterable[str],
        answers: Iterable[Answer],
        by: str = "both",
        title: str = "",
        look: Callable[[], Topology] = Topology,
        port: int = 0,
    ) -> None:
        self.names = tuple(sorted(names, key=natural))
        self.by, self._look, self.port = by, look, port
        place = {name: i for i, name in enumerate(self.names)}
        self.answers = tuple(sorted(answers, key=lambda a: (place[a.source], place[a.target], a.by)))
        self.title = (
            printable(title).strip() or f"Who reaches {f'port {port} of ' if port else ''}whom, {self._how}"
        )

    @property
    def _how(self) -> str:
        return {"both": "by address and by name"}.get(self.by, f"by {self.by}")

    @cached_property
    def _pairs(self) -> Mapping[tuple[str, str], tuple[Answer, ...]]:
        found: dict[tuple[str, str], list[Answer]] = {}
        for answer in self.answers:
            found.setdefault((answer.source, answer.target), []).append(answer)
        return {pair: tuple(answers) for pair, answers in found.items()}

    @cached_property
    def _whys(self) -> dict[tuple[str, str], str]:
        return {pair: self.why(*pair) for pair in self._pairs}

    # -- tables -------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """The matrix: rows from, columns to."""
        rows = [[self.verdict(a, b) for b in self.names] for a in self.names]
        table = pd.DataFrame(rows, index=list(self.names), columns=list(self.names), dtype=object)
        table.index.name, table.columns.name = "from", "to"
        return table

    @property
    def reasons(self) -> pd.DataFrame:
        """Every question: columns source, target, by, address, answer, reason (a ping's own words)."""
        columns = ["source", "target", "by", "address", "answer", "reason"]
        return tables.frame(columns, ({c: getattr(a, c) for c in columns} for a in self.answers))

    def verdict(self, source: str, target: str, by: str = "") -> str:
        """One cell, as in the table; one way of asking with `by`."""
        if source == target:
            return "–"
        answers = [a for a in self._pairs[source, target] if by in ("", a.by)]
        if all(a.answer == "?" for a in answers):
            return "?"
        tried, worked = {a.by for a in answers}, {a.by for a in answers if a.answer == "yes"}
        if worked == tried:
            return "open" if self.port else "yes"
        if worked:
            return f"{worked.pop()} only"
        reasons = {answer.reason for answer in answers}
        return reasons.pop() if self.port and len(reasons) == 1 and reasons <= _WORDS else "no"

    def why(self, source: str, target: str, by: str = "") -> str:
        """Why a cell is not `yes` or `open`, in one phrase; empty for one that is.

        When an address was tried in vain and another one answered, the pair is reached: no reason.
        """
        said: dict[str, list[str]] = {}
        for answer in self._pairs.get((source, target), ()):
            if by in ("", answer.by) and self.verdict(source, target, answer.by) not in REACHED:
                reasons = said.setdefault(answer.by, [])
                reasons += [answer.reason] if answer.reason not in reasons else []
        phrases = {kind: "; ".join(reasons) for kind, reasons in said.items()}
        if len(set(phrases.values())) == 1 and (len(phrases) == 2 or self.by != "both" or by):
            return next(iter(phrases.values()))
        return ", ".join(f"by {kind}: {phrase}" for kind, phrase in phrases.items())

    # -- the way ------------------------------------------------------------

    def diagram(self, source: str, target: str, title: str = "", *, by: str = "") -> Diagram:
        """`docker network inspect` and `ip addr`: the wiring of now, with the way from source to target.

        Where the way breaks, the reason stands. `by`: address or name; by default address, if that was
        asked. Errors: NotFound for a container that is not in the matrix.
        """
        if unknown := [repr(name) for name in (source, target) if name not in self.names]:
            raise NotFound(
                f"{' and '.join(unknown)}: not in this matrix.",
                remedy=f"choose two of: {', '.join(self.names) or 'none, it is empty'}",
            )
        if source == target:
            raise ValueError(f"{source!r} to itself is no way; name two containers")
        asked = [a.by for a in self._pairs[source, target]]
        if by and by not in asked:
            raise ValueError(f"by is {by!r}; this matrix was measured {self._how}")
        answers = [a for a in self._pairs[source, target] if a.by == (by or asked[0])]
        answer = next((a for a in answers if a.answer == "yes"), answers[0])
        topology = self._look()
        if gone := [n for n in (source, target) if all(n not in box.containers for box in topology.boxes)]:
            raise NotFound(f"{' and '.join(gone)}: gone since it was asked.", remedy="measure again")
        found = way(topology, answer)
        said = f"{source} → {target}" + (f": {found.broken}" if found.broken else "")
        return Diagram(topology, title or said, way=found)

    # -- picture and words --------------------------------------------------

    @cached_property
    def svg(self) -> str:
        letters = {reason: chr(ord("a") + i % 26) for i, reason in enumerate(self._lettered)}
        cells = {
            (a, b): matrix.noted(LOOKS[self.verdict(a, b)], letters.get(self._whys.get((a, b), ""), ""))
            for a in self.names
            for b in self.names
        }
        verdicts = {self.verdict(*pair) for pair in self._pairs}
        legend = [f"{LOOKS[word].symbol} {meant}" for word, meant in _SYMBOLS.items() if word in verdicts]
        legend += [f"{letter} – {reason}" for reason, letter in letters.items()]
        legend += [f"{reason}: {meant}" for reason, meant in MEANS.items() if reason in self._spoken]
        return svg.draw(matrix.plan(self.names, cells, self.title, legend), self.title, self.alt)

    @property
    def _grouped(self) -> dict[str, list[tuple[str, str]]]:
        """Reason → its pairs, in the order of the matrix."""
        found: dict[str, list[tuple[str, str]]] = {}
        for pair, reason in self._whys.items():
            if reason:
                found.setdefault(reason, []).append(pair)
        return found

    @property
    def _lettered(self) -> list[str]:
        """The reasons that do not stand in all their cells themselves."""
        return [r for r, pairs in self._grouped.items() if any(self.verdict(*pair) != r for pair in pairs)]

    @property
    def _spoken(self) -> set[str]:
        unreached = (a for a in self.answers if self.verdict(a.source, a.target, a.by) not in REACHED)
        return {answer.reason for answer in unreached}

    @property
    def alt(self) -> str:
        """How many pairs reach each other; each row, if they are few; and the reasons."""
        verdicts = [self.verdict(*pair) for pair in self._pairs]
        counts = [f"{verdicts.count(word)} {cell.word}" for word, cell in LOOKS.items() if word in verdicts]
        said = [f"{self.title}: {len(self.names)} containers, {len(verdicts)} pairs: {', '.join(counts)}"]
        if len(self.names) <= 5:
            said += [f"{source}: {'; '.join(groups)}" for source, groups in self._rows()]
        else:
            said += [f"{len(pairs)} pairs: {reason}" for reason, pairs in self._grouped.items()]
        return " ".join(f"{sentence}." for sentence in said)

    @property
    def text(self) -> str:
        """One line for each container: whom it reaches, whom it does not, and why."""
        lines = [line for source, groups in self._rows() for line in (source, *(f"  {g}" for g in groups))]
        return "\n".join([self.title, *(f"  {line}" for line in lines or ["no containers"])])

    def _rows(self) -> Iterator[tuple[str, list[str]]]:
        """Each container, and whom it reaches, whom it does not, and why."""
        for source in self.names:
            groups: dict[str, list[str]] = {}
            for target in self.names:
                if target != source:
                    why, word = self._whys[source, target], LOOKS[self.verdict(source, target)].word
                    groups.setdefault(f"{word} ({why})" if why not in ("", word) else word, []).append(target)
            yield source, [f"{word}: {', '.join(targets)}" for word, targets in groups.items()]


def measured(ws: Workspace, by: str = "both", title: str = "", port: int = 0) -> Reachability:
    """Every pair of the workspace's containers, asked now. `by`: address, name or both; `port` 0: by a ping.

    Errors: WrongArgument for another word, or for what is no port.
    """
    if by not in ("both", "address", "name"):
        raise WrongArgument(f"by is {by!r}; it must be 'both', 'address' or 'name'")
    if not 0 <= port <= 65535:
        raise WrongArgument(f"port is {port}; it must be from 1 to 65535, or 0 for a ping")
    kinds = ("address", "name") if by == "both" else (by,)
    for kind in kinds:
        ws.echo.each("pair", "docker", "exec", "A", *measure.command(f"{kind.upper()}_OF_B", port))
    found = ws.containers()
    _, graph = tentative.look(ws)
    answers = measure.measure(ws.engine, graph, found, kinds, port)
    return Reachability((c.name for c in found), answers, by, title, ws.topology, port)
