"""Exercises of chapter 03, the host network: a loopback that is everybody's."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.collateral import NotOnHost, Untouched
from netbook.learn.goals.links import On, OnHost
from netbook.learn.goals.ports import Listens, NoPage, PageOf, Published
from netbook.learn.goals.things import Absent, Running

_DIARY = "http://127.0.0.1:47032/"
_WRITE = 'sh -c "mkdir -p /srv; echo dear diary > /srv/index.html; exec httpd -f -h /srv"'

EXERCISES = (
    Exercise(
        id="03-diary",
        title="A diary on the table",
        task=(
            f"`diary` is on the host's network, and its server listens at {_DIARY}: on this machine only, so "
            "its owner thought. But `snoop` is on the host's network as well, and reads it.\n\n"
            "Take `diary` off the host's network: afterwards it is on the network `study`, `friend` gets "
            f"the page `dear diary` from port 80 of `diary`, and `snoop` gets no page from {_DIARY}, though "
            "it is still on the host's network, and is left as it was. So is `friend`. Another container "
            "with the name `diary` will do; the page is a line in the file `index.html` of the folder that "
            "`httpd -h` is given."
        ),
        start="""\
lab.create_network("study", subnet="10.63.2.0/24")
lab.run("friend", network="study")
serve = "mkdir -p /srv; echo dear diary > /srv/index.html; exec httpd -f -p 127.0.0.1:47032 -h /srv"
lab.run("diary", "sh", "-c", serve, network="host")
lab.run("snoop", network="host")
""",
        goals=(
            Running("diary"),
            On("diary", "study"),
            OnHost("snoop"),
            PageOf("friend", "diary", 80, "dear diary"),
            NoPage("snoop", _DIARY),
            Untouched("friend", ("study",)),
            Untouched("snoop", ()),
        ),
        mistakes=(
            Mistake(
                says="snoop has no diary to read now, and friend neither: it was to move, not to go.",
                when=(Absent("diary"),),
                program='lab.container("diary").remove()',
            ),
            Mistake(
                says=(
                    "snoop was sent away, and the diary still lies on the table: the next container on the "
                    "host's network will read it."
                ),
                when=(OnHost("diary"), NotOnHost("snoop")),
                program='lab.run("snoop", network="none")',
            ),
            Mistake(
                says=(
                    "diary has moved, and a published port leads back to where it was: the host's 127.0.0.1 "
                    "is snoop's, too."
                ),
                when=(On("diary", "study"), Published("diary", 80, 47032)),
                program="""\
serve = "mkdir -p /srv; echo dear diary > /srv/index.html; exec httpd -f -h /srv"
lab.run("diary", "sh", "-c", serve, network="study", publish="47032:80")
""",
            ),
            Mistake(
                says=(
                    "diary's server still listens on 127.0.0.1, and that is diary's own loopback now: nobody "
                    "else is there, friend neither."
                ),
                when=(On("diary", "study"), Listens("diary", 80, on="127.0.0.1")),
                program="""\
serve = "mkdir -p /srv; echo dear diary > /srv/index.html; exec httpd -f -p 127.0.0.1:80 -h /srv"
lab.run("diary", "sh", "-c", serve, network="study")
""",
            ),
        ),
        hints=(
            "Docker lets nobody leave the host's network while it runs: where a container lives is settled "
            "when it is made.",
            "In a namespace of its own, a server may listen on all addresses: they are few, and its own.",
            "friend is on study already. Who shares a network needs no published port.",
        ),
        solution="""\
serve = "mkdir -p /srv; echo dear diary > /srv/index.html; exec httpd -f -p 80 -h /srv"
lab.run("diary", "sh", "-c", serve, network="study")
""",
        alternatives=(
            (f"!docker rm -f diary\n!docker run -di --name diary --network study busybox {_WRITE}\n"),
        ),
        why=(
            "127.0.0.1 is a place in a namespace, not a lock. On the host's network, every container there "
            "and every program of the host shares it. A namespace of one's own is what makes it private."
        ),
    ),
)
