"""Tickets of chapter 19 about walls: rules that drop, reject or keep apart, and sizes."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, pings, routed, told, typed
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.rules import HasRule
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_BREAD = Serves("gatehouse-client", "http://10.102.31.5/", "visitors")
_ALE = Serves("tavern-guest", "http://tavern-bar/", "ale")
_CANAL = Serves("canal-client", "http://10.102.36.5/big", "barges")

EXERCISES = (
    Ticket(
        id="19-gatehouse",
        title="The wall lets nobody through",
        task=(
            "The warden writes: I have closed telnet at `gatehouse-gate`, as I was told to. Since then "
            "`gatehouse-client` cannot read its pages either.\n\n"
            "Make `gatehouse-client` get the page `visitors` from http://10.102.31.5/. "
            "`gatehouse-gate` still "
            "drops what is for port 23. `gatehouse-client`, `gatehouse-gate` and `gatehouse-server` "
            "run on, as "
            "the containers of the start."
        ),
        start=routed("gatehouse", 31, "visitors"),
        fault=told(
            "gatehouse-gate",
            "iptables -A FORWARD -p tcp --dport 23 -j DROP",
            "iptables -A FORWARD -p tcp --dport 1:1023 -j DROP",
        ),
        symptoms=(
            asks("gatehouse-client", "http://10.102.31.5/"),
            pings("gatehouse-client", "10.102.31.5"),
        ),
        words=("timed out",),
        cause="a rule on the way drops the packets",
        why_asked=Question(
            "gatehouse-client",
            "@gatehouse-server",
            80,
            "rule",
            "firewall of gatehouse-gate ends it, in FORWARD.*-D FORWARD .*in gatehouse-gate",
        ),
        goals=(
            *(Running(f"gatehouse-{who}", same=True) for who in ("client", "gate", "server")),
            _BREAD,
            HasRule("gatehouse-gate", "filter", "FORWARD", "DROP", "--dport 23 "),
        ),
        mistakes=(
            Mistake(
                says="All rules are gone, and telnet is open again: one of them was wanted.",
                when=(_BREAD, Not(HasRule("gatehouse-gate", "filter", "FORWARD", "DROP", "--dport 23 "))),
                program=told("gatehouse-gate", "iptables -F FORWARD"),
            ),
            Mistake(
                says="Your rule comes too late: the first that fits decides, and one before it has.",
                when=(HasRule("gatehouse-gate", "filter", "FORWARD", "ACCEPT"), Not(_BREAD)),
                program=told("gatehouse-gate", "iptables -A FORWARD -p tcp --dport 80 -j ACCEPT"),
            ),
        ),
        hints=(
            "A ping comes through, and a page does not. What on the way tells them apart?",
            "Read the rules of the gate with `iptables-save`, and their counters with `-c`.",
        ),
        solution=told("gatehouse-gate", "iptables -D FORWARD -p tcp --dport 1:1023 -j DROP"),
        alternatives=(typed("gatehouse-gate", "iptables -I FORWARD 2 -p tcp --dport 80 -j ACCEPT"),),
        why=(
            "One rule too many dropped all low ports. What is dropped is silent, so the client waits: a "
            "wall, not a no."
        ),
        met=(
            "administrators of every firewall: "
            "https://docs.docker.com/engine/network/packet-filtering-firewalls/"
        ),
    ),
    Ticket(
        id="19-tavern",
        title="Refused, and somebody listens",
        task=(
            "The landlord writes: `tavern-bar` listens on port 80, on all addresses, `netstat` says so. "
            "`tavern-guest` is refused, at once.\n\n"
            "Make `tavern-guest` get the page `ale` from http://tavern-bar/. `tavern-bar` still "
            "rejects what is "
            "for port 8080. Both run on, as the containers of the start."
        ),
        start=network("tavern", 32)
        + page("tavern-bar", "ale", 'network="tavern", image="netbook-iptables", cap_add="NET_ADMIN"')
        + 'lab.run("tavern-guest", network="tavern")\n',
        fault=told(
            "tavern-bar",
            "iptables -A INPUT -p tcp --dport 8080 -j REJECT",
            "iptables -A INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset",
        ),
        symptoms=(asks("tavern-guest", "http://tavern-bar/"), asks("tavern-bar", "http://localhost/")),
        words=("refused",),
        cause="a rule rejects, and that looks as if nobody listened",
        why_asked=Question(
            "tavern-guest", "tavern-bar", 80, "rule", "firewall of tavern-bar ends it, in INPUT: REJECT"
        ),
        goals=(
            Running("tavern-guest", same=True),
            Running("tavern-bar", same=True),
            _ALE,
            HasRule("tavern-bar", "filter", "INPUT", "REJECT", "--dport 8080 "),
        ),
        mistakes=(
            Mistake(
                says="The house has no rules at all any more. One of them was wanted.",
                when=(
                    Running("tavern-bar", same=True),
                    _ALE,
                    Not(HasRule("tavern-bar", "filter", "INPUT", "REJECT", "--dport 8080 ")),
                ),
                program=told("tavern-bar", "iptables -F INPUT"),
            ),
            Mistake(
                says="This bar is another container. The old one needed one rule less.",
                when=(Replaced("tavern-bar"),),
                program='lab.container("tavern-bar").remove()\n'
                + page("tavern-bar", "ale", 'network="tavern"'),
            ),
        ),
        hints=(
            "Two can refuse: a kernel whose port nobody has, and a rule that says no politely.",
            "Read the rules of the bar with `iptables-save`.",
        ),
        solution=told("tavern-bar", "iptables -D INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset"),
        alternatives=(
            typed("tavern-bar", "iptables -D INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset"),
        ),
        why=(
            "REJECT answers for the server, here with a reset, as a kernel does whose port nobody has. DROP "
            "would have been silent. Inside, by `lo`, the same rule stood in the way."
        ),
        met="users of ufw and firewalld: https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ),
    Ticket(
        id="19-canal",
        title="The small page comes, the big one hangs",
        task=(
            "The lock keeper writes: everything answers. Small boats pass. The big page hangs, and no "
            "log says "
            "a word.\n\n"
            "Make `canal-client` get the page `barges` from http://10.102.36.5/big. `canal-gate` keeps "
            "the MTU "
            "of 1000 on `canal-here`, for its link carries no more. `canal-client`, `canal-gate` and "
            "`canal-server` run on, as the containers of the start."
        ),
        start=routed("canal", 36, "boats")
        + told("canal-server", "sh -c \"(echo barges; head -c 20000 /dev/zero | tr '\\\\0' 0) > big\""),
        fault=told("canal-gate", "iptables -A OUTPUT -p icmp -j DROP", "ip link set eth0 mtu 1000"),
        symptoms=(
            asks("canal-client", "http://10.102.36.5/"),
            Symptom("canal-client", "timeout 1 wget -q -O /dev/null http://10.102.36.5/big"),
        ),
        words=("timed out",),
        cause="a narrow link, and the message that would say so is dropped",
        why_asked=Question("canal-client", "@canal-server", 80, "big", "1000 at eth0 of canal-gate.*no ICMP"),
        goals=(
            *(Running(f"canal-{who}", same=True) for who in ("client", "gate", "server")),
            _CANAL,
            Carries("canal-gate", "canal-here", 1000),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The page comes, since the gate believes in a link that carries 1500 bytes. The real "
                    "one does not."
                ),
                when=(Not(Carries("canal-gate", "canal-here", 1000)),),
                program=told("canal-gate", "ip link set eth0 mtu 1500"),
            ),
            Mistake(
                says="The gate hears more now. It is what the gate itself says that does not get out.",
                when=(HasRule("canal-gate", "filter", "INPUT", "ACCEPT"), Not(_CANAL)),
                program=told("canal-gate", "iptables -A INPUT -p icmp -j ACCEPT"),
            ),
        ),
        hints=(
            "Which size still comes through? Who would have to say that more does not?",
            "Chapter 14 has three mends: let the message out, clamp the MSS, or give an end the smaller MTU.",
        ),
        solution=told("canal-gate", "iptables -D OUTPUT -p icmp -j DROP"),
        alternatives=(
            typed("canal-client", "ip link set eth0 mtu 1000"),
            typed(
                "canal-gate",
                "iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
            ),
        ),
        why=(
            "Packets that were too big for the link were thrown away, and the message about it was dropped, "
            "too: a black hole for everything that fills a packet."
        ),
        met=(
            "users of tunnels and clouds with less than 1500 bytes: https://github.com/moby/moby/issues/22297"
        ),
    ),
)
