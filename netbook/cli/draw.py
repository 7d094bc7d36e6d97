"""`netbook draw`: the wiring of the reader's own engine, whoever made it: a picture, a page, data or text."""

from __future__ import annotations

import argparse
import html
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from netbook.cli import onlooker
from netbook.diagram.diagram import Diagram
from netbook.diagram.layout import INNER, placed
from netbook.diagram.scene import scene
from netbook.drawing import svg
from netbook.drawing.figure import image
from netbook.engine.client.engine import Engine
from netbook.errors import EngineGone, WrongArgument
from netbook.model.snapshot import Snapshot
from netbook.observer import listed
from netbook.observer.observer import Observer
from netbook.setup.console import say
from netbook.topology.build import build
from netbook.topology.graph import Topology

FORMS = (".svg", ".html", ".json", ".txt")
_COLUMN = 150.0  # of a network in a picture of many
_BURST = 0.3  # seconds: what happens within them is drawn once
_GUESSED = "from the API alone: interfaces are counted, not read, and NAT is not known"


def main(options: argparse.Namespace) -> int:
    """The exit code. Nothing is changed; without `--no-helper` there is a helper container until it ends."""
    target = Path(options.out) if options.out else None
    check(target)
    with onlooker.engine() as engine, _looking(engine, helper=not options.no_helper) as look:
        title = f"Docker {engine.version}" + (f", {_GUESSED}" if options.no_helper else "")
        events = engine.events() if options.watch else None
        try:
            drawn = everybodys(build(look()))
            write(drawn, target, title)
            if events is not None:
                say("Drawn anew after every change; Ctrl-C ends it.")
                for _ in events:
                    time.sleep(_BURST)
                    if (now := everybodys(build(look()))) != drawn:
                        drawn = now
                        write(drawn, target, title)
                raise EngineGone(
                    "The engine has gone, or cut off its events.", remedy="start it, and draw again"
                )
        finally:
            if events is not None:
                events.close()
    return 0


def check(target: Path | None) -> None:
    """Errors: WrongArgument for a file that could not be written, before anything is asked."""
    if target is None:
        return
    if target.suffix.lower() not in FORMS:
        raise WrongArgument(
            f"--out is {target.name!r}, which ends in none of {', '.join(FORMS)}.",
            remedy=f"try --out {target.stem or 'wiring'}.svg",
        )
    if not target.absolute().parent.is_dir():
        raise WrongArgument(
            f"--out is in {target.absolute().parent}, which is no folder.", remedy="make it first"
        )


@contextmanager
def _looking(engine: Engine, *, helper: bool) -> Iterator[Callable[[], Snapshot]]:
    if not helper:
        yield lambda: listed.snapshot(engine)
        return
    onlooker.helper_image(engine)
    observer = Observer(engine, onlooker.NAME)
    try:
        yield observer.snapshot
    finally:
        observer.close()


def write(topology: Topology, target: Path | None, title: str) -> None:
    """To the file, by its suffix, in one move; else as text to the terminal."""
    if target is None:
        say(Diagram(topology, title).text)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(form(topology, target.suffix.lower(), title), encoding="utf-8", newline="\n")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    say(f"{target}: {told(topology)}")


def told(topology: Topology) -> str:
    """How much there is.

    >>> told(Topology())
    '0 containers, 0 networks'
    """
    containers = sum(len(box.containers) for box in topology.boxes)
    return f"{containers} containers, {len(topology.networks)} networks"


def form(topology: Topology, suffix: str, title: str) -> str:
    """The text of a file of that kind."""
    if suffix == ".json":
        return json.dumps(data(topology), indent=1, default=str) + "\n"
    picture = Diagram(topology, title)
    if suffix == ".txt":
        return picture.text + "\n"
    drawn = in_full_size(picture)
    if suffix == ".svg":
        return drawn
    name, said = html.escape(title), f"<pre>{html.escape(picture.text)}</pre>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{name}</title>\n'
        f"<body>{image(drawn, picture.alt)}\n"
        f"<details><summary>In words</summary>{said}</details></body></html>\n"
    )


def in_full_size(diagram: Diagram) -> str:
    """As the diagram's own SVG, but as wide as its networks need: a column for each, no letter smaller."""
    inner = max(INNER, _COLUMN * len(diagram.topology.bridges))
    picture = placed(scene(diagram.topology), diagram.title, inner=inner)
    return svg.draw(picture, diagram.title, diagram.alt, widest=picture.width)


def everybodys(topology: Topology) -> Topology:
    """All of it is the reader's own here: nothing is marked as foreign to the book."""
    nets = {n.name: replace(n, owned=True) for n in topology.networks}
    bridges = (replace(b, network=nets[b.network.name]) if b.network else b for b in topology.bridges)
    boxes = (replace(box, owned=True) for box in topology.boxes)
    return replace(topology, networks=tuple(nets.values()), bridges=tuple(bridges), boxes=tuple(boxes))


def data(topology: Topology) -> dict[str, Any]:
    """The wiring as JSON has it: containers, bridges, networks, cables."""
    return {
        "namespaces": [
            {
                "containers": list(box.containers),
                "mode": box.mode,
                "published": [str(one) for one in box.publications],
                "interfaces": [
                    {
                        "name": port.name,
                        "addresses": [a.cidr for a in port.addresses],
                        "network": port.network,
                        "bridge": port.bridge,
                        "up": port.up,
                        "mtu": port.mtu,
                        "mac": port.mac,
                    }
                    for port in box.ports
                ],
            }
            for box in topology.boxes
        ],
        "bridges": [
            {
                "name": bridge.name,
                "network": bridge.network.name if bridge.network else "",
                "addresses": [a.cidr for a in bridge.addresses],
                "up": bridge.up,
            }
            for bridge in topology.bridges
        ],
        "networks": [
            {key: value for key, value in asdict(n).items() if key not in ("labels", "owned")}
            for n in topology.networks
        ],
        "cables": [[asdict(end) for end in cable.ends] for cable in topology.cables],
    }
