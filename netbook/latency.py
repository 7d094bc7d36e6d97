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
from netbook.drawing.lettering import printable
from netbook.engine.api import Engine
from netbook.errors import NotFound, NotRunning
from netbook.figure import Figure
from netbook.models import ContainerInfo
from netbook.parsers import ping
from netbook.reach import addresses_of

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
    engine: Engine, containers: Iterable[ContainerInfo], pairs: Mapping[str, tuple[object, object]] | None
) -> list[Samples]:
    """The ways to measure, with the address to ping. Errors: NotFound, NotRunning, with what there is."""
    known = {c.name: c for c in containers}
    running = {name: c for name, c in known.items() if c.state == "running"}
    if pairs is None:
        pairs = dict(_usual(running))
    if not pairs:
        raise NotFound("Nothing to measure: no container of this lab runs.", remedy="start one: lab.run(…)")
    addresses = addresses_of(engine, running.values())
    ways = []
    for label, (source, target) in pairs.items():
        a, b = (str(getattr(end, "name", end)) for end in (source, target))
        if idle := [name for name in (a, b) if name not in running and (name == a or name in known)]:
            raise NotRunning(
                f"{label}: {idle[0]!r} is not a running container of this lab.",
                remedy=f"choose from: {', '.join(running) or 'none runs'}",
            )
        address = _address(running[a], running[b], addresses) if b in running else b
        if not address:
            raise NotFound(
                f"{label}: {b} has no address that could be pinged.", remedy="choose another target"
            )
        ways.append(Samples(printable(label), a, b, address))
    return ways


def _home(container: ContainerInfo) -> str:
    """The id of the container whose network namespace it lives in; `host` for the host's."""
    kind, _, joined = container.network_mode.partition(":")
    return joined or ("host" if kind == "host" else container.id)


def _address(source: ContainerInfo, target: ContainerInfo, addresses: Mapping[str, tuple[str, ...]]) -> str:
    """Loopback within one namespace; else the address on a network that both are on; else the first."""
    if _home(source) == _home(target):
        return "127.0.0.1"
    shared = {e.network for e in source.endpoints}
    near = [e.ip_address for e in target.endpoints if e.network in shared and e.ip_address]
    return next(iter([*near, *addresses[target.name]]), "")


def _usual(running: Mapping[str, ContainerInfo]) -> Iterator[tuple[str, tuple[str, str]]]:
    """One way for each mode that is in the lab: itself, container, each network, host."""
    names = {c.id: c.name for c in running.values()}
    own = [c for c in running.values() if any(e.ip_address or e.ipv6_address for e in c.endpoints)]
    own = [c for c in own if _home(c) == c.id]
    for c in own[:1] or list(running.values())[:1]:
        yield "itself", (c.name, c.name)
    for c in running.values():
        if _home(c) in names and _home(c) != c.id:
            yield "container", (c.name, names[_home(c)])
            break
    for network in sorted({e.network for c in own for e in c.endpoints}):
        members = [c.name for c in own if network in {e.network for e in c.endpoints}]
        if len(members) > 1:
            yield network, (members[0], members[1])
    for c in running.values():
        if _home(c) == "host" and own:
            yield "host", (own[0].name, c.name)
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
