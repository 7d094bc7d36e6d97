"""Exercises of chapter 16, the physical network: who gives out its addresses."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import lan
from netbook.learn.goals.addresses import Has, Reserved
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="16-twins",
        title="One address, two owners",
        task=(
            "`ward` plays a LAN with two machines, `nurse` and `monitor`. `monitor` was given the address "
            "10.96.24.210 years ago, by hand. Since somebody started `pager`, a container on the macvlan "
            "network `ward_lan`, nobody can say who answers at that address.\n\n"
            "Let `pager` move: it asks `ward_lan` for the address `10.96.24.211`, is on that network and "
            "nowhere else, and `nurse` reaches it. `monitor` is the container of the start and keeps "
            "`10.96.24.210`. `pager` may be made anew."
        ),
        start=lan("ward", 24, "192/27")
        + """\
lab.run("nurse", network="ward", ip="10.96.24.30")
monitor = lab.run("monitor", network="ward", ip="10.96.24.31", cap_add="NET_ADMIN")
monitor.exec("ip addr add 10.96.24.210/24 dev eth0")
lab.run("pager", network="ward_lan", ip="10.96.24.210")
""",
        goals=(
            Running("nurse", same=True),
            Running("monitor", same=True),
            Running("pager"),
            OnlyOn("pager", ("ward_lan",)),
            Has("monitor", "10.96.24.210"),
            Reserved("pager", "ward_lan", "10.96.24.211"),
            Reaches("nurse", "pager"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "monitor has lost the address that it has borne for years, and whoever looks for "
                    "it there "
                    "finds pager. It was the newcomer that was to move."
                ),
                when=(Running("monitor", same=True), Not(Has("monitor", "10.96.24.210"))),
                program="""\
lab.container("monitor").exec("ip addr del 10.96.24.210/24 dev eth0")
""",
            ),
            Mistake(
                says=(
                    "Quiet again, because pager is gone. It was to stay on the LAN, at an address of its own."
                ),
                when=(Not(Running("pager")), Has("monitor", "10.96.24.210")),
                program="""\
lab.container("pager").stop()
""",
            ),
            Mistake(
                says=(
                    "pager is out of the way, at an address that Docker chose this time. At the next "
                    "start it "
                    "may be another one, and one day perhaps again somebody's."
                ),
                when=(On("pager", "ward_lan"), Not(Reserved("pager", "ward_lan"))),
                program="""\
lab.run("pager", network="ward_lan")
""",
            ),
        ),
        hints=(
            "Ask the LAN who has the address: docker exec nurse arping -c 2 10.96.24.210. How many answer?",
            "Docker has given it out once only, so its list is in order. Who is not on that list?",
            "An address is asked for when a container is plugged in.",
        ),
        solution="""\
lab.run("pager", network="ward_lan", ip="10.96.24.211")
""",
        alternatives=(
            """\
!docker network disconnect ward_lan pager
!docker network connect --ip 10.96.24.211 ward_lan pager
""",
        ),
        why=(
            "Docker's list holds what Docker gave out, and asks nobody. Two answers to one ARP question are "
            "the sign; the mend is to share out the addresses before, by ip_range."
        ),
    ),
)
