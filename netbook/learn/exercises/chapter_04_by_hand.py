"""Exercises of chapter 04, the none network: a cable by one's own hand."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.wiring import HELP
from netbook.learn.goals.addresses import Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Recorded
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.things import Running

# Helper containers, each in the network namespace of one of the two. The peer of `string` is called veth0 by
# the kernel; it moves to where juliet's first process lives, which is number 1 in juliet's list of processes.
_CABLE = f"{HELP}romeo --pid container:juliet busybox sh -c "
_MAKE = f"{_CABLE}'ip link add name string type veth && ip link set veth0 netns 1'\n"
_ROMEO = f"{HELP}romeo busybox sh -c 'ip addr add 10.64.2.1/30 dev string && ip link set string up'\n"
_ADDRESS = "ip addr add 10.64.2.2/30 dev veth0"
_JULIET = f"{HELP}juliet busybox sh -c '{_ADDRESS} && ip link set veth0 up'\n"

EXERCISES = (
    Exercise(
        id="04-balcony",
        title="Two tin cans and a string",
        task=(
            "`romeo` and `juliet` were started with `--network none`. No bridge, no network, nobody's "
            "knowledge: stretch a cable from the one to the other, a veth pair with an end in each.\n\n"
            "Afterwards `romeo` has the address `10.64.2.1/30`, `juliet` has `10.64.2.2/30`, and `romeo` "
            "reaches `juliet`. Both are the containers of the start, and in Docker's record both are still "
            "on `none`.\n\n"
            "They lack the right to change interfaces, which is called `NET_ADMIN`. A helper container "
            "can have it: `--network container:romeo` puts it into the right namespace, and "
            "`--pid container:juliet` lets it see the processes of `juliet`, the first of which is number 1. "
            "`ip link set DEVICE netns NUMBER` moves an end to where that process lives. The verbs of the "
            "lab have no `--pid`; begin such a line in a cell with an exclamation mark, or type it in a "
            "terminal."
        ),
        start="""\
lab.run("romeo", network="none")
lab.run("juliet", network="none")
""",
        goals=(
            Running("romeo", same=True),
            Running("juliet", same=True),
            Has("romeo", "10.64.2.1/30"),
            Has("juliet", "10.64.2.2/30"),
            Reaches("romeo", "juliet"),
            Recorded("romeo", "none"),
            Recorded("juliet", "none"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "romeo has left none. What Docker plugs in, Docker knows of; this string was to be a "
                    "secret between two namespaces."
                ),
                when=(Not(Recorded("romeo", "none")),),
                program="""\
lab.network("none").disconnect(lab.container("romeo"))
lab.network("bridge").connect(lab.container("romeo"))
""",
            ),
            Mistake(
                says=(
                    "romeo's end has its address, and juliet has none yet: a cable has two ends, and each is "
                    "set up in its own namespace."
                ),
                when=(Has("romeo", "10.64.2.1/30"), Not(Has("juliet", "10.64.2.2/30"))),
                program=_MAKE + _ROMEO,
            ),
            Mistake(
                says=(
                    "Both have an address, and no word comes through. A new interface is DOWN until somebody "
                    "says up, and a cable carries nothing until both its ends are."
                ),
                when=(
                    Has("romeo", "10.64.2.1/30"),
                    Has("juliet", "10.64.2.2/30"),
                    Not(Reaches("romeo", "juliet")),
                ),
                program=_MAKE + _ROMEO + f"{HELP}juliet busybox {_ADDRESS}\n",
            ),
        ),
        hints=(
            "The last lines of the chapter do it as root on the host, with a bridge at one end. Here, both "
            "ends go into a container.",
            "The kernel makes both ends at once, in one namespace. From there, one of them moves.",
            "`ip addr` in a helper shows what the other end is called. It needs an address and has to be up, "
            "and each of these is said in the namespace where that end is.",
        ),
        solution=_MAKE + _ROMEO + _JULIET,
        alternatives=(
            (
                f"{HELP}juliet --pid container:romeo busybox sh -c "
                "'ip link add name string type veth && ip link set veth0 netns 1'\n"
                f"{HELP}juliet busybox sh -c "
                "'ip addr add 10.64.2.2/30 dev string && ip link set string up'\n"
                f"{HELP}romeo busybox sh -c "
                "'ip addr add 10.64.2.1/30 dev veth0 && ip link set veth0 up'\n"
            ),
            (
                _MAKE
                + """\
for name, end, address in (("romeo", "string", "10.64.2.1/30"), ("juliet", "veth0", "10.64.2.2/30")):
    friar = lab.run("friar", network=f"container:{name}", cap_add="NET_ADMIN")
    friar.exec(f"ip addr add {address} dev {end}")
    friar.exec(f"ip link set {end} up")
    friar.remove()
"""
            ),
        ),
        why=(
            "A cable is a veth pair with its ends in two namespaces; bridges, subnets and records are what "
            "Docker adds. Kubernetes' plugins work so: an empty namespace first, then somebody who wires it."
        ),
    ),
)
