r"""`wget -q -O - URL`: why no page came.

Give it standard error only: standard output is the page. Returns one `str`, "" where wget had nothing to
complain about, else one of

    refused       nobody listens there, or a firewall says so
    reset         there was a connection, and it ended before the answer was whole; that of a proxy whose
                  server is missing ends with or without a RST, as chance has it
    no route      nothing leads there, or nobody on the link has that address
    unknown name
    timed out
    status 404    the server answered, with that HTTP status

or wget's own words, in lower case. Of the full-size wget the words of `-nv`: with `-q` it says none.

>>> parse("wget: can't connect to remote host (172.17.0.2): Connection refused\n")
'refused'
>>> parse("")
''
"""

from __future__ import annotations

import re

from netbook.parsers._lines import read
from netbook.parsers._outcomes import outcome

_EXPECTED = "a complaint of wget, such as 'wget: bad address …'"
_COMPLAINT = re.compile(
    r"wget: (?!note: )(.+)|(?:failed: )(.+)\.|(Read error .+)\.|(No data received)\."
    r"|[0-9]{4}-\S+ [0-9:]+ (ERROR .+)\.|https?://.*: (Bad port number)\."
)
_SKIPPED = re.compile(r"wget: note: .*|[0-9]{4}-\S+ [0-9:]+ URL:.*|https?://\S+:|Giving up\.|Retrying\.")


def parse(text: str) -> str:
    """Read what `wget` printed on standard error."""
    found = ""
    for line in read("wget", text):
        if match := _COMPLAINT.fullmatch(line.text):
            found = outcome(next(filter(None, match.groups())))
        elif not _SKIPPED.fullmatch(line.text):
            raise line.error(_EXPECTED)
    return found
