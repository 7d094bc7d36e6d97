"""Exercises of chapter 14, continued: a server that is silent, and must not be deaf."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.chapter_14 import ROUTED
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.rules import HasRule
from netbook.learn.goals.things import Running

_VIEW = Serves("goat", "http://10.94.14.5/big", "a view of the valley")

EXERCISES = (
    Exercise(
        id="14-strict",
        title="Silent, and not deaf",
        task=(
            "`eagle` (10.94.14.5, on `summit`) answers no ping, for its firewall drops all ICMP that "
            "comes in at eth0. It shall stay so. But `goat` (10.94.13.3, on `canyon`) gets its small "
            "page only, from http://10.94.14.5/small; the big one hangs. Between them is `ledge`, whose "
            "link to `canyon` carries 1300 bytes.\n\n"
            "Change the rules of `eagle`, so that `goat` gets the page `a view of the valley` from "
            "http://10.94.14.5/big, and still `goat` does not reach `eagle` by a ping. `eagle`, `ledge` "
            "and `goat` run on, as the containers of the start, and no MTU changes: `ledge` keeps 1300 "
            "on `canyon`, `goat` 1500 there, `eagle` 1500 on `summit`."
        ),
        start=ROUTED
        + """\
lab.create_network("canyon", subnet="10.94.13.0/24", options=given)
lab.create_network("summit", subnet="10.94.14.0/24", options=given)
ledge = lab.run("ledge", network="canyon", ip="10.94.13.9", cap_add="NET_ADMIN", sysctl=forward)
lab.network("summit").connect(ledge, ip="10.94.14.9")
ledge.exec("ip link set eth0 mtu 1300")
goat = lab.run("goat", network="canyon", ip="10.94.13.3", cap_add="NET_ADMIN")
goat.exec("ip route add 10.94.14.0/24 via 10.94.13.9")
eagle = lab.run("eagle", image="netbook-iptables", network="summit", ip="10.94.14.5", cap_add="NET_ADMIN")
eagle.exec("ip route add 10.94.13.0/24 via 10.94.14.9")
eagle.exec("iptables -A INPUT -i eth0 -p icmp -j DROP")
view = "echo a view of the valley > big; head -c 20000 /dev/zero | tr '\\\\0' 0 >> big"
eagle.exec("sh", "-c", f"echo a feather > small; {view}; httpd")
""",
        goals=(
            Running("eagle", same=True),
            Running("ledge", same=True),
            Running("goat", same=True),
            NotReaches("goat", "eagle", "eagle"),
            _VIEW,
            Carries("ledge", "canyon", 1300),
            Carries("goat", "canyon", 1500),
            Carries("eagle", "summit", 1500),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The rule names the right message, and is never asked: the one before it drops all "
                    "ICMP. The first rule that fits decides."
                ),
                when=(HasRule("eagle", "filter", "INPUT", "ACCEPT", "3/4"), Not(_VIEW)),
                program="""\
rule = "-p icmp --icmp-type fragmentation-needed -j ACCEPT"
lab.container("eagle").exec(f"iptables -A INPUT {rule}")
""",
            ),
            Mistake(
                says="The page comes, and so do pings: eagle answers again. One kind of message was needed.",
                when=(Reaches("goat", "eagle"),),
                program='lab.container("eagle").exec("iptables -F INPUT")',
            ),
            Mistake(
                says=(
                    "That lets in another message of ICMP. The one that says how big a packet may be has "
                    "a type and a code of its own."
                ),
                when=(
                    HasRule("eagle", "filter", "INPUT", "ACCEPT", "icmp"),
                    Not(HasRule("eagle", "filter", "INPUT", "ACCEPT", "3/4")),
                    Not(_VIEW),
                ),
                program="""\
rule = "-p icmp --icmp-type time-exceeded -j ACCEPT"
lab.container("eagle").exec(f"iptables -I INPUT {rule}")
""",
            ),
            Mistake(
                says=(
                    "The message ends at eagle, so it meets INPUT. FORWARD is for what a router passes "
                    "on, and eagle is none."
                ),
                when=(HasRule("eagle", "filter", "FORWARD", "ACCEPT", "icmp"), Not(_VIEW)),
                program="""\
rule = "-p icmp --icmp-type fragmentation-needed -j ACCEPT"
lab.container("eagle").exec(f"iptables -I FORWARD {rule}")
""",
            ),
        ),
        hints=(
            "Who tells eagle that its packets are too big, and what becomes of that message? Compare "
            "lab.trace(eagle, goat, size=1400) with the rules of eagle.",
            "A rule can ask for one type of ICMP: --icmp-type. Or it can ask whether a message is about "
            "a conversation that the kernel knows.",
            "It has to stand before the rule that drops: -I, not -A.",
        ),
        solution="""\
eagle = lab.container("eagle")
eagle.exec("iptables -I INPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT")
""",
        alternatives=(
            "!docker exec eagle iptables -I INPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT\n",
            """\
eagle = lab.container("eagle")
eagle.exec("iptables -I INPUT -m conntrack --ctstate RELATED -j ACCEPT")
""",
        ),
        why=(
            "Who does not want to be seen by pings can be so. What must not be thrown away is what the "
            "network says about your own packets."
        ),
    ),
)
