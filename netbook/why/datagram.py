"""One datagram by UDP, and whether it was heard: no answer need come back, so its counters are asked.

busybox's nc has no UDP. Its traceroute may begin with any number of hops, and so sends one to any port; the
first that it asks is one more than it is told. It sets its group, which the observer's cage forbids: so a
helper sends it that has joined the source's network, and has no other right than NET_RAW.
"""

from __future__ import annotations

import re

from netbook.engine.images import busybox
from netbook.observer import errand
from netbook.why.case import Case
from netbook.why.senses import Heard

_REFUSED = re.compile(r"^ *64 .* ms", re.MULTILINE)  # somebody has sent it back
_MISSING = (126, 127)  # exit codes: no such program


def heard(case: Case) -> Heard | None:
    """Arrived, refused, or no answer; None where it cannot be known: nobody here has that address."""
    if case.server is None:
        return None
    before = case.senses.datagrams(case.server.pid, case.inner)
    source = case.source.info
    network = f"container:{source.id}" if source else "host"
    with errand.run(
        case.ws.engine, case.ws.name, image=busybox.NAME, capabilities=("NET_RAW",), network=network
    ) as helper:
        said = helper.exec(*_command(case.address, case.port))
    if said.exit_code in _MISSING:
        return None
    after = case.senses.datagrams(case.server.pid, case.inner)
    word = "arrived" if after > before else "refused" if _REFUSED.search(said.stdout) else "no answer"
    (space,) = case.senses.spaces([case.source.pid]).values()
    return Heard(word, neighbours=space.neighbours)


def _command(address: str, port: int) -> tuple[str, ...]:
    return ("traceroute", "-n", "-f", "64", "-m", "64", "-q", "1", "-w", "1", "-p", str(port - 1), address)
