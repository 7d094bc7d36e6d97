"""Exercises of chapter 05, the container mode: what a guest shares, and what it sees."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import Apart, Shares
from netbook.learn.goals.ports import ALL, Listens, Serves
from netbook.learn.goals.things import Logs, Running

EXERCISES = (
    Exercise(
        id="05-counters",
        title="Two counters, one address",
        task=(
            "`bakery` sells `bread` at port 80; `customer` is on the same network, `lane`. Let a second "
            "container, `florist`, move in with `bakery`: they share one network namespace, and at port 8080 "
            "`florist` serves a page with the word `flowers`.\n\n"
            "Afterwards `customer` gets `bread` from http://bakery/ and `flowers` from http://bakery:8080/. "
            "`bakery` keeps running, and is the container of the start."
        ),
        start="""\
lab.create_network("lane", subnet="10.70.3.0/24")
bakery = lab.run("bakery", network="lane")
bakery.exec("sh", "-c", "echo bread > index.html; httpd")
lab.run("customer", network="lane")
""",
        goals=(
            Running("bakery", same=True),
            Running("florist"),
            Shares("florist", "bakery"),
            Serves("customer", "http://bakery/", "bread"),
            Serves("customer", "http://bakery:8080/", "flowers"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "florist has a network of its own, and so an address of its own: it is a neighbour of "
                    "bakery, not a counter in the same house."
                ),
                when=(Running("florist"), Apart("florist", "bakery")),
                program="""\
florist = lab.run("florist", network="lane")
florist.exec("sh", "-c", "echo flowers > index.html; httpd -p 8080")
""",
            ),
            Mistake(
                says=(
                    "florist has ended: its logs say that the address is in use. One network has one set of "
                    "ports, and port 80 is taken by bakery."
                ),
                when=(Not(Running("florist")), Logs("florist", "Address already in use")),
                program="""\
page = "echo flowers > index.html; httpd -f"
lab.run("florist", "sh", "-c", page, network="container:bakery").wait()
""",
            ),
            Mistake(
                says=(
                    "florist listens on 127.0.0.1 only: bakery can hear it, and customer, who comes from "
                    "outside, cannot."
                ),
                when=(Shares("florist", "bakery"), Listens("florist", 8080, on="127.0.0.1")),
                program="""\
florist = lab.run("florist", network="container:bakery")
florist.exec("sh", "-c", "echo flowers > index.html; httpd -p 127.0.0.1:8080")
""",
            ),
        ),
        hints=(
            "One address, two servers: what tells them apart?",
            "florist has files of its own, so its page does not disturb the one of bakery.",
            "Look how the chapter lets bbox04 serve beside bbox01, and on which port.",
        ),
        solution="""\
florist = lab.run("florist", network="container:bakery")
florist.exec("sh", "-c", "echo flowers > index.html; httpd -p 8080")
""",
        alternatives=(
            """\
!docker run -di --name florist --network container:bakery busybox
!docker exec florist sh -c "echo flowers > index.html; httpd -p 8080"
""",
        ),
        why=(
            "Containers of one network have one address and one set of ports, and keep their files apart. "
            "From outside they are one machine, with a service at each port."
        ),
    ),
    Exercise(
        id="05-toolbox",
        title="A look from inside",
        task=(
            "`vault` is on the network `cellar` and listens on 127.0.0.1 only, at port 80. Suppose that its "
            "image had no tool to ask. Fetch the page for it: a container `probe`, whose *first process* "
            "asks http://127.0.0.1/ of `vault` and prints the page. Its logs then say `all is well`; `probe` "
            "may end after that.\n\n"
            "`vault` is left as it was, and something still listens there on 127.0.0.1, and nowhere else."
        ),
        start="""\
lab.create_network("cellar", subnet="10.70.4.0/24")
vault = lab.run("vault", network="cellar")
vault.exec("sh", "-c", "echo all is well > index.html; httpd -p 127.0.0.1:80")
""",
        goals=(
            Running("vault", same=True),
            Logs("probe", "all is well"),
            Listens("vault", 80, on="127.0.0.1"),
            Untouched("vault", ("cellar",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "probe was refused. It asked from a network of its own, where 127.0.0.1 is probe itself "
                    "and where nobody listens at the address of vault."
                ),
                when=(Logs("probe", "Connection refused"),),
                program="""\
url = f"http://{lab.container('vault').address}/"
lab.run("probe", "wget", "-q", "-O", "-", url, network="cellar").wait()
""",
            ),
            Mistake(
                says=(
                    "probe is in the right place, and its logs hold nothing: they are what its first process "
                    "prints. What is run in it later prints to whoever ran it."
                ),
                when=(Shares("probe", "vault"), Not(Logs("probe", "all is well"))),
                program="""\
probe = lab.run("probe", network="container:vault")
probe.exec("wget -q -O - http://127.0.0.1/")
""",
            ),
            Mistake(
                says=(
                    "vault listens on all its addresses now: whoever is on cellar reads what was kept inside."
                ),
                when=(Listens("vault", 80, on=ALL),),
                program="""\
vault = lab.container("vault")
vault.exec("sh", "-c", "kill $(pidof httpd); until httpd -p 80; do sleep 0.1; done")
url = f"http://{vault.address}/"
lab.run("probe", "wget", "-q", "-O", "-", url, network="cellar").wait()
""",
            ),
        ),
        hints=(
            "127.0.0.1 is not a container, it is a network namespace.",
            "Who shares the namespace of vault may bring its own tools.",
            "What stands behind the image's name is the first process.",
        ),
        solution="""\
argv = ["wget", "-q", "-O", "-", "http://127.0.0.1/"]
probe = lab.run("probe", *argv, network="container:vault")
probe.wait()
probe.logs()
""",
        alternatives=(
            """\
!docker run --name probe --network container:vault busybox wget -q -O - http://127.0.0.1/
""",
        ),
        why=(
            "A toolbox that joins a network sees all that is there, also what listens on 127.0.0.1 alone. "
            "The watched container does not change for it, and needs no tools of its own."
        ),
    ),
)
