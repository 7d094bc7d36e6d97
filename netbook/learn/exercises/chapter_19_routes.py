"""Tickets of chapter 19 whose complaint is about ways: routes, masks, routers, networks without a way out."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, gate, network, page, routed, told, typed
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost, StillInternal
from netbook.learn.goals.links import NotOn, On, Owns, Shares
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.routes import DefaultVia, Forwards, Routed
from netbook.learn.goals.things import Absent, Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_FLOUR = Serves("mill-client", "http://10.102.21.5/", "flour")
_PEARS = Serves("orchard-app", "http://10.101.22.200/", "pears")
_FISH = Serves("ferry-client", "http://10.102.23.5/", "fish")
_LEATHER = Serves("tannery-client", "http://10.102.24.5/", "leather")
_SOUP = Serves("garrison-client", "http://10.102.25.5/", "soup")
_COINS = Serves("mint-app", "http://10.101.27.20/", "coins")
_PEARLS = Serves("diver-side", "http://diver-store/", "pearls")


def _ends(name: str) -> tuple[Running, Running]:
    return Running(f"{name}-client", same=True), Running(f"{name}-server", same=True)


EXERCISES = (
    Ticket(
        id="19-mill",
        title="Nothing beyond the yard",
        task=(
            "The miller writes: from `mill-client` I see the whole yard, and nothing beyond it. The router "
            "`mill-gate` (10.101.21.9) is up.\n\n"
            "Make `mill-client` get the page `flour` from http://10.102.21.5/, by `mill-gate`. "
            "`mill-client`, "
            "`mill-gate` and `mill-server` run on, as the containers of the start."
        ),
        start=routed("mill", 21, "flour"),
        fault=told("mill-client", "ip route del default"),
        symptoms=(
            asks("mill-client", "http://10.102.21.5/"),
            Symptom("mill-client", "ping -c 1 -W 1 -q 10.101.21.9"),
        ),
        word="network unreachable",
        cause="there is no default route",
        why_asked=Question("mill-client", "@mill-server", 80, "route", "no default route|no route"),
        goals=(*_ends("mill"), Running("mill-gate", same=True), _FLOUR, NotOnHost("mill-client")),
        mistakes=(
            Mistake(
                says=(
                    "The client has Docker's gateway now, which is the host. The way beyond this yard is "
                    "another router's."
                ),
                when=(DefaultVia("mill-client", "10.101.21.1"),),
                program='lab.container("mill-client").restart()\n',
            ),
            Mistake(
                says="There is a way now, to somebody who is not there.",
                when=(
                    Not(DefaultVia("mill-client")),
                    Not(DefaultVia("mill-client", "10.101.21.9")),
                    Not(_FLOUR),
                ),
                program=told("mill-client", "ip route add default via 10.101.21.8"),
            ),
        ),
        hints=(
            "What does `ip route` in the client say of addresses that are not in the yard?",
            (
                "A route needs a next neighbour. Who stands between the two networks, and which address is "
                "his here?"
            ),
        ),
        solution=told("mill-client", "ip route add default via 10.101.21.9"),
        alternatives=(typed("mill-client", "ip route add 10.102.21.0/24 via 10.101.21.9"),),
        why=(
            "The client's table had no route but that to its own network. Its own kernel said no; no "
            "packet had left."
        ),
        met=(
            "containers that lost it when a network was disconnected: "
            "https://github.com/moby/moby/issues/21741"
        ),
    ),
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
            Symptom("orchard-app", "ping -c 1 -W 1 -q 10.101.22.20"),
        ),
        word="network unreachable",
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
        id="19-ferry",
        title="The router is reached, and nobody behind it",
        task=(
            "The ferryman writes: everybody reaches `ferry-gate`, from both banks, and nobody reaches "
            "the other "
            "bank.\n\n"
            "Make `ferry-client` get the page `fish` from http://10.102.23.5/, by `ferry-gate`, which is on "
            "`ferry-here` (10.101.23.9) and `ferry-there` (10.102.23.9). `ferry-client` and "
            "`ferry-server` run "
            "on, as the containers of the start; `ferry-gate` may be made anew."
        ),
        start=routed("ferry", 23, "fish"),
        fault=gate("ferry", 23, '{"net.ipv4.ip_forward": 0}'),
        symptoms=(
            Symptom("ferry-client", "ping -c 1 -W 1 -q 10.102.23.9"),
            asks("ferry-client", "http://10.102.23.5/"),
        ),
        word="timed out",
        cause="the router does not forward: net.ipv4.ip_forward is 0",
        why_asked=Question("ferry-client", "@ferry-server", 80, "packet", "ferry-gate does not forward"),
        goals=(
            *_ends("ferry"),
            On("ferry-gate", "ferry-here"),
            On("ferry-gate", "ferry-there"),
            NotOn("ferry-client", "ferry-there"),
            _FISH,
        ),
        mistakes=(
            Mistake(
                says="The client is on the other bank now, and needs no ferry. The others still do.",
                when=(On("ferry-client", "ferry-there"),),
                program='lab.network("ferry-there").connect(lab.container("ferry-client"))\n',
            ),
            Mistake(
                says="The gate is on both banks, and still hands nothing on: it takes what is for itself.",
                when=(
                    On("ferry-gate", "ferry-here"),
                    On("ferry-gate", "ferry-there"),
                    Replaced("ferry-gate"),
                    Not(Forwards("ferry-gate")),
                ),
                program=gate("ferry", 23, '{"net.ipv4.ip_forward": 0}'),
            ),
        ),
        hints=(
            "How far does a packet come? `lab.trace` sees it arrive somewhere, and not leave again.",
            "A container is no router, unless its kernel is told to hand on what is for others.",
        ),
        solution=gate("ferry", 23, '{"net.ipv4.ip_forward": 1}'),
        alternatives=(
            "!docker rm -f ferry-gate\n"
            "!docker run -di --name ferry-gate --network ferry-here --ip 10.101.23.9 "
            "--sysctl net.ipv4.ip_forward=1 busybox\n"
            "!docker network connect --ip 10.102.23.9 ferry-there ferry-gate\n",
        ),
        why=(
            "Each network namespace has a switch of its own, `net.ipv4.ip_forward`. Where it is 0, a "
            "packet for "
            "somebody else is dropped, and nobody is told."
        ),
        met="operators whose tools set the host's switch to 0: https://github.com/moby/moby/issues/27319",
    ),
    Ticket(
        id="19-tannery",
        title="It arrives, and nothing comes back",
        task=(
            "The tanner writes: the server's counters go up while you ask. So it does arrive. You get "
            "nothing.\n\n"
            "Make `tannery-client` get the page `leather` from http://10.102.24.5/, by `tannery-gate` "
            "(10.102.24.9 on the server's side). `tannery-client`, `tannery-gate` and `tannery-server` "
            "run on, "
            "as the containers of the start."
        ),
        start=routed("tannery", 24, "leather"),
        fault=told("tannery-server", "ip route del default"),
        symptoms=(
            asks("tannery-client", "http://10.102.24.5/"),
            Symptom("tannery-client", "ping -c 1 -W 1 -q 10.102.24.9"),
        ),
        word="timed out",
        cause="the server has no route back",
        why_asked=Question(
            "tannery-client", "@tannery-server", 80, "back", "tannery-server has no route back"
        ),
        goals=(*_ends("tannery"), Running("tannery-gate", same=True), _LEATHER, NotOnHost("tannery-server")),
        mistakes=(
            Mistake(
                says="The server answers by a gateway that does not know where the client is.",
                when=(DefaultVia("tannery-server", "10.102.24.1"),),
                program='lab.container("tannery-server").restart()\n',
            ),
            Mistake(
                says="The client has one route more. It had a good one; it is the answer that finds no way.",
                when=(Routed("tannery-client", "10.102.24.0/24"), Not(_LEATHER)),
                program=told("tannery-client", "ip route add 10.102.24.0/24 via 10.101.24.9"),
            ),
        ),
        hints=(
            "A question needs a way there, an answer a way back. Which of the two is missing?",
            "Read the routes of the one who should answer.",
        ),
        solution=told("tannery-server", "ip route add default via 10.102.24.9"),
        alternatives=(typed("tannery-server", "ip route add 10.101.24.0/24 via 10.102.24.9"),),
        why="The packets arrived, and the server had no route to the one who had asked. Routes are one-way.",
        met=(
            "users of two gateways, of which the answers take the other: "
            "https://github.com/moby/moby/issues/20179"
        ),
    ),
    Ticket(
        id="19-garrison",
        title="A gateway that nobody is",
        task=(
            "The sergeant writes: the gateway was replaced last night, by one with another address. All are "
            "told, I believe.\n\n"
            "Make `garrison-client` get the page `soup` from http://10.102.25.5/, by `garrison-gate` "
            "(10.101.25.9). `garrison-client`, `garrison-gate` and `garrison-server` run on, as the "
            "containers "
            "of the start."
        ),
        start=routed("garrison", 25, "soup"),
        fault=told("garrison-client", "ip route replace default via 10.101.25.66"),
        symptoms=(Symptom("garrison-client", "wget -q -O - http://10.102.25.5/"),),
        word="no route to host",
        cause="the default route leads to an address that nobody has",
        why_asked=Question(
            "garrison-client", "@garrison-server", 80, "neighbour", "gateway 10.101.25.66, which nobody has"
        ),
        goals=(
            *_ends("garrison"),
            Running("garrison-gate", same=True),
            _SOUP,
            Has("garrison-gate", "10.101.25.9"),
        ),
        mistakes=(
            Mistake(
                says="The client has Docker's gateway now, and that is not the router which was meant.",
                when=(DefaultVia("garrison-client", "10.101.25.1"),),
                program='lab.container("garrison-client").restart()\n',
            ),
            Mistake(
                says="There is no wrong way any more, and no other instead.",
                when=(DefaultVia("garrison-client"), Not(_SOUP)),
                program=told("garrison-client", "ip route del default"),
            ),
        ),
        hints=(
            "Whom does the client ask for on the link, before anything else can leave?",
            "Compare the gateway in its routes with the address of the router.",
        ),
        solution=told("garrison-client", "ip route replace default via 10.101.25.9"),
        alternatives=(typed("garrison-client", "ip route replace default via 10.101.25.9"),),
        why=(
            "There was a route, so the kernel asked by ARP for its gateway, three times, and nobody has that "
            "address. After a few seconds it gives up: no route to host."
        ),
        met="whoever replaces a router: https://docs.docker.com/engine/network/#ip-address-and-hostname",
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
        symptoms=(asks("mint-app", "http://10.101.27.20/"), Symptom("mint-app", "ping -c 1 -W 1 -q mint-db")),
        word="network unreachable",
        cause="the network is internal: from there no way leads out",
        why_asked=Question("mint-app", "10.101.27.20", 80, "route", "mint-vault is internal"),
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
        word="bad address",
        cause="a container joins a namespace once; after a restart of its owner that is an empty one",
        why_asked=Question("diver-side", "diver-store", 80, "address", "joined the network of diver-main"),
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
        word="wrong answer",
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
