"""Exercises of chapter 04, the none network: what comes out without a cable, and a cable that comes later."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Recorded, StillInternal, Untouched
from netbook.learn.goals.links import NotOn, On, OnlyOn
from netbook.learn.goals.ports import PageOf
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import HasNetwork, Running

EXERCISES = (
    Exercise(
        id="04-result",
        title="The result comes out",
        task=(
            "`abacus` computes with figures that must not leak, and so it runs with `--network none`. It is "
            "ready: the result is in the file `/result`. (`/draft` is an earlier one.) `scribe`, on "
            "the network `counter`, hands out the page `/srv/index.html`, which says `nothing yet`.\n\n"
            "Bring the result over: `auditor` gets a page with `total` in it from port 80 of `scribe`, while "
            "`abacus` has only `lo`. Both are the containers of the start; `auditor` is left as it was."
        ),
        start="""\
lab.create_network("counter", subnet="10.64.0.0/24")
page = "mkdir -p /srv; echo nothing yet > /srv/index.html; exec httpd -f -h /srv"
lab.run("scribe", "sh", "-c", page, network="counter")
lab.run("auditor", network="counter")
figures = "echo draft $((6 * 9)) > /draft; echo total $((6 * 7)) > /result; exec sh"
lab.run("abacus", "sh", "-c", figures, network="none")
""",
        goals=(
            Running("abacus", same=True),
            Running("scribe", same=True),
            OnlyOn("abacus"),
            PageOf("auditor", "scribe", 80, "total"),
            Untouched("auditor", ("counter",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "abacus is on counter now. The result could leave that way, and all the figures with it; "
                    "a pipe is no network, and was enough."
                ),
                when=(On("abacus", "counter"),),
                program="""\
lab.network("none").disconnect(lab.container("abacus"))
lab.network("counter").connect(lab.container("abacus"))
""",
            ),
            Mistake(
                says="What scribe hands out is the draft. The result is in the other file.",
                when=(PageOf("auditor", "scribe", 80, "draft"),),
                program="""\
draft = str(lab.container("abacus").exec("cat /draft")).strip()
lab.container("scribe").exec("sh", "-c", f"echo {draft} > /srv/index.html")
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "This scribe is another one, and nobody serves in it. The first one would have handed "
                    "out the new page at the next question: a server reads the file each time."
                ),
                when=(Running("scribe"), Not(Running("scribe", same=True))),
                program='lab.run("scribe", network="counter")',
            ),
            Mistake(
                says="abacus was stopped. Nothing leaks so, but it was to run on, with only lo.",
                when=(Not(Running("abacus")),),
                program='lab.container("abacus").stop()',
            ),
        ),
        hints=(
            "How did the text of a page come out to you, in the chapter, from a container without a cable?",
            "Out of one container and into another are two steps. In between, the result is with you.",
            "What a command in a container prints is handed to you; what stands in quotes behind `sh -c` can "
            "write a file. There is also a command that copies files, in both directions.",
        ),
        solution="""\
result = str(lab.container("abacus").exec("cat /result")).strip()
lab.container("scribe").exec("sh", "-c", f"echo {result} > /srv/index.html")
""",
        alternatives=(
            '!docker exec abacus cat /result | docker exec -i scribe sh -c "cat > /srv/index.html"\n',
            """\
!docker cp abacus:/result - | docker cp - scribe:/srv
!docker exec scribe mv /srv/result /srv/index.html
""",
        ),
        why=(
            "The engine connects the input and output of a process to you by pipes, and copies files by "
            "itself. Neither is a network, so a container that can send nothing can still be asked for its "
            "result, by whoever may ask the engine."
        ),
    ),
    Exercise(
        id="04-novice",
        title="Behind the wall",
        task=(
            "`novice` was started with `--network none`. It has been alone long enough: let it into the "
            "network `cloister`, where `abbot` lives, and which is internal: it has no way out.\n\n"
            "Afterwards `novice`, the container of the start, is on `cloister` and nowhere else, and `abbot` "
            "reaches `novice`. The network `cloister` is still internal, and `abbot` is left as it was."
        ),
        start="""\
lab.create_network("cloister", subnet="10.64.1.0/24", internal=True)
lab.run("abbot", network="cloister")
lab.run("novice", network="none")
""",
        goals=(
            Running("novice", same=True),
            HasNetwork("cloister"),
            OnlyOn("novice", ("cloister",)),
            Reaches("abbot", "novice"),
            StillInternal("cloister"),
            Untouched("abbot", ("cloister",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "This novice is another one; the first was removed. Whoever is on none can leave it and "
                    "join a network while it runs."
                ),
                when=(On("novice", "cloister"), Not(Running("novice", same=True))),
                program='lab.run("novice", network="cloister")',
            ),
            Mistake(
                says="novice has left none, and has joined nothing yet: still there is only lo.",
                when=(OnlyOn("novice"), Not(Recorded("novice", "none"))),
                program='lab.network("none").disconnect(lab.container("novice"))',
            ),
            Mistake(
                says=(
                    "novice is on cloister, and on one more network, which has a way out: a wall with a door "
                    "beside it."
                ),
                when=(On("novice", "cloister"), Not(OnlyOn("novice", ("cloister",)))),
                program="""\
novice = lab.container("novice")
lab.network("none").disconnect(novice)
lab.network("bridge").connect(novice)
lab.network("cloister").connect(novice)
""",
            ),
            Mistake(
                says="novice has a cable, but it leads to another network than cloister.",
                when=(Running("novice"), NotOn("novice", "cloister"), Not(OnlyOn("novice"))),
                program="""\
lab.network("none").disconnect(lab.container("novice"))
lab.network("bridge").connect(lab.container("novice"))
""",
            ),
        ),
        hints=(
            "Try to plug it in, and read why the engine refuses: its words name what is in the way.",
            "none is a network as well, as far as Docker's record goes. One can leave it.",
            "Two verbs, on two networks; the container is the argument of both.",
        ),
        solution="""\
novice = lab.container("novice")
lab.network("none").disconnect(novice)
lab.network("cloister").connect(novice)
""",
        alternatives=(
            """\
!docker network disconnect none novice
!docker network connect cloister novice
""",
        ),
        why=(
            "An internal network lies between none and bridge: its members reach each other, and nobody "
            "beyond. (How, depends on the engine: by a rule of the firewall, or since they get no default "
            "route.) Whoever is on none must leave it first, for Docker lets no container be on none and on "
            "something else."
        ),
        met=(
            "https://github.com/moby/moby/issues/36174 (on an internal network, a published port is not "
            "reached from the host either)."
        ),
    ),
)
