"""Exercises of chapter 18, many hosts: each has one of its ideas, on one engine and without a swarm."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.names import Answers, NotResolves, Resolves
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running

_DB = Resolves("clerk", "db", to="annex")

EXERCISES = (
    Exercise(
        id="18-slim",
        title="Room for the wrapping",
        task=(
            "`barge` and `quay` are on the network `canal`, whose packets have 1500 bytes. From now on they "
            "shall go through a tunnel that carries 1500 bytes, too, and that wraps each packet as VXLAN "
            "does.\n\n"
            "Make a network `narrows` with the subnet 10.98.21.0/24, on which packets have room for that "
            "wrapping and not a byte less than that: `barge` and `quay` have the MTU there that Docker would "
            "give them on an overlay. Move both to it: each is on `narrows` and nowhere else, is still the "
            "container of the start, and `barge` reaches `quay`."
        ),
        start="""\
lab.create_network("canal", subnet="10.98.20.0/24")
lab.run("barge", network="canal")
lab.run("quay", network="canal")
""",
        goals=(
            Running("barge", same=True),
            Running("quay", same=True),
            OnlyOn("barge", ("narrows",)),
            OnlyOn("quay", ("narrows",)),
            Reaches("barge", "quay"),
            Carries("barge", "narrows", 1450),
            Carries("quay", "narrows", 1450),
        ),
        mistakes=(
            Mistake(
                says=(
                    "They are on narrows, and their packets are as big as before: with the wrapping they do "
                    "not fit. The size is an option of the network, given when it is created."
                ),
                when=(Carries("barge", "narrows", 1500),),
                program="""\
narrows = lab.create_network("narrows", subnet="10.98.21.0/24")
for name in ("barge", "quay"):
    narrows.connect(lab.container(name))
    lab.network("canal").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "The wrapping was added to what the container may send. But the tunnel carries what it "
                    "carried: the room has to be taken away from the packet inside."
                ),
                when=(Carries("barge", "narrows", 1550),),
                program="""\
wide = {"com.docker.network.driver.mtu": "1550"}
narrows = lab.create_network("narrows", subnet="10.98.21.0/24", options=wide)
for name in ("barge", "quay"):
    narrows.connect(lab.container(name))
    lab.network("canal").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says="barge has moved, and quay has stayed: the two have no network in common any more.",
                when=(OnlyOn("barge", ("narrows",)), NotOn("quay", "narrows")),
                program="""\
slim = {"com.docker.network.driver.mtu": "1450"}
narrows = lab.create_network("narrows", subnet="10.98.21.0/24", options=slim)
narrows.connect(lab.container("barge"))
lab.network("canal").disconnect(lab.container("barge"))
""",
            ),
        ),
        hints=(
            "How many bytes does VXLAN add? The chapter measured it.",
            "Which option of a network sets its MTU? Chapter 14 has used it.",
            "A running container is connected to the new network, and then disconnected from the old one.",
        ),
        solution="""\
slim = {"com.docker.network.driver.mtu": "1450"}
narrows = lab.create_network("narrows", subnet="10.98.21.0/24", options=slim)
for name in ("barge", "quay"):
    narrows.connect(lab.container(name))
    lab.network("canal").disconnect(lab.container(name))
""",
        alternatives=(
            """\
!docker network create --subnet 10.98.21.0/24 -o com.docker.network.driver.mtu=1450 narrows
!docker network connect narrows barge
!docker network connect narrows quay
!docker network disconnect canal barge
!docker network disconnect canal quay
""",
        ),
        why=(
            "Fifty bytes for VXLAN, so 1450 are left of 1500. Docker takes them off by itself on an overlay, "
            "and there only; of a VPN or a cloud's own tunnel below it knows nothing."
        ),
    ),
    Exercise(
        id="18-signpost",
        title="The other machine's port",
        task=(
            "`annex` (10.98.22.20, on `yard`) plays another machine: at its port 5080 somebody has published "
            "the `stock list`. No DNS server knows a `db`.\n\n"
            "Make a container `clerk` on `yard` and nowhere else, for whom the name `db` leads to `annex`: "
            "it gets the page `stock list` from http://db:5080/. For `patron`, who is there already, nobody has "
            "the name `db`, before and after. `annex` and `patron` are the containers of the start."
        ),
        start="""\
lab.create_network("yard", subnet="10.98.22.0/24")
annex = lab.run("annex", network="yard", ip="10.98.22.20")
annex.exec("sh", "-c", "echo stock list > index.html; httpd -p 5080")
lab.run("patron", network="yard", dns_option="ndots:1", dns_search=".")
""",
        goals=(
            Running("annex", same=True),
            Running("patron", same=True),
            Running("clerk"),
            OnlyOn("clerk", ("yard",)),
            _DB,
            Serves("clerk", "http://db:5080/", "stock list"),
            NotResolves("patron", "db"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "Now everybody on yard knows a db, patron too. An alias is for all of a network, and on "
                    "a machine that is really another one you could not give it."
                ),
                when=(Running("clerk"), Not(NotResolves("patron", "db"))),
                program="""\
yard, annex = lab.network("yard"), lab.container("annex")
yard.disconnect(annex)
yard.connect(annex, ip="10.98.22.20", alias=["db"])
lab.run("clerk", network="yard", dns_option="ndots:1", dns_search=".")
""",
            ),
            Mistake(
                says="clerk knows a db, and it is somebody else: the line in its file has another address.",
                when=(Running("clerk"), Not(NotResolves("clerk", "db")), Not(_DB)),
                program="""\
lab.run("clerk", network="yard", add_host={"db": "10.98.22.1"})
""",
            ),
            Mistake(
                says="clerk is there, and has never heard of a db. Nobody but you can tell it.",
                when=(Running("clerk"), NotResolves("clerk", "db")),
                program="""\
lab.run("clerk", network="yard", dns_option="ndots:1", dns_search=".")
""",
            ),
        ),
        hints=(
            "Where does a container look before it asks a DNS server?",
            "That file can be given lines when the container is made.",
            "The address is the other machine's, the port is the published one. A name has no port in it.",
        ),
        solution="""\
lab.run("clerk", network="yard", add_host={"db": "10.98.22.20"})
""",
        alternatives=(
            """\
!docker run -di --name clerk --network yard --add-host db:10.98.22.20 busybox
""",
        ),
        why=(
            "A published port and a name in /etc/hosts join two machines without any swarm. The price: the "
            "address is written down, and whoever moves the database has to know where."
        ),
    ),
    Exercise(
        id="18-turns",
        title="Two behind one name",
        task=(
            "`oven1`, `oven2` and `shopper` are on the network `market`.\n\n"
            "Let DNS answer `shopper`, who asks for `bread`, with both ovens and nobody else, as a service "
            "with `dnsrr` would. Both ovens run, on `market` and nowhere else; whether you make them anew is "
            "your affair. `shopper` is the container of the start."
        ),
        start="""\
lab.create_network("market", subnet="10.98.23.0/24")
lab.run("oven1", network="market")
lab.run("oven2", network="market")
lab.run("shopper", network="market", dns_option="ndots:1", dns_search=".")
""",
        goals=(
            Running("shopper", same=True),
            Running("oven1"),
            Running("oven2"),
            OnlyOn("oven1", ("market",)),
            OnlyOn("oven2", ("market",)),
            Answers("shopper", "bread", ("oven1", "oven2")),
        ),
        mistakes=(
            Mistake(
                says="Only oven1 has the name. A second container may have the same one: none takes it away.",
                when=(Answers("shopper", "bread", ("oven1",)),),
                program='lab.run("oven1", network="market", alias="bread")',
            ),
            Mistake(
                says=(
                    "oven2 has the name on a network where shopper is not, and there nobody asks. An alias "
                    "belongs to one network."
                ),
                when=(On("oven2", "cellar"),),
                program="""\
lab.run("oven1", network="market", alias="bread")
cellar = lab.create_network("cellar", subnet="10.98.24.0/24")
cellar.connect(lab.container("oven2"), alias=["bread"])
""",
            ),
            Mistake(
                says="shopper bears the name itself, and so asks itself every now and then.",
                when=(Answers("shopper", "bread", ("oven1", "oven2", "shopper")),),
                program="""\
market, shopper = lab.network("market"), lab.container("shopper")
market.disconnect(shopper)
market.connect(shopper, alias=["bread"])
for name in ("oven1", "oven2"):
    lab.run(name, network="market", alias="bread")
""",
            ),
        ),
        hints=(
            "What gives a container a further name, on one network?",
            "What does Docker's DNS server say, if two containers have it?",
            "An alias is given when a container is made or connected.",
        ),
        solution="""\
for name in ("oven1", "oven2"):
    lab.run(name, network="market", alias="bread")
""",
        alternatives=(
            """\
!docker network disconnect market oven1
!docker network disconnect market oven2
!docker network connect --alias bread market oven1
!docker network connect --alias bread market oven2
""",
        ),
        why=(
            "One alias on several containers is what dnsrr does for a service: the name has all their "
            "addresses, and the one who asks chooses. Who keeps the answer stays with one of them."
        ),
    ),
)
