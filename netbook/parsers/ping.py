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

from netbook.model.programs import PingReply, PingResult
from netbook.parsers._lines import nothing, read
from netbook.parsers._phrases import phrase

_EXPECTED = "a line that ping prints, such as '64 bytes from 172.17.0.3: seq=0 ttl=64 time=0.076 ms'"
_CAUGHT = re.compile(r"^(?:\^[CZ\\])+")  # the terminal shows the key that ended ping, and begins no new line
_HEADER = re.compile(
    r"P(?:ING|ing) ([^\s()]+) ?\((?:[^\s()]+ \()?([0-9A-Za-z.:%_-]+)\)+(?: from .+)?:? [0-9].*"
)
_REPLY = re.compile(
    r"[0-9]+ bytes from .+: (?:icmp_)?seq=([0-9]{1,9}) ttl=([0-9]{1,3})(?: \(truncated\))?"
    r"(?: time=([0-9]{1,9}(?:\.[0-9]{1,9})?) ms)? ?(\((?:DUP|BAD CHECKSUM)!\))?(?: \(DIFFERENT ADDRESS!\))?"
)
_STATISTICS = re.compile(r"--- (\S+) ping statistics ---")
_SUMMARY = re.compile(
    r"([0-9]{1,9}) packets transmitted, ([0-9]{1,9}) (?:packets )?received, .*(?:packet loss|forged).*"
)
_COMPLAINT = re.compile(  # old iputils does not say who complains
    r"(?:ping[46]?: |(?=(?:connect|bind|socket|getsockname): |Do you want to ping broadcast\?))(.+)"
)
_NAME = re.compile(
    r"bad address '(.*)'|([^\s:]+): (?:Name|Temporary|No address|Try again).*"
    r"|unknown host (\S+)|cannot resolve (\S+): .*"
)
_SKIPPED = re.compile(
    r"(?:ping[46]?: )?(?i:warning): .*"  # often of an ICMP message on the way; the summary counts it as lost
    r"|From .+ icmp_seq=[0-9]+ .*"  # the same as iputils puts it
    r"|[0-9]+ bytes from .+: (?!icmp_seq|seq)[A-Z].*"  # and as inetutils does, with the packet it is about
    r"|IP Hdr Dump:|Vr HL TOS .*|ICMP: type .*"
    r"|(?:ping: )?time of day goes back .*"  # the clock was set; ping takes the time for 0
    # what came back, in hex
    r"|wrong data byte #.*|#[0-9]+\t[0-9a-f ]+|[cd]p:[0-9a-fx ]*|\s+[0-9a-f]{1,4}(?: .*)?"
    r"|PATTERN: 0x.*|no answer yet for icmp_seq=.*"
    r"|Kernel bug workaround.*|echo 0 .*/ping_group_range"  # toybox, after a "permission denied"
    r"|(?:round-trip|rtt) min/avg/max.* ms.*|pipe [0-9]+"
)


def parse(text: str) -> PingResult:
    """Read what one run of `ping` printed, standard output and standard error together."""
    target = address = error = ""
    replies: list[PingReply] = []
    counts: tuple[int, int] | None = None
    lines = read("ping", text)
    for line in lines:
        said = _CAUGHT.sub("", line.text)
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
        elif not said or _SKIPPED.fullmatch(said):
            continue
        elif match := _COMPLAINT.fullmatch(said):
            error = error or phrase(match[1])
            name = _NAME.fullmatch(match[1])
            target = target or (name and next(filter(None, name.groups()), "")) or ""
        else:
            raise line.error(_EXPECTED)
    if not (address or error or replies or counts):
        raise lines[0].error(_EXPECTED) if lines else nothing("ping", _EXPECTED)
    transmitted, received = counts or (_sent(replies, text), len(replies))
    return PingResult(target, address, transmitted, received, tuple(replies), error)


def _sent(replies: list[PingReply], text: str) -> int:
    """How many packets were sent up to the last reply; iputils and toybox count from 1, all others from 0."""
    first = 0 if re.search(r": [0-9]+ data bytes", text) or "icmp_seq=" not in text else 1
    return max((reply.seq for reply in replies), default=first - 1) - first + 1
