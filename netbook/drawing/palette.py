"""The book's colours, letters and dashes; networks are told apart in grey print, too."""

from __future__ import annotations

from dataclasses import dataclass

INK, QUIET, PAPER, GROUND, GREY = "#1f2933", "#52606d", "#ffffff", "#f4f6f9", "#e4e7eb"


SLATE, SILVER = "#3e4c59", "#cbd2d9"


GLOW = "#ffd24d"  # behind what is highlighted


FONTS = (
    "'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', "
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a network looks: its line, its fill, its dashes (they tell networks apart in grey print)."""

    line: str
    fill: str
    dash: str = ""


INKS = (
    Ink("#0b69a3", "#e3f2fb"),  # blue
    Ink("#a3490b", "#fdf0e3", "8 3"),  # rust
    Ink("#1b7340", "#e4f5ea", "2.5 2.5"),  # green
    Ink("#7a35b0", "#f3eafb", "12 3 2.5 3"),  # violet
    Ink("#b3164f", "#fde8ef", "5 5"),  # crimson
    Ink("#0b6f72", "#def4f4", "14 4"),  # teal
    Ink("#6a5c00", "#f8f3d4", "8 2 2 2 2 2"),  # olive
    Ink("#3d4a8f", "#e8ebf9", "4 2"),  # indigo
)


NEUTRAL = Ink(QUIET, GREY)


def ink(number: int) -> Ink:
    """The look of the network with that number; -1: of no network, or of one that is not the book's."""
    return NEUTRAL if number < 0 else INKS[number % len(INKS)]
