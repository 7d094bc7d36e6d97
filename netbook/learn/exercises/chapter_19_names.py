"""Tickets of chapter 19 in which nobody tells the name."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, told
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost, StillInternal
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.names import NotInHosts, Resolves
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Ticket

EXERCISES = (
    Ticket(
        id="19-pastry",
        title="The shop does not find the oven",
        task=(
            "The baker writes: both containers run, both have an address, and on my laptop it worked, with "
            "Compose.\n\n"
            "Make `pastry-shop` get the page `bread` from http://pastry-oven/, by DNS and not by a line in "
            "its `/etc/hosts`. `pastry-shop` and `pastry-oven` run on, as the containers of the start, and "
            "not on the host's network."
        ),
        start=page("pastry-oven", "bread") + 'lab.run("pastry-shop")\n',
        fault="",
        symptoms=(asks("pastry-shop", "http://pastry-oven/"),),
        words=("bad address",),
        cause="both are on the default bridge, where Docker tells no names",
        why_asked=Question(
            "pastry-shop", "pastry-oven", 80, "name", "default bridge, where Docker tells no names"
        ),
        goals=(
            Running("pastry-shop", same=True),
            Running("pastry-oven", same=True),
            NotInHosts("pastry-shop", "pastry-oven"),
            Serves("pastry-shop", "http://pastry-oven/", "bread"),
            NotOnHost("pastry-shop"),
            NotOnHost("pastry-oven"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "One of the two is on a new network, and alone there. A name is told to those who share "
                    "the network with its bearer."
                ),
                when=(On("pastry-shop", "pastry"), NotOn("pastry-oven", "pastry")),
                program=network("pastry", 1)
                + 'lab.network("pastry").connect(lab.container("pastry-shop"))\n',
            ),
            Mistake(
                says=(
                    "The line in /etc/hosts holds an address of today; after the next restart it may be "
                    "another's."
                ),
                when=(Not(NotInHosts("pastry-shop", "pastry-oven")),),
                program="""\
oven = lab.container("pastry-oven").address
lab.container("pastry-shop").exec("sh", "-c", f"echo {oven} pastry-oven >> /etc/hosts")
""",
            ),
        ),
        hints=(
            "Does the oven answer by its address? Then it is the name alone that is missing.",
            "Which networks have a DNS server of Docker's, and which one has not?",
        ),
        solution=network("pastry", 1)
        + """\
for name in ("pastry-oven", "pastry-shop"):
    lab.network("pastry").connect(lab.container(name))
""",
        alternatives=(
            "!docker network create --subnet 10.101.1.0/24 pastry\n"
            "!docker network connect pastry pastry-oven\n!docker network connect pastry pastry-shop\n",
        ),
        why=(
            "Both were on the default bridge, the one network where Docker's DNS tells no names of "
            "containers. Compose makes a network for each project, so there it worked."
        ),
        met=(
            "whoever moves from Compose to docker run: https://docs.docker.com/engine/network/drivers/bridge/"
        ),
    ),
    Ticket(
        id="19-cinema",
        title="The till and the vault",
        task=(
            "The cinema writes: since everything has a network of its own, for security, the till cannot "
            "book.\n\n"
            "Make `cinema-till` get the page `tickets` from http://cinema-books/. The public, which is "
            "`cinema-guest` on `cinema-front`, must still not be on the network of `cinema-books`; "
            "`cinema-back` is still internal. All three run on, as the containers of the start."
        ),
        start=network("cinema-front", 2)
        + network("cinema-back", 3, ", internal=True")
        + page("cinema-books", "tickets", 'network="cinema-back"')
        + 'lab.run_many(["cinema-till", "cinema-guest"], network="cinema-front")\n',
        fault="",
        symptoms=(asks("cinema-till", "http://cinema-books/"),),
        words=("bad address",),
        cause="the two share no network",
        why_asked=Question(
            "cinema-till", "cinema-books", 80, "name", "share no network .*connect cinema-back cinema-till"
        ),
        goals=(
            *(Running(name, same=True) for name in ("cinema-till", "cinema-books", "cinema-guest")),
            NotOn("cinema-books", "cinema-front"),
            NotOn("cinema-guest", "cinema-back"),
            Serves("cinema-till", "http://cinema-books/", "tickets"),
            StillInternal("cinema-back"),
        ),
        mistakes=(
            Mistake(
                says="Now the books are on the network of the public. It was the till who wanted to come.",
                when=(On("cinema-books", "cinema-front"),),
                program='lab.network("cinema-front").connect(lab.container("cinema-books"))\n',
            ),
            Mistake(
                says="The public is on the network of the books, too. One of the two had business there.",
                when=(On("cinema-guest", "cinema-back"),),
                program="""\
for name in ("cinema-till", "cinema-guest"):
    lab.network("cinema-back").connect(lab.container(name))
""",
            ),
        ),
        hints=(
            "On which network is each of the three?",
            "A name is told on the networks that both are on. Who may join whose?",
        ),
        solution='lab.network("cinema-back").connect(lab.container("cinema-till"))\n',
        alternatives=("!docker network connect cinema-back cinema-till\n",),
        why=(
            "The till and the books shared no network, so Docker told the till no address. A container may "
            "be on two."
        ),
        met=(
            "services of two Compose projects that shall talk: "
            "https://docs.docker.com/compose/how-tos/networking/#specify-custom-networks"
        ),
    ),
    Ticket(
        id="19-library",
        title="Names died after the cleaning",
        task=(
            "The librarian writes: I have only tidied up the firewall in `library-desk`, nothing else. The "
            "stacks answer by their address.\n\n"
            "Make `library-desk` get the page `novels` from http://library-stack/ again, by DNS and not by a "
            "line in its `/etc/hosts`. `library-desk` and `library-stack` run on, as the containers of the "
            "start."
        ),
        start=network("library", 4)
        + page("library-stack", "novels", 'network="library", ip="10.101.4.20"')
        + 'lab.run("library-desk", network="library", cap_add="NET_ADMIN", image="netbook-iptables")\n',
        fault=told("library-desk", "iptables -t nat -F", "iptables -t nat -X"),
        symptoms=(
            asks("library-desk", "http://library-stack/"),
            asks("library-desk", "http://10.101.4.20/"),
        ),
        words=("bad address",),
        cause="the rules by which Docker's DNS is reached were flushed in the container",
        why_asked=Question(
            "library-desk", "library-stack", 80, "name", "flushed its nat table.*docker restart"
        ),
        goals=(
            Running("library-desk", same=True),
            Running("library-stack", same=True),
            NotInHosts("library-desk", "library-stack"),
            Resolves("library-desk", "library-stack", to="library-stack"),
            Serves("library-desk", "http://library-stack/", "novels"),
        ),
        mistakes=(
            Mistake(
                says="A line in /etc/hosts is one name of one day. All the others are still dead.",
                when=(Not(NotInHosts("library-desk", "library-stack")),),
                program=told("library-desk", 'sh -c "echo 10.101.4.20 library-stack >> /etc/hosts"'),
            ),
            Mistake(
                says=(
                    "This desk is another container. The old one lacked a few rules, which Docker writes "
                    "at each start."
                ),
                when=(Replaced("library-desk"),),
                program='lab.container("library-desk").remove()\n'
                'lab.run("library-desk", network="library", cap_add="NET_ADMIN", image="netbook-iptables")\n',
            ),
        ),
        hints=(
            "Who answers at 127.0.0.11, and by which rules do questions get there? Chapter 12 has seen them.",
            "To plug it in anew does not bring them back. What does Docker write at each start?",
        ),
        solution='lab.container("library-desk").restart()\n',
        alternatives=("!docker restart -t 0 library-desk\n",),
        why=(
            "Docker's DNS server listens at a port that is chosen by chance, and rules of the "
            "container's own "
            "nat table lead there. They were flushed; a start writes them, a reconnect does not."
        ),
        met="users whose own firewall scripts ran inside: https://github.com/moby/libnetwork/issues/841",
    ),
)
