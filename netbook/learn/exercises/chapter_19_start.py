"""Tickets of chapter 19 about a container itself: it does not start, does not go on, or its cable is dead."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, hasty, network, page, pings, together, told, typed
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Absent, Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_NAILS = Serves("smithy-app", "http://10.101.33.20/", "nails")
_BEER = Serves("brewery-app", "http://10.101.34.20/", "beer")
_HONEY = Serves("convent-app", "http://convent-store/", "honey")

EXERCISES = (
    Ticket(
        id="19-dovecote",
        title="The second dove finds no place",
        task=(
            "The keeper writes: it is a new loft, and one dove is in it. The second does not even start.\n\n"
            "Make `dovecote-two` run, and `dovecote-one` reach it. Both are the containers of the start; "
            "`dovecote-one` keeps its address 10.101.15.2 on `dovecote`."
        ),
        start='lab.create_network("dovecote", subnet="10.101.15.0/30")\n'
        'lab.run("dovecote-one", network="dovecote")\n',
        fault="!docker create -i --name dovecote-two --network dovecote busybox\n",
        symptoms=(Symptom("", "docker start dovecote-two"),),
        words=("Docker's refusal",),
        cause="the subnet has no free address left",
        why_asked=Question("dovecote-one", "@dovecote-two", 0, "runs", "no free address left"),
        goals=(
            Running("dovecote-one", same=True),
            Running("dovecote-two", same=True),
            Has("dovecote-one", "10.101.15.2"),
            Reaches("dovecote-one", "dovecote-two"),
            NotOnHost("dovecote-two"),
        ),
        mistakes=(
            Mistake(
                says="Now the second has the place of the first.",
                when=(Not(Has("dovecote-one", "10.101.15.2")),),
                program="""\
lab.network("dovecote").disconnect(lab.container("dovecote-one"))
lab.container("dovecote-two").start()
""",
            ),
            Mistake(
                says="The second runs, in a loft where the first is not.",
                when=(Running("dovecote-two", same=True), Not(Reaches("dovecote-one", "dovecote-two"))),
                program=network("dovecote-loft", 16)
                + """\
!docker network disconnect -f dovecote dovecote-two
!docker network connect dovecote-loft dovecote-two
!docker start dovecote-two
""",
            ),
        ),
        hints=(
            "How many addresses are in a /30, and who has them?",
            (
                "A subnet does not grow. But a container may be on a second network, and need not be on "
                "the first."
            ),
        ),
        solution="""\
lab.create_network("dovecote-loft", subnet="10.101.16.0/24")
lab.network("dovecote-loft").connect(lab.container("dovecote-one"))
!docker network disconnect -f dovecote dovecote-two
!docker network connect dovecote-loft dovecote-two
!docker start dovecote-two
""",
        alternatives=(
            "!docker network create --subnet 10.101.16.0/24 dovecote-loft\n"
            "!docker network connect dovecote-loft dovecote-one\n"
            "!docker network disconnect -f dovecote dovecote-two\n"
            "!docker network connect dovecote-loft dovecote-two\n"
            "!docker start dovecote-two\n",
        ),
        why=(
            "A /30 has four addresses: the network's, the gateway's, one for a container, and the broadcast. "
            "A network cannot be made larger; one makes another, and moves."
        ),
        met=("users of a /29 who counted eight: https://github.com/moby/moby/issues/35994"),
    ),
    Ticket(
        id="19-dormitory",
        title="It answers pings, and no questions",
        task=(
            "The night porter writes: `dormitory-web` is up, I can ping it, the connection is made, and then "
            "nothing.\n\n"
            "Make `dormitory-porter` get the page `beds` from http://dormitory-web/. Both run on, as the "
            "containers of the start."
        ),
        start=network("dormitory", 17)
        + page("dormitory-web", "beds", 'network="dormitory"')
        + 'lab.run("dormitory-porter", network="dormitory")\n',
        fault='lab.container("dormitory-web").pause()\n',
        symptoms=(
            asks("dormitory-porter", "http://dormitory-web/"),
            pings("dormitory-porter", "dormitory-web"),
        ),
        words=("timed out",),
        cause="the container is paused: its kernel answers, its programs do not",
        why_asked=Question("dormitory-porter", "@dormitory-web", 80, "runs", "is paused.*docker unpause"),
        goals=(
            Running("dormitory-porter", same=True),
            Running("dormitory-web", same=True),
            Serves("dormitory-porter", "http://dormitory-web/", "beds"),
        ),
        mistakes=(
            Mistake(
                says="The container is gone. It had only been told to hold still.",
                when=(Absent("dormitory-web"),),
                program='lab.container("dormitory-web").unpause()\nlab.container("dormitory-web").remove()\n',
            ),
            Mistake(
                says="This one is another container. The first had only been told to hold still.",
                when=(Replaced("dormitory-web"),),
                program='lab.container("dormitory-web").remove()\n'
                + page("dormitory-web", "beds", 'network="dormitory"'),
            ),
        ),
        hints=(
            "A ping is answered by a kernel, a question by a program. Which of the two is silent?",
            "What does `docker ps` say in the column STATUS?",
        ),
        solution='lab.container("dormitory-web").unpause()\n',
        alternatives=("!docker unpause dormitory-web\n",),
        why=(
            "A paused container's programs are frozen. The kernel, which is the host's, answers pings "
            "and even "
            "accepts connections; nobody reads what they bring."
        ),
        met=(
            "users of a server that is paused while nobody plays, and of its backup, which waits in vain: "
            "https://github.com/itzg/docker-minecraft-server/issues/1400"
        ),
    ),
    Ticket(
        id="19-attic",
        title="Attached, and silent",
        task=(
            "The caretaker writes: `docker inspect` shows `attic-box` on `attic`, with its address. Nobody "
            "reaches it.\n\n"
            "Make `attic-app` get the page `dust` from http://attic-box/. Both are on `attic`, and run "
            "on, as "
            "the containers of the start."
        ),
        start=network("attic", 35)
        + page("attic-box", "dust", 'network="attic", cap_add="NET_ADMIN"')
        + 'lab.run("attic-app", network="attic")\n',
        fault=together(told("attic-box", "ip link set eth0 down"), hasty("attic-app")),
        symptoms=(Symptom("attic-app", "wget -q -O - http://attic-box/"),),
        words=("no route to host",),
        cause="the interface is down, though Docker's record is in order",
        why_asked=Question("attic-app", "@attic-box", 80, "cable", "eth0 of attic-box is down"),
        goals=(
            Running("attic-app", same=True),
            Running("attic-box", same=True),
            On("attic-app", "attic"),
            On("attic-box", "attic"),
            Serves("attic-app", "http://attic-box/", "dust"),
        ),
        mistakes=(
            Mistake(
                says="The box is off its network. The cable was there; it was dead.",
                when=(OnlyOn("attic-box"),),
                program='lab.network("attic").disconnect(lab.container("attic-box"))\n',
            ),
            Mistake(
                says="This box is another container. The old one had one interface that was down.",
                when=(Replaced("attic-box"),),
                program='lab.container("attic-box").remove()\n'
                + page("attic-box", "dust", 'network="attic"'),
            ),
        ),
        hints=(
            "The name is known, for Docker tells what it has written down. Is the interface UP?",
            "Look into the box: `ip addr`. What does its second line lack?",
        ),
        solution=told("attic-box", "ip link set eth0 up"),
        alternatives=(typed("attic-box", "ip link set eth0 up"), 'lab.container("attic-box").restart()\n'),
        why=(
            "`docker inspect` tells what Docker has done, not what is. The interface was down, so nobody "
            "answered for the address: no route to host."
        ),
        met="users whose cables lost their bridge: https://github.com/moby/moby/issues/26492",
    ),
)
