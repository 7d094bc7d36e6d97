"""Exercises of chapter 09, published ports: doors that open where they should, and one that closes."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.ports import Listens, NoPage, NotPublished, Published, Serves
from netbook.learn.goals.things import Absent, Running

_BELL = "http://127.0.0.1:47210/"
_LEDGER = "http://10.90.30.1:47230/"
_COUNT = 'sh -c "mkdir -p /srv; echo ledger > /srv/index.html; exec httpd -f -h /srv"'

EXERCISES = (
    Exercise(
        id="09-bell",
        title="A bell that nobody hears",
        task=(
            "`bell` is on the network `tower`. It has a page, `/srv/index.html`, and a server, and its "
            f"port 80 is published at port 47210 of 127.0.0.1. Yet whoever asks at {_BELL} gets no page.\n\n"
            f"Find out why, and mend it: the host gets the page `ding` from {_BELL}, with port 80 of `bell` "
            "published at 47210 of 127.0.0.1 and of no other address. `bell` is the container of the start, "
            "and runs on; its server is a process, `httpd -p ADDRESS:PORT -h FOLDER`, and not the first."
        ),
        start="""\
lab.create_network("tower", subnet="10.90.10.0/24")
ring = "mkdir -p /srv; echo ding > /srv/index.html; httpd -p 127.0.0.1:80 -h /srv; exec sh"
lab.run("bell", "sh", "-c", ring, network="tower", publish="47210:80")
""",
        goals=(
            Running("bell", same=True),
            Published("bell", 80, 47210, on="127.0.0.1"),
            Serves(HOST, _BELL, "ding"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "This is another bell. The port was never the trouble, and what a process does can be "
                    "changed without a new container."
                ),
                when=(Running("bell"), Not(Running("bell", same=True))),
                program="""\
ring = "mkdir -p /srv; echo ding > /srv/index.html; httpd -p 80 -h /srv; exec sh"
lab.run("bell", "sh", "-c", ring, network="tower", publish="47210:80")
""",
            ),
            Mistake(
                says=(
                    "bell's server listens on 47210 now. That is the host's number; what arrives there is "
                    "led to port 80 of bell."
                ),
                when=(Running("bell", same=True), Listens("bell", 47210)),
                program='lab.container("bell").exec("httpd -p 47210 -h /srv")',
                mended=True,
            ),
            Mistake(
                says=(
                    "A server listens on 8080 of bell, on all addresses, and the published port leads to 80: "
                    "a door beside the door."
                ),
                when=(Running("bell", same=True), Listens("bell", 8080)),
                program='lab.container("bell").exec("httpd -p 8080 -h /srv")',
            ),
            Mistake(
                says="bell's server has ended, and no other has taken its port: the bell has no clapper.",
                when=(Running("bell", same=True), Not(Listens("bell", 80))),
                program='lab.container("bell").exec("killall httpd")',
            ),
        ),
        hints=(
            "Which sockets of bell listen, and at which address?",
            "What comes through the published port has bell's own address on the network as its target. "
            "Does that pass by a loopback?",
            "In one namespace the triple of protocol, address and port is taken once: the old server stands "
            "in the way of one for all addresses.",
        ),
        solution="""\
bell = lab.container("bell")
bell.exec("killall httpd")
bell.exec("httpd -p 80 -h /srv")
""",
        alternatives=(
            """\
!docker exec bell killall httpd
!docker exec bell httpd -p 80 -h /srv
""",
            """\
bell = lab.container("bell")
bell.exec(f"httpd -p {bell.address}:80 -h /srv")
""",
        ),
        why=(
            "A server that listens on 127.0.0.1 of its container hears nobody but its container. To publish "
            "leads to the container's address on its network; so inside, a server listens on all addresses, "
            "and who may come is settled at the host's end."
        ),
    ),
    Exercise(
        id="09-ledger",
        title="A door too many",
        task=(
            "`ledger` and `teller` are on the network `strongroom`. `ledger` was made with the command "
            f"`{_COUNT}`, and somebody published its page, at {_LEDGER}. Only `teller` needs it.\n\n"
            "Close that door: no port of `ledger` is published, and the host gets no page from "
            f"{_LEDGER}. `teller` gets the page `ledger` from http://ledger/ as before, and was left as it "
            "was; `ledger` is on `strongroom`. Another container of that name will do."
        ),
        start="""\
lab.create_network("strongroom", subnet="10.90.30.0/24")
count = "mkdir -p /srv; echo ledger > /srv/index.html; exec httpd -f -h /srv"
lab.run("ledger", "sh", "-c", count, network="strongroom", publish="10.90.30.1:47230:80")
lab.run("teller", network="strongroom")
""",
        goals=(
            Running("ledger"),
            On("ledger", "strongroom"),
            NotPublished("ledger"),
            NoPage(HOST, _LEDGER),
            Serves("teller", "http://ledger/", "ledger"),
            Untouched("teller", ("strongroom",)),
        ),
        mistakes=(
            Mistake(
                says="The door is closed, and behind it is nobody any more: teller still needs the page.",
                when=(Absent("ledger"),),
                program='lab.container("ledger").remove()',
            ),
            Mistake(
                says=(
                    "The door is smaller, and not closed: at 127.0.0.1 every program of the host still "
                    "walks in, and every container on the host's network."
                ),
                when=(Published("ledger", 80, 47230, on="127.0.0.1"),),
                program="""\
count = "mkdir -p /srv; echo ledger > /srv/index.html; exec httpd -f -h /srv"
lab.run("ledger", "sh", "-c", count, network="strongroom", publish="47230:80")
""",
            ),
            Mistake(
                says=(
                    "Nobody comes in from outside, and teller neither: ledger is not on strongroom any more. "
                    "Neighbours need no published port, but they need a network in common."
                ),
                when=(Running("ledger"), NotOn("ledger", "strongroom")),
                program="""\
count = "mkdir -p /srv; echo ledger > /srv/index.html; exec httpd -f -h /srv"
lab.run("ledger", "sh", "-c", count)
""",
            ),
        ),
        hints=(
            "Does a neighbour on the same network need a published port?",
            "A port that was published stays so as long as the container lives.",
            "The new one differs from the old in one option, which it lacks.",
        ),
        solution="""\
count = "mkdir -p /srv; echo ledger > /srv/index.html; exec httpd -f -h /srv"
lab.run("ledger", "sh", "-c", count, network="strongroom")
""",
        alternatives=(
            f"!docker rm -f ledger\n!docker run -di --name ledger --network strongroom busybox {_COUNT}\n",
        ),
        why=(
            "To publish is for whoever comes from outside. Containers of one network reach every port of "
            "each other, published, exposed or neither."
        ),
    ),
)
