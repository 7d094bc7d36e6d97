"""Exercises of chapter 00, the first two: start something that stays, and run something in it."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.ports import Listens, PageOf
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Absent, Replaced, Running

EXERCISES = (
    Exercise(
        id="00-lamp",
        title="A lamp that stays lit",
        task=(
            "`usher` sits on the network `porch`, in the dark. There is a container `lamp` on `porch`, too, "
            "but it ended as soon as it was started: its program was `true`, which does nothing, and does it "
            "at once.\n\n"
            "Bring it about that a container `lamp` runs, that it is on `porch`, and that `usher` gets a "
            "reply when it pings it. It need not be the same container, but it needs the same name. `usher` "
            "is left as it was.\n\n"
            "(`porch` is a network that this exercise made for itself. A verb and a command each have an "
            "option that names the network: `network` and `--network`.)"
        ),
        start="""\
lab.create_network("porch", subnet="10.60.0.0/24")
lab.run("usher", network="porch")
lab.run("lamp", "true", network="porch").wait()
""",
        goals=(
            Running("lamp"),
            On("lamp", "porch"),
            Reaches("usher", "lamp"),
            Untouched("usher", ("porch",)),
        ),
        mistakes=(
            Mistake(
                says="The old lamp is gone, and its name is free. Nothing has that name yet.",
                when=(Absent("lamp"),),
                program='lab.container("lamp").remove()',
                mended=True,
            ),
            Mistake(
                says=(
                    "This lamp has ended, too. A container lives as long as its first program, and a shell "
                    "that finds its standard input closed has nothing to wait for: that is what -i is about."
                ),
                when=(Replaced("lamp"), Not(Running("lamp"))),
                program="""\
lab.container("lamp").remove()
!docker run -d --name lamp --network porch busybox
!docker wait lamp
""",
            ),
            Mistake(
                says=(
                    "This lamp stays lit, but not on porch: whoever names no network gets the one that is "
                    "called bridge."
                ),
                when=(Running("lamp"), NotOn("lamp", "porch")),
                program='lab.run("lamp")',
            ),
        ),
        hints=(
            "Starting the same container again runs the same program again, and that is over in no time.",
            "Which program waits for input as long as somebody keeps the input open? The image has it as its "
            "default.",
            "A name exists once per engine. The verb of the lab replaces its own container of that name; the "
            "command in a terminal wants the old one removed first.",
        ),
        solution='lab.run("lamp", network="porch")\n',
        alternatives=(
            """\
!docker rm lamp
!docker run -di --name lamp --network porch busybox
""",
            'lab.run("lamp", "sleep", "86400", network="porch")\n',
        ),
        why=(
            "A container is no machine that is switched on: it is a program with walls around it, and it "
            "runs as long as that program does. What a stopped container keeps is its name and its files."
        ),
    ),
    Exercise(
        id="00-kiosk",
        title="Open the kiosk",
        task=(
            "`kiosk` has a page, the file `/srv/index.html`, and nobody who hands it out. Its image has a "
            "web server, `httpd`, which takes the folder as `-h FOLDER`, listens on port 80, and goes on in "
            "the background.\n\n"
            "Start the server in `kiosk`, while it runs: afterwards something listens on port 80 in `kiosk`, "
            "`caller` gets the page `open` from there, `kiosk` is the container of the start, and `caller` "
            "is left as it was."
        ),
        start="""\
lab.create_network("square", subnet="10.60.1.0/24")
lab.run("kiosk", "sh", "-c", "mkdir -p /srv; echo open > /srv/index.html; exec sh", network="square")
lab.run("caller", network="square")
""",
        goals=(
            Running("kiosk", same=True),
            Listens("kiosk", 80),
            PageOf("caller", "kiosk", 80, "open"),
            Untouched("caller", ("square",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "This is another kiosk: the first one was removed, and its page went with it. There is "
                    "no need to start a container again to run one more program in it."
                ),
                when=(Running("kiosk"), Not(Running("kiosk", same=True))),
                program='lab.run("kiosk", network="square")',
            ),
            Mistake(
                says=(
                    "A server runs in caller. It can hand out caller's files only; the page is in the "
                    "other container."
                ),
                when=(Listens("caller", 80), Not(Listens("kiosk", 80))),
                program='lab.container("caller").exec("httpd", "-h", "/")',
            ),
            Mistake(
                says="A server runs in kiosk, on another port. Whoever names none is served on 80.",
                when=(Listens("kiosk", 8080), Not(Listens("kiosk", 80))),
                program='lab.container("kiosk").exec("httpd -p 8080 -h /srv")',
            ),
            Mistake(
                says=(
                    "A server listens, and does not find the page: it looks in another folder. It has to end "
                    "before a second one can have the port."
                ),
                when=(Listens("kiosk", 80), Not(PageOf("caller", "kiosk", 80, "open"))),
                program='lab.container("kiosk").exec("httpd -h /tmp")',
            ),
        ),
        hints=(
            "The chapter ran one more program in a container that was running already: `ls`. The lab has a "
            "verb for it, with the name of that command.",
            "In which of the two containers must the program run: where the page is, or where it is read?",
        ),
        solution='lab.container("kiosk").exec("httpd -h /srv")\n',
        alternatives=(
            "!docker exec kiosk httpd -h /srv\n",
            "!docker exec -d kiosk httpd -f -p 80 -h /srv\n",
        ),
        why=(
            "A further program in a running container sees what the first one sees: the same files, the same "
            "network. It ends with the container, and is not started again with it; what has to be there "
            "each time belongs into the command that the container is made with."
        ),
    ),
)
