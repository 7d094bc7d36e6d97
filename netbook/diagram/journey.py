"""The way of packets over the diagram: what `lab.trace()` saw, moving, for paper and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from netbook.diagram import animation
from netbook.diagram.captions import Step
from netbook.diagram.layout import plan
from netbook.diagram.storyboard import storyboard
from netbook.diagram.wires import Ways, cleared
from netbook.drawing.figure import Figure, image
from netbook.drawing.lettering import printable
from netbook.drawing.shapes import Picture
from netbook.model.journey import Leg, Stop
from netbook.topology.graph import Box, Port, Topology

# On paper the storyboard takes the place of the animation. A notebook that is not trusted loses this
# rule and nothing else; a browser that cannot open a closed `details` on paper prints the first form.
_PRINT = (
    "<style>@media print{@supports selector(::details-content){"
    ".netbook-journey>img,.netbook-journey summary{display:none}"
    ".netbook-journey details::details-content{content-visibility:visible;display:block}}}</style>"
)


class Journey(Figure):
    """Packets on their way over a topology, one leg after another.

    What `tcpdump -i any` on the engine's host and in the containers would show of them, as moving
    pictures. `legs` name the interfaces each packet passed; those of the host that are not in the
    diagram are passed over, and the leg's note says so. Equal input gives the same bytes.

    Errors: NotFound for a container, or an interface of one, that the topology does not have.
    """

    def __init__(self, topology: Topology, legs: Iterable[Leg], title: str = "") -> None:
        self.topology = topology
        self.title = printable(title).strip()
        picture = plan(topology, self.title)
        ways = Ways(topology, picture)
        self.legs = tuple(_noted(leg, ways) for leg in legs)
        passed = [ways.places(leg.stops) for leg in self.legs]
        self._places = {place for places in passed for place in places}
        self._hops = {hop for places in passed for hop in pairwise(places)}
        self._picture = cleared(picture, self._hops)

    @cached_property
    def svg(self) -> str:
        """The animation as the text of an SVG file; it plays without a script."""
        title = self.title or "A packet's way on the engine host"
        return animation.film(self._picture, self._steps(self._picture), title, self.alt)

    @cached_property
    def storyboard(self) -> str:
        """The same in still pictures of what took part, as the text of an SVG file."""
        picture = cleared(plan(self.topology, only=self._taking_part), self._hops)
        return storyboard(picture, self._steps(picture), self.title, self.alt)

    @property
    def alt(self) -> str:
        """The packets in one sentence, for readers who cannot see the picture."""
        said = [f"{step}, {_sentence(leg)}" for step, leg in enumerate(self.legs[:12], 1)]
        more = [f"and {len(self.legs) - 12} more"] if len(self.legs) > 12 else []
        count = f"{len(self.legs) or 'No'} packet{'' if len(self.legs) == 1 else 's'} on the way"
        first = f"{self.title}: {count[0].lower()}{count[1:]}" if self.title else count
        return f"{first}: {'; '.join([*said, *more])}." if said else f"{first}."

    @property
    def text(self) -> str:
        """A numbered line for each packet, and below it the interfaces that it passed."""
        return "\n".join(_lines(self.legs, self.title, _names(self.topology)))

    @property
    def _html(self) -> str:
        moving, still = image(self.svg, self.alt), image(self.storyboard, self.alt)
        details = f"<details><summary>Step by step, without motion</summary>{still}</details>"
        return f'{_PRINT}<div class="netbook-journey">{moving}{details}</div>'

    @property
    def _paper(self) -> str:
        return self.storyboard

    @property
    def _taking_part(self) -> set[str]:
        """Containers and networks that some packet came by."""
        bridges = {bridge.name: bridge.title for bridge in self.topology.bridges}
        found = {place.container or bridges.get(place.interface, "") for place in self._places}
        for box in self.topology.boxes:
            for port in box.ports:
                if any(_touches(place, box, port) for place in self._places):
                    found |= {box.owner, port.network or port.bridge}
        return found

    def _steps(self, picture: Picture) -> list[Step]:
        ways = Ways(self.topology, picture)
        return [Step(i, leg, ways.way(leg.stops, leg.lost)) for i, leg in enumerate(self.legs, 1)]


def _touches(place: Stop, box: Box, port: Port) -> bool:
    """Is a place one of the ends of that port's cable, or anywhere in its container?"""
    if place.container:
        return place.container in box.names and place.interface in ("", "lo", port.name)
    return place.interface == port.peer != ""


def _noted(leg: Leg, ways: Ways) -> Leg:
    hidden = {stop for stop in leg.stops if not ways.shows(stop)}
    if not hidden:
        return leg
    what = "an interface" if len(hidden) == 1 else f"{len(hidden)} interfaces"
    note = f"passes {what} not in the diagram"
    return replace(leg, note="; ".join(filter(None, [leg.note, note])))


# ---------------------------------------------------------------- in words


def _names(topology: Topology) -> dict[str, str]:
    """Of the host's interfaces, the same in every run."""
    own = {i.name: "the host's own interface" for i in topology.host_interfaces}
    own = {name: said for name, said in own.items() if name not in {b.name for b in topology.bridges}}
    return {**topology.host_names, **own, "lo": "lo of the host"}


def _lines(legs: Sequence[Leg], title: str, names: dict[str, str]) -> Iterable[str]:
    if title:
        yield title
    for number, leg in enumerate(legs, 1):
        said = [leg.what, " → ".join(filter(None, [leg.source, leg.target])), leg.note]
        yield f"{number:2} {' · '.join(filter(None, said))}"
        way: list[str] = []
        for stop in leg.stops:
            name = f"{stop.container} {stop.interface}" if stop.container else names.get(stop.interface, "")
            way += [name] if name and name not in way[-1:] else []
        yield f"   {' → '.join(way) or 'seen nowhere'}{' ✕' * leg.lost}"
    if not legs:
        yield "no packets"


def _sentence(leg: Leg) -> str:
    ends = [stop.container or "the host" for stop in (*leg.stops[:1], *leg.stops[-1:])]
    way = f" from {ends[0]} to {ends[1]}" if len(set(ends)) > 1 else f" in {ends[0]}" if ends else ""
    if leg.lost and ends:
        way = f" from {ends[0]}"
    route = f" ({' → '.join(filter(None, [leg.source, leg.target]))})" if leg.source or leg.target else ""
    return f"{leg.what}{way}{route}{': ' * bool(leg.note)}{leg.note}"
