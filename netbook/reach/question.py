"""What is asked of a DNS server."""

from __future__ import annotations

from ipaddress import ip_address


def question(name: str) -> str:
    """A name gets a dot, by which it is complete; an address is looked up backwards, and stays as it is.

    >>> question("bbox02"), question("bbox02."), question("172.18.0.2")
    ('bbox02.', 'bbox02.', '172.18.0.2')
    """
    try:
        return str(ip_address(name))
    except ValueError:
        return name.rstrip(".") + "."
