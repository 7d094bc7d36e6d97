"""Tickets of chapter 19 whose complaint is about ports: who listens, where, and what is published."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, desk, network, page, told, typed
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Listens, Published, Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Absent, Replaced, Running, Says
from netbook.learn.ticket import Question, Symptom, Ticket

_SEAL = Serves("notary-clerk", "http://notary-desk/cgi-bin/ask", "seal")
_SHIPS = Serves(HOST, "http://127.0.0.1:18591/", "ships")
_LIGHT = Serves(HOST, "http://127.0.0.1:18592/", "light")
_PSALMS = Serves("abbey-choir", "http://[::1]/", "psalms")

EXERCISES = (
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
        word="refused",
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
    Ticket(
        id="19-harbour",
        title="Published, and reset",
        task=(
            "The harbour master writes: the port is published, `docker ps` says so, and inside the "
            "page comes. "
            "From the host it does not.\n\n"
            "Make the host get the page `ships` from http://127.0.0.1:18591/. `harbour-web` is on `harbour`, "
            "its port 80 is published at port 18591, and it is not on the host's network. Another "
            "container of "
            "that name will do: `docker inspect` tells its command."
        ),
        start=network("harbour", 12),
        fault=page(
            "harbour-web", "ships", 'network="harbour", publish="18591:80"', serve="httpd -p 127.0.0.1:80"
        ),
        symptoms=(asks(HOST, "http://127.0.0.1:18591/"), asks("harbour-web", "http://127.0.0.1/")),
        word="reset",
        cause="the server listens on 127.0.0.1 only, inside",
        why_asked=Question("", "127.0.0.1", 18591, "listens", "listens on 127.0.0.1 only"),
        goals=(
            Running("harbour-web"),
            On("harbour-web", "harbour"),
            Published("harbour-web", 80, 18591),
            _SHIPS,
            NotOnHost("harbour-web"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "It is published as before, at the same server: nobody but the container itself can "
                    "reach that."
                ),
                when=(Replaced("harbour-web"), Listens("harbour-web", 80, on="127.0.0.1")),
                program='lab.container("harbour-web").remove()\n'
                + page(
                    "harbour-web",
                    "ships",
                    'network="harbour", publish="18591:80"',
                    serve="httpd -p 127.0.0.1:80",
                ),
            ),
            Mistake(
                says="The server has ended, and no other has begun.",
                when=(Not(Listens("harbour-web", 80)),),
                program=told("harbour-web", "killall httpd"),
            ),
        ),
        hints=(
            "The connection was made, and then given up. So who did accept it?",
            "At which address does the server listen, inside? Who can reach that address?",
        ),
        solution=told("harbour-web", "killall httpd", "httpd"),
        alternatives=(typed("harbour-web", "killall httpd", "httpd"),),
        why=(
            "The server listened on 127.0.0.1 of its own namespace. What is published comes in at "
            "eth0, where "
            "nobody listened; docker-proxy had accepted already, and gave up: reset."
        ),
        met=(
            "users of development servers, whose default is 127.0.0.1: "
            "https://github.com/vitejs/vite/discussions/3396"
        ),
    ),
    Ticket(
        id="19-lighthouse",
        title="Published, and reset again",
        task=(
            "The keeper writes: I have read the harbour's ticket. My server listens on all addresses. "
            "The host "
            "is reset all the same.\n\n"
            "Make the host get the page `light` from http://127.0.0.1:18592/. `lighthouse-web` is on "
            "`lighthouse`, and not on the host's network. Another container of that name will do: `docker "
            "inspect` tells its command."
        ),
        start=network("lighthouse", 13),
        fault=page(
            "lighthouse-web", "light", 'network="lighthouse", publish="18592:80"', serve="httpd -p 8080"
        ),
        symptoms=(asks(HOST, "http://127.0.0.1:18592/"), Symptom("lighthouse-web", "netstat -tln")),
        word="reset",
        cause="the port is published to a port where nobody listens",
        why_asked=Question("", "127.0.0.1", 18592, "listens", "published to port 80 of lighthouse-web"),
        goals=(
            Running("lighthouse-web"),
            On("lighthouse-web", "lighthouse"),
            _LIGHT,
            NotOnHost("lighthouse-web"),
        ),
        mistakes=(
            Mistake(
                says="Host port and container port have changed places: the host's port stands first.",
                when=(Published("lighthouse-web", 18592, 8080),),
                program='lab.container("lighthouse-web").remove()\n'
                + page(
                    "lighthouse-web",
                    "light",
                    'network="lighthouse", publish="8080:18592"',
                    serve="httpd -p 8080",
                ),
            ),
            Mistake(
                says=(
                    "The container is new, and what is published is not: compare it with the port of the "
                    "server."
                ),
                when=(
                    Replaced("lighthouse-web"),
                    Published("lighthouse-web", 80, 18592),
                    Not(Listens("lighthouse-web", 80)),
                ),
                program='lab.container("lighthouse-web").remove()\n'
                + page(
                    "lighthouse-web",
                    "light",
                    'network="lighthouse", publish="18592:80"',
                    serve="httpd -p 8080",
                ),
            ),
        ),
        hints=(
            "To which port inside does the published one lead, and at which does the server listen?",
            "Either the server comes to the port, or the port to the server.",
        ),
        solution=told("lighthouse-web", "httpd"),
        alternatives=(
            typed("lighthouse-web", "httpd"),
            'lab.container("lighthouse-web").remove()\n'
            + page(
                "lighthouse-web", "light", 'network="lighthouse", publish="18592:8080"', serve="httpd -p 8080"
            ),
        ),
        why=(
            "The port led to 80, and the server listened on 8080. The same complaint as the harbour's, and "
            "another cause: the word tells where to look, not what is there."
        ),
        met=(
            "readers of EXPOSE in an image's Dockerfile: "
            "https://docs.docker.com/engine/network/port-publishing/"
        ),
    ),
    Ticket(
        id="19-abbey",
        title="127.0.0.1 works, and ::1 is refused",
        task=(
            "The cantor writes: since the kernel has IPv6, our health check says refused. It asks localhost, "
            "and its language takes ::1 for that. The page is there, I can see it.\n\n"
            "Make `abbey-choir` get the page `psalms` from http://[::1]/, and as before from "
            "http://127.0.0.1/. It is the container of the start, and runs on."
        ),
        start=network("abbey", 14)
        + page(
            "abbey-choir",
            "psalms",
            'network="abbey", sysctl={"net.ipv6.conf.all.disable_ipv6": 0}',
            serve="httpd -p 0.0.0.0:80",
        ),
        fault="",
        symptoms=(asks("abbey-choir", "http://[::1]/"), asks("abbey-choir", "http://127.0.0.1/")),
        word="refused",
        cause="localhost is ::1 first, and the server listens on IPv4 only",
        why_asked=Question("abbey-choir", "localhost", 80, "listens", "localhost is ::1 first.*IPv4 only"),
        goals=(
            Running("abbey-choir", same=True),
            _PSALMS,
            Serves("abbey-choir", "http://127.0.0.1/", "psalms"),
        ),
        mistakes=(
            Mistake(
                says="Now the server listens on IPv6 only: the complaint has changed sides.",
                when=(_PSALMS, Not(Serves("abbey-choir", "http://127.0.0.1/", "psalms"))),
                program=told("abbey-choir", "killall httpd", "httpd -p [::1]:80"),
            ),
            Mistake(
                says="This choir is another container. Its server could have been told to listen elsewhere.",
                when=(Replaced("abbey-choir"),),
                program='lab.container("abbey-choir").remove()\n'
                + page("abbey-choir", "psalms", 'network="abbey"', serve="httpd -p 0.0.0.0:80"),
            ),
        ),
        hints=(
            "Which addresses has the name localhost, in /etc/hosts?",
            "At which of them does the server listen?",
        ),
        solution=told("abbey-choir", "killall httpd", "httpd"),
        alternatives=(typed("abbey-choir", "killall httpd", "httpd"),),
        why=(
            "`localhost` is ::1 and 127.0.0.1, and who tries ::1 first is refused there by a server that "
            "listens on 0.0.0.0. One that listens on `::` is found at both."
        ),
        met="health checks all over: https://github.com/ChristianLempa/boilerplates/issues/590",
    ),
    Ticket(
        id="19-dovecote",
        title="The second dove finds no place",
        task=(
            "The keeper writes: it is a new loft, and one dove is in it. The second does not even start.\n\n"
            "Make `dovecote-two` run, and `dovecote-one` reach it. Both are the containers of the start; "
            "`dovecote-one` keeps its address 10.101.15.2 on `dovecote`."
        ),
        start='lab.create_network("dovecote", subnet="10.101.15.0/30")\n'
        'lab.run("dovecote-one", network="dovecote")\n',
        fault="!docker create -i --name dovecote-two --network dovecote busybox\n",
        symptoms=(Symptom("", "docker start dovecote-two"),),
        word="Docker's refusal",
        cause="the subnet has no free address left",
        why_asked=Question("dovecote-one", "@dovecote-two", 0, "runs", "no free address left"),
        goals=(
            Running("dovecote-one", same=True),
            Running("dovecote-two", same=True),
            Has("dovecote-one", "10.101.15.2"),
            Reaches("dovecote-one", "dovecote-two"),
            NotOnHost("dovecote-two"),
        ),
        mistakes=(
            Mistake(
                says="Now the second has the place of the first.",
                when=(Not(Has("dovecote-one", "10.101.15.2")),),
                program="""\
lab.network("dovecote").disconnect(lab.container("dovecote-one"))
lab.container("dovecote-two").start()
""",
            ),
            Mistake(
                says="The second runs, in a loft where the first is not.",
                when=(Running("dovecote-two", same=True), Not(Reaches("dovecote-one", "dovecote-two"))),
                program=network("dovecote-loft", 16)
                + """\
!docker network disconnect -f dovecote dovecote-two
!docker network connect dovecote-loft dovecote-two
!docker start dovecote-two
""",
            ),
        ),
        hints=(
            "How many addresses are in a /30, and who has them?",
            (
                "A subnet does not grow. But a container may be on a second network, and need not be on "
                "the first."
            ),
        ),
        solution="""\
lab.create_network("dovecote-loft", subnet="10.101.16.0/24")
lab.network("dovecote-loft").connect(lab.container("dovecote-one"))
!docker network disconnect -f dovecote dovecote-two
!docker network connect dovecote-loft dovecote-two
!docker start dovecote-two
""",
        alternatives=(
            "!docker network create --subnet 10.101.16.0/24 dovecote-loft\n"
            "!docker network connect dovecote-loft dovecote-one\n"
            "!docker network disconnect -f dovecote dovecote-two\n"
            "!docker network connect dovecote-loft dovecote-two\n"
            "!docker start dovecote-two\n",
        ),
        why=(
            "A /30 has four addresses: the network's, the gateway's, one for a container, and the broadcast. "
            "A network cannot be made larger; one makes another, and moves."
        ),
        met="users of small subnets whose containers come and go: https://github.com/moby/moby/issues/27593",
    ),
    Ticket(
        id="19-dormitory",
        title="It answers pings, and no questions",
        task=(
            "The night porter writes: `dormitory-web` is up, I can ping it, the connection is made, and then "
            "nothing.\n\n"
            "Make `dormitory-porter` get the page `beds` from http://dormitory-web/. Both run on, as the "
            "containers of the start."
        ),
        start=network("dormitory", 17)
        + page("dormitory-web", "beds", 'network="dormitory"')
        + 'lab.run("dormitory-porter", network="dormitory")\n',
        fault='lab.container("dormitory-web").pause()\n',
        symptoms=(
            asks("dormitory-porter", "http://dormitory-web/"),
            Symptom("dormitory-porter", "ping -c 1 -W 1 -q dormitory-web"),
        ),
        word="timed out",
        cause="the container is paused: its kernel answers, its programs do not",
        why_asked=Question("dormitory-porter", "@dormitory-web", 80, "runs", "is paused.*docker unpause"),
        goals=(
            Running("dormitory-porter", same=True),
            Running("dormitory-web", same=True),
            Serves("dormitory-porter", "http://dormitory-web/", "beds"),
        ),
        mistakes=(
            Mistake(
                says="The container is gone. It had only been told to hold still.",
                when=(Absent("dormitory-web"),),
                program='lab.container("dormitory-web").unpause()\nlab.container("dormitory-web").remove()\n',
            ),
            Mistake(
                says="This one is another container. The first had only been told to hold still.",
                when=(Replaced("dormitory-web"),),
                program='lab.container("dormitory-web").remove()\n'
                + page("dormitory-web", "beds", 'network="dormitory"'),
            ),
        ),
        hints=(
            "A ping is answered by a kernel, a question by a program. Which of the two is silent?",
            "What does `docker ps` say in the column STATUS?",
        ),
        solution='lab.container("dormitory-web").unpause()\n',
        alternatives=("!docker unpause dormitory-web\n",),
        why=(
            "A paused container's programs are frozen. The kernel, which is the host's, answers pings "
            "and even "
            "accepts connections; nobody reads what they bring."
        ),
        met="users of backups that pause what they copy, and fail: https://github.com/moby/moby/issues/28366",
    ),
)
