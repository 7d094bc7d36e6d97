"""Tickets of chapter 19 in which packets vanish: rules, neighbours, cables, sizes."""

from __future__ import annotations

from netbook.learn.exercise import Mistake
from netbook.learn.exercises.services import asks, network, page, routed, told, typed
from netbook.learn.goals.addresses import Asks, Has, Unique
from netbook.learn.goals.base import Not
from netbook.learn.goals.collateral import Carries
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.ports import Serves
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.rules import HasRule
from netbook.learn.goals.things import Replaced, Running
from netbook.learn.ticket import Question, Symptom, Ticket

_BREAD = Serves("gatehouse-client", "http://10.102.31.5/", "visitors")
_ALE = Serves("tavern-guest", "http://tavern-bar/", "ale")
_NAILS = Serves("smithy-app", "http://10.101.33.20/", "nails")
_BEER = Serves("brewery-app", "http://10.101.34.20/", "beer")
_CANAL = Serves("canal-client", "http://10.102.36.5/big", "barges")
_HONEY = Serves("convent-app", "http://convent-store/", "honey")

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
            Symptom("gatehouse-client", "ping -c 1 -W 1 -q 10.102.31.5"),
        ),
        word="timed out",
        cause="a rule on the way drops the packets",
        why_asked=Question(
            "gatehouse-client",
            "@gatehouse-server",
            80,
            "rule",
            "firewall of gatehouse-gate ends it, in FORWARD",
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
            "iptables -A INPUT -p tcp --dport 80 -j REJECT",
        ),
        symptoms=(asks("tavern-guest", "http://tavern-bar/"), asks("tavern-bar", "http://localhost/")),
        word="refused",
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
                when=(_ALE, Not(HasRule("tavern-bar", "filter", "INPUT", "REJECT", "--dport 8080 "))),
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
        solution=told("tavern-bar", "iptables -D INPUT -p tcp --dport 80 -j REJECT"),
        alternatives=(typed("tavern-bar", "iptables -D INPUT -p tcp --dport 80 -j REJECT"),),
        why=(
            "REJECT sends an ICMP message, which the asking kernel shows as *refused*. DROP would have been "
            "silent. Inside, by `lo`, the same rule stood in the way."
        ),
        met="users of ufw and firewalld: https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ),
    Ticket(
        id="19-smithy",
        title="One neighbour is dead, for one client",
        task=(
            "The smith writes: `smithy-app` gets nothing from `smithy-store`. Everybody else does, "
            "`smithy-other` for one.\n\n"
            "Make `smithy-app` get the page `nails` from http://10.101.33.20/, so that it finds "
            "10.101.33.20 by "
            "asking, without an entry made by hand. `smithy-app`, `smithy-store` and `smithy-other` "
            "run on, as "
            "the containers of the start."
        ),
        start=network("smithy", 33)
        + page("smithy-store", "nails", 'network="smithy", ip="10.101.33.20"')
        + 'lab.run("smithy-app", network="smithy", cap_add="NET_ADMIN")\nlab.run("smithy-other", network="smithy")\n',
        fault=told("smithy-app", "arp -s 10.101.33.20 02:00:00:00:00:99"),
        symptoms=(asks("smithy-app", "http://10.101.33.20/"), asks("smithy-other", "http://10.101.33.20/")),
        word="timed out",
        cause="a wrong neighbour entry was written by hand",
        why_asked=Question("smithy-app", "@smithy-store", 80, "neighbour", "wrong static entry"),
        goals=(
            *(Running(f"smithy-{who}", same=True) for who in ("app", "store", "other")),
            Asks("smithy-app", "10.101.33.20"),
            _NAILS,
        ),
        mistakes=(
            Mistake(
                says=(
                    "The page comes, until the store gets another MAC address: you have written down the "
                    "new one."
                ),
                when=(Not(Asks("smithy-app", "10.101.33.20")), _NAILS),
                program='mac = lab.container("smithy-store").exec("cat /sys/class/net/eth0/address").stdout.strip()\n'
                'lab.container("smithy-app").exec(f"arp -s 10.101.33.20 {mac}")\n',
            ),
            Mistake(
                says="This app is another container. One entry was wrong in the old one.",
                when=(Replaced("smithy-app"),),
                program='lab.container("smithy-app").remove()\nlab.run("smithy-app", network="smithy")\n',
            ),
        ),
        hints=(
            "Where do the app and the other differ, as seen from the link? Ask both for their neighbours.",
            "An entry that is PERMANENT is neither doubted nor forgotten. Who wrote it can delete it.",
        ),
        solution=told("smithy-app", "arp -d 10.101.33.20"),
        alternatives=(typed("smithy-app", "arp -d 10.101.33.20"), 'lab.container("smithy-app").restart()\n'),
        why="A permanent entry led to a MAC address that nobody has. The frames left, and no one took them.",
        met="administrators who pin what will be replaced: https://man7.org/linux/man-pages/man7/arp.7.html",
    ),
    Ticket(
        id="19-brewery",
        title="Sometimes it is the wrong one who answers",
        task=(
            "The brewer writes: http://10.101.34.20/ is `brewery-store`. It was, until the new machine came. "
            "Docker sees nothing wrong.\n\n"
            "On `brewery` the address 10.101.34.20 shall be there once, at `brewery-store`, and "
            "`brewery-app` "
            "gets the page `beer` from http://10.101.34.20/. The new machine is `brewery-scale`: it "
            "runs on, on "
            "`brewery`, and `brewery-app` reaches it by its own address 10.101.34.30. All are the "
            "containers of "
            "the start."
        ),
        start=network("brewery", 34)
        + page("brewery-store", "beer", 'network="brewery", ip="10.101.34.20", cap_add="NET_ADMIN"')
        + page("brewery-scale", "grams", 'network="brewery", ip="10.101.34.30", cap_add="NET_ADMIN"')
        + 'lab.run("brewery-app", network="brewery")\n',
        fault=told(
            "brewery-scale", "ip addr add 10.101.34.20/24 dev eth0", "arping -q -c 1 -U -I eth0 10.101.34.20"
        ),
        symptoms=(
            asks("brewery-app", "http://10.101.34.20/"),
            Symptom("brewery-app", "arping -c 2 -w 2 -I eth0 10.101.34.20"),
        ),
        word="wrong answer",
        cause="one address is there twice",
        why_asked=Question("brewery-app", "@brewery-store", 80, "address", "10.101.34.20 is there twice"),
        goals=(
            *(Running(f"brewery-{who}", same=True) for who in ("app", "store", "scale")),
            On("brewery-scale", "brewery"),
            Unique("brewery", "10.101.34.20"),
            Has("brewery-store", "10.101.34.20"),
            Has("brewery-scale", "10.101.34.30"),
            Reaches("brewery-app", "brewery-scale"),
            _BEER,
        ),
        mistakes=(
            Mistake(
                says="The address is there once, at the wrong one of the two.",
                when=(Unique("brewery", "10.101.34.20"), Has("brewery-scale", "10.101.34.20")),
                program=told("brewery-store", "ip addr del 10.101.34.20/24 dev eth0"),
            ),
            Mistake(
                says="The scale is off the network. It had an address of its own there, which it may keep.",
                when=(OnlyOn("brewery-scale"),),
                program='lab.network("brewery").disconnect(lab.container("brewery-scale"))\n',
            ),
        ),
        hints=(
            "Ask on the link who has the address: how many answer?",
            "What Docker has given, and what an interface has, are two lists. Compare them.",
        ),
        solution=told("brewery-scale", "ip addr del 10.101.34.20/24 dev eth0"),
        alternatives=(
            typed("brewery-scale", "ip addr del 10.101.34.20/24 dev eth0"),
            'lab.container("brewery-scale").restart()\n',
        ),
        why=(
            "Two interfaces had one address, of which Docker had given only one. Who asks by ARP takes the "
            "first who answers, and keeps it for a while: so it came and went."
        ),
        met=(
            "users of macvlan whose DHCP server gives the same range: "
            "https://github.com/moby/libnetwork/issues/2249"
        ),
    ),
    Ticket(
        id="19-attic",
        title="Attached, and silent",
        task=(
            "The caretaker writes: `docker inspect` shows `attic-box` on `attic`, with its address. Nobody "
            "reaches it.\n\n"
            "Make `attic-app` get the page `dust` from http://attic-box/. Both are on `attic`, and run "
            "on, as "
            "the containers of the start."
        ),
        start=network("attic", 35)
        + page("attic-box", "dust", 'network="attic", cap_add="NET_ADMIN"')
        + 'lab.run("attic-app", network="attic")\n',
        fault=told("attic-box", "ip link set eth0 down"),
        symptoms=(Symptom("attic-app", "wget -q -O - http://attic-box/"),),
        word="no route to host",
        cause="the interface is down, though Docker's record is in order",
        why_asked=Question("attic-app", "@attic-box", 80, "cable", "eth0 of attic-box is down"),
        goals=(
            Running("attic-app", same=True),
            Running("attic-box", same=True),
            On("attic-app", "attic"),
            On("attic-box", "attic"),
            Serves("attic-app", "http://attic-box/", "dust"),
        ),
        mistakes=(
            Mistake(
                says="The box is off its network. The cable was there; it was dead.",
                when=(OnlyOn("attic-box"),),
                program='lab.network("attic").disconnect(lab.container("attic-box"))\n',
            ),
            Mistake(
                says="This box is another container. The old one had one interface that was down.",
                when=(Replaced("attic-box"),),
                program='lab.container("attic-box").remove()\n'
                + page("attic-box", "dust", 'network="attic"'),
            ),
        ),
        hints=(
            "The name is known, for Docker tells what it has written down. Is the interface UP?",
            "Look into the box: `ip addr`. What does its second line lack?",
        ),
        solution=told("attic-box", "ip link set eth0 up"),
        alternatives=(typed("attic-box", "ip link set eth0 up"), 'lab.container("attic-box").restart()\n'),
        why=(
            "`docker inspect` tells what Docker has done, not what is. The interface was down, so nobody "
            "answered for the address: no route to host, after three seconds."
        ),
        met="users whose cables lost their bridge: https://github.com/moby/moby/issues/26492",
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
        word="timed out",
        cause="a narrow link, and the message that would say so is dropped",
        why_asked=Question("canal-client", "@canal-server", 80, "big", "MTU of 1000 at eth0 of canal-gate"),
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
    Ticket(
        id="19-convent",
        title="On one network, and strangers",
        task=(
            "The abbess writes: `convent-app` and `convent-store` are on one network. The name is known. Not "
            "even a ping is answered. The network was made with some option, by a security guide.\n\n"
            "Make `convent-app` get the page `honey` from http://convent-store/. `convent-guest`, who is on "
            "`convent`, too, does still not reach `convent-store`. All three run on, as the containers "
            "of the "
            "start."
        ),
        start='wall = {"com.docker.network.bridge.enable_icc": "false"}\n'
        + network("convent", 37, ", options=wall")
        + page("convent-store", "honey", 'network="convent"')
        + 'lab.run_many(["convent-app", "convent-guest"], network="convent")\n',
        fault="",
        symptoms=(
            asks("convent-app", "http://convent-store/"),
            Symptom("convent-app", "ping -c 1 -W 1 -q convent-store"),
        ),
        word="timed out",
        cause="the network keeps its containers apart: enable_icc is false",
        why_asked=Question("convent-app", "@convent-store", 80, "rule", "convent"),
        goals=(
            *(Running(f"convent-{who}", same=True) for who in ("app", "store", "guest")),
            On("convent-guest", "convent"),
            Reaches("convent-app", "convent-store"),
            NotReaches("convent-guest", "convent-store", control="convent-app"),
            _HONEY,
        ),
        mistakes=(
            Mistake(
                says="All three are on a new network, and the guest has come along.",
                when=(On("convent-guest", "convent-own"), On("convent-app", "convent-own")),
                program=network("convent-own", 38)
                + """\
for who in ("app", "store", "guest"):
    lab.network("convent-own").connect(lab.container(f"convent-{who}"))
""",
            ),
            Mistake(
                says="The store is gone from the network, and has nobody at all now.",
                when=(OnlyOn("convent-store"),),
                program='lab.network("convent").disconnect(lab.container("convent-store"))\n',
            ),
        ),
        hints=(
            "What does `docker network inspect` say under Options?",
            (
                "On that network nobody talks to anybody. Two who shall talk need another one, and leave "
                "the first."
            ),
        ),
        solution=network("convent-own", 38)
        + """\
for who in ("app", "store"):
    lab.network("convent-own").connect(lab.container(f"convent-{who}"))
    lab.network("convent").disconnect(lab.container(f"convent-{who}"))
""",
        alternatives=(
            "!docker network create --subnet 10.101.38.0/24 convent-own\n"
            + "".join(
                f"!docker network connect convent-own convent-{who}\n!docker network disconnect convent "
                f"convent-{who}\n"
                for who in ("app", "store")
            ),
        ),
        why=(
            "`enable_icc=false` writes a rule that drops what goes from one port of the bridge to another. "
            "Names go by the host, so they still work."
        ),
        met="readers of hardening guides: https://docs.docker.com/engine/network/drivers/bridge/#options",
    ),
)
