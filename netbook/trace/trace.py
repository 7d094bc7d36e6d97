"""One packet's way, as it was captured: `lab.trace()`, as a table, in words, and as files for Wireshark."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from netbook import tables
from netbook.diagram.journey import Journey
from netbook.model.journey import Leg
from netbook.model.packet import Packet
from netbook.model.programs import ExecResult, PingResult
from netbook.model.snapshot import Snapshot
from netbook.parsers import ping
from netbook.topology.addressing import literal
from netbook.topology.graph import Topology
from netbook.trace import outcome, passages, pcap
from netbook.trace.passages import Passage, ends
from netbook.trace.places import Places
from netbook.trace.plain import plain
from netbook.trace.probe import Probe
from netbook.trace.select import Question, Seen, select

_COLUMNS = ("packet", "where", "direction", "what", "source", "target")
_FULL = (
    *("packet", "time_us", "where", "interface", "direction", "what", "detail"),
    *("source", "source_port", "target", "target_port", "mac", "length", "ttl", "ip_id"),
)
_OF_PACKET = {"what", "detail", *_FULL[7:]}


@dataclass(frozen=True, slots=True)
class Recording:
    """What one network namespace saw: whose it is, and the packets of this trace among it."""

    name: str  # "host", or the container's
    header: bytes  # of the pcap file
    packets: tuple[Packet, ...]

    @property
    def pcap(self) -> bytes:
        """A file that Wireshark and `tcpdump -r` read."""
        return pcap.join(self.header, self.packets)


@dataclass(frozen=True, slots=True)
class Take:
    """What was recorded, before anything is made of it."""

    seen: Snapshot
    graph: Topology  # the same, joined: all that was on the engine
    probe: Probe
    said: ExecResult  # what the command printed
    files: Mapping[int, bytes]  # by namespace: pcap
    published: frozenset[tuple[str, int]] = frozenset()  # what stands behind the host's port
    dropped: int = 0  # packets that tcpdump missed


class Trace:
    """What `tcpdump -i any` saw of one ping or one TCP connection, in every namespace on its way.

    `outcome` says in a sentence what became of it, `lost` how far a packet came that did not
    arrive (else ""), `legs` who went where, `topology` the wiring just before.
    Introduced in chapter 02.
    """

    def __init__(
        self,
        topology: Topology,
        shown: Sequence[Passage],
        passages: Sequence[Passage],
        question: Question,
        outcome: str,
        recordings: Sequence[Recording],
        *,
        full: bool = False,
    ) -> None:
        self.topology = topology
        self.outcome = outcome
        self.recordings = tuple(recordings)
        self._shown, self._passages, self._question, self._full = (
            tuple(shown),
            tuple(passages),
            question,
            full,
        )

    @property
    def legs(self) -> tuple[Leg, ...]:
        """One for each packet, its stops by the topology's names, in the order of arrival."""
        return tuple(passage.leg for passage in self._shown)

    @cached_property
    def journey(self) -> Journey:
        """The packets on their way over the diagram, moving; `.storyboard` is the same for paper."""
        return Journey(self.topology, self.legs)

    @property
    def lost(self) -> str:
        """The last place of a packet that got lost, by its stable name; "" if all arrived."""
        lost = (p for p in self._shown if p.end == "lost" and p.packet.protocol not in ("ARP", "ND"))
        return next((passage.where for passage in lost), "")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each sighting: packet (its number), where, direction, what, source, target.

        Addresses as they were there: before NAT and after it. It is the same in every run.
        """
        return self.packets if self._full else tables.frame(_COLUMNS, _rows(self._shown, self._question))

    @cached_property
    def packets(self) -> pd.DataFrame:
        """All packets, and all that the table leaves out: time_us (since the first), the kernel's names …"""
        return tables.frame(_FULL, _full_rows(self._passages))

    @property
    def text(self) -> str:
        """The storyboard: what became of it, then a line for each packet."""
        lines = [f"{n}. {_line(passage)}" for n, passage in enumerate(self._shown, 1)]
        return "\n".join([self.outcome, *lines])

    def save(self, folder: str | Path) -> list[Path]:
        """Write a pcap file for each namespace, for Wireshark; returns their paths.

        Of what was captured, only what belongs to this ping or connection.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{recording.name}.pcap" for recording in self.recordings]
        for path, recording in zip(paths, self.recordings, strict=True):
            path.write_bytes(recording.pcap)
        return paths

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: object
    ) -> dict[str, str]:
        picture = self.journey._repr_mimebundle_()
        parts = [f"<p>{html.escape(self.outcome)}</p>", picture.get("text/html", ""), self.table.to_html()]
        bundle = picture | {"text/html": "\n".join(filter(None, parts))}
        if "text/html" in picture:  # else its text says why it could not be drawn
            bundle["text/plain"] = self.text
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }


def read(take: Take, *, shown: Topology | None = None, full: bool = False) -> Trace:
    """Find the ping or connection in what was recorded. `shown`: what of the wiring the picture has.

    Errors: ParseError for a file that is no pcap file, or for a ping that says strange things.
    """
    probe, places = take.probe, Places(take.seen, take.graph)
    boxes = {box.inode: box.containers for box in take.graph.boxes if box.mode in ("own", "none")}
    source = next((inode for inode, members in boxes.items() if probe.source in members), places.host)
    heard = PingResult(probe.target) if probe.port or not take.said.text else ping.parse(take.said.text)
    found = [Seen(inode, packet) for inode, data in take.files.items() for packet in pcap.parse(data)]
    addresses = _addresses(probe, heard, found, source)
    question = Question(source, addresses, probe.name, probe.port, take.published)
    mine = select(found, question, places)
    every = passages.passages(mine, question, places, set(take.files))
    plainly = plain(every, question)
    recordings = [
        Recording(
            boxes[inode][0] if inode in boxes else "host",
            data[: pcap.HEADER],
            tuple(one.packet for one in mine if one.namespace == inode),
        )
        for inode, data in take.files.items()
    ]
    said = outcome.sentence(plainly, probe, take.said, heard)
    return Trace(shown or take.graph, plainly, every, question, said, recordings, full=full)


def _addresses(probe: Probe, heard: PingResult, found: Iterable[Seen], source: int) -> frozenset[str]:
    """What the target's name became: ping says it, nc does not."""
    if known := literal(probe.target):
        return frozenset({str(known)})
    if not probe.port:
        return frozenset({heard.address} - {""})
    packets = (one.packet for one in found if one.namespace == source)
    return frozenset(p.target for p in packets if p.flags == "S" and p.target_port == probe.port)


def _line(passage: Passage) -> str:
    places = [s.where for s in passage.sightings]
    way = " → ".join(where for n, where in enumerate(places) if n == 0 or places[n - 1] != where)
    note = f" · {passage.leg.note}" if passage.leg.note else ""
    return f"{passage.leg.what}: {way}{note}"


def _rows(passages: Iterable[Passage], question: Question) -> Iterable[tables.Row]:
    for number, passage in enumerate(passages, 1):
        for sighting in passage.sightings:
            source, target = ends(sighting.packet, question)
            values = (number, sighting.where, sighting.direction, sighting.packet.what, source, target)
            yield dict(zip(_COLUMNS, values, strict=True))


def _full_rows(passages: Sequence[Passage]) -> Iterable[tables.Row]:
    start = min((s.packet.time for passage in passages for s in passage.sightings), default=0)
    for number, passage in enumerate(passages, 1):
        for sighting in passage.sightings:
            packet = sighting.packet
            yield {
                "packet": number,
                "time_us": round((packet.time - start) / 1000, 1),
                "where": sighting.where,
                "interface": sighting.stop.interface,
                "direction": sighting.direction,
                **{name: getattr(packet, name) for name in _FULL if name in _OF_PACKET},
            }
