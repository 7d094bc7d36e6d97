"""Exercises of chapter 16, the physical network: each has a bridge of its own that plays the LAN."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.addresses import Has, Reserved
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnHost, OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running


def _lan(name: str, number: int, ip_range: str) -> str:
    """A bridge that plays the LAN, and a macvlan network upon it."""
    subnet = f"10.96.{number}.0/24"
    return f"""\
bridge = {{"com.docker.network.bridge.name": "nb-{name}"}}
lab.create_network("{name}", subnet="{subnet}", options=bridge)
lab.create_network("{name}_lan", driver="macvlan", subnet="{subnet}", gateway="10.96.{number}.254",
                   ip_range="10.96.{number}.{ip_range}", options={{"parent": "nb-{name}"}})
"""


EXERCISES = (
    Exercise(
        id="16-plotter",
        title="Not out of the router's range",
        task=(
            "`atelier` plays a LAN, and `desk` is a machine on it. `plotter` is a container on the macvlan "
            "network `atelier_lan`, and has 10.96.21.150. But the LAN's router gives out 10.96.21.100 to "
            "10.96.21.199 by DHCP, and sooner or later that address, too.\n\n"
            "Give `plotter` the address `10.96.21.210`, so that it asks for it at each start. It is on "
            "`atelier_lan` and nowhere else, and `desk`, the container of the start, reaches it. `plotter` "
            "may be made anew."
        ),
        start=_lan("atelier", 21, "128/25")
        + """\
lab.run("desk", network="atelier", ip="10.96.21.30")
lab.run("plotter", network="atelier_lan", ip="10.96.21.150")
""",
        goals=(
            Running("desk", same=True),
            Running("plotter"),
            OnlyOn("plotter", ("atelier_lan",)),
            Reserved("plotter", "atelier_lan", "10.96.21.210"),
            Has("plotter", "10.96.21.210/24"),
            Reaches("desk", "plotter"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "plotter takes what Docker's list has first, and that is an address which the router "
                    "gives out as well. Neither of the two lists knows of the other."
                ),
                when=(On("plotter", "atelier_lan"), Not(Reserved("plotter", "atelier_lan"))),
                program="""\
lab.run("plotter", network="atelier_lan")
""",
            ),
            Mistake(
                says=(
                    "plotter is plugged into the bridge that plays the LAN. On a real LAN there is "
                    "no network "
                    "of Docker's to plug it into; the way there leads over the macvlan network."
                ),
                when=(On("plotter", "atelier"),),
                program="""\
lab.run("plotter", network="atelier", ip="10.96.21.210")
""",
            ),
            Mistake(
                says=(
                    "On the default bridge, plotter has an address that only this host knows. The LAN cannot "
                    "see it there, at whatever address."
                ),
                when=(On("plotter", "bridge"),),
                program="""\
lab.run("plotter")
""",
            ),
        ),
        hints=(
            "An address belongs to the cable between container and network. Who says which one it is to be?",
            "Docker gives an address that you ask for also if it lies outside of its ip_range, but inside of "
            "the subnet. Here it lies inside of both.",
            "docker run and docker network connect have the same option for it.",
        ),
        solution="""\
lab.run("plotter", network="atelier_lan", ip="10.96.21.210")
""",
        alternatives=(
            """\
!docker network disconnect atelier_lan plotter
!docker network connect --ip 10.96.21.210 atelier_lan plotter
""",
        ),
        why=(
            "Nobody checks that two lists do not overlap, so a person has to: the router's range "
            "ends at 199, "
            "and what Docker gives out lies beyond. A fixed address is asked for at each start."
        ),
    ),
    Exercise(
        id="16-nas",
        title="All but the host",
        task=(
            "`cabinet` plays a LAN. `nas` is a container on the macvlan network `cabinet_lan`, and `camera`, "
            "a machine of the LAN, gets the page `all well` from http://10.96.22.200/. `porter` lives in the "
            "host's own network, and cannot.\n\n"
            "Mend it by the network `closet`, 10.96.23.0/24, which is there: `porter` gets the page "
            "`all well` "
            "from http://10.96.23.200/, and `camera` still gets it from http://10.96.22.200/. All three are "
            "the containers of the start, and `porter` stays on the host's network."
        ),
        start=_lan("cabinet", 22, "192/27")
        + """\
lab.create_network("closet", subnet="10.96.23.0/24", internal=True)
lab.run("camera", network="cabinet", ip="10.96.22.20")
lab.run("porter", network="host")
lab.run("nas", "sh", "-c", "echo all well > index.html; httpd -f", network="cabinet_lan", ip="10.96.22.200")
""",
        goals=(
            Running("nas", same=True),
            Running("camera", same=True),
            Running("porter", same=True),
            OnHost("porter"),
            OnlyOn("nas", ("cabinet_lan", "closet")),
            Serves("camera", "http://10.96.22.200/", "all well"),
            Serves("porter", "http://10.96.23.200/", "all well"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "nas has left the LAN: the host reaches it now, and the camera does not. It can "
                    "have both "
                    "interfaces at a time."
                ),
                when=(Running("nas", same=True), NotOn("nas", "cabinet_lan")),
                program="""\
nas = lab.container("nas")
lab.network("cabinet_lan").disconnect(nas)
lab.network("closet").connect(nas, ip="10.96.23.200")
""",
            ),
            Mistake(
                says=(
                    "nas is on closet, at an address that Docker chose. The page is wanted from "
                    "10.96.23.200; "
                    "an address can be asked for when the cable is plugged in."
                ),
                when=(
                    Running("nas", same=True),
                    On("nas", "cabinet_lan"),
                    On("nas", "closet"),
                    Not(Has("nas", "10.96.23.200")),
                ),
                program="""\
lab.network("closet").connect(lab.container("nas"))
""",
            ),
            Mistake(
                says=(
                    "porter has moved onto the LAN, and is not on the host any more. It was the host "
                    "that was "
                    "to get the page."
                ),
                when=(Running("porter"), Not(OnHost("porter"))),
                program="""\
lab.run("porter", network="cabinet_lan")
""",
            ),
            Mistake(
                says=(
                    "nas was made anew, and publishes a port. A macvlan network has no rules of the host to "
                    "publish it by, so nothing listens for the host."
                ),
                when=(Running("nas"), Not(Running("nas", same=True))),
                program="""\
lab.run("nas", "sh", "-c", "echo all well > index.html; httpd -f", network="cabinet_lan",
        ip="10.96.22.200", publish="8022:80")
""",
            ),
        ),
        hints=(
            "Which frames of the host's does nas never see: those of every kind, or those by one interface?",
            "The host has an address on each bridge of Docker's. Whoever is plugged in there is its "
            "neighbour.",
            "A container that runs can be plugged into one network more, and its address there be chosen.",
        ),
        solution="""\
lab.network("closet").connect(lab.container("nas"), ip="10.96.23.200")
""",
        alternatives=(
            """\
!docker network connect --ip 10.96.23.200 closet nas
""",
        ),
        why=(
            "Between parent and macvlan nothing passes, in either direction. A veth pair into a bridge is "
            "another way, with another address; for the LAN nothing has changed."
        ),
        met=(
            "people who wanted host and macvlan container to talk, and the documentation that did "
            "not say how: "
            "https://github.com/docker/docs/issues/5899"
        ),
    ),
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
        start=_lan("ward", 24, "192/27")
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
