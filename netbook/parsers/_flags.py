"""The words between `<` and `>` in `ip addr`, the same whichever tool printed them.

busybox up to 1.36 names only seven flags and glues the others on as one
hexadecimal number, without a comma: `UP,LOWER_UP100` is `LOWER_UP` and 0x100,
PROMISC. Read as it stands, such an interface would not count as up.
"""

from __future__ import annotations

import re

# <linux/if.h>, in the order in which iproute2 prints them
_BITS = {
    "LOOPBACK": 0x8,
    "BROADCAST": 0x2,
    "POINTOPOINT": 0x10,
    "MULTICAST": 0x1000,
    "NOARP": 0x80,
    "ALLMULTI": 0x200,
    "PROMISC": 0x100,
    "MASTER": 0x400,
    "SLAVE": 0x800,
    "DEBUG": 0x4,
    "DYNAMIC": 0x8000,
    "AUTOMEDIA": 0x4000,
    "PORTSEL": 0x2000,
    "NOTRAILERS": 0x20,
    "UP": 0x1,
    "LOWER_UP": 0x10000,
    "DORMANT": 0x20000,
    "ECHO": 0x40000,
}
_ORDER = {name: place for place, name in enumerate(["NO-CARRIER", *_BITS])}
_WORD = re.compile(r"([A-Z][A-Z_-]*)?([0-9a-f]{1,8})?")


def parse(text: str) -> tuple[str, ...] | None:
    """Return the flags' names in iproute2's order; None if `text` is no list of flags.

    >>> parse("BROADCAST,MULTICAST,UP,LOWER_UP100")
    ('BROADCAST', 'MULTICAST', 'PROMISC', 'UP', 'LOWER_UP')
    >>> parse("")
    ()
    """
    found: list[str] = []
    for word in filter(None, text.split(",")):
        match = _WORD.fullmatch(word)
        if match is None:
            return None
        name, number = match.groups()
        found += [name] if name else []
        found += _decode(int(number, 16)) if number else []
    return tuple(sorted(dict.fromkeys(found), key=lambda flag: _ORDER.get(flag, len(_ORDER))))


def _decode(number: int) -> list[str]:
    names = [name for name, bit in _BITS.items() if number & bit]
    unknown = number & ~sum(_BITS.values())
    return names + ([f"{unknown:x}"] if unknown else [])
