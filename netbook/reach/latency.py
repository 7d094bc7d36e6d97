"""How long a ping takes from mode to mode: `lab.latency()`, its picture, and what it does not show."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median, quantiles

import pandas as pd

from netbook import tables
from netbook.drawing import strips
from netbook.drawing.figure import Figure
from netbook.drawing.lettering import printable
from netbook.engine.client.engine import Engine
from netbook.errors import NotFound, NotRunning, WrongArgument
from netbook.model.docker import ContainerInfo
from netbook.parsers import ping
from netbook.topology import addressing
from netbook.topology.graph import Topology
from netbook.workspace.workspace import Workspace

INTERVAL, ROUNDS = "0.05", 4  # seconds between two pings; turns, so that a busy moment hits all ways alike
# The first ping waits for ARP, and for a sleeping processor; it is not counted.
_SCRIPT = 'ping -c 1 -W 1 "$1" >/dev/null 2>&1; exec ping -c "$2" -i "$3" -W 1 "$1"'


@dataclass(frozen=True, slots=True)
class Samples:
    """One way, and the round-trip times of its pings in milliseconds."""

    label: str
    source: str
    target: str
    address: str
    times: tuple[float, ...] = ()
    sent: int = 0
    error: str = ""

    @property
    def middle(self) -> tuple[float, float]:
        """From where to where the middle half of the times reaches."""
        if len(self.times) < 2:
            return (self.times or (0.0,))[0], (self.times or (0.0,))[0]
        low, _, high = quantiles(self.times, n=4)
        return low, high


def measure(engine: Engine, ways: Sequence[Samples], ids: Mapping[str, str], count: int) -> list[Samples]:
    """`count` pings of each way, in turns; one exec for each way and turn."""
    found = {way.label: way for way in ways}
    turns = min(ROUNDS, count)
    for turn in range(turns):
        share = str(count // turns + (turn < count % turns))
        for label, way in found.items():
            argv = ("sh", "-c", _SCRIPT, "sh", way.address, share, INTERVAL)
            said = engine.exec(ids[way.source], argv)
            if said.exit_code in (126, 127):
                found[label] = replace(way, error="its image has no ping, or no sh")
                continue
            result = ping.parse(said.text)
            times = tuple(r.time_ms for r in result.replies if r.time_ms is not None)
            sent = way.sent + result.transmitted
            found[label] = replace(way, times=way.times + times, sent=sent, error=way.error or result.error)
    return list(found.values())


# ---------------------------------------------------------------- which ways


def chosen(
    graph: Topology, containers: Iterable[ContainerInfo], pairs: Mapping[str, tuple[object, object]] | None
) -> list[Samples]:
    """The ways to measure, with the address to ping. Errors: NotFound, NotRunning, with what there is.

    `graph`: all that is on the engine.
    """
    known = {c.name: c for c in containers}
    running = {name: c for name, c in known.items() if c.state == "running"}
    if pairs is None:
        pairs = dict(_usual(graph, running))
    if not pairs:
        raise NotFound("Nothing to measure: no container of this lab runs.", remedy="start one: lab.run(…)")
    ways = []
    there = ", ".join(running) or "none runs"
    for label, (source, target) in pairs.items():
        a, b = (str(getattr(end, "name", end)) for end in (source, target))
        if idle := [name for name in (a, b) if name not in running and (name == a or name in known)]:
            raise NotRunning(
                f"{label}: {idle[0]!r} is not a running container of this lab.",
                remedy=f"choose from: {there}",
            )
        if b not in known and hasattr(target, "name"):
            raise NotFound(
                f"{label}: {b} is not there any more: it was removed or has another name now.",
                remedy=f"choose from: {there}",
            )
        address = _address(graph, a, b) if b in running else b
        if not address:
            raise NotFound(
                f"{label}: {b} has no address that could be pinged.", remedy="choose another target"
            )
        ways.append(Samples(printable(label), a, b, address))
    return ways


def _address(graph: Topology, source: str, target: str) -> str:
    """Loopback within one namespace; else what a trace and the matrix ping, too."""
    return (
        "127.0.0.1"
        if addressing.together(graph, source, target)
        else addressing.address(graph, source, target)
    )


def _usual(graph: Topology, running: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """One way for each mode that is in the lab: itself, container, each network, host."""
    names = [name for name in running if addressing.box_of(graph, name)]
    boxes = {name: graph.box(name) for name in names}
    own = [name for name in names if boxes[name].ports and boxes[name].containers[0] == name]
    for name in own[:1] or names[:1]:
        yield "itself", (name, name)
    for name in names:
        owner = next((n for n in boxes[name].containers if n in boxes), name)
        if owner != name:
            yield "container", (name, owner)
            break
    networks = {name: {port.network for port in boxes[name].ports} - {""} for name in own}
    for network in sorted(set().union(*networks.values())):
        members = [name for name in own if network in networks[name]]
        if len(members) > 1:
            yield network, (members[0], members[1])
    for name in names:
        if boxes[name].mode == "host" and own:
            yield "host", (own[0], name)
            break


# ---------------------------------------------------------------- what came of it


class Latency(Figure):
    """Round-trip times of several ways, side by side, in milliseconds. Introduced in chapter 05.

    `.table`: way, source, target, median_ms, min_ms, max_ms, lost. `.samples`: one row per ping. Times
    differ in every run: a cell that shows them needs the tag `nbval-ignore-output`.
    """

    def __init__(self, ways: Sequence[Samples], rung: str = "", title: str = "") -> None:
        self.ways, self.rung = tuple(ways), rung
        self.title = printable(title).strip() or "Round-trip times of ping"

    @property
    def table(self) -> pd.DataFrame:
        """Columns way, source, target, median_ms, min_ms, max_ms, lost (packets)."""
        columns = ["way", "source", "target", "median_ms", "min_ms", "max_ms", "lost"]
        rows = []
        for way in self.ways:
            times = way.times or (float("nan"),)
            numbers = (median(times), min(times), max(times), way.sent - len(way.times))
            rows.append(dict(zip(columns, (way.label, way.source, way.target, *numbers), strict=True)))
        return tables.frame(columns, rows)

    @property
    def samples(self) -> pd.DataFrame:
        """Every ping that came back: columns way, time_ms."""
        rows = ({"way": way.label, "time_ms": time} for way in self.ways for time in way.times)
        return tables.frame(["way", "time_ms"], rows)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers show and what they do not, computed from them."""
        return tuple(f"{sentence}." for sentence in self._said())

    def _said(self) -> Iterator[str]:
        heard = sorted((w for w in self.ways if w.times), key=lambda w: median(w.times))
        if heard:
            yield "Medians: " + ", ".join(f"{w.label} {median(w.times):.3f} ms" for w in heard)
        slower = {a.label: [b.label for b in heard if a.middle[1] < b.middle[0]] for a in heard}
        apart = [f"{a} before {' and '.join(later)}" for a, later in slower.items() if later]
        if apart:
            yield f"Apart in this run, the middle halves of their times do not overlap: {'; '.join(apart)}"
        if sum(map(len, slower.values())) < len(heard) * (len(heard) - 1) / 2:
            which = "all other pairs" if apart else "any of them"
            yield f"Between {which} no difference can be read: their times scatter more than they differ"
        for way in self.ways:
            if way.error or len(way.times) < way.sent:
                why = f" ({way.error})" if way.error else ""
                yield f"{way.label}: {way.sent - len(way.times)} of {way.sent} lost{why}"
        yield (
            "Containers of one engine are on one machine: these are the times of its kernel and its "
            "scheduler, with no cable, no switch and no other machine in them"
        )
        if self.rung == "embedded":
            yield (
                "The embedded engine is a kernel that runs as an ordinary process, so everything takes "
                "longer: compare the rows with each other, not with another machine's"
            )

    # -- picture and words --------------------------------------------------

    @cached_property
    def svg(self) -> str:
        rows = [(f"{w.label}\n{w.source} → {w.target}", w.times) for w in self.ways]
        engine = {"yours": ", your own engine"}.get(self.rung, f", {self.rung} engine" if self.rung else "")
        axis = f"round-trip time in ms{engine} (circle: one ping, bar: median)"
        return strips.draw(rows, self.title, axis, self.alt)

    @property
    def _html(self) -> str:
        said = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        return f"{super()._html}\n<ul>{said}</ul>"

    @property
    def alt(self) -> str:
        return f"{self.title}, one strip of points for each of {len(self.ways)} ways. " + " ".join(
            self.sentences
        )

    @property
    def text(self) -> str:
        return "\n".join([self.title, self.table.round(3).to_string(index=False), *self.sentences])


def measured(
    ws: Workspace, pairs: Mapping[str, tuple[object, object]] | None, count: int, title: str
) -> Latency:
    """`count` pings of each pair, now. Errors: WrongArgument; NotRunning and NotFound, with what there is."""
    if count < 1:
        raise WrongArgument(f"count is {count}; it must be 1 or more")
    found = ws.containers()
    _, graph = ws.look()
    ways = chosen(graph, found, pairs)
    for way in ways:
        options = ("-c", str(count), "-i", INTERVAL, "-W", "1")
        ws.echo("docker", "exec", way.source, "ping", *options, way.address)
    samples = measure(ws.engine, ways, {c.name: c.id for c in found}, count)
    return Latency(samples, ws.engine.rung, title)
