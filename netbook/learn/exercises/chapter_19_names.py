"""Tickets of chapter 19 whose complaint is about names, or about who answers to them."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, desk, network, page, told
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost, StillInternal
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.names import Answers, NotInHosts, Resolves
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.things import Replaced, Running, Says
from netbook.learn.ticket import Question, Symptom, Ticket

EXERCISES = (
    Ticket(
        id="19-bakery",
        title="The shop does not find the oven",
        task=(
            "The baker writes: both containers run, both have an address, and on my laptop it worked, with "
            "Compose.\n\n"
            "Make `bakery-shop` get the page `bread` from http://bakery-oven/, by DNS and not by a line in "
            "its `/etc/hosts`. `bakery-shop` and `bakery-oven` run on, as the containers of the start, and "
            "not on the host's network."
        ),
        start=page("bakery-oven", "bread") + 'lab.run("bakery-shop")\n',
        fault="",
        symptoms=(asks("bakery-shop", "http://bakery-oven/"),),
        word="bad address",
        cause="both are on the default bridge, where Docker tells no names",
        why_asked=Question(
            "bakery-shop", "bakery-oven", 80, "name", "default bridge, where Docker tells no names"
        ),
        goals=(
            Running("bakery-shop", same=True),
            Running("bakery-oven", same=True),
            NotInHosts("bakery-shop", "bakery-oven"),
            Serves("bakery-shop", "http://bakery-oven/", "bread"),
            NotOnHost("bakery-shop"),
            NotOnHost("bakery-oven"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "One of the two is on a new network, and alone there. A name is told to those who share "
                    "the network with its bearer."
                ),
                when=(On("bakery-shop", "bakery"), NotOn("bakery-oven", "bakery")),
                program=network("bakery", 1)
                + 'lab.network("bakery").connect(lab.container("bakery-shop"))\n',
            ),
            Mistake(
                says=(
                    "The line in /etc/hosts holds an address of today; after the next restart it may be "
                    "another's."
                ),
                when=(Not(NotInHosts("bakery-shop", "bakery-oven")),),
                program="""\
oven = lab.container("bakery-oven").address
lab.container("bakery-shop").exec("sh", "-c", f"echo {oven} bakery-oven >> /etc/hosts")
""",
            ),
        ),
        hints=(
            "Does the oven answer by its address? Then it is the name alone that is missing.",
            "Which networks have a DNS server of Docker's, and which one has not?",
        ),
        solution=network("bakery", 1)
        + """\
for name in ("bakery-oven", "bakery-shop"):
    lab.network("bakery").connect(lab.container(name))
""",
        alternatives=(
            "!docker network create --subnet 10.101.1.0/24 bakery\n"
            "!docker network connect bakery bakery-oven\n!docker network connect bakery bakery-shop\n",
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
            "`cinema-guest`, must still not be on the network of `cinema-books`; `cinema-back` is still "
            "internal. All three run on, as the containers of the start."
        ),
        start=network("cinema-front", 2)
        + network("cinema-back", 3, ", internal=True")
        + page("cinema-books", "tickets", 'network="cinema-back"')
        + 'lab.run_many(["cinema-till", "cinema-guest"], network="cinema-front")\n',
        fault="",
        symptoms=(asks("cinema-till", "http://cinema-books/"),),
        word="bad address",
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
        word="bad address",
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
    Ticket(
        id="19-plaza",
        title="Somebody else's data, sometimes",
        task=(
            "The developers write: on `plaza`, which we share with other projects, `api` gives us somebody "
            "else's data, now and then.\n\n"
            "For `plaza-app`, DNS shall answer the name `api` with `plaza-api` and nobody else, and it shall "
            "get the page `ours` from http://api/. `plaza-other` is somebody else's: it stays on "
            "`plaza`, and "
            "runs on. So do `plaza-app` and `plaza-api`, as the containers of the start."
        ),
        start=network("plaza", 5)
        + page("plaza-api", "ours", 'network="plaza", alias="api"')
        + page("plaza-other", "theirs", 'network="plaza"')
        + 'lab.run("plaza-app", network="plaza")\n',
        fault="""\
plaza, other = lab.network("plaza"), lab.container("plaza-other")
plaza.disconnect(other)
plaza.connect(other, alias="api")
""",
        symptoms=(
            Symptom("plaza-app", 'sh -c "for n in 1 2 3 4 5 6 7 8; do wget -q -O - http://api/; done"'),
        ),
        word="wrong answer",
        cause="two containers of a shared network have the same alias",
        why_asked=Question("plaza-app", "api", 80, "", "the name api is .* at once"),
        goals=(
            *(Running(name, same=True) for name in ("plaza-app", "plaza-api", "plaza-other")),
            On("plaza-other", "plaza"),
            Answers("plaza-app", "api", ("plaza-api",)),
            Serves("plaza-app", "http://api/", "ours"),
        ),
        mistakes=(
            Mistake(
                says="The others have lost their network. Their service was not yours to take away.",
                when=(NotOn("plaza-other", "plaza"),),
                program='lab.network("plaza").disconnect(lab.container("plaza-other"))\n',
            ),
            Mistake(
                says=(
                    "There is a network of your own now, and your app is on the shared one, too: it asks "
                    "both, and hears both."
                ),
                when=(
                    On("plaza-app", "plaza-own"),
                    On("plaza-api", "plaza-own"),
                    On("plaza-app", "plaza"),
                    Not(Answers("plaza-app", "api", ("plaza-api",))),
                ),
                program=network("plaza-own", 6)
                + """\
own = lab.network("plaza-own")
own.connect(lab.container("plaza-app"))
own.connect(lab.container("plaza-api"), alias="api")
""",
            ),
        ),
        hints=(
            "Ask DNS for the name, in the app: how many addresses are there?",
            "Two of one alias share it. Either one gives it up, or you meet where the other does not come.",
        ),
        solution=network("plaza-own", 6)
        + """\
own = lab.network("plaza-own")
own.connect(lab.container("plaza-api"), alias="api")
own.connect(lab.container("plaza-app"))
lab.network("plaza").disconnect(lab.container("plaza-app"))
""",
        alternatives=(
            "!docker network disconnect plaza plaza-other\n!docker network connect plaza plaza-other\n",
        ),
        why=(
            "Two containers had the alias `api` on one network, and Docker's DNS tells both addresses, in "
            "turns. What only your project needs belongs on a network that only your project has."
        ),
        met="Compose projects with an external network: https://github.com/moby/moby/issues/43016",
    ),
    Ticket(
        id="19-theatre",
        title="502 since the database is new",
        task=(
            "The theatre writes: the page http://theatre-desk/cgi-bin/ask worked for months. Yesterday the "
            "database was made anew, as each month; since then our guests read an error.\n\n"
            "Make `theatre-guest` get the page `hamlet` from http://theatre-desk/cgi-bin/ask. `theatre-desk` "
            "gets it itself from the URL in its file `/upstream`, and there shall be "
            "http://theatre-plays/, so "
            "that it outlives the next database. `theatre-desk`, `theatre-guest` and `theatre-plays` run on, "
            "as the containers of the start."
        ),
        start=network("theatre", 7)
        + page("theatre-plays", "hamlet", 'network="theatre", ip="10.101.7.20"')
        + desk("theatre-desk", 'network="theatre"')
        + 'lab.run("theatre-guest", network="theatre")\n'
        + told("theatre-desk", 'sh -c "echo http://10.101.7.20/ > /upstream"'),
        fault="""\
lab.container("theatre-plays").remove()
lab.run("theatre-cloak", network="theatre", ip="10.101.7.20")
"""
        + page("theatre-plays", "hamlet", 'network="theatre", ip="10.101.7.21"'),
        symptoms=(
            Symptom("theatre-guest", "wget -q -O - http://theatre-desk/cgi-bin/ask"),
            asks("theatre-guest", "http://theatre-plays/"),
        ),
        word="refused",
        cause="a client has kept the address of a container that was made anew",
        why_asked=Question(
            "theatre-desk", "10.101.7.20", 80, "listens", "nobody listens on port 80 of theatre-cloak"
        ),
        goals=(
            *(Running(name, same=True) for name in ("theatre-guest", "theatre-desk", "theatre-plays")),
            Says("theatre-desk", "/upstream", "http://theatre-plays/"),
            Serves("theatre-guest", "http://theatre-desk/cgi-bin/ask", "hamlet"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The new address is written down as the old one was. It is right until the next database."
                ),
                when=(
                    Says("theatre-desk", "/upstream", "http://10.101.7.21"),
                    Serves("theatre-guest", "http://theatre-desk/cgi-bin/ask", "hamlet"),
                ),
                program=told("theatre-desk", 'sh -c "echo http://10.101.7.21/ > /upstream"'),
            ),
            Mistake(
                says="This database is another one again. It was not the database that was wrong.",
                when=(Replaced("theatre-plays"),),
                program='lab.container("theatre-plays").remove()\n'
                + page("theatre-plays", "hamlet", 'network="theatre", ip="10.101.7.22"'),
            ),
        ),
        hints=(
            "The guest reads an error that somebody else had. Who, and whom did that one ask?",
            "Compare what is written in the desk with the address that the database has now.",
        ),
        solution="""\
desk = lab.container("theatre-desk")
desk.exec("sh", "-c", "echo http://theatre-plays/ > /upstream")
""",
        alternatives=('!docker exec theatre-desk sh -c "echo http://theatre-plays/ > /upstream"\n',),
        why=(
            "The desk had an address in its memory where a name belongs. A container that is made anew keeps "
            "its name, and gets an address that is free; the old one is given to somebody else."
        ),
        met="users of a proxy that looks up once, at its start: "
        "https://github.com/NginxProxyManager/nginx-proxy-manager/issues/5602",
    ),
)
