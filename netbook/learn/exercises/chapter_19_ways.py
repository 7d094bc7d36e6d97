"""Tickets of chapter 19 about masks, ways out and namespaces."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, pings, told, typed
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import StillInternal
from netbook.learn.goals.links import NotOn, On, Owns, Shares
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.routes import DefaultVia, Routed
from netbook.learn.goals.things import Absent, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_PEARS = Serves("orchard-app", "http://10.101.22.200/", "pears")
_COINS = Serves("mint-app", "http://10.101.27.20/", "coins")
_PEARLS = Serves("diver-side", "http://diver-store/", "pearls")


EXERCISES = (
    Ticket(
        id="19-orchard",
        title="Half of the neighbours are gone",
        task=(
            "The gardener writes: `orchard-app` reads `orchard-near` as ever, and `orchard-far` not at "
            "all, and "
            "both are on the same network.\n\n"
            "Make `orchard-app` get the page `pears` from http://10.101.22.200/, and as before reach "
            "`orchard-near`. `orchard-app` keeps its address 10.101.22.5; it, `orchard-near` and "
            "`orchard-far` run on, as the containers of the start."
        ),
        start=network("orchard", 22)
        + 'lab.run("orchard-app", network="orchard", ip="10.101.22.5", cap_add="NET_ADMIN")\n'
        + 'lab.run("orchard-near", network="orchard", ip="10.101.22.20")\n'
        + page("orchard-far", "pears", 'network="orchard", ip="10.101.22.200"'),
        fault=told(
            "orchard-app", "ip addr del 10.101.22.5/24 dev eth0", "ip addr add 10.101.22.5/25 dev eth0"
        ),
        symptoms=(
            asks("orchard-app", "http://10.101.22.200/"),
            pings("orchard-app", "10.101.22.20"),
        ),
        words=("network unreachable",),
        cause="the netmask is /25, and the network's is /24",
        why_asked=Question("orchard-app", "@orchard-far", 80, "route", "netmask /25.*has /24"),
        goals=(
            *(Running(name, same=True) for name in ("orchard-app", "orchard-near", "orchard-far")),
            Has("orchard-app", "10.101.22.5"),
            Reaches("orchard-app", "orchard-near"),
            _PEARS,
        ),
        mistakes=(
            Mistake(
                says=(
                    "The app sees the far ones now, and has lost its address: others knew it by the old one."
                ),
                when=(Not(Has("orchard-app", "10.101.22.5")),),
                program=told("orchard-app", "ip addr flush dev eth0", "ip addr add 10.101.22.6/24 dev eth0"),
            ),
            Mistake(
                says=(
                    "The way to the far half leads by a gateway that has to send it back where it came from."
                ),
                when=(Routed("orchard-app", "default"), Has("orchard-app", "10.101.22.5/25"), Not(_PEARS)),
                program=told("orchard-app", "ip route add default via 10.101.22.9"),
            ),
        ),
        hints=(
            "Which of the addresses are neighbours, for the app? Its own address says so, behind the slash.",
            "Compare that number with the subnet of the network.",
        ),
        solution='lab.container("orchard-app").restart()\n',
        alternatives=(
            typed(
                "orchard-app", "ip addr del 10.101.22.5/25 dev eth0", "ip addr add 10.101.22.5/24 dev eth0"
            ),
        ),
        why=(
            "With /25 the app took only the lower half of the subnet for neighbours, and had no way to the "
            "rest. A mask is nobody's but the sender's: the others had the right one."
        ),
        met=(
            "students of every course, so that labs check for it: "
            "https://github.com/KatharaFramework/kathara-lab-checker"
        ),
    ),
    Ticket(
        id="19-mint",
        title="No way out of the vault",
        task=(
            "The warden writes: `mint-app` shall fetch coins from the street, `mint-db` must not get out. "
            "Somebody made the network safe; now neither does.\n\n"
            "Make `mint-app` get the page `coins` from http://10.101.27.20/, where `mint-street` is, on "
            "`mint-out`. `mint-db` is on `mint-vault`, which is still internal, and does not reach "
            "`mint-street`; `mint-app` reaches `mint-db`. All run on, as the containers of the start."
        ),
        start=network("mint-vault", 26, ", internal=True")
        + network("mint-out", 27)
        + page("mint-street", "coins", 'network="mint-out", ip="10.101.27.20"')
        + 'lab.run_many(["mint-app", "mint-db"], network="mint-vault")\n',
        fault="",
        symptoms=(asks("mint-app", "http://10.101.27.20/"), pings("mint-app", "mint-db")),
        words=("network unreachable", "timed out"),  # on Docker 20.10 there is a route, and a rule
        cause="the network is internal: from there no way leads out",
        why_asked=Question("mint-app", "10.101.27.20", 80, "*", "mint-vault is internal.*network connect"),
        goals=(
            *(Running(name, same=True) for name in ("mint-app", "mint-db", "mint-street")),
            On("mint-db", "mint-vault"),
            _COINS,
            Reaches("mint-app", "mint-db"),
            NotReaches("mint-db", "mint-street", control="mint-app"),
            StillInternal("mint-vault"),
        ),
        mistakes=(
            Mistake(
                says="The street has come into the vault. It was to stay outside, for all but the app.",
                when=(On("mint-street", "mint-vault"),),
                program='lab.network("mint-vault").connect(lab.container("mint-street"))\n',
            ),
            Mistake(
                says="Now the database gets out, too.",
                when=(On("mint-db", "mint-out"),),
                program="""\
for name in ("mint-app", "mint-db"):
    lab.network("mint-out").connect(lab.container(name))
""",
            ),
        ),
        hints=(
            "What does `docker network inspect` say of the network that the app is on?",
            "An internal network has no way out, for nobody. A container may be on a second one.",
        ),
        solution='lab.network("mint-out").connect(lab.container("mint-app"))\n',
        alternatives=("!docker network connect mint-out mint-app\n",),
        why=(
            "An internal network gives no default route. Who needs both, the inside and the outside, "
            "is on two "
            "networks."
        ),
        met=(
            "users who wanted a database apart, and an app that is not: "
            "https://github.com/moby/moby/issues/36174"
        ),
    ),
    Ticket(
        id="19-diver",
        title="The sidecar that lost the world",
        task=(
            "The captain writes: `diver-side` uses the network of `diver-main`, and did so until the "
            "update of "
            "this night, when `diver-main` was started anew. Now it knows nobody.\n\n"
            "Make `diver-side` get the page `pearls` from http://diver-store/, in the network namespace of "
            "`diver-main`. `diver-main` and `diver-store` run on, as the containers of the start."
        ),
        start=network("diver", 28)
        + page("diver-store", "pearls", 'network="diver"')
        + 'lab.run("diver-main", network="diver")\n'
        + 'lab.run("diver-side", network="container:diver-main")\n',
        fault='lab.container("diver-main").restart()\n',
        symptoms=(asks("diver-side", "http://diver-store/"), Symptom("diver-side", "ifconfig -a")),
        words=("bad address",),
        cause="a container joins a namespace once; after a restart of its owner that is an empty one",
        why_asked=Question(
            "diver-side", "diver-store", 80, "address", "joined .* diver-main.*docker restart diver-side"
        ),
        goals=(
            Running("diver-main", same=True),
            Running("diver-store", same=True),
            Shares("diver-side", "diver-main"),
            _PEARLS,
        ),
        mistakes=(
            Mistake(
                says="The sidecar has a network of its own now. It was to use that of diver-main.",
                when=(Owns("diver-side"),),
                program='lab.container("diver-side").remove()\nlab.run("diver-side", network="diver")\n',
            ),
            Mistake(
                says="The sidecar is gone: it was the other end that had to follow.",
                when=(Absent("diver-side"),),
                program='lab.container("diver-side").remove()\nlab.container("diver-main").restart()\n',
            ),
        ),
        hints=(
            "Which interfaces has the sidecar, and which has the one whose network it uses?",
            (
                "When does a container join the namespace of another: each time it is asked, or once, as "
                "it starts?"
            ),
        ),
        solution='lab.container("diver-side").restart()\n',
        alternatives=("!docker restart -t 0 diver-side\n",),
        why=(
            "`--network container:` joins a namespace, once, at the start. The restart of its owner "
            "made a new "
            "one, and left the sidecar in the old, with `lo` only."
        ),
        met="users of a VPN container, at each of its updates: https://github.com/qdm12/gluetun/issues/641",
    ),
    Ticket(
        id="19-customs",
        title="The wrong way out",
        task=(
            "The officer writes: since `customs-app` is on a second network, its packets leave by the wrong "
            "door. Only the one of `customs-paid` is paid for.\n\n"
            "The default route of `customs-app` shall lead to 10.101.29.1, the gateway of "
            "`customs-paid`; and "
            "it stays on `customs-annex`, too, and reaches `customs-clerk` there. `customs-app` and "
            "`customs-clerk` run on, as the containers of the start."
        ),
        start=network("customs-paid", 29)
        + network("customs-annex", 30)
        + 'lab.run("customs-clerk", network="customs-annex")\n'
        + 'lab.run("customs-app", network="customs-paid", cap_add="NET_ADMIN")\n',
        fault='lab.network("customs-annex").connect(lab.container("customs-app"))\n',
        symptoms=(Symptom("customs-app", "ip route"),),
        words=("wrong answer",),
        cause="with a second network the default route has moved",
        goals=(
            Running("customs-app", same=True),
            Running("customs-clerk", same=True),
            On("customs-app", "customs-paid"),
            On("customs-app", "customs-annex"),
            DefaultVia("customs-app", "10.101.29.1"),
            Reaches("customs-app", "customs-clerk"),
        ),
        mistakes=(
            Mistake(
                says="The way is right, and the annex is lost.",
                when=(NotOn("customs-app", "customs-annex"),),
                program='lab.network("customs-annex").disconnect(lab.container("customs-app"))\n',
            ),
            Mistake(
                says="There is no way out any more, neither the wrong one nor the right.",
                when=(DefaultVia("customs-app"),),
                program=told("customs-app", "ip route del default"),
            ),
        ),
        hints=(
            "Of two networks one gives the default route. Chapter 13 has seen who elects it.",
            "The container may change its own routes: it has NET_ADMIN.",
        ),
        solution=told("customs-app", "ip route replace default via 10.101.29.1"),
        alternatives=(typed("customs-app", "ip route replace default via 10.101.29.1"),),
        why=(
            "Docker gives one default route, by the network whose name sorts first. From 28 on, a connection "
            "may say otherwise, by `gw-priority`, and that lasts over a restart."
        ),
        met="whoever adds a network to a service: https://github.com/moby/moby/issues/48868",
    ),
)
