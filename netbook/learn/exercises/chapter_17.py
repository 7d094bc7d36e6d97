"""Exercises of chapter 17, an application cluster: rooms for its members, and many of one name."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.names import Answers
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.things import HasNetwork, Running

EXERCISES = (
    Exercise(
        id="17-scullery",
        title="A room of its own for the cache",
        task=(
            "An inn is built as the shop was: `waiter` is on `saloon`, `cora` on `saloon` and on `larder`, "
            "which is internal, and there are `cashbox`, the database, and `icebox`, the cache. The two "
            "have nothing to say to each other, and share a room.\n\n"
            "Make an internal network `scullery` with the subnet 10.97.13.0/24. `icebox` moves there, and is "
            "nowhere else. `cora` is on all three, and reaches `cashbox` and `icebox`. `icebox` does not "
            "reach `cashbox`. All are the containers of the start."
        ),
        start="""\
lab.create_network("saloon", subnet="10.97.11.0/24")
lab.create_network("larder", subnet="10.97.12.0/24", internal=True)
lab.run("waiter", network="saloon")
cora = lab.run("cora", network="saloon")
lab.network("larder").connect(cora)
lab.run("cashbox", network="larder")
lab.run("icebox", network="larder")
""",
        goals=(
            HasNetwork("scullery", internal=True),
            Running("cora", same=True),
            Running("cashbox", same=True),
            Running("icebox", same=True),
            OnlyOn("icebox", ("scullery",)),
            OnlyOn("cora", ("larder", "saloon", "scullery")),
            OnlyOn("cashbox", ("larder",)),
            Reaches("cora", "cashbox"),
            Reaches("cora", "icebox"),
            NotReaches("icebox", "cashbox", "cora"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "scullery is there, and not internal: icebox has got a way out into the world, which it "
                    "did not have before."
                ),
                when=(HasNetwork("scullery", internal=False), On("icebox", "scullery")),
                program="""\
scullery = lab.create_network("scullery", subnet="10.97.13.0/24")
for name in ("cora", "icebox"):
    scullery.connect(lab.container(name))
lab.network("larder").disconnect(lab.container("icebox"))
""",
            ),
            Mistake(
                says=(
                    "icebox has a cable in both rooms, and reaches cashbox by the old one. A new network "
                    "takes no old one away."
                ),
                when=(On("icebox", "scullery"), On("icebox", "larder")),
                program="""\
scullery = lab.create_network("scullery", subnet="10.97.13.0/24", internal=True)
for name in ("cora", "icebox"):
    scullery.connect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "icebox is alone in its room. cora, who shall fetch from it, has no cable there: a wall "
                    "that keeps the cashbox out keeps cora out, too."
                ),
                when=(OnlyOn("icebox", ("scullery",)), NotOn("cora", "scullery")),
                program="""\
scullery = lab.create_network("scullery", subnet="10.97.13.0/24", internal=True)
scullery.connect(lab.container("icebox"))
lab.network("larder").disconnect(lab.container("icebox"))
""",
            ),
            Mistake(
                says=(
                    "cora went along with icebox, and has left larder: nobody reaches cashbox now. cora is "
                    "the one who belongs in every room."
                ),
                when=(On("cora", "scullery"), NotOn("cora", "larder")),
                program="""\
scullery = lab.create_network("scullery", subnet="10.97.13.0/24", internal=True)
for name in ("cora", "icebox"):
    scullery.connect(lab.container(name))
    lab.network("larder").disconnect(lab.container(name))
""",
            ),
        ),
        hints=(
            "Draw it first: who has to talk to whom? For each pair that has to, there is one room.",
            "One network to make, two cables to plug in, one to pull.",
            "That a network has no way out is said when it is made.",
        ),
        solution="""\
scullery = lab.create_network("scullery", subnet="10.97.13.0/24", internal=True)
for name in ("cora", "icebox"):
    scullery.connect(lab.container(name))
lab.network("larder").disconnect(lab.container("icebox"))
""",
        alternatives=(
            """\
!docker network create --internal --subnet 10.97.13.0/24 scullery
!docker network connect scullery cora
!docker network connect scullery icebox
!docker network disconnect larder icebox
""",
        ),
        why=(
            "All members of one network reach one another, on every port. So a room is for those who have to "
            "talk, and a cluster of four services may well have three networks."
        ),
    ),
    Exercise(
        id="17-stalls",
        title="Three stalls, one name",
        task=(
            "`buyer` and `stall_a` are on the network `bazaar`, and DNS tells `buyer` the address of "
            "`stall_a` when it asks for `stall`.\n\n"
            "Business is good. Let `stall_b` and `stall_c` run as well, on `bazaar` and nowhere else. When "
            "`buyer` asks for `stall`, DNS answers with all three. `stall_a` is the container of the start, "
            "and was not touched. No Compose is needed."
        ),
        start="""\
lab.create_network("bazaar", subnet="10.97.14.0/24")
lab.run("buyer", network="bazaar")
lab.run("stall_a", network="bazaar", alias="stall")
""",
        goals=(
            Running("stall_a", same=True),
            Running("stall_b"),
            Running("stall_c"),
            OnlyOn("stall_b", ("bazaar",)),
            OnlyOn("stall_c", ("bazaar",)),
            Answers("buyer", "stall", ("stall_a", "stall_b", "stall_c")),
        ),
        mistakes=(
            Mistake(
                says=(
                    "Both new stalls run on bazaar, and DNS knows them by their own names only. Nobody said "
                    "that they are to answer to stall as well."
                ),
                when=(
                    On("stall_b", "bazaar"),
                    On("stall_c", "bazaar"),
                    Answers("buyer", "stall", ("stall_a",)),
                ),
                program="""\
for name in ("stall_b", "stall_c"):
    lab.run(name, network="bazaar")
""",
            ),
            Mistake(
                says=(
                    "The new stalls stand on another market. A name is known on the network on which it was "
                    "given, and buyer is not there."
                ),
                when=(Running("stall_b"), NotOn("stall_b", "bazaar")),
                program="""\
lab.create_network("souk", subnet="10.97.15.0/24")
for name in ("stall_b", "stall_c"):
    lab.run(name, network="souk", alias="stall")
""",
            ),
            Mistake(
                says=(
                    "Three answer, and stall_a is another one than at the start: what it had sold so far is "
                    "forgotten. Who scales out lets the old ones run."
                ),
                when=(Running("stall_a"), Not(Running("stall_a", same=True))),
                program="""\
for name in ("stall_a", "stall_b", "stall_c"):
    lab.run(name, network="bazaar", alias="stall")
""",
            ),
        ),
        hints=(
            "What did Compose do when you asked for three of one service? Look what they are called in "
            "DNS, besides their own names.",
            "A container may have further names on a network, and two containers may have the same.",
            "The book's verb has an argument `alias`; `docker run` has `--network-alias`.",
        ),
        solution="""\
for name in ("stall_b", "stall_c"):
    lab.run(name, network="bazaar", alias="stall")
""",
        alternatives=(
            """\
!docker run -d --name stall_b --network bazaar --network-alias stall busybox httpd -f
!docker run -d --name stall_c --network bazaar --network-alias stall busybox httpd -f
""",
        ),
        why=(
            "That is all that scaling is, on the network: one more container with the same alias, and one "
            "more address in an answer. Who asks once, and keeps the answer, never hears of it."
        ),
    ),
)
