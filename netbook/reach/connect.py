"""Can a TCP connection be made: the script that tries, in a container, and what its text comes to.

busybox has two programs nc, and the official image has the one that says why only with `-vv`. Both run a
program once the connection is made: with `true` it ends at once, whatever the server waits for.
"""

from __future__ import annotations

from collections.abc import Collection

from netbook import errors
from netbook.model.programs import Answer
from netbook.parsers import nc, ping
from netbook.reach import unanswered

WAIT = 2  # seconds: a SYN that is lost is sent again after one, and so is one that a REJECT rule answered
OPEN = "open"
WITHOUT = "@ without nc"
# Arguments: the port, then addresses and names. nc does not say which address a name has, and waits three
# seconds for a neighbour that is not there: the ping beside it tells both. A name server may be silent for
# longer than nc is patient, which is why there is `timeout`.
SCRIPT = (
    unanswered.SCRIPT
    + f"""
port=$1; shift
command -v nc >/dev/null || {{ echo "{WITHOUT}"; exit; }}
case $(nc --help 2>&1) in *Verbose*) loud=-vv;; esac
for target; do
  ( pinged=$(ping -c 1 -W 1 "$target" 2>&1)
    said=$(timeout 9 nc $loud -w {WAIT} "$target" "$port" -e true 2>&1 </dev/null)
    case $? in 0) said={OPEN};; 124|137|143) said="nc: timed out";; esac
    printf '@ %s\\n%s\\n@PING\\n%s\\n%s\\n' "$target" "$said" "$pinged" "$(unanswered "$pinged")" ) &
done
wait
"""
)


def answer(source: str, target: str, by: str, address: str, said: str, known: Collection[str]) -> Answer:
    """What the section of one address or name says; `known`: the target's addresses."""
    connected, _, pinged = said.partition("\n@PING\n")
    pinged, asked, _ = pinged.partition("\n@ARP")
    try:
        found = ping.parse(pinged)
        where, unknown = found.address, found.outcome == "bad address"
    except errors.ParseError:  # its image has no ping
        where, unknown = "", False
    if connected == OPEN:
        if by == "name" and where and where not in known:
            return Answer(source, target, by, where, "no", "somebody else has that name")
        return Answer(source, target, by, address or where)
    try:
        reason = nc.parse(connected)
    except errors.ParseError:  # another program of that name
        return Answer(source, target, by, address, "?", connected.strip().splitlines()[-1])
    if reason == "timed out":
        reason = "no route" if asked else "unknown name" if unknown else reason
    return Answer(source, target, by, address or where, "no", reason or "no answer")
