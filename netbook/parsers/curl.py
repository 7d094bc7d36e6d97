r"""`curl -fsSv URL`: why no page came.

Give it standard error only: standard output is the page. Returns one `str`, in the words of
`netbook.parsers.wget`; "" where curl had nothing to complain about. Without `-v` curl does not say
why it could not connect.

>>> parse('''\
... * connect to 172.17.0.2 port 80 failed: Connection refused
... curl: (7) Failed to connect to 172.17.0.2 port 80 after 0 ms: Couldn't connect to server
... ''')
'refused'
"""

from __future__ import annotations

import re

from netbook.parsers._lines import read
from netbook.parsers._outcomes import outcome

_EXPECTED = "a line of curl, such as 'curl: (6) Could not resolve host: …'"
_WHY = re.compile(r"\* +(?:connect to .+ failed|Immediate connect fail for .+): (.+)")
_COMPLAINT = re.compile(r"curl: \(([0-9]+)\) (.+)")
_NO_CONNECTION = "7"


def parse(text: str) -> str:
    """Read what `curl` printed on standard error."""
    found = why = ""
    for line in read("curl", text):
        if match := _COMPLAINT.fullmatch(line.text):
            found = why if match[1] == _NO_CONNECTION and why else outcome(match[2])
        elif match := _WHY.fullmatch(line.text):
            why = outcome(match[1])
        elif line.text[0] not in "*<>}{" or line.text[1:2] not in ("", " "):
            raise line.error(_EXPECTED)
    return found
