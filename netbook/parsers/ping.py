r"""`ping HOST`: does it answer?

Returns one `PingResult`. Give it both streams, for busybox complains on standard error.

    target       str    what was asked for, as far as the text says it
    address      str    what the name resolved to; "" when it did not
    transmitted  int    packets sent. When ping was killed before its summary: up to the last reply
    received     int    packets that came back, duplicates not counted
    replies      tuple[PingReply]   seq (busybox counts from 0), ttl, time_ms in milliseconds
    error        str    "" or why it could not even send, in one phrase that is the same for
                        every C library: "bad address" (the name has none), "network unreachable",
                        "no route to host", "operation not permitted", "permission denied";
                        for anything else the last of ping's own words, in lower case

No reply is not an error: then `received` is 0. Nothing at all is one: a ping that is killed
before its first reply has printed nothing yet, and nobody can tell its target from that.

>>> parse('''\
... PING 172.17.0.3 (172.17.0.3): 56 data bytes
... 64 bytes from 172.17.0.3: seq=0 ttl=64 time=0.076 ms
...
... --- 172.17.0.3 ping statistics ---
... 1 packets transmitted, 1 packets received, 0% packet loss
... round-trip min/avg/max = 0.076/0.076/0.076 ms
... ''').outcome
'reply'
>>> parse("ping: bad address 'bbox02'").outcome
'bad address'
"""

from __future__ import annotations

import re

from netbook.models import PingReply, PingResult
from netbook.parsers._lines import nothing, read
from netbook.parsers._phrases import phrase

_EXPECTED = "a line that ping prints, such as '64 bytes from 172.17.0.3: seq=0 ttl=64 time=0.076 ms'"
_HEADER = re.compile(r"PING ([^\s()]+) ?\((?:[^\s()]+ \()?([0-9A-Za-z.:%_-]+)\)+(?: from .+)?:? [0-9].*")
_REPLY = re.compile(
    r"[0-9]+ bytes from .+: (?:icmp_)?seq=([0-9]{1,9}) ttl=([0-9]{1,3})"
    r"(?: time=([0-9]{1,9}(?:\.[0-9]{1,9})?) ms)?( \(DUP!\))?"
)
_STATISTICS = re.compile(r"--- (\S+) ping statistics ---")
_SUMMARY = re.compile(
    r"([0-9]{1,9}) packets transmitted, ([0-9]{1,9}) (?:packets )?received, .*packet loss.*"
)
_COMPLAINT = re.compile(r"ping6?: (.+)")
_NAME = re.compile(r"bad address '(.*)'|([^\s:]+): (?:Name|Temporary|No address) .*")
_SKIPPED = re.compile(
    r"ping6?: warning: .*"  # somebody on the way sent an ICMP message; the summary counts it as lost
    r"|From .+ icmp_seq=[0-9]+ .*"  # the same as iputils puts it
    r"|(round-trip|rtt) min/avg/max.* ms.*|pipe [0-9]+"
)


def parse(text: str) -> PingResult:
    """Read what one run of `ping` printed, standard output and standard error together."""
    target = address = error = ""
    replies: list[PingReply] = []
    counts: tuple[int, int] | None = None
    lines = read("ping", text)
    for line in lines:
        said = line.text
        if match := _REPLY.fullmatch(said):
            if not match[4]:
                time = float(match[3]) if match[3] else None
                replies.append(PingReply(int(match[1]), int(match[2]), time))
        elif match := _HEADER.fullmatch(said):
            if address:
                raise line.error("the output of one ping, not of several")
            target, address = match[1], str(line.address(match[2], "the address in brackets"))
        elif match := _STATISTICS.fullmatch(said):
            target = target or match[1]
        elif match := _SUMMARY.fullmatch(said):
            counts = int(match[1]), int(match[2])
        elif _SKIPPED.fullmatch(said):
            continue
        elif match := _COMPLAINT.fullmatch(said):
            error = error or phrase(match[1])
            name = _NAME.fullmatch(match[1])
            target = target or (name and (name[1] or name[2])) or ""
        else:
            raise line.error(_EXPECTED)
    if not (address or error or replies or counts):
        raise lines[0].error(_EXPECTED) if lines else nothing("ping", _EXPECTED)
    transmitted, received = counts or (_sent(replies, text), len(replies))
    return PingResult(target, address, transmitted, received, tuple(replies), error)


def _sent(replies: list[PingReply], text: str) -> int:
    """How many packets were sent up to the last reply; busybox counts them from 0, iputils from 1."""
    first = 1 if "icmp_seq=" in text else 0
    return max((reply.seq for reply in replies), default=first - 1) - first + 1
