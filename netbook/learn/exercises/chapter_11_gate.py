"""Exercises of chapter 11, docker0 by hand: a way out, and back."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import HELP, bridge, plugged, rooms, said_in, wired
from netbook.learn.goals.base import Not
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.routes import DefaultVia
from netbook.learn.goals.things import Running

_ROUTE = said_in("monk", "ip route add default via 10.92.13.1")
_NAT = (
    f"{HELP}gatekeeper netbook-iptables iptables -t nat -A POSTROUTING "
    "-s 10.92.13.0/24 ! -o br0 -j MASQUERADE\n"
)

EXERCISES = (
    Exercise(
        id="11-gate",
        title="The way back",
        task=(
            "`gatekeeper` has a bridge with the address 10.92.13.1/24, and forwards. `monk` is plugged into "
            "it, as 10.92.13.2/24. On the other side of `gatekeeper`, by a cable and no bridge, lies "
            "`village`, at 198.51.100.2.\n\n"
            "`monk` shall reach `village`; its default route leads to `10.92.13.1`. `village` has no default "
            "route, and it stays so. All three are the containers of the start. (`netbook-iptables` is an "
            "image with `iptables`, as in the chapter.)"
        ),
        start=rooms("monk", "village", forward="gatekeeper")
        + bridge("gatekeeper", "10.92.13.1/24")
        + plugged("gatekeeper", "monk", "10.92.13.2/24")
        + wired("gatekeeper", "wan", "village", "198.51.100.2/24", "ip addr add 198.51.100.1/24 dev wan")
        + """lab.as_host("gatekeeper").firewall("nat")\n""",
        goals=(
            Running("gatekeeper", same=True),
            Running("monk", same=True),
            Running("village", same=True),
            DefaultVia("monk", "10.92.13.1"),
            DefaultVia("village"),
            Reaches("monk", "village"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The village has a default route now. So it answers, but out there nobody will ever do "
                    "you that favour: the way back must be gatekeeper's work."
                ),
                when=(Not(DefaultVia("village")),),
                program=_ROUTE + said_in("village", "ip route add default via 198.51.100.1"),
            ),
            Mistake(
                says=(
                    "monk sends what is for strangers to an address that is nobody's: a gateway has to be a "
                    "neighbour that forwards."
                ),
                when=(Not(DefaultVia("monk")), Not(DefaultVia("monk", "10.92.13.1"))),
                program=said_in("monk", "ip route add default via 10.92.13.254") + _NAT,
            ),
            Mistake(
                says=(
                    "monk knows the way out, and its questions arrive. The village knows no way to an "
                    "address like monk's; it does know gatekeeper."
                ),
                when=(DefaultVia("monk", "10.92.13.1"), Not(Reaches("monk", "village"))),
                program=_ROUTE,
            ),
        ),
        hints=(
            "A ping needs two ways. Which of them is there already, and which end lacks the other?",
            "Who is a neighbour of both? It could lend monk its own address.",
            "A rule in the table nat of gatekeeper, after routing: for what comes from the subnet of monk, "
            "and does not stay in the bridge.",
        ),
        solution=_ROUTE + _NAT,
        alternatives=(
            _ROUTE + _NAT.replace("! -o br0", "-o wan"),
            _ROUTE + said_in("village", "ip route add 10.92.13.0/24 via 198.51.100.1"),
        ),
        why=(
            "Every packet needs a way back. Out there nobody has one to a private address, so the host lends "
            "its own: one rule, and the only one of this chapter that Docker writes word for word."
        ),
    ),
)
