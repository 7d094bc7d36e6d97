"""What is asked of a DNS server."""

from __future__ import annotations

from netbook.topology.addressing import literal


def question(name: str) -> str:
    """A name gets a dot, by which it is complete; an address is looked up backwards, and stays as it is.

    >>> question("bbox02"), question("bbox02."), question("172.18.0.2")
    ('bbox02.', 'bbox02.', '172.18.0.2')
    """
    return str(literal(name) or name.rstrip(".") + ".")
