"""Tickets of chapter 19 about the link: cables, neighbours, an address that is there twice."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, pings, told, typed
from netbook.learn.goals.addresses import Asks, Has, Unique
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_NAILS = Serves("smithy-app", "http://10.101.33.20/", "nails")
_BEER = Serves("brewery-app", "http://10.101.34.20/", "beer")

_HONEY = Serves("convent-app", "http://convent-store/", "honey")

EXERCISES = (
    Ticket(
        id="19-smithy",
        title="One neighbour is dead, for one client",
        task=(
            "The smith writes: `smithy-app` gets nothing from `smithy-store`. Everybody else does, "
            "`smithy-other` for one.\n\n"
            "Make `smithy-app` get the page `nails` from http://10.101.33.20/, so that it finds "
            "10.101.33.20 by "
            "asking, without an entry made by hand. `smithy-app`, `smithy-store` and `smithy-other` "
            "run on, as "
            "the containers of the start."
        ),
        start=network("smithy", 33)
        + page("smithy-store", "nails", 'network="smithy", ip="10.101.33.20"')
        + 'lab.run("smithy-app", network="smithy", cap_add="NET_ADMIN")\n'
        + 'lab.run("smithy-other", network="smithy")\n',
        fault=told("smithy-app", "arp -s 10.101.33.20 02:00:00:00:00:99"),
        symptoms=(asks("smithy-app", "http://10.101.33.20/"), asks("smithy-other", "http://10.101.33.20/")),
        words=("timed out",),
        cause="a wrong neighbour entry was written by hand",
        why_asked=Question("smithy-app", "@smithy-store", 80, "neighbour", "wrong static entry.*neigh del"),
        goals=(
            *(Running(f"smithy-{who}", same=True) for who in ("app", "store", "other")),
            Asks("smithy-app", "10.101.33.20"),
            _NAILS,
        ),
        mistakes=(
            Mistake(
                says=(
                    "The page comes, until the store gets another MAC address: you have written down the "
                    "new one."
                ),
                when=(Not(Asks("smithy-app", "10.101.33.20")), _NAILS),
                program="""\
mac = lab.container("smithy-store").exec("cat /sys/class/net/eth0/address").stdout.strip()
lab.container("smithy-app").exec(f"arp -s 10.101.33.20 {mac}")
""",
            ),
            Mistake(
                says="This app is another container. One entry was wrong in the old one.",
                when=(Replaced("smithy-app"),),
                program='lab.container("smithy-app").remove()\nlab.run("smithy-app", network="smithy")\n',
            ),
        ),
        hints=(
            "Where do the app and the other differ, as seen from the link? Ask both for their neighbours.",
            "An entry that is PERMANENT is neither doubted nor forgotten. Who wrote it can delete it.",
        ),
        solution=told("smithy-app", "arp -d 10.101.33.20"),
        alternatives=(typed("smithy-app", "arp -d 10.101.33.20"), 'lab.container("smithy-app").restart()\n'),
        why="A permanent entry led to a MAC address that nobody has. The frames left, and no one took them.",
        met=(
            "users who gave an old address to a container with another MAC, and deleted the entry: "
            "https://github.com/moby/moby/issues/36069"
        ),
    ),
    Ticket(
        id="19-brewery",
        title="Sometimes it is the wrong one who answers",
        task=(
            "The brewer writes: http://10.101.34.20/ is `brewery-store`. It was, until the new machine came. "
            "Docker sees nothing wrong.\n\n"
            "On `brewery` the address 10.101.34.20 shall be there once, at `brewery-store`, and "
            "`brewery-app` "
            "gets the page `beer` from http://10.101.34.20/. The new machine is `brewery-scale`: it "
            "runs on, on "
            "`brewery`, and `brewery-app` reaches it by its own address 10.101.34.30. All are the "
            "containers of "
            "the start."
        ),
        start=network("brewery", 34)
        + page("brewery-store", "beer", 'network="brewery", ip="10.101.34.20", cap_add="NET_ADMIN"')
        + page("brewery-scale", "grams", 'network="brewery", ip="10.101.34.30", cap_add="NET_ADMIN"')
        + 'lab.run("brewery-app", network="brewery")\n',
        fault=told(
            "brewery-scale", "ip addr add 10.101.34.20/24 dev eth0", "arping -q -c 1 -U -I eth0 10.101.34.20"
        ),
        symptoms=(
            asks("brewery-app", "http://10.101.34.20/"),
            Symptom("brewery-app", "arping -c 1 -w 1 -I eth0 10.101.34.20"),
        ),
        words=("wrong answer",),
        cause="one address is there twice",
        why_asked=Question("brewery-app", "@brewery-store", 80, "address", "10.101.34.20 is there twice"),
        goals=(
            *(Running(f"brewery-{who}", same=True) for who in ("app", "store", "scale")),
            On("brewery-scale", "brewery"),
            Unique("brewery", "10.101.34.20"),
            Has("brewery-store", "10.101.34.20"),
            Has("brewery-scale", "10.101.34.30"),
            Reaches("brewery-app", "brewery-scale"),
            _BEER,
        ),
        mistakes=(
            Mistake(
                says="The address is there once, at the wrong one of the two.",
                when=(Unique("brewery", "10.101.34.20"), Has("brewery-scale", "10.101.34.20")),
                program=told("brewery-store", "ip addr del 10.101.34.20/24 dev eth0"),
            ),
            Mistake(
                says="The scale is off the network. It had an address of its own there, which it may keep.",
                when=(OnlyOn("brewery-scale"),),
                program='lab.network("brewery").disconnect(lab.container("brewery-scale"))\n',
            ),
        ),
        hints=(
            "Ask on the link who has the address: how many answer?",
            "What Docker has given, and what an interface has, are two lists. Compare them.",
            "Who has learned the wrong one keeps it for a while; the right one may announce itself: arping.",
        ),
        solution=told("brewery-scale", "ip addr del 10.101.34.20/24 dev eth0")
        + told("brewery-store", "arping -q -c 2 -U -I eth0 10.101.34.20"),
        alternatives=(
            typed("brewery-scale", "ip addr del 10.101.34.20/24 dev eth0")
            + typed("brewery-store", "arping -q -c 2 -U -I eth0 10.101.34.20"),
        ),
        why=(
            "Two interfaces had one address, of which Docker had given only one. Who asks by ARP takes the "
            "first who answers, and keeps it for a while: so it came and went."
        ),
        met=(
            "users whose Docker gave one address to two, and who made one of them anew: "
            "https://github.com/moby/moby/issues/11199"
        ),
    ),
    Ticket(
        id="19-convent",
        title="On one network, and strangers",
        task=(
            "The abbess writes: `convent-app` and `convent-store` are on one network. The name is known. Not "
            "even a ping is answered. The network was made with some option, by a security guide.\n\n"
            "Make `convent-app` get the page `honey` from http://convent-store/. `convent-guest`, who is on "
            "`convent`, too, does still not reach `convent-store`. All three run on, as the containers "
            "of the "
            "start."
        ),
        start='wall = {"com.docker.network.bridge.enable_icc": "false"}\n'
        + network("convent", 37, ", options=wall")
        + page("convent-store", "honey", 'network="convent"')
        + 'lab.run_many(["convent-app", "convent-guest"], network="convent")\n',
        fault="",
        symptoms=(
            asks("convent-app", "http://convent-store/"),
            pings("convent-app", "convent-store"),
        ),
        words=("timed out",),
        cause="the network keeps its containers apart: enable_icc is false",
        why_asked=Question("convent-app", "@convent-store", 80, "rule", "firewall of the host .*DROP"),
        goals=(
            *(Running(f"convent-{who}", same=True) for who in ("app", "store", "guest")),
            On("convent-guest", "convent"),
            Reaches("convent-app", "convent-store"),
            NotReaches("convent-guest", "convent-store", control="convent-app"),
            _HONEY,
        ),
        mistakes=(
            Mistake(
                says="All three are on a new network, and the guest has come along.",
                when=(On("convent-guest", "convent-own"), On("convent-app", "convent-own")),
                program=network("convent-own", 38)
                + """\
for who in ("app", "store", "guest"):
    lab.network("convent-own").connect(lab.container(f"convent-{who}"))
""",
            ),
            Mistake(
                says="The store is gone from the network, and has nobody at all now.",
                when=(OnlyOn("convent-store"),),
                program='lab.network("convent").disconnect(lab.container("convent-store"))\n',
            ),
        ),
        hints=(
            "What does `docker network inspect` say under Options?",
            (
                "On that network nobody talks to anybody. Two who shall talk need another one, and leave "
                "the first."
            ),
        ),
        solution=network("convent-own", 38)
        + """\
for who in ("app", "store"):
    lab.network("convent-own").connect(lab.container(f"convent-{who}"))
    lab.network("convent").disconnect(lab.container(f"convent-{who}"))
""",
        alternatives=(
            "!docker network create --subnet 10.101.38.0/24 convent-own\n"
            + "".join(
                f"!docker network connect convent-own convent-{who}\n!docker network disconnect convent "
                f"convent-{who}\n"
                for who in ("app", "store")
            ),
        ),
        why=(
            "`enable_icc=false` writes a rule that drops what goes from one port of the bridge to another. "
            "Names go by the host, so they still work."
        ),
        met="readers of hardening guides: https://docs.docker.com/engine/network/drivers/bridge/#options",
    ),
)
