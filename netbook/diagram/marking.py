"""How a picture says that something came, went or changed: a sign and words, for grey print and for the ear.

The outline says it, too (heavy, dashed: see svg), never the colour.
"""

from __future__ import annotations

from collections.abc import Iterable

from netbook.diagram.scene import Scene
from netbook.drawing.lettering import clip, text_width
from netbook.drawing.palette import INK, PAPER, QUIET
from netbook.drawing.shapes import Label, Rect, Shape, Wire
from netbook.topology.change import Change, Kind, Marks, of_container
from netbook.topology.graph import Box

PILL = 10.0  # size of text
_HIGH = 15.0
ROOM = 18.0  # what a line of pills takes
_SIGNS: dict[Kind, str] = {"came": "+", "went": "−", "changed": "~"}
_MEANINGS: dict[Kind, str] = {"came": "new", "went": "gone", "changed": "changed"}


def kind(mark: Change | None) -> str:
    """What a shape or a wire is marked as."""
    return mark.change if mark else ""


def signed(text: str, mark: Change | None) -> str:
    return f"{_SIGNS[mark.change]} {text}" if mark else text


def color(mark: Change | None) -> str:
    """Of the text on something that may be gone."""
    return QUIET if mark and mark.change == "went" else INK


def pill(mark: Change | None) -> str:
    """What stands on a pill; nothing where nothing happened.

    >>> pill(Change("changed", "state", "bbox01", note="was running"))
    '~ was running'
    """
    return clip(signed(mark.words, mark), PILL, 170) if mark else ""


def pills(box: Box, found: Scene) -> list[str]:
    """One for the box; where several containers share it, one for each that changed."""
    whole = found.of_box(box)
    if whole and (len(box.names) == 1 or whole.change != "changed"):
        return [pill(whole)]
    each = zip(box.names, found.of(box), strict=True)
    said = [signed(f"{name} {mark.words}", mark) for name, mark in each if mark and mark.change == "changed"]
    return [clip(text, PILL, 230) for text in said]


def pill_width(text: str) -> float:
    return text_width(text, PILL) + 14 if text else 0.0


def pill_shape(text: str, mid: float, top: float) -> Shape:
    width = pill_width(text)
    label = Label(text, mid, top + 11, PILL, True, "middle", PAPER)
    return Shape("pill", Rect(mid - width / 2, top, width, _HIGH), (label,))


def bracketed(mark: Change | None) -> str:
    return f" ({mark.words})" if mark else ""


def told(marks: Marks) -> dict[str, list[str]]:
    """What is new, gone and changed, by name. What comes and goes with its container is not told again."""
    said: dict[str, list[str]] = {word: [] for word in _MEANINGS.values()}
    for key, mark in marks.items():
        owner = marks.get(of_container(key[1]))
        if key[0] == "cable" or (
            key[0] == "interface" and mark.change != "changed" and kind(owner) == mark.change
        ):
            continue
        name = f"network {mark.name}" if mark.what == "network" else mark.name
        said[_MEANINGS[mark.change]].append(name + (bracketed(mark) if mark.change == "changed" else ""))
    return {word: names for word, names in said.items() if names}


def legend(shapes: Iterable[Shape], wires: Iterable[Wire], right: float, y: float) -> list[Shape]:
    """What the signs and the outlines of a picture mean: those that are in it, ending at `right`."""
    used = {wire.mark for wire in wires} | {mark for shape in shapes for mark in _used(shape)}
    keys: list[Shape] = []
    for mark in reversed(_SIGNS):
        if mark in used:
            text = f"{_SIGNS[mark]} {_MEANINGS[mark]}"
            width = text_width(text, 11) + 16
            right -= width
            label = Label(text, right + width / 2, y + 14, 11, True, "middle", INK)
            keys.insert(0, Shape("key", Rect(right, y, width, 20), (label,), mark=mark))
            right -= 10
    return keys


def _used(shape: Shape) -> Iterable[str]:
    yield shape.mark
    for part in shape.parts:
        yield from _used(part)
