"""The goal beside what there is now: two pictures, and the same in words.

The picture of the goal was taken of a real engine, after the solution (`tests/goals.py` does it, and a test
compares); it is kept beside the exercises.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

from netbook.diagram.diagram import Diagram
from netbook.drawing.figure import image
from netbook.learn.exercise import Exercise
from netbook.learn.words import Words
from netbook.topology.graph import Topology

_HALF = "flex: 1 1 20em; min-width: 0; max-width: 100%"  # below each other where it is narrow
PICTURES = Path(__file__).with_name("exercises") / "pictures"


class Look(Words):
    """`task.look()`."""

    def __init__(self, exercise: Exercise, now: Topology) -> None:
        self.exercise, self.now = exercise, Diagram(about(exercise, now), "Now")

    @property
    def goal(self) -> str:
        """The picture of the goal, as the text of an SVG file; "" for a ticket: it has many mends."""
        kept = picture(self.exercise)
        return kept.read_text(encoding="utf-8") if kept.exists() else ""

    @property
    def goal_alt(self) -> str:
        """The goal in a few sentences."""
        found = re.search(r"<desc[^>]*>(.*?)</desc>", self.goal, re.DOTALL)
        return html.unescape(found[1]) if found else ""

    @property
    def text(self) -> str:
        return f"Goal: {self.goal_alt}\nNow:  {self.now.alt}" if self.goal else f"Now:  {self.now.alt}"

    @property
    def html(self) -> str:
        both = ((self.goal, self.goal_alt), (self.now.svg, self.now.alt))
        images = (image(svg, alt, _HALF) for svg, alt in both if svg)
        return f'<div style="display: flex; flex-wrap: wrap; gap: 1em">{"".join(images)}</div>'


def picture(exercise: Exercise) -> Path:
    """Where the picture of its goal is kept."""
    return PICTURES / f"{exercise.id}.svg"


def goal(exercise: Exercise, seen: Topology) -> Diagram:
    """After its solution, what the exercise is about; without the answer to a riddle."""
    here = about(exercise, seen)
    boxes = tuple(box for box in here.boxes if not exercise.riddle & set(box.containers))
    return Diagram(replace(here, boxes=boxes), "Goal")


def about(exercise: Exercise, seen: Topology) -> Topology:
    """Only its containers and networks, the networks that its containers are on, the cables between them."""
    boxes = tuple(box for box in seen.boxes if exercise.names & set(box.containers))
    owners = {box.owner for box in boxes}
    kept = exercise.names | {port.network for box in boxes for port in box.ports}
    return replace(
        seen,
        boxes=boxes,
        bridges=tuple(bridge for bridge in seen.bridges if bridge.network and bridge.network.name in kept),
        networks=tuple(network for network in seen.networks if network.name in kept),
        cables=tuple(cable for cable in seen.cables if {end.container for end in cable.ends} <= owners),
    )
