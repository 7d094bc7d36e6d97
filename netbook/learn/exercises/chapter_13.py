"""Exercises of chapter 13, several networks: which way out, which way back, and no way between neighbours."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.routes import DefaultVia
from netbook.learn.goals.things import HasNetwork, Running

EXERCISES = (
    Exercise(
        id="13-detour",
        title="The other way out",
        task=(
            "`scout` is on two networks, `alley` (10.93.11.0/24) and `turnpike` (10.93.12.0/24). The engine "
            "has elected the gateway of `alley`, and all that goes far shall go by `turnpike`.\n\n"
            "Move it: `scout`'s default route leads to 10.93.12.1. It stays on both networks, reaches "
            "`alley_cat` on `alley` as before, and is the container of the start. (It has the capability "
            "NET_ADMIN. What is set in it need not survive a restart.)"
        ),
        start="""\
lab.create_network("alley", subnet="10.93.11.0/24")
lab.create_network("turnpike", subnet="10.93.12.0/24")
lab.run("alley_cat", network="alley")
scout = lab.run("scout", network="alley", cap_add="NET_ADMIN")
lab.network("turnpike").connect(scout)
""",
        goals=(
            Running("scout", same=True),
            Running("alley_cat", same=True),
            OnlyOn("scout", ("alley", "turnpike")),
            DefaultVia("scout", "10.93.12.1"),
            Reaches("scout", "alley_cat"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "scout has left alley. Turnpike won the election, being alone, and alley_cat is lost: "
                    "it was the way out that was to move, not the cable."
                ),
                when=(Running("scout", same=True), OnlyOn("scout", ("turnpike",))),
                program="""\
lab.network("alley").disconnect(lab.container("scout"))
""",
            ),
            Mistake(
                says=(
                    "This scout was made anew. What the old one held is lost, and a route can be changed "
                    "while a container runs."
                ),
                when=(Running("scout"), Not(Running("scout", same=True))),
                program="""\
lab.run("scout", network="turnpike")
""",
            ),
            Mistake(
                says=(
                    "Now scout has no default route at all: the old one is gone, and nobody elects again as "
                    "long as no network comes or goes. The new one is yours to write."
                ),
                when=(Running("scout", same=True), DefaultVia("scout")),
                program="""\
lab.container("scout").exec("ip route del default")
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "The default route leads to somebody who is no gateway: a neighbour gets the packets, "
                    "and drops them. Which address has the bridge of turnpike?"
                ),
                when=(
                    Running("scout", same=True),
                    Not(DefaultVia("scout")),
                    Not(DefaultVia("scout", "10.93.11.1")),
                    Not(DefaultVia("scout", "10.93.12.1")),
                ),
                program="""\
cat = lab.container("alley_cat").address
lab.container("scout").exec(f"ip route replace default via {cat}")
""",
            ),
        ),
        hints=(
            "The engine elects by name. Can a name be changed, and if not, who else may write a route?",
            "A row of the routing table can be written from within, by who has NET_ADMIN.",
            "To add a second default route is refused, for the place is taken. `ip route` has a word for "
            "putting one row in the place of another.",
        ),
        solution="""\
lab.container("scout").exec("ip route replace default via 10.93.12.1")
""",
        alternatives=(
            "!docker exec scout ip route replace default via 10.93.12.1\n",
            """\
scout = lab.container("scout")
scout.exec("ip route del default")
scout.exec("ip route add default via 10.93.12.1 dev eth1")
""",
        ),
        why=(
            "The election only writes one row, and it may be rewritten. From Docker 28 on there is a lasting "
            "way: connect `turnpike` with `--gw-priority 1`."
        ),
        met=(
            "users who found that the network with the first name gave the gateway: "
            "https://github.com/moby/libnetwork/issues/1141"
        ),
    ),
    Exercise(
        id="13-guests",
        title="Two guests, one house",
        task=(
            "`guest_a` and `guest_b` are on the network `hotel`, and reach each other. They shall be "
            "neighbours who cannot.\n\n"
            "Make a network `motel` with the subnet 10.93.14.0/24, on which members do not reach each "
            "other. Both guests move there, and are nowhere else. `guest_a` does not reach `guest_b`. "
            "Both are the containers of the start, and run on."
        ),
        start="""\
lab.create_network("hotel", subnet="10.93.13.0/24")
lab.run("guest_a", network="hotel")
lab.run("guest_b", network="hotel")
""",
        goals=(
            Running("guest_a", same=True),
            Running("guest_b", same=True),
            HasNetwork("motel"),
            OnlyOn("guest_a", ("motel",)),
            OnlyOn("guest_b", ("motel",)),
            NotReaches("guest_a", "guest_b", "guest_b"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "They do not reach each other, for one is still in the hotel. That is the wall between "
                    "two networks; here both were to live on one."
                ),
                when=(On("guest_a", "motel"), OnlyOn("guest_b", ("hotel",))),
                program="""\
shut = {"com.docker.network.bridge.enable_icc": "false"}
motel = lab.create_network("motel", subnet="10.93.14.0/24", options=shut)
guest = lab.container("guest_a")
motel.connect(guest)
lab.network("hotel").disconnect(guest)
""",
            ),
            Mistake(
                says=(
                    "Both are in the motel, and its doors are open. That a network is internal shuts the "
                    "way out, not the way between its members."
                ),
                when=(
                    HasNetwork("motel", internal=True),
                    On("guest_a", "motel"),
                    On("guest_b", "motel"),
                    Reaches("guest_a", "guest_b"),
                ),
                program="""\
motel = lab.create_network("motel", subnet="10.93.14.0/24", internal=True)
for name in ("guest_a", "guest_b"):
    motel.connect(lab.container(name))
    lab.network("hotel").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "The motel is theirs, and so is the hotel: they have both cables, and meet by the old "
                    "one."
                ),
                when=(On("guest_a", "motel"), On("guest_b", "motel"), On("guest_a", "hotel")),
                program="""\
shut = {"com.docker.network.bridge.enable_icc": "false"}
motel = lab.create_network("motel", subnet="10.93.14.0/24", options=shut)
for name in ("guest_a", "guest_b"):
    motel.connect(lab.container(name))
""",
            ),
        ),
        hints=(
            "It is a property of the network, and is said when the network is made.",
            "Options of a bridge network begin with `com.docker.network.bridge.`; in `docker network "
            "create` they follow `-o`, in the book's verb they are a dictionary.",
            "A container moves by two steps: connect here, disconnect there.",
        ),
        solution="""\
shut = {"com.docker.network.bridge.enable_icc": "false"}
motel = lab.create_network("motel", subnet="10.93.14.0/24", options=shut)
for name in ("guest_a", "guest_b"):
    motel.connect(lab.container(name))
    lab.network("hotel").disconnect(lab.container(name))
""",
        alternatives=(
            """\
!docker network create --subnet 10.93.14.0/24 -o com.docker.network.bridge.enable_icc=false motel
!docker network connect motel guest_a
!docker network connect motel guest_b
!docker network disconnect hotel guest_a
!docker network disconnect hotel guest_b
""",
        ),
        why=(
            "One option, and one rule: what comes in at this bridge and would go out at this bridge is "
            "dropped. Names, the gateway and the way out are as before."
        ),
    ),
)
