"""Tickets of chapter 19 in which the name, or the address, leads to somebody else."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, desk, network, page, together, told
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.names import Answers
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.things import Replaced, Running, Says
from netbook.learn.ticket import Question, Symptom, Ticket

_SEAL = Serves("notary-clerk", "http://notary-desk/cgi-bin/ask", "seal")

EXERCISES = (
    Ticket(
        id="19-piazza",
        title="Somebody else's data, sometimes",
        task=(
            "The developers write: on `piazza`, which we share with other projects, `api` gives us somebody "
            "else's data, now and then.\n\n"
            "For `piazza-app`, DNS shall answer the name `api` with `piazza-api` and nobody else, and it "
            "shall get the page `ours` from http://api/. `piazza-other` is somebody else's: it stays on "
            "`piazza`, and runs on. So do `piazza-app` and `piazza-api`, as the containers of the start."
        ),
        start=network("piazza", 5)
        + page("piazza-api", "ours", 'network="piazza", alias="api"')
        + page("piazza-other", "theirs", 'network="piazza"')
        + 'lab.run("piazza-app", network="piazza")\n',
        fault="""\
piazza, other = lab.network("piazza"), lab.container("piazza-other")
piazza.disconnect(other)
piazza.connect(other, alias="api")
""",
        symptoms=(
            Symptom("piazza-app", 'sh -c "for n in 1 2 3 4 5 6 7 8; do wget -q -O - http://api/; done"'),
        ),
        words=("wrong answer",),
        cause="two containers of a shared network have the same alias",
        why_asked=Question("piazza-app", "api", 80, "", "the name api is .* at once"),
        goals=(
            *(Running(name, same=True) for name in ("piazza-app", "piazza-api", "piazza-other")),
            On("piazza-other", "piazza"),
            Answers("piazza-app", "api", ("piazza-api",)),
            Serves("piazza-app", "http://api/", "ours"),
        ),
        mistakes=(
            Mistake(
                says="The others have lost their network. Their service was not yours to take away.",
                when=(NotOn("piazza-other", "piazza"),),
                program='lab.network("piazza").disconnect(lab.container("piazza-other"))\n',
            ),
            Mistake(
                says=(
                    "There is a network of your own now, and your app is on the shared one, too: it asks "
                    "both, and hears both."
                ),
                when=(
                    On("piazza-app", "piazza-own"),
                    On("piazza-api", "piazza-own"),
                    On("piazza-app", "piazza"),
                    Not(Answers("piazza-app", "api", ("piazza-api",))),
                ),
                program=network("piazza-own", 6)
                + """\
own = lab.network("piazza-own")
own.connect(lab.container("piazza-app"))
own.connect(lab.container("piazza-api"), alias="api")
""",
            ),
        ),
        hints=(
            "Ask DNS for the name, in the app: how many addresses are there?",
            "Two of one alias share it. Either one gives it up, or you meet where the other does not come.",
        ),
        solution=network("piazza-own", 6)
        + """\
own = lab.network("piazza-own")
own.connect(lab.container("piazza-api"), alias="api")
own.connect(lab.container("piazza-app"))
lab.network("piazza").disconnect(lab.container("piazza-app"))
""",
        alternatives=(
            "!docker network disconnect piazza piazza-other\n!docker network connect piazza piazza-other\n",
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
        + together(
            page("theatre-plays", "hamlet", 'network="theatre", ip="10.101.7.20"'),
            desk("theatre-desk", 'network="theatre"'),
            'lab.run("theatre-guest", network="theatre")\n',
        )
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
        words=("refused",),
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
        met=(
            "users of a proxy that looks up once, at its start, until it was told to ask again: "
            "https://github.com/NginxProxyManager/nginx-proxy-manager/issues/5602"
        ),
    ),
    Ticket(
        id="19-notary",
        title="The database is here, and refuses",
        task=(
            "The notary writes: the application asks the database, as the manual says. The database runs. I "
            "have looked three times.\n\n"
            "Make `notary-clerk` get the page `seal` from http://notary-desk/cgi-bin/ask. `notary-desk` gets "
            "it itself, from the URL in its file `/upstream`; the database is `notary-db`. All three run on, "
            "as the containers of the start, each in a network namespace of its own."
        ),
        start=network("notary", 11)
        + page("notary-db", "seal", 'network="notary"')
        + desk("notary-desk", 'network="notary"')
        + 'lab.run("notary-clerk", network="notary")\n',
        fault=told("notary-desk", 'sh -c "echo http://localhost:5432/ > /upstream"'),
        symptoms=(Symptom("notary-clerk", "wget -q -O - http://notary-desk/cgi-bin/ask"),),
        words=("refused",),
        cause="localhost is each container's own",
        why_asked=Question("notary-desk", "localhost", 5432, "listens", "localhost is notary-desk itself"),
        goals=(
            *(Running(name, same=True) for name in ("notary-clerk", "notary-desk", "notary-db")),
            OnlyOn("notary-db", ("notary",)),
            _SEAL,
            NotOnHost("notary-desk"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "It is the right container now, at a port where nobody listens: look where the "
                    "database does."
                ),
                when=(Says("notary-desk", "/upstream", "notary-db"), Not(_SEAL)),
                program=told("notary-desk", 'sh -c "echo http://notary-db:5432/ > /upstream"'),
            ),
            Mistake(
                says="The desk asks itself as before, at another address of its own.",
                when=(Says("notary-desk", "/upstream", "127.0.0.1"), Not(_SEAL)),
                program=told("notary-desk", 'sh -c "echo http://127.0.0.1:5432/ > /upstream"'),
            ),
        ),
        hints=(
            "Who is meant by localhost, if it is the desk who says it?",
            "Each container has an lo of its own. By what name, and at which port, does the database answer?",
        ),
        solution="""\
desk = lab.container("notary-desk")
desk.exec("sh", "-c", "echo http://notary-db/ > /upstream")
""",
        alternatives=('!docker exec notary-desk sh -c "echo http://notary-db/ > /upstream"\n',),
        why=(
            "`localhost` is whoever says it. In the desk's namespace nobody listened, and its kernel refused "
            "at once. On the machine of the manual all was one namespace."
        ),
        met="nearly everybody: https://docs.docker.com/compose/how-tos/networking/",
    ),
)
