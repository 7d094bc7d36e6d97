"""What the pictures of an exercise show, of all that is on the engine."""

from __future__ import annotations

from netbook.learn import exercises, look
from netbook.model.journey import Stop
from netbook.topology.graph import Box, Cable, Topology


def string(one: str, other: str) -> Cable:
    return Cable((Stop(one, "c0"), Stop(other, "c1")))


def test_a_cable_by_hand_is_shown_if_both_its_ends_are() -> None:
    boxes = tuple(Box((name,), "own", ()) for name in ("juliet", "romeo", "tybalt"))
    seen = Topology(boxes, cables=(string("juliet", "romeo"), string("romeo", "tybalt")))
    assert look.about(exercises.find("04-balcony"), seen).cables == (string("juliet", "romeo"),)
    assert look.about(exercises.find("04-novice"), seen).cables == ()
