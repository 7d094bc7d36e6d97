"""Exercises of chapter 15, IPv6: a way that was built for one of the two protocols."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.routes import DefaultVia, Routed
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="15-hut",
        title="No way back",
        task=(
            "`hiker` is in the `vale`, `hut` on the `summit`. `path` is on both and forwards, for both "
            "protocols. By IPv4, all routes are there: `hiker` gets the page `hot soup` from "
            "http://10.95.15.5/. By IPv6, from http://[fd00:95:15::5]/, it gets nothing: `hut` has no way "
            "back.\n\n"
            "Give `hut` a route to `fd00:95:14::/64` by `path`, whose address on the summit is "
            "`fd00:95:15::9`, so that `hiker` gets the page by both protocols. `hiker` stays in the vale and "
            "nowhere else, `hut` on the summit. All three are the containers of the start. (`hiker` and "
            "`hut` have the capability NET_ADMIN.)"
        ),
        start="""\
# without these options Docker 28 and later drop what comes to a container from beyond its own bridge
mode = "com.docker.network.bridge.gateway_mode_ipv"
given = {f"{mode}4": "routed", f"{mode}6": "routed"}
lab.create_network("vale", subnet=["10.95.14.0/24", "fd00:95:14::/64"], ipv6=True, options=given)
lab.create_network("summit", subnet=["10.95.15.0/24", "fd00:95:15::/64"], ipv6=True, options=given)
hut = lab.run("hut", network="summit", ip="10.95.15.5", ip6="fd00:95:15::5", cap_add="NET_ADMIN")
hut.exec("sh", "-c", "echo hot soup > index.html; httpd")
hiker = lab.run("hiker", network="vale", cap_add="NET_ADMIN")
path = lab.run("path", network="vale", ip="10.95.14.9", ip6="fd00:95:14::9",
               sysctl={"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1})
lab.network("summit").connect(path, ip="10.95.15.9", ip6="fd00:95:15::9")
hut.exec("ip route add 10.95.14.0/24 via 10.95.15.9")
hut.exec("ip -6 route del default")
hiker.exec("ip route add 10.95.15.0/24 via 10.95.14.9")
hiker.exec("ip -6 route add fd00:95:15::/64 via fd00:95:14::9")
""",
        goals=(
            Running("hiker", same=True),
            Running("path", same=True),
            Running("hut", same=True),
            OnlyOn("hiker", ("vale",)),
            OnlyOn("hut", ("summit",)),
            Routed("hut", "fd00:95:14::/64", "fd00:95:15::9"),
            Serves("hiker", "http://10.95.15.5/", "hot soup"),
            Serves("hiker", "http://[fd00:95:15::5]/", "hot soup"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "hut has a route to the vale, by Docker's gateway, which is the host. The way that was "
                    "asked for leads by path."
                ),
                when=(
                    Routed("hut", "fd00:95:14::/64"),
                    Not(Routed("hut", "fd00:95:14::/64", "fd00:95:15::9")),
                ),
                program="""\
lab.container("hut").exec("ip -6 route add fd00:95:14::/64 via fd00:95:15::1")
""",
            ),
            Mistake(
                says=(
                    "hut sends everything by path now, also what is for the world outside, which path does "
                    "not know. Only the way to the vale was asked for."
                ),
                when=(DefaultVia("hut", "fd00:95:15::9"), Not(Routed("hut", "fd00:95:14::/64"))),
                program="""\
lab.container("hut").exec("ip -6 route add default via fd00:95:15::9")
""",
            ),
            Mistake(
                says=(
                    "hiker has lost its own route to the summit. That one was right: questions arrive at "
                    "hut, and only the answers do not come back."
                ),
                when=(Running("hiker"), Not(Routed("hiker", "fd00:95:15::/64"))),
                program="""\
lab.container("hiker").exec("ip -6 route del fd00:95:15::/64")
""",
            ),
        ),
        hints=(
            "A ping needs a way there and a way back. Which of the two is missing? lab.trace tells how far "
            "it comes.",
            "Routes exist twice. Which command shows the other half?",
            "What was said for IPv4 has to be said once more: the same command, with -6, and with addresses "
            "of the other kind.",
        ),
        solution="""\
lab.container("hut").exec("ip -6 route add fd00:95:14::/64 via fd00:95:15::9")
""",
        alternatives=(
            """\
!docker exec hut ip -6 route add fd00:95:14::/64 via fd00:95:15::9
""",
        ),
        why=(
            "The two protocols share cables, and nothing above them. Whoever writes routes for one of them "
            "has done half of the work, and nothing warns: the other half fails alone."
        ),
    ),
)
