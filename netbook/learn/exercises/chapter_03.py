"""Exercises of chapter 03, the host network: whose port, and for whom."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import NotOn, On, OnHost
from netbook.learn.goals.ports import NoPage, Published, Serves
from netbook.learn.goals.things import Running

_STALL, _PIPES = "http://127.0.0.1:47030/", "http://127.0.0.1:47031/"
_SHOUT = 'sh -c "mkdir /www; echo stall > /www/index.html; httpd -f -h /www"'

EXERCISES = (
    Exercise(
        id="03-stall",
        title="A page for this machine only",
        task=(
            "`stall` has a page, and is on the network `mall`. It was made with the command "
            f"`{_SHOUT}`, and its server listens on port 80.\n\n"
            "You want that page on the engine's host, and nobody else shall have it: port 80 of `stall` is "
            f"published at port 47030 of 127.0.0.1 and of no other address, and the host gets the page from "
            f"{_STALL} while `stall` is on `mall`, not on the host's network. Another container of that "
            "name will do."
        ),
        start="""\
lab.create_network("mall", subnet="10.63.0.0/24")
lab.run("stall", "sh", "-c", "mkdir /www; echo stall > /www/index.html; httpd -f -h /www", network="mall")
""",
        goals=(
            Running("stall"),
            On("stall", "mall"),
            Published("stall", 80, 47030, on="127.0.0.1"),
            Serves(HOST, _STALL, "stall"),
            NotOnHost("stall"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The host has the page, and so has everybody who reaches one of its addresses: to "
                    "publish without an address means all of them."
                ),
                when=(Published("stall", 80, 47030), Not(Published("stall", 80, 47030, on="127.0.0.1"))),
                program=(
                    "!docker rm -f stall\n"
                    f"!docker run -di --name stall --network mall -p 47030:80 busybox {_SHOUT}\n"
                ),
                mended=True,
            ),
            Mistake(
                says=(
                    "stall has moved onto the host's network. It has all of the host's interfaces now, which "
                    "is far more than one page needs."
                ),
                when=(OnHost("stall"),),
                program="""\
serve = "mkdir /www; echo stall > /www/index.html; httpd -f -p 127.0.0.1:47030 -h /www"
lab.run("stall", "sh", "-c", serve, network="host")
""",
            ),
            Mistake(
                says=(
                    "Port 47030 leads to a port of stall where nobody listens. In such a pair the host's "
                    "port stands first, the container's last; its server has port 80."
                ),
                when=(Published("stall", 8080, 47030),),
                program="""\
serve = "mkdir /www; echo stall > /www/index.html; httpd -f -h /www"
lab.run("stall", "sh", "-c", serve, network="mall", publish="47030:8080")
""",
            ),
            Mistake(
                says=(
                    "The page is published, but stall has left mall: made anew without a word about the "
                    "network, it got the default bridge."
                ),
                when=(NotOn("stall", "mall"), Published("stall", 80, 47030, on="127.0.0.1")),
                program="""\
serve = "mkdir /www; echo stall > /www/index.html; httpd -f -h /www"
lab.run("stall", "sh", "-c", serve, publish="47030:80")
""",
            ),
        ),
        hints=(
            "Which ports are published is settled when a container is made; it cannot be had later.",
            "A published port has up to three parts: an address of the host, a port of the host, a port of "
            "the container.",
            "Two options belong to the new one: what is published, and which network. The command stays.",
        ),
        solution="""\
serve = "mkdir /www; echo stall > /www/index.html; httpd -f -h /www"
lab.run("stall", "sh", "-c", serve, network="mall", publish="47030:80")
""",
        alternatives=(
            (
                "!docker rm -f stall\n"
                f"!docker run -di --name stall --network mall -p 127.0.0.1:47030:80 busybox {_SHOUT}\n"
            ),
        ),
        why=(
            "Docker's own `-p 47030:80` opens the port on all addresses of the host, by rules that come "
            "before those of many a firewall. With 127.0.0.1 in front it is open to programs of the host, "
            "and of containers on its network. The book's verb puts that in front by itself."
        ),
        met="https://github.com/moby/moby/issues/22054 (published ports that a firewall was meant to close).",
    ),
    Exercise(
        id="03-organ",
        title="Two musicians, one stool",
        task=(
            "`choir` and `organ` are on the host's network. Each has its page, `/srv/index.html`, and each "
            f"wants it to be at {_PIPES}. `choir` came first: its server has the port, and the shell that "
            "started it runs on beside it.\n\n"
            f"It is the turn of `organ`: the host gets the page `organ` from {_PIPES}, and `choir` runs on, "
            "is the container of the start, and stays on the host's network. `organ` runs, too; its image "
            "has the same server, `httpd -p 127.0.0.1:47031 -h /srv`."
        ),
        start="""\
page = "mkdir -p /srv; echo {0} > /srv/index.html; "
serve = "httpd -p 127.0.0.1:47031 -h /srv; "
lab.run("choir", "sh", "-c", page.format("choir") + serve + "exec sh", network="host")
lab.run("organ", "sh", "-c", page.format("organ") + "exec sh", network="host")
""",
        goals=(
            Running("choir", same=True),
            Running("organ"),
            OnHost("choir"),
            Serves(HOST, _PIPES, "organ"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The port is free, and choir is silent altogether: it was to run on, without its server."
                ),
                when=(Not(Running("choir")),),
                program="""\
lab.container("choir").stop()
lab.container("organ").exec("httpd -p 127.0.0.1:47031 -h /srv")
""",
            ),
            Mistake(
                says=(
                    "This is another choir: with the first one, its page was removed. A server is a process, "
                    "and can end without its container."
                ),
                when=(Running("choir"), Not(Running("choir", same=True))),
                program="""\
lab.run("choir", network="host")
lab.container("organ").exec("httpd -p 127.0.0.1:47031 -h /srv")
""",
            ),
            Mistake(
                says="The stool is empty: choir's server has ended, and nobody has taken the port yet.",
                when=(Running("choir", same=True), Running("organ"), NoPage(HOST, _PIPES)),
                program='lab.container("choir").exec("killall httpd")',
            ),
        ),
        hints=(
            "What holds a port is a process. Which processes run in choir, and which of them is the first?",
            "The host's network is shared, the list of processes is not: in each container one can end only "
            "what runs there.",
            "Two steps, in this order: one frees the port, one takes it.",
        ),
        solution="""\
lab.container("choir").exec("killall httpd")
lab.container("organ").exec("httpd -p 127.0.0.1:47031 -h /srv")
""",
        alternatives=(
            """\
!docker exec choir killall httpd
!docker exec organ httpd -p 127.0.0.1:47031 -h /srv
""",
            """\
lab.container("choir").exec("killall httpd")
serve = "mkdir -p /srv; echo organ > /srv/index.html; exec httpd -f -h /srv"
lab.run("organ", "sh", "-c", serve, publish="47031:80")
""",
        ),
        why=(
            "On the host's network, Docker gives out no port and can take none away: whoever binds it first "
            "has it, until that process ends. Sharing a network namespace is not sharing processes: choir's "
            "could be ended only from within choir, or by root on the host."
        ),
    ),
)
