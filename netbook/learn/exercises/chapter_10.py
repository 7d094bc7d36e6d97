"""Exercises of chapter 10, the rules: in routers made of containers, so that nobody's host is touched."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import NoPage, Serves
from netbook.learn.goals.routes import Routed
from netbook.learn.goals.rules import HasRule
from netbook.learn.goals.things import Running

ROUTED = """\
# without these options Docker 28 and later drop what comes to a container from beyond its own bridge
given = {
    "com.docker.network.bridge.gateway_mode_ipv4": "routed",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}
"""

EXERCISES = (
    Exercise(
        id="10-deny",
        title="A deny that denies nothing",
        task=(
            "`sentry` plays the host. It publishes a page of `strongbox`, as Docker would: what comes for "
            "port 8080 of its address 10.91.21.9 goes to port 80 of `strongbox`. `niece` (10.91.21.3) and "
            "`salesman` (10.91.21.4) can both read it. Somebody has already written a rule against that, "
            "in the chain `INPUT`: tcp, port 8080, drop. It has dropped nothing.\n\n"
            "Close the port to one of the two, by a rule in `sentry`: `salesman` gets no page from "
            "http://10.91.21.9:8080/, and `niece` still gets the page `the inventory` from there. "
            "`salesman` stays on `avenue` and nowhere else; `sentry`, `strongbox`, `niece` and `salesman` "
            "run on, as the containers of the start. (`sentry` has the program `iptables`, and the "
            "capability NET_ADMIN.)"
        ),
        start="""\
lab.create_network("avenue", subnet="10.91.21.0/24")
lab.create_network("cellar", subnet="10.91.22.0/24")
strongbox = lab.run("strongbox", network="cellar", ip="10.91.22.5")
strongbox.exec("sh", "-c", "echo the inventory > index.html; httpd")
lab.run("niece", network="avenue", ip="10.91.21.3")
lab.run("salesman", network="avenue", ip="10.91.21.4")
sentry = lab.run("sentry", image="netbook-iptables", network="avenue", ip="10.91.21.9",
                 cap_add="NET_ADMIN", sysctl={"net.ipv4.ip_forward": 1})
lab.network("cellar").connect(sentry, ip="10.91.22.9")
nat = "iptables -t nat -A"
sentry.exec(f"{nat} PREROUTING -d 10.91.21.9 -p tcp --dport 8080 -j DNAT --to-destination 10.91.22.5:80")
sentry.exec(f"{nat} POSTROUTING -d 10.91.22.0/24 -j MASQUERADE")
sentry.exec("iptables -A FORWARD -d 10.91.22.5 -p tcp --dport 80 -j ACCEPT")
sentry.exec("iptables -A INPUT -p tcp --dport 8080 -j DROP")
""",
        goals=(
            Running("sentry", same=True),
            Running("strongbox", same=True),
            Running("niece", same=True),
            Running("salesman", same=True),
            OnlyOn("salesman", ("avenue",)),
            Serves("niece", "http://10.91.21.9:8080/", "the inventory"),
            NoPage("salesman", "http://10.91.21.9:8080/", "niece", "http://10.91.21.9:8080/"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "Your rule is in INPUT, which is for what ends at sentry itself. The address was "
                    "rewritten before, so this packet is for strongbox, and passes sentry by another chain."
                ),
                when=(
                    HasRule("sentry", "filter", "INPUT", "DROP", "10.91.21.4"),
                    Serves("salesman", "http://10.91.21.9:8080/", "the inventory"),
                ),
                program='lab.container("sentry").exec("iptables -I INPUT -s 10.91.21.4 -j DROP")',
                mended=True,
            ),
            Mistake(
                says=(
                    "The chain is right, and the port is not: when a packet comes to FORWARD, its target "
                    "has been rewritten, the port included."
                ),
                when=(
                    HasRule("sentry", "filter", "FORWARD", "DROP", "dport 8080"),
                    Serves("salesman", "http://10.91.21.9:8080/", "the inventory"),
                ),
                program="""\
rule = "-s 10.91.21.4 -p tcp --dport 8080 -j DROP"
lab.container("sentry").exec(f"iptables -I FORWARD {rule}")
""",
            ),
            Mistake(
                says=(
                    "The chain is right, and the rule comes too late: an earlier one has let the packet "
                    "through. The first rule that fits decides."
                ),
                when=(
                    HasRule("sentry", "filter", "FORWARD", "DROP"),
                    Serves("salesman", "http://10.91.21.9:8080/", "the inventory"),
                ),
                program='lab.container("sentry").exec("iptables -A FORWARD -s 10.91.21.4 -j DROP")',
            ),
            Mistake(
                says=(
                    "Now nobody gets the page, niece included. Only one of the two was to be kept out: a "
                    "rule can ask where a packet comes from."
                ),
                when=(
                    HasRule("sentry", "filter", "FORWARD", "DROP"),
                    Not(Serves("niece", "http://10.91.21.9:8080/", "the inventory")),
                ),
                program='lab.container("sentry").exec("iptables -I FORWARD -d 10.91.22.5 -j DROP")',
            ),
        ),
        hints=(
            "Which chain does the packet meet, once it is for strongbox? Read the rules with their "
            "counters in "
            "sentry: iptables-save -c.",
            "The first rule that fits decides. With -A a rule becomes the last of a chain; which letter "
            "makes "
            "it the first?",
            "A rule needs three things: the chain, whom it is about, and what becomes of the packet.",
        ),
        solution="""\
sentry = lab.container("sentry")
sentry.exec("iptables -I FORWARD -s 10.91.21.4 -j DROP")
""",
        alternatives=(
            "!docker exec sentry iptables -I FORWARD -s 10.91.21.4 -j DROP\n",
            """\
sentry = lab.container("sentry")
sentry.exec("iptables -t raw -A PREROUTING -s 10.91.21.4 -p tcp --dport 8080 -j DROP")
""",
        ),
        why=(
            "This is why a firewall program that writes into INPUT does not close a published port. On a "
            "real host the place for such a rule is DOCKER-USER, which FORWARD asks first."
        ),
        met=(
            "users of ufw whose published ports stayed open, and who asked Docker to respect it: "
            "https://github.com/moby/moby/issues/4737"
        ),
    ),
    Exercise(
        id="10-disguise",
        title="Nobody knows the island",
        task=(
            "`islander` is on `island`, 10.91.24.0/24, and has a route to `harbour`, 10.91.23.0/24, by way "
            "of `barge`, which is on both and forwards. `customs` on `harbour` has a route back. It writes "
            "down who comes: its page, http://10.91.23.5/cgi-bin/who, tells everybody by which address it "
            "knows them, and to `islander` it says `you are 10.91.24.3`.\n\n"
            "Make `barge` masquerade, as a host does for its bridges, so that `islander` gets the page "
            "`you are 10.91.23.9` from http://10.91.23.5/cgi-bin/who. `islander` stays on `island` and "
            "nowhere else. `islander`, `barge` and `customs` run on, as the containers of the start."
        ),
        start=ROUTED
        + """\
lab.create_network("harbour", subnet="10.91.23.0/24", options=given)
lab.create_network("island", subnet="10.91.24.0/24", options=given)
customs = lab.run("customs", network="harbour", ip="10.91.23.5", cap_add="NET_ADMIN")
customs.exec("ip route add 10.91.24.0/24 via 10.91.23.9")
page = "printf '%s\\\\n' '#!/bin/sh' 'echo; echo you are $REMOTE_ADDR' > /cgi-bin/who"
customs.exec("sh", "-c", f"mkdir -p /cgi-bin; {page}; chmod +x /cgi-bin/who; httpd -h / -p 10.91.23.5:80")
barge = lab.run("barge", image="netbook-iptables", network="harbour", ip="10.91.23.9",
                cap_add="NET_ADMIN", sysctl={"net.ipv4.ip_forward": 1})
lab.network("island").connect(barge, ip="10.91.24.9")
islander = lab.run("islander", network="island", ip="10.91.24.3", cap_add="NET_ADMIN")
islander.exec("ip route add 10.91.23.0/24 via 10.91.24.9")
""",
        goals=(
            Running("islander", same=True),
            Running("barge", same=True),
            Running("customs", same=True),
            OnlyOn("islander", ("island",)),
            Serves("islander", "http://10.91.23.5/cgi-bin/who", "you are 10.91.23.9"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "customs has lost its route to island, and so islander gets no answer at all. Not to "
                    "know the way is no disguise; it is the address in the packet that has to change."
                ),
                when=(Running("customs"), Not(Routed("customs", "10.91.24.0/24"))),
                program='lab.container("customs").exec("ip route del 10.91.24.0/24")',
            ),
            Mistake(
                says=(
                    "islander is on harbour itself now, and needs no barge. The way was to lead through "
                    "barge, under its address."
                ),
                when=(On("islander", "harbour"),),
                program='lab.run("islander", network="harbour")',
            ),
            Mistake(
                says=(
                    "barge masquerades, and not what it should: what goes from island to harbour does not "
                    "fit the rule. It is asked when a packet leaves, and can ask where it comes from."
                ),
                when=(
                    HasRule("barge", "nat", "POSTROUTING", "MASQUERADE"),
                    Not(Serves("islander", "http://10.91.23.5/cgi-bin/who", "you are 10.91.23.9")),
                ),
                program="""\
barge = lab.container("barge")
barge.exec("iptables -t nat -A POSTROUTING -d 10.91.24.0/24 -j MASQUERADE")
""",
            ),
        ),
        hints=(
            "Whose address stands in what customs gets? Somebody on the way has to put in another.",
            "Docker writes a rule of this kind for each network, into the table nat of the host.",
            "The chain is the one that a packet meets last. The condition is the subnet it comes from; the "
            "target is MASQUERADE.",
        ),
        solution="""\
barge = lab.container("barge")
barge.exec("iptables -t nat -A POSTROUTING -s 10.91.24.0/24 -j MASQUERADE")
""",
        alternatives=(
            "!docker exec barge iptables -t nat -A POSTROUTING -s 10.91.24.0/24 -j MASQUERADE\n",
            """\
barge = lab.container("barge")
barge.exec("iptables -t nat -A POSTROUTING -d 10.91.23.0/24 -j SNAT --to-source 10.91.23.9")
""",
        ),
        why=(
            "One rule, and nobody beyond sees the addresses within, or needs a route to them. The host "
            "does this for each network that has a way out; the price is that all containers look alike "
            "from outside."
        ),
    ),
)
