"""Exercises of chapter 08, containers that talk: across, with no network in common."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Listens, Serves
from netbook.learn.goals.reach import Reaches
from netbook.learn.goals.routes import Forwards, Routed
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="08-relay",
        title="A message over the ridge",
        task=(
            "`shore` is on the network `north`, `valley` on `south`. `valley` serves a page: `greetings from "
            "the valley`. The two have no network in common, and shall have none: `shore` stays on `north` "
            "and nowhere else, `valley` on `south` and nowhere else.\n\n"
            "`ridge`, on `north` too, shall hand the page on. Let it be on `north` and on `south`, and let "
            "something in it answer at port 80: `shore` gets the page `greetings from the valley` from "
            "http://ridge/. All three are the containers of the start, and run on."
        ),
        start="""\
lab.create_network("north", subnet="10.79.1.0/24")
lab.create_network("south", subnet="10.79.2.0/24")
lab.run("shore", network="north")
lab.run("ridge", network="north")
valley = lab.run("valley", network="south")
valley.exec("sh", "-c", "echo greetings from the valley > index.html; httpd")
""",
        goals=(
            Running("shore", same=True),
            Running("ridge", same=True),
            Running("valley", same=True),
            OnlyOn("shore", ("north",)),
            OnlyOn("valley", ("south",)),
            OnlyOn("ridge", ("north", "south")),
            Serves("shore", "http://ridge/", "greetings from the valley"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "shore is on south now and can ask valley itself. That is the common network which the "
                    "two shall not have."
                ),
                when=(On("shore", "south"),),
                program='lab.network("south").connect(lab.container("shore"))',
            ),
            Mistake(
                says=(
                    "ridge hears both sides and says nothing: a container on two networks does not hand on "
                    "by itself what it gets. Something in it has to listen, and to ask valley."
                ),
                when=(OnlyOn("ridge", ("north", "south")), Not(Listens("ridge", 80))),
                program='lab.network("south").connect(lab.container("ridge"))',
            ),
            Mistake(
                says=(
                    "Something listens in ridge, and it does not hand on: shore gets what ridge has itself. "
                    "The page has to be asked for in valley, each time."
                ),
                when=(
                    OnlyOn("ridge", ("north", "south")),
                    Listens("ridge", 80),
                    Not(Serves("shore", "http://ridge/", "greetings from the valley")),
                ),
                program="""\
ridge = lab.container("ridge")
lab.network("south").connect(ridge)
ridge.exec("sh", "-c", "echo nothing to see > index.html; httpd")
""",
            ),
        ),
        hints=(
            "Two steps: ridge must reach valley, and something in ridge must carry the words across.",
            "busybox has `nc`. With `-ll -p PORT` it listens, again and again; with `-e` it runs a program "
            "for each who comes, whose input and output are that connection.",
            "Which program, run in ridge, would bring its input to port 80 of valley, and the answer back? "
            "Let it run in the background.",
        ),
        solution="""\
ridge = lab.container("ridge")
lab.network("south").connect(ridge)
ridge.exec("sh", "-c", "nc -ll -p 80 -e nc valley 80 > /dev/null 2>&1 &")
""",
        alternatives=(
            """\
!docker network connect south ridge
!docker exec -d ridge nc -ll -p 80 -e nc valley 80
""",
        ),
        why=(
            "This is what a reverse proxy does: it stands on both networks, ends the one conversation and "
            "begins another. No packet goes from north to south, and the wall stays whole."
        ),
    ),
    Exercise(
        id="08-gate",
        title="A router made of a container",
        task=(
            "`hermit` is on the network `upper`, 10.80.1.0/24, `miller` on `lower`, 10.80.2.0/24. `gate` is "
            "on both, at 10.80.1.9 and 10.80.2.9, and drops what is not for itself.\n\n"
            "Make a router of it: `gate` forwards, `hermit` has a route to 10.80.2.0/24, `miller` has one to "
            "10.80.1.0/24, and so `hermit` reaches `miller` by address. Each stays where it is: `hermit` on "
            "`upper` and nowhere else, `miller` on `lower` and nowhere else, `gate` on `upper` and `lower`. "
            "`hermit` and `miller` run on as the containers of the start; these two have the capability "
            "NET_ADMIN, and so may set routes. `gate` runs in the end, and may be made anew.\n\n"
            "(Both networks were made in the mode `routed`: on others Docker 28 and later may drop, before "
            "the bridge, what comes to a container from a subnet that is not its own.)"
        ),
        start="""\
# without these options Docker 28 and later drop what comes to a container from beyond its own bridge
given = {
    "com.docker.network.bridge.gateway_mode_ipv4": "routed",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}
lab.create_network("upper", subnet="10.80.1.0/24", options=given)
lab.create_network("lower", subnet="10.80.2.0/24", options=given)
lab.run("hermit", network="upper", cap_add="NET_ADMIN")
lab.run("miller", network="lower", cap_add="NET_ADMIN")
gate = lab.run("gate", network="upper", ip="10.80.1.9", sysctl={"net.ipv4.ip_forward": 0})
lab.network("lower").connect(gate, ip="10.80.2.9")
""",
        goals=(
            Running("hermit", same=True),
            Running("miller", same=True),
            Running("gate"),
            OnlyOn("hermit", ("upper",)),
            OnlyOn("miller", ("lower",)),
            OnlyOn("gate", ("upper", "lower")),
            Forwards("gate"),
            Routed("hermit", "10.80.2.0/24"),
            Routed("miller", "10.80.1.0/24"),
            Reaches("hermit", "miller"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "hermit is on lower itself now, and needs no gate. The way was to lead through gate, "
                    "with no network in common."
                ),
                when=(On("hermit", "lower"),),
                program='lab.network("lower").connect(lab.container("hermit"))',
            ),
            Mistake(
                says=(
                    "Both know the way, and it ends at gate, which drops what is not for itself. To hand on "
                    "is a setting of its network namespace, given when the container is made."
                ),
                when=(
                    Routed("hermit", "10.80.2.0/24"),
                    Routed("miller", "10.80.1.0/24"),
                    Not(Forwards("gate")),
                ),
                program="""\
lab.container("hermit").exec("ip route add 10.80.2.0/24 via 10.80.1.9")
lab.container("miller").exec("ip route add 10.80.1.0/24 via 10.80.2.9")
""",
                mended=True,
            ),
            Mistake(
                says=(
                    "The new gate forwards, and has one cable only: a router stands in both networks, as the "
                    "old one did."
                ),
                when=(Forwards("gate"), OnlyOn("gate", ("upper",))),
                program="""\
lab.run("gate", network="upper", ip="10.80.1.9", sysctl={"net.ipv4.ip_forward": 1})
""",
            ),
            Mistake(
                says=(
                    "hermit knows the way there, and miller knows none back: its answer goes to its default "
                    "gateway, and it is up to the engine what becomes of it. A route is for one direction."
                ),
                when=(
                    Forwards("gate"),
                    Routed("hermit", "10.80.2.0/24"),
                    Not(Routed("miller", "10.80.1.0/24")),
                ),
                program="""\
gate = lab.run("gate", network="upper", ip="10.80.1.9", sysctl={"net.ipv4.ip_forward": 1})
lab.network("lower").connect(gate, ip="10.80.2.9")
lab.container("hermit").exec("ip route add 10.80.2.0/24 via 10.80.1.9")
""",
            ),
        ),
        hints=(
            "Three have to know something: hermit the way there, miller the way back, and gate that it may "
            "hand on.",
            "The setting is called `net.ipv4.ip_forward`. A running container cannot write it, for its "
            "/proc/sys is read-only; it is an option of the one who makes the container.",
            "In `ip route` a way has two parts: for which subnet, and via whom. The one via whom must be a "
            "neighbour.",
        ),
        solution="""\
gate = lab.run("gate", network="upper", ip="10.80.1.9", sysctl={"net.ipv4.ip_forward": 1})
lab.network("lower").connect(gate, ip="10.80.2.9")
lab.container("hermit").exec("ip route add 10.80.2.0/24 via 10.80.1.9")
lab.container("miller").exec("ip route add 10.80.1.0/24 via 10.80.2.9")
""",
        alternatives=(
            """\
!docker rm -f gate
!docker run -di --name gate --network upper --ip 10.80.1.9 --sysctl net.ipv4.ip_forward=1 busybox
!docker network connect --ip 10.80.2.9 lower gate
!docker exec hermit ip route add 10.80.2.0/24 via 10.80.1.9
!docker exec miller ip route add 10.80.1.0/24 via 10.80.2.9
""",
        ),
        why=(
            "A router is anybody with two cables who forwards. The others need a route that names it, in "
            "both directions; the host does the same for all your bridges."
        ),
    ),
)
