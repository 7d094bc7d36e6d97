"""Exercises of chapter 14: paths that lose what is big, and a neighbour who is gone."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.addresses import Asks, Has
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries
from netbook.learn.goals.links import OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.rules import HasRule
from netbook.learn.goals.things import Replaced, Running

ROUTED = """\
# the engine's rules and its NAT shall leave alone what a router of ours passes on
given = {
    "com.docker.network.bridge.gateway_mode_ipv4": "routed",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}
forward = {"net.ipv4.ip_forward": 1, "net.ipv4.icmp_ratelimit": 0}
"""
_CLAMP = "-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"
_SONGS = Serves("oyster", "http://10.94.12.5/big", "songs of the deep")
_WOOL = Serves("shepherd", "http://10.94.15.5/", "wool")

EXERCISES = (
    Exercise(
        id="14-strait",
        title="A strait that keeps silent",
        task=(
            "`oyster` (10.94.11.3, on `lagoon`) reads pages of `whale` (10.94.12.5, on `ocean`). "
            "`strait` is the router between them. The page http://10.94.12.5/small comes, and every ping "
            "is answered; the big page http://10.94.12.5/big hangs.\n\n"
            "Make `oyster` get the page `songs of the deep` from http://10.94.12.5/big, by changing "
            "`strait` and nothing else, and no MTU: on `lagoon` that of `strait` stays 1300, for its "
            "link carries no more, and that of `oyster` stays 1500; on `ocean` that of `whale` stays "
            "1500. `oyster`, `strait` and `whale` run on, as the containers of the start. (`strait` has "
            "the program `iptables`, and the capability NET_ADMIN.)"
        ),
        start=ROUTED
        + """\
lab.create_network("lagoon", subnet="10.94.11.0/24", options=given)
lab.create_network("ocean", subnet="10.94.12.0/24", options=given)
strait = lab.run("strait", image="netbook-iptables", network="lagoon", ip="10.94.11.9",
                 cap_add="NET_ADMIN", sysctl=forward)
lab.network("ocean").connect(strait, ip="10.94.12.9")
strait.exec("ip link set eth0 mtu 1300")
strait.exec("iptables -A OUTPUT -p icmp -j DROP")
oyster = lab.run("oyster", network="lagoon", ip="10.94.11.3", cap_add="NET_ADMIN")
oyster.exec("ip route add 10.94.12.0/24 via 10.94.11.9")
whale = lab.run("whale", network="ocean", ip="10.94.12.5", cap_add="NET_ADMIN")
whale.exec("ip route add 10.94.11.0/24 via 10.94.12.9")
song = "echo songs of the deep > big; head -c 20000 /dev/zero | tr '\\\\0' 0 >> big"
whale.exec("sh", "-c", f"echo a song > small; {song}; httpd")
""",
        goals=(
            Running("oyster", same=True),
            Running("strait", same=True),
            Running("whale", same=True),
            _SONGS,
            Carries("strait", "lagoon", 1300),
            Carries("oyster", "lagoon", 1500),
            Carries("whale", "ocean", 1500),
        ),
        mistakes=(
            Mistake(
                says=(
                    "strait corrects the MSS of what it sends itself. The SYN of oyster is no such "
                    "packet: it is passed on, and meets another chain."
                ),
                when=(HasRule("strait", "mangle", "OUTPUT", "TCPMSS"), Not(_SONGS)),
                program=f'lab.container("strait").exec("iptables -t mangle -A OUTPUT {_CLAMP}")',
                mended=True,
            ),
            Mistake(
                says=(
                    "strait lets messages come in, or passes them on. But it is strait itself who would "
                    "have to send this one."
                ),
                when=(HasRule("strait", "filter", "INPUT", "ACCEPT", "icmp"), Not(_SONGS)),
                program='lab.container("strait").exec("iptables -I INPUT -p icmp -j ACCEPT")',
            ),
            Mistake(
                says=(
                    "The chain is right, and the rule comes too late: the one before it has dropped the "
                    "message already."
                ),
                when=(HasRule("strait", "filter", "OUTPUT", "ACCEPT", "icmp"), Not(_SONGS)),
                program="""\
rule = "-p icmp --icmp-type fragmentation-needed -j ACCEPT"
lab.container("strait").exec(f"iptables -A OUTPUT {rule}")
""",
            ),
            Mistake(
                says=(
                    "The page comes, since strait believes in a link that carries 1500 bytes. The real "
                    "one does not: the MTU was to stay as it is."
                ),
                when=(Not(Carries("strait", "lagoon", 1300)),),
                program='lab.container("strait").exec("ip link set eth0 mtu 1500")',
            ),
        ),
        hints=(
            "How big is the largest packet that gets from whale to oyster, and who should tell whale so? "
            "Read the rules of strait, with iptables-save.",
            "There are two ways: strait may speak again, or whale may be asked for smaller packets from "
            "the first one on.",
            "What strait sends itself meets OUTPUT, what it passes on meets FORWARD. The first rule that "
            "fits decides.",
        ),
        solution=f"""\
strait = lab.container("strait")
strait.exec("iptables -t mangle -A FORWARD {_CLAMP}")
""",
        alternatives=(
            "!docker exec strait iptables -I OUTPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT\n",
            'lab.container("strait").exec("iptables -F OUTPUT")\n',
        ),
        why=(
            "A router that may not complain makes a black hole of every link that is narrower than its "
            "neighbours. Clamping hides the hole from TCP; to let the message out mends it for all."
        ),
        met=(
            "users of Docker in clouds whose networks carry less than 1500 bytes, where pages began and "
            "hung: https://github.com/moby/moby/issues/22028"
        ),
    ),
    Exercise(
        id="14-moved",
        title="The neighbour has moved",
        task=(
            "`shepherd` (10.94.15.3) and `flock` (10.94.15.5) are on `moor`, and on no other network. "
            "`flock` serves a page, http://10.94.15.5/, and `shepherd` gets no answer, not even to a "
            "ping, though nothing is stopped and no rule drops anything. Last year somebody wrote down "
            "in `shepherd` at which MAC address `flock` is. Since then it has got another one.\n\n"
            "Make `shepherd` get the page `wool` from http://10.94.15.5/ again, and so that it lasts: "
            "`shepherd` finds 10.94.15.5 by asking, without an entry made by hand. `flock` keeps the "
            "address 10.94.15.5; both run on, as the containers of the start."
        ),
        start="""\
lab.create_network("moor", subnet="10.94.15.0/24")
flock = lab.run("flock", network="moor", ip="10.94.15.5")
flock.exec("sh", "-c", "echo wool > index.html; httpd")
shepherd = lab.run("shepherd", network="moor", ip="10.94.15.3", cap_add="NET_ADMIN")
shepherd.exec("arp -s 10.94.15.5 02:00:00:00:00:0f")
""",
        goals=(
            Running("shepherd", same=True),
            Running("flock", same=True),
            OnlyOn("shepherd", ("moor",)),
            OnlyOn("flock", ("moor",)),
            Has("flock", "10.94.15.5"),
            Asks("shepherd", "10.94.15.5"),
            _WOOL,
        ),
        mistakes=(
            Mistake(
                says=(
                    "The page comes, until flock gets another MAC address once more: you have written "
                    "down the new one. The kernel would ask by itself, if nobody told it."
                ),
                when=(Not(Asks("shepherd", "10.94.15.5")), _WOOL),
                program="""\
mac = lab.container("flock").exec("cat /sys/class/net/eth0/address").stdout.strip()
lab.container("shepherd").exec(f"arp -s 10.94.15.5 {mac}")
""",
            ),
            Mistake(
                says=(
                    "flock has another address now, of which nothing was written down. The page was to "
                    "come from the old one."
                ),
                when=(Running("flock"), Not(Has("flock", "10.94.15.5"))),
                program="""\
moor = lab.network("moor")
moor.disconnect(lab.container("flock"))
moor.connect(lab.container("flock"), ip="10.94.15.6")
""",
            ),
            Mistake(
                says=(
                    "This shepherd is another container. It has no old entry, and has also lost whatever "
                    "the first one had. One entry was wrong."
                ),
                when=(Replaced("shepherd"),),
                program="""\
lab.container("shepherd").remove()
lab.run("shepherd", network="moor", ip="10.94.15.3", cap_add="NET_ADMIN")
""",
            ),
        ),
        hints=(
            "Whom does shepherd know on the link, and which state has the entry? Ask for its neighbours.",
            "A PERMANENT entry is not changed by any answer, and `ip neigh flush` leaves it alone.",
            "The program that wrote it can delete it. It is arp, with another letter.",
        ),
        solution="""\
shepherd = lab.container("shepherd")
shepherd.exec("arp -d 10.94.15.5")
""",
        alternatives=(
            "!docker exec shepherd arp -d 10.94.15.5\n",
            'lab.container("shepherd").restart()\n',
        ),
        why=(
            "An entry by hand is a note that nobody updates. What the kernel learns by itself it also "
            "doubts, and asks again."
        ),
    ),
)
