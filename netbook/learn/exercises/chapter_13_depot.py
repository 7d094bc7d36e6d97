"""The exercise of chapter 13 about an answer that leaves by another door than the question came in."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.routes import Routed
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="13-depot",
        title="The answer that went astray",
        task=(
            "`wayfarer` is on `hillside`, 10.93.15.0/24, and has a route to `lakeside`, 10.93.16.0/24, by "
            "way of `tram`, which is on both (10.93.15.9 and 10.93.16.9) and forwards. `depot` is on "
            "`lakeside` (10.93.16.5), and on `airport` as well. The questions of `wayfarer` arrive at "
            "`depot`. The answers leave by `airport`.\n\n"
            "Give the answers a way back by `tram`: `depot` has a route to 10.93.15.0/24 by 10.93.16.9, "
            "and `wayfarer` reaches `depot`. Each stays where it is: `wayfarer` on `hillside`, `depot` on "
            "`lakeside` and `airport`, and nowhere else. All are the containers of the start. (`wayfarer` "
            "and `depot` have the capability NET_ADMIN.)"
        ),
        start="""\
# without these options Docker 28 and later drop what comes to a container from beyond its own bridge
given = {
    "com.docker.network.bridge.gateway_mode_ipv4": "routed",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}
lab.create_network("hillside", subnet="10.93.15.0/24", options=given)
lab.create_network("lakeside", subnet="10.93.16.0/24", options=given)
lab.create_network("airport", subnet="10.93.17.0/24")
tram = lab.run("tram", network="hillside", ip="10.93.15.9", sysctl={"net.ipv4.ip_forward": 1})
lab.network("lakeside").connect(tram, ip="10.93.16.9")
wayfarer = lab.run("wayfarer", network="hillside", cap_add="NET_ADMIN")
wayfarer.exec("ip route add 10.93.16.0/24 via 10.93.15.9")
depot = lab.run("depot", network="lakeside", ip="10.93.16.5", cap_add="NET_ADMIN")
lab.network("airport").connect(depot)
""",
        goals=(
            Running("wayfarer", same=True),
            Running("tram", same=True),
            Running("depot", same=True),
            OnlyOn("wayfarer", ("hillside",)),
            OnlyOn("depot", ("lakeside", "airport")),
            Routed("depot", "10.93.15.0/24", "10.93.16.9"),
            Reaches("wayfarer", "depot"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "depot is on hillside itself now, and needs no tram. The way was to lead through tram, "
                    "both ways."
                ),
                when=(On("depot", "hillside"),),
                program="""\
lab.network("hillside").connect(lab.container("depot"))
""",
            ),
            Mistake(
                says=(
                    "depot has left airport, and its answers go to the gateway of lakeside instead, which is "
                    "the host, not tram. To take a wrong door away is not yet to know the right one."
                ),
                when=(Running("depot", same=True), NotOn("depot", "airport")),
                program="""\
lab.network("airport").disconnect(lab.container("depot"))
""",
            ),
            Mistake(
                says=(
                    "depot has a row for hillside now, and it does not lead to tram but to the host's "
                    "address on lakeside. That is a gateway, and not the one that stands on hillside."
                ),
                when=(
                    Routed("depot", "10.93.15.0/24"),
                    Not(Routed("depot", "10.93.15.0/24", "10.93.16.9")),
                ),
                program="""\
lab.container("depot").exec("ip route add 10.93.15.0/24 via 10.93.16.1")
""",
            ),
        ),
        hints=(
            "Ask depot's kernel which way an answer takes: `ip route get`, with an address on hillside.",
            "Who of depot's neighbours knows the way to hillside, and by which address is it a neighbour?",
            "A route has two parts: for which subnet, and via whom.",
        ),
        solution="""\
lab.container("depot").exec("ip route add 10.93.15.0/24 via 10.93.16.9")
""",
        alternatives=("!docker exec depot ip route add 10.93.15.0/24 via 10.93.16.9\n",),
        why=(
            "An answer is a new packet, and asks the routing table anew. On a machine with several networks, "
            "each subnet that is not a neighbour's needs a row, or it goes where the rest of the world goes."
        ),
    ),
)
