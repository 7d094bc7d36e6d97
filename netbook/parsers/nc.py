r"""`nc -w SECONDS HOST PORT`: could a TCP connection be made, and if not, why?

Give it standard error only: standard output is what the server said. Returns one `str`, in the words of
`netbook.parsers.wget`: refused, timed out, no route, unknown name; "" where nc had nothing to complain
about: the port is open. One of busybox's two says
only with `-vv` why it could not connect.

>>> parse("nc: can't connect to remote host (172.17.0.2): Connection refused\n")
'refused'
>>> parse("")
''
"""

from __future__ import annotations

import re

from netbook.parsers._lines import read
from netbook.parsers._outcomes import outcome

_COMPLAINT = re.compile(r"nc: (?!warning: )(.+)")
_SKIPPED = re.compile(r"nc: warning: .+|.+ \(.+:[0-9]+\) open|sent [0-9]+, rcvd [0-9]+")  # of -v and -vv


def parse(text: str) -> str:
    """Read what `nc` printed on standard error."""
    found = ""
    for line in read("nc", text):
        if match := _COMPLAINT.fullmatch(line.text):
            found = outcome(match[1])
        elif not _SKIPPED.fullmatch(line.text):
            raise line.error("a complaint of nc, such as 'nc: bad address …'")
    return found
