"""What a question asks for: one of some choices, a number or a name; how an answer is read and said."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from netbook.errors import WrongArgument

_LINE = 76  # columns: what is longer stands one below the other
_QUOTES = "\"'`"

Guessed = str | float


def plain(value: object) -> str:
    """A value as a reader would write it: yes and no, a container's name, numbers without their type.

    >>> plain(True), plain(2.0), plain(" bbox01 ")
    ('yes', '2', 'bbox01')
    """
    value = bare(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}" if not value.is_integer() else str(int(value))
    return " ".join(str(getattr(value, "name", value)).split()).strip(_QUOTES)


def bare(value: object) -> object:
    """Python's own value of what a DataFrame holds; several are not one answer. Errors: WrongArgument."""
    if (size := getattr(value, "size", 1)) != 1:
        raise WrongArgument(f"{size} values are not one answer; take one of them.")
    item = getattr(value, "item", None)
    return item() if callable(item) else value


@dataclass(frozen=True)
class Choice:
    """One of these."""

    options: tuple[str, ...]

    @classmethod
    def of(cls, choices: Iterable[object]) -> Choice:
        """Errors: WrongArgument for fewer than two, for one that is there twice or is empty."""
        if isinstance(choices, str):
            raise WrongArgument(f"choices is {choices!r}; it must be a list of two or more")
        options = tuple(plain(choice) for choice in choices)
        if len(options) < 2 or not all(options):
            raise WrongArgument(
                f"choices is {list(options)}; it must be a list of two or more, none of them empty"
            )
        if len({option.casefold() for option in options}) < len(options):
            raise WrongArgument(f"choices is {list(options)}; each must be there once")
        return cls(options)

    def read(self, value: object) -> Guessed:
        """The choice that is meant. Errors: WrongArgument."""
        wanted = plain(value).casefold()
        for option in self.options:
            if option.casefold() == wanted:
                return option
        raise WrongArgument(f"{plain(value)!r} is none of the choices: {', '.join(self.options)}.")

    def lines(self, answer: Guessed | None) -> list[str]:
        """Tick boxes, in one row where there is room for it."""
        boxes = self.faces(answer)
        row = "   ".join(boxes)
        return [row] if len(row) <= _LINE else boxes

    def faces(self, answer: Guessed | None) -> list[str]:
        """☐, or ☑ for what is chosen, and the choice."""
        return [f"{'☑' if option == answer else '☐'} {option}" for option in self.options]


@dataclass(frozen=True)
class Number:
    """A number, in some unit."""

    unit: str = ""

    def read(self, value: object) -> Guessed:
        """The number. Errors: WrongArgument."""
        value = bare(value)
        word = plain(value).removesuffix(self.unit).strip()
        try:
            number = math.nan if isinstance(value, bool) else float(word)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise WrongArgument(f"{plain(value)!r} is no number; write digits, as in 2 or 0.5.")
        return int(number) if number.is_integer() else number

    def lines(self, answer: Guessed | None) -> list[str]:
        """A place to write on, or what was written there."""
        return [f"{'________' if answer is None else plain(answer)} {self.unit}".rstrip()]


@dataclass(frozen=True)
class Name:
    """A name or an address; upper case or lower does not matter, as in DNS."""

    def read(self, value: object) -> Guessed:
        """The name. Errors: WrongArgument for none at all."""
        if value is None or not plain(value):
            raise WrongArgument(f"{value!r} is no name; write one word, as in bbox01 or eth0.")
        return plain(value)

    def lines(self, answer: Guessed | None) -> list[str]:
        """A place to write on, or what was written there."""
        return ["____________________" if answer is None else str(answer)]


Asked = Choice | Number | Name


def same(one: Guessed, other: Guessed) -> bool:
    """Are they one answer? Numbers as numbers, words without regard to case."""
    if isinstance(one, str) or isinstance(other, str):
        return str(one).casefold() == str(other).casefold()
    return math.isclose(one, other)
