"""One ping's words become one answer."""

from __future__ import annotations

import pytest

from netbook.reach.measure import _answer

REPLY = """PING {0} ({0}): 56 data bytes
64 bytes from {0}: seq=0 ttl=64 time=0.076 ms

--- {0} ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
"""


@pytest.mark.parametrize(
    ("said", "answer", "reason"),
    [
        (REPLY.format("10.0.0.2"), "yes", ""),
        ("ping: bad address 'b'", "no", "bad address"),
        (
            "PING 10.0.0.2 (10.0.0.2): 56 data bytes\nping: sendto: Network is unreachable",
            "no",
            "network unreachable",
        ),
        ("", "no", "no answer"),
        ("ping 2.0\nusage: ping host", "?", "usage: ping host"),  # another program of that name
    ],
)
@pytest.mark.parametrize("by", ["address", "name"])
def test_answer(said, answer, reason, by):
    made = _answer("a", "b", by, "10.0.0.2" if by == "address" else "", said, ("10.0.0.2",))
    assert (made.by, made.answer, made.reason) == (by, answer, reason)


def test_a_name_that_resolves_to_another():
    made = _answer("a", "b", "name", "", REPLY.format("10.0.0.9"), ("10.0.0.2",))
    assert (made.answer, made.reason, made.address) == ("no", "somebody else has that name", "10.0.0.9")
    assert _answer("a", "b", "name", "", REPLY.format("10.0.0.9"), ()).answer == "no"  # b is stopped
