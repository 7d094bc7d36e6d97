"""Tickets of chapter 19 about ports: who listens, where, and what is published."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, told, typed
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import NotOnHost
from netbook.learn.goals.links import On
from netbook.learn.goals.ports import Listens, Published, Serves
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_SHIPS = Serves(HOST, "http://127.0.0.1:18591/", "ships")
_LIGHT = Serves(HOST, "http://127.0.0.1:18592/", "light")
_PSALMS = Serves("abbey-choir", "http://[::1]/", "psalms")

EXERCISES = (
    Ticket(
        id="19-marina",
        title="Published, and reset",
        task=(
            "The master of the marina writes: the port is published, `docker ps` says so, and inside the "
            "page comes. "
            "From the host it does not.\n\n"
            "Make the host get the page `ships` from http://127.0.0.1:18591/. `marina-web` is on `marina`, "
            "its port 80 is published at port 18591, and it is not on the host's network. Another "
            "container of "
            "that name will do: `docker inspect` tells its command."
        ),
        start=network("marina", 12),
        fault=page(
            "marina-web", "ships", 'network="marina", publish="18591:80"', serve="httpd -p 127.0.0.1:80"
        ),
        symptoms=(asks(HOST, "http://127.0.0.1:18591/"), asks("marina-web", "http://127.0.0.1/")),
        words=("reset",),
        cause="the server listens on 127.0.0.1 only, inside",
        why_asked=Question("", "127.0.0.1", 18591, "listens", "listens on 127.0.0.1 only.*0.0.0.0"),
        goals=(
            Running("marina-web"),
            On("marina-web", "marina"),
            Published("marina-web", 80, 18591),
            _SHIPS,
            NotOnHost("marina-web"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "It is published as before, at the same server: nobody but the container itself can "
                    "reach that."
                ),
                when=(Replaced("marina-web"), Listens("marina-web", 80, on="127.0.0.1")),
                program='lab.container("marina-web").remove()\n'
                + page(
                    "marina-web",
                    "ships",
                    'network="marina", publish="18591:80"',
                    serve="httpd -p 127.0.0.1:80",
                ),
            ),
            Mistake(
                says="The server has ended, and no other has begun.",
                when=(Not(Listens("marina-web", 80)),),
                program=told("marina-web", "killall httpd"),
            ),
        ),
        hints=(
            "The connection was made, and then given up. So who did accept it?",
            "At which address does the server listen, inside? Who can reach that address?",
        ),
        solution=told("marina-web", "killall httpd", "httpd"),
        alternatives=(typed("marina-web", "killall httpd", "httpd"),),
        why=(
            "The server listened on 127.0.0.1 of its own namespace. What is published comes in at "
            "eth0, where "
            "nobody listened; docker-proxy had accepted already, and gave up: reset."
        ),
        met=(
            "users of development servers, which listen on all addresses only when told so: "
            "https://github.com/knadh/listmonk/issues/3100"
        ),
    ),
    Ticket(
        id="19-lighthouse",
        title="Published, and reset again",
        task=(
            "The keeper writes: I have read the marina's ticket. My server listens on all addresses. "
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
        words=("reset",),
        cause="the port is published to a port where nobody listens",
        why_asked=Question("", "127.0.0.1", 18592, "listens", "to port 80 of lighthouse-web.*-p 18592:8080"),
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
            "The port led to 80, and the server listened on 8080. The same complaint as the marina's, and "
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
        words=("refused",),
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
        met=(
            "the makers of many health checks, who ask 127.0.0.1 since, or listen on [::]: "
            "https://github.com/searxng/searxng/pull/4378"
        ),
    ),
)
