"""How much room text takes, and how it is cut to the room there is."""

from __future__ import annotations

import unicodedata
from math import ceil

_EM = {  # DejaVu Sans Bold and Noto Sans CJK Bold, whichever is wider: no usual font is wider than these
    0.35: " 'ijl", 0.4: ",./:;I\\|", 0.45: "-f", 0.5: "!()[]rt", 0.55: "*", 0.6: '"?J_csz', 0.65: "L`x",
    0.7: "$0123456789EFTaekovy", 0.75: "CPSYZbdghnpqu{}", 0.8: "ABKRVX", 0.85: "#+<=>DGHNU^~",
    0.9: "&OQ✓✗", 0.95: "w", 1.0: "M·…→◐◑", 1.05: "%@m", 1.15: "W",
}  # fmt: skip
_WIDTHS = {char: em for em, chars in _EM.items() for char in chars}


def text_width(text: str, size: float) -> float:
    """The most room, in half pixels, that `text` takes in a bold sans-serif font.

    Whole halves, so that sums and differences of places stay exact and equal ones are equal.

    >>> text_width("bbox01", 10)
    42.5
    """
    return ceil(2 * size * sum(_WIDTHS.get(char) or _em(char) for char in text) - 0.001) / 2


def _em(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if ord(char) > 0x1F000:  # emoji
        return 1.4
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 1.35


def clip(text: str, size: float, room: float) -> str:
    """`text`, or its beginning and its end with an ellipsis between: names often differ at the end.

    >>> clip("a-very-long-container-name-01", 10, 100)
    'a-very…name-01'
    """
    if text_width(text, size) <= room:
        return text
    for kept in range(len(text) - 1, 1, -1):
        head = kept // 2
        short = f"{text[:head]}…{text[head - kept :]}"
        if text_width(short, size) <= room:
            return short
    return "…"


def printable(text: str) -> str:
    """Without the control characters that XML forbids."""
    return "".join(c if c.isprintable() else " " for c in text)
