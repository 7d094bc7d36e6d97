"""Exercises of chapter 07, networks of one's own."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.addresses import Has, Reserved
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Untouched
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.reach import NotReaches
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="07-move",
        title="Move house",
        task=(
            "`typist` works in the network `office`, beside `boss`. Move it to the network `store`, where "
            "`cash` is, without stopping it: afterwards `typist` is on `store` and not on `office`, `boss` "
            "does not reach it any more, and `boss` and `cash` are left as they were."
        ),
        start="""\
lab.create_network("office", subnet="10.71.0.0/24")
lab.create_network("store", subnet="10.72.0.0/24")
lab.run("boss", network="office")
lab.run("typist", network="office")
lab.run("cash", network="store")
""",
        goals=(
            Running("typist", same=True),
            On("typist", "store"),
            NotOn("typist", "office"),
            NotReaches("boss", "typist", control="cash"),
            Untouched("boss", ("office",)),
            Untouched("cash", ("store",)),
        ),
        mistakes=(
            Mistake(
                says="typist is on both networks now: joining one does not leave the other.",
                when=(On("typist", "office"), On("typist", "store")),
                program='lab.network("store").connect(lab.container("typist"))',
            ),
            Mistake(
                says="typist has left office, and is nowhere now: leaving one network does not join another.",
                when=(Running("typist"), NotOn("typist", "office"), NotOn("typist", "store")),
                program='lab.network("office").disconnect(lab.container("typist"))',
            ),
            Mistake(
                says=(
                    "This is another container with the name typist. The first one was removed with all that "
                    "was in it; a running container can change its networks."
                ),
                when=(Running("typist"), Not(Running("typist", same=True))),
                program='lab.run("typist", network="store")',
            ),
        ),
        hints=(
            "A container can be on several networks at once, or on none. Each is an interface of its own.",
            "Two steps: one makes an interface, the other takes one away. Their order does not matter here.",
            "Look at the verbs of a network: who gets attached is an argument of theirs.",
        ),
        solution="""\
typist = lab.container("typist")
lab.network("store").connect(typist)
lab.network("office").disconnect(typist)
""",
        alternatives=(
            """\
!docker network disconnect office typist
!docker network connect store typist
""",
        ),
        why=(
            "Networks are plugged in and out while a container runs. Its processes stay; the interface, its "
            "address and what was connected by it do not."
        ),
    ),
    Exercise(
        id="07-printer",
        title="An address for good",
        task=(
            "On the network `bureau` the engine gives out the upper half of 10.74.1.0/24. It gave `printer` "
            "the first address that was free, and so it will at each start. On every desk of the house a "
            "note says: printer, 10.74.1.9.\n\n"
            "Make the note true for good. `printer` has the address `10.74.1.9`, and asks `bureau` for it "
            "at every start. It is the container of the start, and `copier` is left as it was."
        ),
        start="""\
lab.create_network(
    "bureau", subnet="10.74.1.0/24", gateway="10.74.1.1", ip_range="10.74.1.128/25"
)
lab.run("printer", network="bureau")
lab.run("copier", network="bureau")
""",
        goals=(
            Running("printer", same=True),
            On("printer", "bureau"),
            Has("printer", "10.74.1.9"),
            Reserved("printer", "bureau", "10.74.1.9"),
            Untouched("copier", ("bureau",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "printer has left bureau and is nowhere: an address is asked for by the one who joins, "
                    "so it has to join again."
                ),
                when=(Running("printer"), NotOn("printer", "bureau")),
                program='lab.network("bureau").disconnect(lab.container("printer"))',
            ),
            Mistake(
                says=(
                    "This is another printer. Its address is right, and all that waited in the first one is "
                    "gone; one that runs can leave a network and come back."
                ),
                when=(Running("printer"), Not(Running("printer", same=True))),
                program='lab.run("printer", network="bureau", ip="10.74.1.9")',
            ),
            Mistake(
                says=(
                    "printer asks for an address of its own, and for another one than on the notes. If it is "
                    "in the upper half, the engine may give it to somebody else while printer is off."
                ),
                when=(Reserved("printer", "bureau"), Not(Has("printer", "10.74.1.9"))),
                program="""\
bureau, printer = lab.network("bureau"), lab.container("printer")
bureau.disconnect(printer)
bureau.connect(printer, ip="10.74.1.200")
""",
                mended=True,
            ),
            Mistake(
                says="copier got the address of the notes. It was to be left alone.",
                when=(Has("copier", "10.74.1.9"),),
                program="""\
bureau, copier = lab.network("bureau"), lab.container("copier")
bureau.disconnect(copier)
bureau.connect(copier, ip="10.74.1.9")
""",
            ),
        ),
        hints=(
            "When does a container get its address, and who may have a say in it then?",
            "Nothing that runs on can change its address. It can leave, and come back with a wish.",
            "In which half of the subnet does the engine give nothing out? There a wish stays free.",
        ),
        solution="""\
bureau, printer = lab.network("bureau"), lab.container("printer")
bureau.disconnect(printer)
bureau.connect(printer, ip="10.74.1.9")
printer.restart()  # try it: it keeps the address
""",
        alternatives=(
            """\
!docker network disconnect bureau printer
!docker network connect --ip 10.74.1.9 bureau printer
""",
        ),
        why=(
            "The engine writes the wish down with the endpoint and asks for the same address at each start. "
            "An address outside of the range is never given to one that did not ask for it."
        ),
    ),
)
