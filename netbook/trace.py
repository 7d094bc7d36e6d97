"""One packet's way, as it was captured: `lab.trace()`, as a table, in words, and as files for Wireshark."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from netbook import pcap, tables
from netbook.flow import Question
from netbook.journey import Leg
from netbook.legs import Passage, ends
from netbook.models import Packet
from netbook.topology import Topology

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


class Trace:
    """What `tcpdump -i any` saw of one ping or one TCP connection, in every namespace on its way.

    `outcome` says in a sentence what became of it, `lost` where a packet was seen last that did
    not arrive (else ""), `legs` who went where, `topology` the wiring just before.
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

    @property
    def lost(self) -> str:
        """The last place of a packet that got lost, by its stable name; "" if all arrived."""
        lost = (p for p in self._shown if p.end == "lost" and p.packet.protocol not in ("ARP", "ND"))
        return next((passage.sightings[-1].where for passage in lost), "")

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
        # The picture on `topology` along `legs` has its place between the two.
        bundle = {
            "text/plain": self.text,
            "text/html": f"<p>{html.escape(self.outcome)}</p>\n{self.table.to_html()}",
        }
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }


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
