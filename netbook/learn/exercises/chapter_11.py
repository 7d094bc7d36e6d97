"""Exercises of chapter 11, docker0 by hand: one more guest, and two switches."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import HELP, bridge, cable, guest, plug, plugged, rooms, said_in
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Recorded
from netbook.learn.goals.links import Cabled, Plugged
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running

_GREEN = cable("patchbay", "to-green", "green")
_BETWEEN = cable("upstairs", "uplink", "downstairs")
_UP, _DOWN = plug("upstairs", "uplink"), plug("downstairs", "veth0")
EXERCISES = (
    Exercise(
        id="11-guest",
        title="One more guest",
        task=(
            "`patchbay` has a bridge, `br0`, and `amber` is plugged into it, with the address 10.92.11.2/24. "
            "`green` sits in a room of its own, with `lo` only.\n\n"
            "Make `green` a guest of the same bridge: 2 cables are plugged into `br0` of `patchbay` then, "
            "`green` has the address `10.92.11.3/24` and reaches `amber`. All three are the containers of "
            "the start, and in Docker's record `green` is still on `none`."
        ),
        start=rooms("patchbay", "amber", "green")
        + bridge("patchbay", "10.92.11.1/24")
        + plugged("patchbay", "amber", "10.92.11.2/24"),
        goals=(
            Running("patchbay", same=True),
            Running("amber", same=True),
            Running("green", same=True),
            Plugged("patchbay", "br0", 2),
            Has("green", "10.92.11.3/24"),
            Reaches("green", "amber"),
            Recorded("green", "none"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "green has left none: Docker has laid that cable, and to a bridge of its own. The one in "
                    "patchbay it does not know."
                ),
                when=(Not(Recorded("green", "none")),),
                program="""\
lab.network("none").disconnect(lab.container("green"))
lab.network("bridge").connect(lab.container("green"))
""",
            ),
            Mistake(
                says=(
                    "green's cable ends in patchbay, beside the bridge and not in it: whoever lies on the "
                    "floor of a room hears nothing of its switch."
                ),
                when=(Has("green", "10.92.11.3/24"), Not(Plugged("patchbay", "br0", 2))),
                program=_GREEN
                + guest("green", "10.92.11.3/24")
                + said_in("patchbay", "ip link set to-green up"),
            ),
            Mistake(
                says=(
                    "The cable is in the bridge, and green has another address than it should: in another "
                    "subnet, amber is a stranger, though it sits at the same switch."
                ),
                when=(Plugged("patchbay", "br0", 2), Not(Has("green", "10.92.11.3/24"))),
                program=_GREEN + guest("green", "10.92.12.3/24") + plug("patchbay", "to-green"),
            ),
            Mistake(
                says=(
                    "Everything is in its place, and nothing passes: a cable carries nothing until both "
                    "of its ends are up, that in patchbay as well."
                ),
                when=(
                    Has("green", "10.92.11.3/24"),
                    Plugged("patchbay", "br0", 2),
                    Not(Reaches("green", "amber")),
                ),
                program=_GREEN
                + guest("green", "10.92.11.3/24")
                + said_in("patchbay", "ip link set to-green master br0"),
            ),
        ),
        hints=(
            "The chapter did it for blue: which of its lines were said in machine, which in blue?",
            "The helper stands in patchbay and sees the processes of green.",
            "Two ends, two switches: an interface that nobody has switched on is DOWN.",
        ),
        solution=_GREEN + guest("green", "10.92.11.3/24") + plug("patchbay", "to-green"),
        alternatives=(
            (
                cable("green", "eth0", "patchbay")
                + said_in("green", "ip addr add 10.92.11.3/24 dev eth0", "ip link set eth0 up")
                + plug("patchbay", "veth0")
            ),
            (
                """\
patchbay, green = lab.container("patchbay"), lab.container("green")
patchbay.exec("ip link add to-green type veth")
"""
                + f"{HELP}patchbay --pid container:green busybox ip link set veth0 netns 1\n"
                + """\
patchbay.exec("ip link set to-green master br0")
patchbay.exec("ip link set to-green up")
green.exec("ip addr add 10.92.11.3/24 dev veth0")
green.exec("ip link set veth0 up")
"""
            ),
        ),
        why=(
            "This is what an engine does for each container that starts: a cable, one end to the guest, one "
            "into the bridge, an address, and current."
        ),
    ),
    Exercise(
        id="11-uplink",
        title="Two switches, one network",
        task=(
            "`hare` is plugged into `br0` of `upstairs`, with the address 10.92.12.2/24; `tortoise` into "
            "`br0` of `downstairs`, with 10.92.12.3/24. One subnet, two switches, and no cable between "
            "these.\n\n Lay it: a cable leads from `upstairs` to `downstairs`, 2 cables are plugged into "
            "`br0` of `upstairs` and 2 cables into `br0` of `downstairs`, and `hare` reaches `tortoise`. All "
            "four are the containers of the start."
        ),
        start=rooms("upstairs", "downstairs", "hare", "tortoise")
        + bridge("upstairs", "10.92.12.11/24")
        + bridge("downstairs", "10.92.12.12/24", skipped=10)
        + plugged("upstairs", "hare", "10.92.12.2/24")
        + plugged("downstairs", "tortoise", "10.92.12.3/24"),
        goals=(
            Running("upstairs", same=True),
            Running("downstairs", same=True),
            Running("hare", same=True),
            Running("tortoise", same=True),
            Cabled("upstairs", "downstairs"),
            Plugged("upstairs", "br0", 2),
            Plugged("downstairs", "br0", 2),
            Reaches("hare", "tortoise"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The cable leads from upstairs to downstairs, and neither of its ends is in a bridge: "
                    "the two machines could talk, their guests cannot."
                ),
                when=(
                    Cabled("upstairs", "downstairs"),
                    Plugged("upstairs", "br0", 1),
                    Plugged("downstairs", "br0", 1),
                ),
                program=_BETWEEN
                + said_in("upstairs", "ip link set uplink up")
                + said_in("downstairs", "ip link set veth0 up"),
            ),
            Mistake(
                says=(
                    "One end of the cable is in its bridge, the other lies beside it: half an uplink is none."
                ),
                when=(
                    Cabled("upstairs", "downstairs"),
                    Plugged("upstairs", "br0", 2),
                    Plugged("downstairs", "br0", 1),
                ),
                program=_BETWEEN + _UP + said_in("downstairs", "ip link set veth0 up"),
            ),
            Mistake(
                says="Both bridges have the cable, and nothing passes: look which of its ends is DOWN.",
                when=(
                    Cabled("upstairs", "downstairs"),
                    Plugged("upstairs", "br0", 2),
                    Plugged("downstairs", "br0", 2),
                    Not(Reaches("hare", "tortoise")),
                ),
                program=_BETWEEN + _UP + said_in("downstairs", "ip link set veth0 master br0"),
            ),
        ),
        hints=(
            "Addresses are as they should be. What is missing is a cable, and nothing else.",
            "Both its ends go to where no guest is: from the one machine into the other.",
            "Each end belongs into the bridge of its own machine, and is switched on there.",
        ),
        solution=_BETWEEN + _UP + _DOWN,
        alternatives=(
            cable("downstairs", "uplink", "upstairs")
            + plug("downstairs", "uplink")
            + plug("upstairs", "veth0"),
        ),
        why=(
            "Two bridges with a cable between them are one switch. An overlay network is just this, but for "
            "the cable: between two real machines it is a tunnel."
        ),
    ),
)
