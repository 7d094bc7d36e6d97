"""The words of a no: what programs print when a network does not work, and who speaks by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class No:
    """`said`: how programs put it. `means`: what is known as soon as it is read."""

    word: str
    said: tuple[str, ...]
    means: str
    chapter: str  # two digits: where it is explained


SIX = (
    No(
        "bad address",
        ("bad address", "Could not resolve host", "Name or service not known", "NXDOMAIN"),
        "Nobody told an address for the name. No packet was sent to anybody yet, but the question.",
        "12",
    ),
    No(
        "network unreachable",
        ("Network is unreachable",),
        "The sender's own kernel has no route there. Nothing has left.",
        "13",
    ),
    No(
        "no route to host",
        ("No route to host", "Host is unreachable"),
        "There is a route, and the next neighbour on it does not answer; or a router, or a rule, says so.",
        "14",
    ),
    No(
        "timed out",
        ("timed out", "Operation timed out", "100% packet loss"),
        "Nobody says anything. Packets are dropped on the way there, or answers on the way back.",
        "10",
    ),
    No(
        "refused",
        ("Connection refused",),
        "Somebody is there and says no at once: nobody listens on that port, or a rule rejects.",
        "09",
    ),
    No(
        "reset",
        ("Connection reset by peer", "Empty reply from server"),
        "There was a connection, and its other end gave it up: often one who listens for somebody else.",
        "09",
    ),
)
OTHERS = (
    No(
        "wrong answer",
        ("502 Bad Gateway", "a page of somebody else's"),
        "The network works, and leads to somebody else, or to an address of yesterday.",
        "12",
    ),
    No(
        "Docker's refusal",
        ("no available IPv4 addresses", "port is already allocated", "Pool overlaps"),
        "The engine did not even begin. It says why.",
        "07",
    ),
)
NOES = {no.word: no for no in (*SIX, *OTHERS)}
