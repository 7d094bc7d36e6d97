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

_DB = Resolves("bursar", "db", to="outpost")

EXERCISES = (
    Exercise(
        id="18-slim",
        title="Room for the wrapping",
        task=(
            "`gondola` and `wharf` are on the network `basin`, whose packets have 1500 bytes. From now on "
            "they shall go through a tunnel that carries 1500 bytes, too, and that wraps each packet as "
            "VXLAN does.\n\n"
            "Make a network `sluice` with the subnet 10.98.21.0/24, on which packets have room for that "
            "wrapping and not a byte less than that: `gondola` and `wharf` have the MTU there that Docker "
            "would give them on an overlay. Move both to it: each is on `sluice` and nowhere else, is still "
            "the container of the start, and `gondola` reaches `wharf`."
        ),
        start="""\
lab.create_network("basin", subnet="10.98.20.0/24")
lab.run("gondola", network="basin")
lab.run("wharf", network="basin")
""",
        goals=(
            Running("gondola", same=True),
            Running("wharf", same=True),
            OnlyOn("gondola", ("sluice",)),
            OnlyOn("wharf", ("sluice",)),
            Reaches("gondola", "wharf"),
            Carries("gondola", "sluice", 1450),
            Carries("wharf", "sluice", 1450),
        ),
        mistakes=(
            Mistake(
                says=(
                    "They are on sluice, and their packets are as big as before: with the wrapping they do "
                    "not fit. The size is an option of the network, given when it is created."
                ),
                when=(Carries("gondola", "sluice", 1500),),
                program="""\
sluice = lab.create_network("sluice", subnet="10.98.21.0/24")
for name in ("gondola", "wharf"):
    sluice.connect(lab.container(name))
    lab.network("basin").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "The wrapping was added to what the container may send. But the tunnel carries what it "
                    "carried: the room has to be taken away from the packet inside."
                ),
                when=(Carries("gondola", "sluice", 1550),),
                program="""\
wide = {"com.docker.network.driver.mtu": "1550"}
sluice = lab.create_network("sluice", subnet="10.98.21.0/24", options=wide)
for name in ("gondola", "wharf"):
    sluice.connect(lab.container(name))
    lab.network("basin").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says="gondola has moved, and wharf has stayed: the two have no network in common any more.",
                when=(OnlyOn("gondola", ("sluice",)), NotOn("wharf", "sluice")),
                program="""\
slim = {"com.docker.network.driver.mtu": "1450"}
sluice = lab.create_network("sluice", subnet="10.98.21.0/24", options=slim)
sluice.connect(lab.container("gondola"))
lab.network("basin").disconnect(lab.container("gondola"))
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
sluice = lab.create_network("sluice", subnet="10.98.21.0/24", options=slim)
for name in ("gondola", "wharf"):
    sluice.connect(lab.container(name))
    lab.network("basin").disconnect(lab.container(name))
""",
        alternatives=(
            """\
!docker network create --subnet 10.98.21.0/24 -o com.docker.network.driver.mtu=1450 sluice
!docker network connect sluice gondola
!docker network connect sluice wharf
!docker network disconnect basin gondola
!docker network disconnect basin wharf
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
            "`outpost` (10.98.22.20, on `lot`) plays another machine: at its port 5080 somebody has "
            "published the `stock list`. No DNS server knows a `db`.\n\n"
            "Make a container `bursar` on `lot` and nowhere else, for whom the name `db` leads to `outpost`: "
            "it gets the page `stock list` from http://db:5080/. For `onlooker`, who is there already, "
            "nobody has the name `db`, before and after. `outpost` and `onlooker` are the containers "
            "of the start."
        ),
        start="""\
lab.create_network("lot", subnet="10.98.22.0/24")
outpost = lab.run("outpost", network="lot", ip="10.98.22.20")
outpost.exec("sh", "-c", "echo stock list > index.html; httpd -p 5080")
lab.run("onlooker", network="lot", dns_option="ndots:1", dns_search=".")
""",
        goals=(
            Running("outpost", same=True),
            Running("onlooker", same=True),
            Running("bursar"),
            OnlyOn("bursar", ("lot",)),
            _DB,
            Serves("bursar", "http://db:5080/", "stock list"),
            NotResolves("onlooker", "db"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "Now everybody on lot knows a db, onlooker too. An alias is for all of a network, and on "
                    "a machine that is really another one you could not give it."
                ),
                when=(Running("bursar"), Not(NotResolves("onlooker", "db"))),
                program="""\
lot, outpost = lab.network("lot"), lab.container("outpost")
lot.disconnect(outpost)
lot.connect(outpost, ip="10.98.22.20", alias=["db"])
lab.run("bursar", network="lot", dns_option="ndots:1", dns_search=".")
""",
            ),
            Mistake(
                says="bursar knows a db, and it is somebody else: the line in its file has another address.",
                when=(Running("bursar"), Not(NotResolves("bursar", "db")), Not(_DB)),
                program="""\
lab.run("bursar", network="lot", add_host={"db": "10.98.22.1"})
""",
            ),
            Mistake(
                says="bursar is there, and has never heard of a db. Nobody but you can tell it.",
                when=(Running("bursar"), NotResolves("bursar", "db")),
                program="""\
lab.run("bursar", network="lot", dns_option="ndots:1", dns_search=".")
""",
            ),
        ),
        hints=(
            "Where does a container look before it asks a DNS server?",
            "That file can be given lines when the container is made.",
            "The address is the other machine's, the port is the published one. A name has no port in it.",
        ),
        solution="""\
lab.run("bursar", network="lot", add_host={"db": "10.98.22.20"})
""",
        alternatives=(
            """\
!docker run -di --name bursar --network lot --add-host db:10.98.22.20 busybox
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
            "`oven1`, `oven2` and `gourmet` are on the network `arcade`.\n\n"
            "Let DNS answer `gourmet`, who asks for `bread`, with both ovens and nobody else, as a service "
            "with `dnsrr` would. Both ovens run, on `arcade` and nowhere else; whether you make them anew is "
            "your affair. `gourmet` is the container of the start."
        ),
        start="""\
lab.create_network("arcade", subnet="10.98.23.0/24")
lab.run("oven1", network="arcade")
lab.run("oven2", network="arcade")
lab.run("gourmet", network="arcade", dns_option="ndots:1", dns_search=".")
""",
        goals=(
            Running("gourmet", same=True),
            Running("oven1"),
            Running("oven2"),
            OnlyOn("oven1", ("arcade",)),
            OnlyOn("oven2", ("arcade",)),
            Answers("gourmet", "bread", ("oven1", "oven2")),
        ),
        mistakes=(
            Mistake(
                says=(
                    "oven2 has the name on a network where gourmet is not, and there nobody asks. An alias "
                    "belongs to one network."
                ),
                when=(On("oven2", "cellar"),),
                program="""\
lab.run("oven1", network="arcade", alias="bread")
cellar = lab.create_network("cellar", subnet="10.98.24.0/24")
cellar.connect(lab.container("oven2"), alias=["bread"])
""",
            ),
            Mistake(
                says="Only oven1 has the name. A second container may have the same one: none takes it away.",
                when=(Answers("gourmet", "bread", ("oven1",)),),
                program='lab.run("oven1", network="arcade", alias="bread")',
            ),
            Mistake(
                says="gourmet bears the name itself, and so asks itself every now and then.",
                when=(Answers("gourmet", "bread", ("oven1", "oven2", "gourmet")),),
                program="""\
arcade, gourmet = lab.network("arcade"), lab.container("gourmet")
arcade.disconnect(gourmet)
arcade.connect(gourmet, alias=["bread"])
for name in ("oven1", "oven2"):
    lab.run(name, network="arcade", alias="bread")
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
    lab.run(name, network="arcade", alias="bread")
""",
        alternatives=(
            """\
!docker network disconnect arcade oven1
!docker network disconnect arcade oven2
!docker network connect --alias bread arcade oven1
!docker network connect --alias bread arcade oven2
""",
        ),
        why=(
            "One alias on several containers is what dnsrr does for a service: the name has all their "
            "addresses, and the one who asks chooses. Who keeps the answer stays with one of them."
        ),
    ),
)
