"""Exercises of chapter 05, the container mode: whose network it is."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import Apart, On, Owns, Shares
from netbook.learn.goals.ports import Listens, Published, Serves
from netbook.learn.goals.things import Absent, Running

PORTER = "echo good evening > index.html; httpd -f -p 8080"

EXERCISES = (
    Exercise(
        id="05-anchor",
        title="A companion that outlives a restart",
        task=(
            "`press` serves at port 80; its program is `httpd -f`. `meter` lives in its network and measures "
            "it on 127.0.0.1. Every night `press` is restarted, and every morning `meter` has only `lo`: so "
            "it is now.\n\n"
            "Build it so that a restart of `press` harms nobody. A third container, `anchor`, is on the "
            "network `yard` and has a network namespace of its own. `press` and `meter` both share it; make "
            "them anew for that. Port 80 is served again, and `meter` sees somebody listen there."
        ),
        start="""\
lab.create_network("yard", subnet="10.70.1.0/24")
press = lab.run("press", "httpd", "-f", network="yard")
lab.run("meter", network="container:press")
press.restart()
""",
        goals=(
            Running("anchor"),
            Running("press"),
            Running("meter"),
            Owns("anchor"),
            On("anchor", "yard"),
            Shares("press", "anchor"),
            Shares("meter", "anchor"),
            Listens("meter", 80),
        ),
        mistakes=(
            Mistake(
                says=(
                    "meter and press are together again, until press restarts the next time: their network "
                    "still begins and ends with press."
                ),
                when=(Absent("anchor"), Shares("meter", "press")),
                program='lab.container("meter").restart()',
                mended=True,
            ),
            Mistake(
                says=(
                    "anchor lives in the network of another container, and holds nothing: when that one "
                    "stops, anchor has only lo, too. It must be the one that the others join."
                ),
                when=(Running("anchor"), Not(Owns("anchor"))),
                program="""\
lab.run("anchor", network="container:press")
lab.container("meter").restart()
""",
            ),
            Mistake(
                says=(
                    "meter has moved in with anchor, and press still lives alone: on 127.0.0.1 meter meets "
                    "nobody now. Both must move."
                ),
                when=(Shares("meter", "anchor"), Apart("press", "anchor")),
                program="""\
lab.run("anchor", network="yard")
lab.run("meter", network="container:anchor")
""",
            ),
            Mistake(
                says=(
                    "All three share one network, and nobody listens at port 80: press was made anew "
                    "without its program."
                ),
                when=(Shares("press", "anchor"), Shares("meter", "anchor"), Not(Listens("meter", 80))),
                program="""\
lab.run("anchor", network="yard")
lab.run("press", network="container:anchor")
lab.run("meter", network="container:anchor")
""",
            ),
        ),
        hints=(
            "The cable belongs to the container that was made with it. Who of the three never has to stop?",
            "Kubernetes does this in every pod: a container called pause does nothing but stay alive.",
            "A container cannot change the namespace that it joins. So begin with the new owner, and make "
            "its two guests after it.",
        ),
        solution="""\
lab.run("anchor", network="yard")
press = lab.run("press", "httpd", "-f", network="container:anchor")
lab.run("meter", network="container:anchor")
press.restart()  # try it: nobody is harmed
""",
        alternatives=(
            """\
!docker rm -f press meter
!docker run -di --name anchor --network yard busybox
!docker run -di --name press --network container:anchor busybox httpd -f
!docker run -di --name meter --network container:anchor busybox
!docker restart -t 0 press
""",
        ),
        why=(
            "A shared network lives as long as its owner runs. If the owner does nothing, there is no reason "
            "to restart it, and all the others can come and go."
        ),
        met=(
            "users of a VPN container, whose companions were left without a network after each of its "
            "updates: https://github.com/qdm12/gluetun/issues/641"
        ),
    ),
    Exercise(
        id="05-door",
        title="The guest's page at the owner's door",
        task=(
            "`porter` lives in the network of `lodge`, which is on the network `street`. `porter` serves a "
            f'page at port 8080; its program is `sh -c "{PORTER}"`.\n\n'
            "Publish that page: port 8080 at port 47105 of the host, of 127.0.0.1 and of no other address. "
            "`lodge` stays on `street`, `porter` still shares its network, and the host gets the page "
            "`good evening` from http://127.0.0.1:47105/. Make anew whom you have to."
        ),
        start=f"""\
lab.create_network("street", subnet="10.70.2.0/24")
lab.run("lodge", network="street")
lab.run("porter", "sh", "-c", "{PORTER}", network="container:lodge")
""",
        goals=(
            Running("lodge"),
            Running("porter"),
            On("lodge", "street"),
            Shares("porter", "lodge"),
            Published("lodge", 8080, 47105, on="127.0.0.1"),
            Serves(HOST, "http://127.0.0.1:47105/", "good evening"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "porter is published, and lives alone now: a container that joins another's network "
                    "cannot publish anything, so it had to leave lodge."
                ),
                when=(Published("porter", 8080, 47105), Apart("porter", "lodge")),
                program=f"""\
lab.run("porter", "sh", "-c", "{PORTER}", network="street", publish="47105:8080")
""",
            ),
            Mistake(
                says=(
                    "The door leads to port 80 of lodge, and porter listens at 8080: whoever knocks at the "
                    "host's port finds nobody behind it."
                ),
                when=(Published("lodge", 80, 47105),),
                program=f"""\
lab.run("lodge", network="street", publish="47105:80")
lab.run("porter", "sh", "-c", "{PORTER}", network="container:lodge")
""",
            ),
            Mistake(
                says=(
                    "lodge has its door, but it is a new container with a new network. porter still sits in "
                    "the old one, with only lo, and knows its owner by an id that is gone."
                ),
                when=(Published("lodge", 8080, 47105), Running("porter"), Apart("porter", "lodge")),
                program='lab.run("lodge", network="street", publish="47105:8080")',
            ),
            Mistake(
                says=(
                    "The port is open at every address of the host, for everybody who reaches this machine. "
                    "127.0.0.1 was wanted, and nothing else."
                ),
                when=(
                    Published("lodge", 8080, 47105),
                    Not(Published("lodge", 8080, 47105, on="127.0.0.1")),
                ),
                program=f"""\
lab.run("lodge", network="street", publish="0.0.0.0:47105:8080")
lab.run("porter", "sh", "-c", "{PORTER}", network="container:lodge")
""",
            ),
        ),
        hints=(
            "Whose network is it? All that changes it is written down with that container.",
            "A port is published when its container is made, never later.",
            "A guest remembers its owner by id. What does that mean for porter, when lodge is another one?",
        ),
        solution=f"""\
lab.run("lodge", network="street", publish="47105:8080")
lab.run("porter", "sh", "-c", "{PORTER}", network="container:lodge")
""",
        alternatives=(
            f"""\
!docker rm -f lodge porter
!docker run -di --name lodge --network street -p 127.0.0.1:47105:8080 busybox
!docker run -di --name porter --network container:lodge busybox sh -c "{PORTER}"
""",
        ),
        why=(
            "The door belongs to the owner of the network, and is made with it. What listens behind it may "
            "be any container that lives in that network."
        ),
    ),
)
