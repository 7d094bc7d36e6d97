"""Tickets of chapter 19 with a router between two networks, which plays the host."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, gate, hasty, pings, routed, together, told, typed
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.routes import DefaultVia, Forwards, Routed
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_FLOUR = Serves("mill-client", "http://10.102.21.5/", "flour")
_FISH = Serves("ferry-client", "http://10.102.23.5/", "fish")
_LEATHER = Serves("tannery-client", "http://10.102.24.5/", "leather")
_SOUP = Serves("garrison-client", "http://10.102.25.5/", "soup")


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
            pings("mill-client", "10.101.21.9"),
        ),
        words=("network unreachable",),
        cause="there is no default route",
        why_asked=Question("mill-client", "@mill-server", 80, "route", "mill-client has no default route"),
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
            "users whose containers lost it when a network was disconnected: "
            "https://github.com/moby/moby/issues/21741"
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
            pings("ferry-client", "10.102.23.9"),
            asks("ferry-client", "http://10.102.23.5/"),
        ),
        words=("timed out",),
        cause="the router does not forward: net.ipv4.ip_forward is 0",
        why_asked=Question(
            "ferry-client", "@ferry-server", 80, "packet", "ferry-gate does not .*ip_forward=1"
        ),
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
            pings("tannery-client", "10.102.24.9"),
        ),
        words=("timed out",),
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
            "users of a VPN in a container, of whose subnet the others do not know: "
            "https://github.com/linuxserver/docker-wireguard/issues/115"
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
        fault=together(
            told("garrison-client", "ip route replace default via 10.101.25.66"), hasty("garrison-client")
        ),
        symptoms=(Symptom("garrison-client", "wget -q -O - http://10.102.25.5/"),),
        words=("no route to host",),
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
            "address. Then it gave up: no route to host."
        ),
        met=(
            "whoever replaces a router, and forgets one of those who use it: "
            "https://docs.docker.com/engine/network/"
        ),
    ),
)
