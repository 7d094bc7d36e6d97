"""Exercises of chapter 16, the physical network: who has which address, and who is known by it."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import lan
from netbook.learn.goals.addresses import Has, Reserved
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Serves
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
    Exercise(
        id="16-callers",
        title="Who called?",
        task=(
            "`guestbook` tells everybody by which address it knows them: "
            "http://10.96.25.9:8080/cgi-bin/who. It lives on `backyard`, a network of this host only, and "
            "`gatehouse` publishes it on the LAN that `fairground` plays. But `gatehouse` "
            "masquerades, and so "
            "`reveller`, 10.96.25.30, reads `you are 10.96.26.9` there, as everybody does.\n\n"
            "Put `guestbook` on the LAN itself, by the macvlan network `fairground_lan`: `reveller` gets the "
            "page `you are 10.96.25.30` from http://10.96.25.200/cgi-bin/who. `guestbook` and `reveller` are "
            "the containers of the start, and `reveller` stays on `fairground` and nowhere else."
        ),
        start=lan("fairground", 25, "192/27")
        + """\
lab.create_network("backyard", subnet="10.96.26.0/24")
lab.run("reveller", network="fairground", ip="10.96.25.30")
guestbook = lab.run("guestbook", network="backyard", ip="10.96.26.5")
page = "printf '%s\\\\n' '#!/bin/sh' 'echo; echo you are $REMOTE_ADDR' > /cgi-bin/who"
guestbook.exec("sh", "-c", f"mkdir -p /cgi-bin; {page}; chmod +x /cgi-bin/who; httpd -h / -p 0.0.0.0:80")
gatehouse = lab.run("gatehouse", image="netbook-iptables", network="fairground", ip="10.96.25.9",
                    cap_add="NET_ADMIN", sysctl={"net.ipv4.ip_forward": 1})
lab.network("backyard").connect(gatehouse, ip="10.96.26.9")
nat = "iptables -t nat -A"
gatehouse.exec(f"{nat} PREROUTING -d 10.96.25.9 -p tcp --dport 8080 -j DNAT --to-destination 10.96.26.5:80")
gatehouse.exec(f"{nat} POSTROUTING -d 10.96.26.0/24 -j MASQUERADE")
""",
        goals=(
            Running("guestbook", same=True),
            Running("reveller", same=True),
            OnlyOn("reveller", ("fairground",)),
            On("guestbook", "fairground_lan"),
            Has("guestbook", "10.96.25.200/24"),
            Serves("reveller", "http://10.96.25.200/cgi-bin/who", "you are 10.96.25.30"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "guestbook is plugged into the bridge that plays the LAN. On a real LAN there is no such "
                    "network of Docker's; what rides on the LAN's interface is fairground_lan."
                ),
                when=(On("guestbook", "fairground"),),
                program="""\
lab.network("fairground").connect(lab.container("guestbook"), ip="10.96.25.200")
""",
            ),
            Mistake(
                says=(
                    "guestbook is on the LAN, and not where reveller looks for it: its address is one that "
                    "Docker chose."
                ),
                when=(On("guestbook", "fairground_lan"), Not(Has("guestbook", "10.96.25.200"))),
                program="""\
lab.network("fairground_lan").connect(lab.container("guestbook"))
""",
            ),
            Mistake(
                says=(
                    "reveller has come into the backyard. It is known by its own address there, but not by "
                    "the one that it has on the LAN, and the next reveller stands at the gate again."
                ),
                when=(On("reveller", "backyard"),),
                program="""\
lab.network("backyard").connect(lab.container("reveller"))
""",
            ),
        ),
        hints=(
            "Whose address stands in what guestbook gets, and who has put it there?",
            "Between two machines of one LAN nobody rewrites anything. What makes guestbook one of them?",
            "It may stay on backyard, too: a container that runs can be plugged into one network more.",
        ),
        solution="""\
lab.network("fairground_lan").connect(lab.container("guestbook"), ip="10.96.25.200")
""",
        alternatives=(
            """\
!docker network connect --ip 10.96.25.200 fairground_lan guestbook
!docker network disconnect backyard guestbook
""",
        ),
        why=(
            "A published port costs the sender's address wherever somebody in between masquerades. "
            "On the LAN "
            "itself nobody is in between; and no rule of the host's guards it any more."
        ),
    ),
)
