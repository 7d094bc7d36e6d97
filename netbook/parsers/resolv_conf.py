r"""`/etc/resolv.conf`: which DNS servers a container asks, and in which domains.

Returns one `Resolver`; an empty one for an empty file.

    nameservers  tuple[str]  IP addresses; 127.0.0.11 is the DNS server inside Docker
    search       tuple[str]  domains tried for a short name; of several `search` and `domain`
                             lines the last one counts, as for the C library
    options      tuple[str]  as written: "ndots:0"; those of several lines together

Comments (from `#` or `;`) and `sortlist` are passed over.

>>> parse("search lab.example\nnameserver 127.0.0.11\noptions ndots:0\n")
Resolver(nameservers=('127.0.0.11',), search=('lab.example',), options=('ndots:0',))
"""

from __future__ import annotations

import re

from netbook.model.programs import Resolver
from netbook.parsers._lines import read

_KEYWORDS = ("nameserver", "search", "domain", "options", "sortlist")
_COMMENT = re.compile(r"(^|\s)[#;].*")


def parse(text: str) -> Resolver:
    """Read the text of an `/etc/resolv.conf`."""
    servers: list[str] = []
    search: list[str] = []
    options: list[str] = []
    for line in read("resolv_conf", text):
        keyword, *values = _COMMENT.sub("", line.text).split() or [""]
        if not keyword:
            continue
        if keyword not in _KEYWORDS:
            raise line.error(f"a line that starts with one of {', '.join(_KEYWORDS)}")
        if keyword == "nameserver":
            servers.append(str(line.address("".join(values[:1]), "the server")))
        elif keyword in ("search", "domain"):
            search = values
        elif keyword == "options":
            options += values
    return Resolver(tuple(servers), tuple(search), tuple(options))
