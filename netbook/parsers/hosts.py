r"""`/etc/hosts`: names that need no server; the engine writes a container's own.

Returns `tuple[HostEntry, ...]`, in the file's order; `()` for an empty file.

    address  str         IPv4 or IPv6, as written
    names    tuple[str]  at least one; the first is the official one, the others are aliases

>>> parse('''\
... 127.0.0.1\tlocalhost
... 172.17.0.2\tweb 3f2a1b4c5d6e bbox01  # the work of --link bbox01:web
... ''')[1].names
('web', '3f2a1b4c5d6e', 'bbox01')
"""

from __future__ import annotations

from netbook.model.programs import HostEntry
from netbook.parsers._lines import read


def parse(text: str) -> tuple[HostEntry, ...]:
    """Read the text of an `/etc/hosts`."""
    found = []
    for line in read("hosts", text):
        address, *names = line.text.partition("#")[0].split() or [""]
        if not address:
            continue
        line.address(address, "the first word")
        if not names:
            raise line.error("at least one name after the address")
        found.append(HostEntry(address, tuple(names)))
    return tuple(found)
