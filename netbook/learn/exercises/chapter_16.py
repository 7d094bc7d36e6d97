"""Exercises of chapter 16, the physical network: each has a bridge of its own that plays the LAN."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import lan
from netbook.learn.goals.addresses import Has, Reserved
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnHost, OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="16-plotter",
        title="Not out of the router's range",
        task=(
            "`atelier` plays a LAN, and `drafter` is a machine on it. `plotter` is a container on "
            "the macvlan "
            "network `atelier_lan`, and has 10.96.21.150. But the LAN's router gives out 10.96.21.100 to "
            "10.96.21.199 by DHCP, and sooner or later that address, too.\n\n"
            "Give `plotter` the address `10.96.21.210`, so that it asks for it at each start. It is on "
            "`atelier_lan` and nowhere else, and `drafter`, the container of the start, reaches it. "
            "`plotter` "
            "may be made anew."
        ),
        start=lan("atelier", 21, "128/25")
        + """\
lab.run("drafter", network="atelier", ip="10.96.21.30")
lab.run("plotter", network="atelier_lan", ip="10.96.21.150")
""",
        goals=(
            Running("drafter", same=True),
            Running("plotter"),
            OnlyOn("plotter", ("atelier_lan",)),
            Reserved("plotter", "atelier_lan", "10.96.21.210"),
            Has("plotter", "10.96.21.210/24"),
            Reaches("drafter", "plotter"),
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
            "a machine of the LAN, gets the page `all well` from http://10.96.22.200/. `janitor` "
            "lives in the "
            "host's own network, and cannot.\n\n"
            "Mend it by the network `closet`, 10.96.23.0/24, which is there: `janitor` gets the page "
            "`all well` "
            "from http://10.96.23.200/, and `camera` still gets it from http://10.96.22.200/. All three are "
            "the containers of the start, and `janitor` stays on the host's network."
        ),
        start=lan("cabinet", 22, "192/27")
        + """\
lab.create_network("closet", subnet="10.96.23.0/24", internal=True)
lab.run("camera", network="cabinet", ip="10.96.22.20")
lab.run("janitor", network="host")
lab.run("nas", "sh", "-c", "echo all well > index.html; httpd -f", network="cabinet_lan", ip="10.96.22.200")
""",
        goals=(
            Running("nas", same=True),
            Running("camera", same=True),
            Running("janitor", same=True),
            OnHost("janitor"),
            OnlyOn("nas", ("cabinet_lan", "closet")),
            Serves("camera", "http://10.96.22.200/", "all well"),
            Serves("janitor", "http://10.96.23.200/", "all well"),
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
                    "janitor has moved onto the LAN, and is not on the host any more. It was the host "
                    "that was "
                    "to get the page."
                ),
                when=(Running("janitor"), Not(OnHost("janitor"))),
                program="""\
lab.run("janitor", network="cabinet_lan")
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
)
