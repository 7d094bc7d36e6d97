"""Exercises of chapter 10, the rules: one that remembers conversations, in a router made of a container."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.exercises.chapter_10 import ROUTED
from netbook.learn.goals.base import Not
from netbook.learn.goals.ports import NoPage, Serves
from netbook.learn.goals.rules import Decides, HasRule
from netbook.learn.goals.things import Running

EXERCISES = (
    Exercise(
        id="10-oneway",
        title="A door that opens from one side",
        task=(
            "`tenant` is on `attic`, 10.91.25.0/24, at 10.91.25.5. `hawker` is on `street`, 10.91.26.0/24, "
            "at 10.91.26.5. Each has a route to the other by way of `doorman`, which lets everything "
            "through. Both serve a page, and each reads the page of the other. `boarder`, on `attic` too, "
            "reads tenant's.\n\n"
            "Write rules in `doorman`, so that only `attic` begins conversations: `tenant` still gets the "
            "page `news from the street` from http://10.91.26.5/, and `hawker` gets no page from "
            "http://10.91.25.5/. `tenant`, `boarder`, `hawker` and `doorman` run on, as the containers of "
            "the start."
        ),
        start=ROUTED
        + """\
lab.create_network("attic", subnet="10.91.25.0/24", options=given)
lab.create_network("street", subnet="10.91.26.0/24", options=given)
doorman = lab.run("doorman", image="netbook-iptables", network="attic", ip="10.91.25.9",
                  cap_add="NET_ADMIN", sysctl={"net.ipv4.ip_forward": 1})
lab.network("street").connect(doorman, ip="10.91.26.9")
lab.run("boarder", network="attic", ip="10.91.25.6")
tenant = lab.run("tenant", network="attic", ip="10.91.25.5", cap_add="NET_ADMIN")
tenant.exec("ip route add 10.91.26.0/24 via 10.91.25.9")
tenant.exec("sh", "-c", "echo a diary > index.html; httpd")
hawker = lab.run("hawker", network="street", ip="10.91.26.5", cap_add="NET_ADMIN")
hawker.exec("ip route add 10.91.25.0/24 via 10.91.26.9")
hawker.exec("sh", "-c", "echo news from the street > index.html; httpd")
""",
        goals=(
            Running("doorman", same=True),
            Running("tenant", same=True),
            Running("boarder", same=True),
            Running("hawker", same=True),
            Serves("tenant", "http://10.91.26.5/", "news from the street"),
            NoPage("hawker", "http://10.91.25.5/", "boarder", "http://10.91.25.5/"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "You have closed the door to pings. A page comes by tcp, which this rule does not mean."
                ),
                when=(
                    HasRule("doorman", "filter", "FORWARD", "DROP", "icmp"),
                    Serves("hawker", "http://10.91.25.5/", "a diary"),
                ),
                program="""\
rule = "-s 10.91.26.0/24 -p icmp -j DROP"
lab.container("doorman").exec(f"iptables -A FORWARD {rule}")
""",
            ),
            Mistake(
                says=(
                    "The policy drops whatever no rule lets through, and that is also what comes back to "
                    "tenant. An answer belongs to a conversation that has begun; a rule can ask for that."
                ),
                when=(
                    Decides("doorman", "FORWARD", "DROP"),
                    Not(Serves("tenant", "http://10.91.26.5/", "news from the street")),
                ),
                program="""\
doorman = lab.container("doorman")
doorman.exec("iptables -A FORWARD -s 10.91.25.0/24 -j ACCEPT")
doorman.exec("iptables -P FORWARD DROP")
""",
            ),
            Mistake(
                says=(
                    "hawker gets in no more, and its answers to tenant do not either: they come from "
                    "street, too. An answer belongs to a conversation that has begun; a rule can ask for "
                    "that."
                ),
                when=(
                    HasRule("doorman", "filter", "FORWARD", "DROP"),
                    Not(Serves("tenant", "http://10.91.26.5/", "news from the street")),
                ),
                program='lab.container("doorman").exec("iptables -A FORWARD -s 10.91.26.0/24 -j DROP")',
            ),
        ),
        hints=(
            "Each conversation has packets in both directions. Who sends the first one?",
            "The kernel remembers conversations. A rule can ask for the state of one: NEW, ESTABLISHED. "
            "Docker's own rules have an example.",
            "Two rules will do: one lets through what belongs to a conversation, the next drops what comes "
            "from "
            "street. Their order counts.",
        ),
        solution="""\
doorman = lab.container("doorman")
doorman.exec("iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT")
doorman.exec("iptables -A FORWARD -s 10.91.26.0/24 -j DROP")
""",
        alternatives=(
            "!docker exec doorman iptables -A FORWARD -s 10.91.26.0/24 -m conntrack --ctstate NEW -j DROP\n",
        ),
        why=(
            "A firewall that remembers conversations is called stateful. Docker's rule about RELATED and "
            "ESTABLISHED is what brings answers from the world outside back into a container."
        ),
    ),
)
