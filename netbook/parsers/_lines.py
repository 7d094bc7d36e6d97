"""What all parsers share: numbered lines, and words that must be numbers or addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from netbook.errors import ParseError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tab; the newlines are gone already


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank, and where it stood."""

    parser: str
    number: int
    text: str

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def indented(self) -> bool:
        """Does it continue the line above?"""
        return self.text[0].isspace()

    def error(self, expected: str) -> ParseError:
        """To be raised: this line is the offending one."""
        return ParseError(self.parser, self.text, self.number, expected)

    def integer(self, word: str, what: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,10}", word):
            raise self.error(f"a number as {what}, not {word!r}")
        return int(word)

    def address(self, word: str, what: str) -> IPv4Address | IPv6Address:
        try:
            return ip_address(word)
        except ValueError:
            raise self.error(f"an IP address as {what}, not {word!r}") from None


def read(parser: str, text: str) -> list[Line]:
    r"""Cut `text` into its lines, blank ones left out; a terminal's `\r\n` is fine, its colours are not.

    >>> read("hosts", "::1 localhost\r\n\n10.0.0.2 web\n")[1]
    Line(parser='hosts', number=3, text='10.0.0.2 web')
    """
    found = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = Line(parser, number, raw.rstrip())
        if _CONTROL.search(line.text):
            raise line.error("plain text, without colour codes or other control characters")
        if line.text:
            found.append(line)
    return found


def nothing(parser: str, expected: str) -> ParseError:
    """To be raised: the command always prints something, and here is nothing."""
    return ParseError(parser, "", 0, expected)


def pairs(words: Sequence[str], keys: Collection[str]) -> dict[str, str]:
    """Read `key value key value word …` from the left; words that are no key are passed over.

    Reading from the left matters: an interface may be called `master`.

    >>> pairs("mtu 1500 qdisc noqueue master mtu state UP".split(), {"mtu", "master"})
    {'mtu': '1500', 'master': 'mtu'}
    """
    found: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word in keys:
            found.setdefault(word, next(rest, ""))
    return found
