"""Exercises of chapter 02, the bridge network: the cable, and what comes and goes with it."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import AllBut, Members, Untouched
from netbook.learn.goals.links import BridgeUp, NoCard, NotOn, On
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import HasNetwork, NoNetwork, Running

_THREAD = ("bobbin", "shuttle", "spindle")
_CARD = "02:42:c0:ff:ee:02"

EXERCISES = (
    Exercise(
        id="02-lights-out",
        title="Lights out",
        task=(
            "`gallery` is a network of the same kind as `bridge`, with a bridge of its own on the host. "
            "`curator` and `warden` are plugged into it, and so that bridge is UP.\n\n"
            "Bring it about that the bridge of the network `gallery` is DOWN while `curator` and `warden` "
            "run. The network `gallery` remains."
        ),
        start="""\
lab.create_network("gallery", subnet="10.62.0.0/24")
lab.run("curator", network="gallery")
lab.run("warden", network="gallery")
""",
        goals=(
            HasNetwork("gallery"),
            Running("curator"),
            Running("warden"),
            BridgeUp("gallery", up=False),
        ),
        mistakes=(
            Mistake(
                says=(
                    "With the network went its bridge: one that is not there is neither UP nor DOWN. A "
                    "network may well be without members."
                ),
                when=(NoNetwork("gallery"),),
                program="""\
for name in ("curator", "warden"):
    lab.network("gallery").disconnect(lab.container(name))
lab.network("gallery").remove()
""",
            ),
            Mistake(
                says=(
                    "That takes the cable away, and the container with it. The wish was that both run: the "
                    "cable has to go alone."
                ),
                when=(Not(Running("curator")),),
                program="""\
lab.container("curator").stop()
lab.container("warden").stop()
""",
            ),
            Mistake(
                says="One cable is unplugged. A bridge is UP as long as something is plugged in.",
                when=(BridgeUp("gallery", up=True), Not(Members("gallery", ("curator", "warden")))),
                program='lab.network("gallery").disconnect(lab.container("curator"))',
            ),
        ),
        hints=(
            "Check yourself, question 3, of the chapter: when is docker0 DOWN?",
            "A container needs no network to run. Chapter 01 started one that had none.",
            "A network has a verb that takes the cable of a running container away, and one that plugs it "
            "in.",
        ),
        solution="""\
gallery = lab.network("gallery")
gallery.disconnect(lab.container("curator"))
gallery.disconnect(lab.container("warden"))
""",
        alternatives=(
            """\
!docker network disconnect gallery curator
!docker network disconnect gallery warden
""",
            """\
for name in ("curator", "warden"):
    lab.run(name, network="none")
""",
        ),
        why=(
            "A bridge is UP when one of its ports is, as a switch lights up when a cable is plugged in. DOWN "
            "tells of cables only: it is no sign that Docker is broken, nor that no container runs."
        ),
        met=(
            "https://github.com/coreos/bugs/issues/362 (docker0 that lost its link again and again: its "
            "containers stopped and started)."
        ),
    ),
    Exercise(
        id="02-swap",
        title="Change places",
        task=(
            "On the network `terrace`, `waiter` has the address 10.62.1.2 and `chef` has 10.62.1.3. The menu "
            "was printed with the two mixed up.\n\n"
            "Change their places: afterwards `waiter` has the address `10.62.1.3/24` and `chef` has "
            "`10.62.1.2/24`, `waiter` reaches `chef`, and both are the containers of the start."
        ),
        start="""\
lab.create_network("terrace", subnet="10.62.1.0/24")
lab.run("waiter", network="terrace")
lab.run("chef", network="terrace")
""",
        goals=(
            Running("waiter", same=True),
            Running("chef", same=True),
            On("waiter", "terrace"),
            On("chef", "terrace"),
            Has("waiter", "10.62.1.3/24"),
            Has("chef", "10.62.1.2/24"),
            Reaches("waiter", "chef"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The addresses are the right ones, but these are other containers: the first two were "
                    "removed with all that was in them. A running container can be plugged in anew."
                ),
                when=(Has("waiter", "10.62.1.3/24"), Not(Running("waiter", same=True))),
                program="""\
lab.container("chef").remove()
lab.run("waiter", network="terrace", ip="10.62.1.3")
lab.run("chef", network="terrace", ip="10.62.1.2")
""",
            ),
            Mistake(
                says=(
                    "Both have left terrace, so both addresses are free now. What is missing is to plug each "
                    "of them in again, with the address that it shall have."
                ),
                when=(NotOn("waiter", "terrace"), NotOn("chef", "terrace")),
                program="""\
for name in ("waiter", "chef"):
    lab.network("terrace").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "waiter has moved to a third place, and so its old one is free. Half of the way: chef "
                    "can have it, and then chef's is free for waiter."
                ),
                when=(On("waiter", "terrace"), Not(Has("waiter", "10.62.1.2")), Has("chef", "10.62.1.3")),
                program="""\
lab.network("terrace").disconnect(lab.container("waiter"))
lab.network("terrace").connect(lab.container("waiter"), ip="10.62.1.9")
""",
                mended=True,
            ),
        ),
        hints=(
            "The address is the cable's, not the container's: a new cable can bring another one.",
            "Docker gives out no address that somebody has. How do you swap the contents of two full cups?",
            "Whoever plugs a container in may say which address it shall have: `ip` for the verb, `--ip` for "
            "the command.",
        ),
        solution="""\
terrace, waiter, chef = lab.network("terrace"), lab.container("waiter"), lab.container("chef")
terrace.disconnect(waiter)
terrace.disconnect(chef)
terrace.connect(waiter, ip="10.62.1.3")
terrace.connect(chef, ip="10.62.1.2")
""",
        alternatives=(
            """\
!docker network disconnect terrace waiter
!docker network disconnect terrace chef
!docker network connect --ip 10.62.1.3 terrace waiter
!docker network connect --ip 10.62.1.2 terrace chef
""",
        ),
        why=(
            "An address belongs to an endpoint, which is Docker's word for the plugged-in cable. The daemon "
            "keeps the list of what it gave out, so an address has to come back before another can have it. "
            "(`--ip` is for networks of one's own: on the default bridge Docker refuses it.)"
        ),
    ),
    Exercise(
        id="02-stray",
        title="The stray card",
        task=(
            "`bobbin`, `shuttle`, `spindle` and `weaver` are plugged into the bridge of the network `loom`. "
            "`weaver` complains of frames that nobody expects. All have one sender, the hardware address "
            f"`{_CARD}`, and a frame does not say the name of its container.\n\n"
            "Find the cable, and unplug it: afterwards no card on `loom` has the hardware address "
            f"`{_CARD}`, and of `bobbin`, `shuttle` and `spindle` two are left as they were. All three run, "
            "and are the containers of the start; `weaver` is left as it was."
        ),
        start="""\
lab.create_network("loom", subnet="10.62.2.0/24")
lab.run("weaver", network="loom")
lab.run("spindle", network="loom", mac="02:42:c0:ff:ee:03")
lab.run("bobbin", network="loom", mac="02:42:c0:ff:ee:01")
lab.run("shuttle", network="loom", mac="02:42:c0:ff:ee:02")
""",
        goals=(
            *(Running(name, same=True) for name in _THREAD),
            NoCard("loom", _CARD),
            AllBut(_THREAD, ("loom",), changed=1),
            Untouched("weaver", ("loom",)),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The frames have ceased, for their sender does not run any more. It was to run on, "
                    "without its cable."
                ),
                when=(NoCard("loom", _CARD), Not(Running("shuttle"))),
                program='lab.container("shuttle").stop()',
            ),
            Mistake(
                says="Now all three are cut off. One cable was one too many, the others are needed.",
                when=(Members("loom", ("weaver",)), Running("shuttle")),
                program="""\
for name in ("bobbin", "shuttle", "spindle"):
    lab.network("loom").disconnect(lab.container(name))
""",
            ),
            Mistake(
                says=(
                    "One of the three is not what it was, and the sender is still there: it was another one."
                ),
                when=(Not(NoCard("loom", _CARD)), Not(AllBut(_THREAD, ("loom",), changed=0))),
                program='lab.network("loom").disconnect(lab.container("spindle"))',
            ),
        ),
        hints=(
            "The table of a container's interfaces leaves the hardware addresses out, unless you ask for all "
            "columns.",
            "Docker has written them down as well: where it keeps address, prefix length and gateway.",
            "A container stays when its cable is pulled out of a network.",
        ),
        solution="""\
for name in ("bobbin", "shuttle", "spindle"):
    box = lab.container(name)
    if "02:42:c0:ff:ee:02" in set(box.ip_addr(full=True)["mac"]):
        lab.network("loom").disconnect(box)
""",
        alternatives=(
            "!docker network disconnect loom shuttle\n",
            """\
!docker network inspect loom
!docker network disconnect -f loom shuttle
""",
        ),
        why=(
            "On a cable travel frames, and their sender is a hardware address. Which container that is, only "
            "somebody who looks at both ends knows: the kernel in each namespace, and Docker's record."
        ),
    ),
)
