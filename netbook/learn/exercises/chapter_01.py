"""Exercises of chapter 01, the default networks: who lives in whose namespace, and what belongs to that."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import AllBut, Untouched
from netbook.learn.goals.links import Apart, NotOn, OnHost, OnlyOn, Shares
from netbook.learn.goals.ports import Listens, NoPage, PageOf, Serves
from netbook.learn.goals.things import Running

_TENANTS = ("crane", "ferry", "pilot", "tug")
_PAGE, _CONTROL = "http://10.61.1.2/", "http://10.61.1.4/"

EXERCISES = (
    Exercise(
        id="01-four-ways",
        title="Three lodgers",
        task=(
            "`elder` lives in a network namespace of its own, on the network `attic`. Three more are to be "
            "lodged, each in its own way:\n\n"
            "`twin` runs, and shares one network namespace with `elder`. `lens` runs, and is on the host's "
            "network. `loner` runs, and has only `lo`. `elder` is left as it was."
        ),
        start="""\
lab.create_network("attic", subnet="10.61.0.0/24")
lab.run("elder", network="attic")
""",
        goals=(
            Running("twin"),
            Running("lens"),
            Running("loner"),
            Shares("twin", "elder"),
            OnHost("lens"),
            OnlyOn("loner"),
            Untouched("elder", ("attic",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "twin and elder have a namespace each. Neighbours on one network reach each other, but "
                    "neither has the other's interfaces."
                ),
                when=(Apart("twin", "elder"),),
                program='lab.run("twin", network="attic")',
                mended=True,
            ),
            Mistake(
                says=(
                    "loner is not alone. Whoever says nothing about the network gets the default bridge; to "
                    "get nothing, one has to ask for it."
                ),
                when=(Running("loner"), Not(OnlyOn("loner"))),
                program='lab.run("loner")',
            ),
            Mistake(
                says=(
                    "lens has a namespace of its own. A bridge leads to the host; it does not make its "
                    "interfaces one's own."
                ),
                when=(Running("lens"), Not(OnHost("lens"))),
                program='lab.run("lens", network="bridge")',
            ),
        ),
        hints=(
            "The table of the four modes has a column with the option for each.",
            "Two of the four modes make a namespace, two move in with somebody. Which is which here?",
            "The mode that joins a container has that container's name in it, after a colon.",
        ),
        solution="""\
lab.run("twin", network="container:elder")
lab.run("lens", network="host")
lab.run("loner", network="none")
""",
        alternatives=(
            """\
!docker run -di --name twin --network container:elder busybox
!docker run -di --name lens --network host busybox
!docker run -di --name loner --network none busybox
""",
        ),
        why=(
            "A network mode is an answer to one question: in which network namespace does the container "
            "live, and what is put into it? Nobody had to know an address for that."
        ),
    ),
    Exercise(
        id="01-owner",
        title="Who answers here?",
        task=(
            "`crane`, `ferry`, `pilot` and `tug` work in the harbour, whose network is `quay`. `lookout` "
            "gets a page from http://10.61.1.2/ that should not be there. Docker says that 10.61.1.2 is the "
            "address of `pilot`, but the program that answers is not one of `pilot`'s.\n\n"
            "Find out whose it is, and end that one container: afterwards `lookout` gets no page from "
            "http://10.61.1.2/, while of `crane`, `ferry`, `pilot` and `tug` three are left as they were. "
            "`lookout` is left as it was, too."
        ),
        start="""\
lab.create_network("quay", subnet="10.61.1.0/24")
lab.run("pilot", network="quay")
lab.run("crane", network="quay")
lab.run("ferry", "sh", "-c", "echo ferry > /tmp/index.html; exec httpd -f -h /tmp", network="quay")
lab.run("tug", "sh", "-c", "echo ahoy > /tmp/index.html; exec httpd -f -h /tmp", network="container:pilot")
lab.run("lookout", network="quay")
""",
        goals=(
            NoPage("lookout", _PAGE, control="lookout", control_url=_CONTROL),
            AllBut(_TENANTS, ("quay",), changed=1),
            Untouched("lookout", ("quay",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "pilot has ended, and its program was not the one. It owns the namespace; with it the "
                    "address went, and whoever lived there has only lo now."
                ),
                when=(Not(Running("pilot")),),
                program='lab.container("pilot").stop()',
            ),
            Mistake(
                says=(
                    "pilot has lost its address, and the page went with it, for want of a cable. The program "
                    "still runs, and pilot did nothing wrong."
                ),
                when=(Running("pilot"), NotOn("pilot", "quay")),
                program='lab.network("quay").disconnect(lab.container("pilot"))',
            ),
            Mistake(
                says="One of the four is not what it was, and the page comes all the same.",
                when=(Not(AllBut(_TENANTS, ("quay",), changed=0)), Serves("lookout", _PAGE, "ahoy")),
                program='lab.container("crane").stop()',
            ),
        ),
        hints=(
            "A port belongs to a namespace, not to a container. Who lives in the namespace of 10.61.1.2?",
            "In the lab's table of containers one of the four has no address of its own. Look at its mode.",
            "Two containers can share a network namespace; their processes stay apart. The list of processes "
            "in each shows who runs a server.",
        ),
        solution='lab.container("tug").stop()\n',
        alternatives=("!docker stop -t 0 tug\n", "!docker rm -f tug\n"),
        why=(
            "Docker's account knows endpoints: which container was given which address. The kernel knows "
            "namespaces, and a namespace can have several tenants, each of whom may answer at its address."
        ),
    ),
    Exercise(
        id="01-two-doors",
        title="One house, two doors",
        task=(
            "`baker` and `brewer` share one network namespace, on the network `cottage`. `baker` hands out "
            "its page on port 80. `brewer` has a page as well, the file `/srv/index.html`, and no server "
            "yet; the image has one, `httpd -p PORT -h FOLDER`.\n\n"
            "Let both serve: something listens on port 8080 in `brewer`; `patron` gets the page `beer` from "
            "port 8080 of `brewer`, and still the page `bread` from port 80 of `baker`. Both are the "
            "containers of the start and share one namespace; `patron` is left as it was."
        ),
        start="""\
lab.create_network("cottage", subnet="10.61.2.0/24")
serve = "mkdir -p /srv; echo bread > /srv/index.html; exec httpd -f -p 80 -h /srv"
lab.run("baker", "sh", "-c", serve, network="cottage")
page = "mkdir -p /srv; echo beer > /srv/index.html; exec sh"
lab.run("brewer", "sh", "-c", page, network="container:baker")
lab.run("patron", network="cottage")
""",
        goals=(
            Running("baker", same=True),
            Running("brewer", same=True),
            Shares("brewer", "baker"),
            Listens("brewer", 8080),
            PageOf("patron", "brewer", 8080, "beer"),
            PageOf("patron", "baker", 80, "bread"),
            Untouched("patron", ("cottage",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "There is an answer on port 8080, and it is bread: this server runs in baker. The two "
                    "share ports, but each has its own files."
                ),
                when=(PageOf("patron", "baker", 8080, "bread"),),
                program='lab.container("baker").exec("httpd -p 8080 -h /srv")',
            ),
            Mistake(
                says=(
                    "brewer's server listens on 127.0.0.1 only. That is the loopback of the house: baker "
                    "hears it, patron does not."
                ),
                when=(Listens("brewer", 8080, on="127.0.0.1"),),
                program='lab.container("brewer").exec("httpd -p 127.0.0.1:8080 -h /srv")',
            ),
            Mistake(
                says=(
                    "brewer has moved out: this one has a namespace and an address of its own, and is not "
                    "the container of the start."
                ),
                when=(Apart("brewer", "baker"),),
                program='lab.run("brewer", "httpd", "-f", "-p", "8080", network="cottage")',
            ),
        ),
        hints=(
            "One more program in a running container: chapter 00 has the verb for it.",
            "If you try port 80, read what the server says: in this house it has been given away.",
            "A port is shared by all that live in the namespace, a folder is not. In whose file system is "
            "the page?",
        ),
        solution='lab.container("brewer").exec("httpd -p 8080 -h /srv")\n',
        alternatives=("!docker exec brewer httpd -p 8080 -h /srv\n",),
        why=(
            "One namespace has one set of ports, whoever lives in it: the second server needs another "
            "number, and both answer at one address. That is all that the two share: files and processes "
            "stay apart."
        ),
    ),
)
