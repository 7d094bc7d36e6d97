"""Faults that no ticket has, and what is sound: a scene that serves all, and programs that break it.

Those of the tickets are with them: `why_asked` in netbook/learn/exercises. A fault here is a program that
makes it, and one that mends it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netbook import Lab
from netbook.learn.exercises.services import told
from netbook.learn.ticket import Question
from netbook.why.verdict import Why

Asked = tuple[str, str, int | str]  # source, target, port: as a Question has them


@dataclass(frozen=True)
class Fault:
    id: str
    ask: Question
    make: str = ""
    mend: str = ""
    night: bool = False  # a variation of another one


_WEB = (
    "mkdir -p /www; echo hello >/www/index.html; cd /www; httpd -p 80; httpd -p 127.0.0.1:81; exec sleep 9999"
)
_BACK = told("wy-db", "ip route add 10.97.64.0/24 via 10.97.60.250")
_UNPLUG = (  # on the host
    'get_ipython().system(f"docker run --rm --cap-add NET_ADMIN --network host busybox "\n'
    '                     f"ip link set {veth} nomaster")\n'
)

SCENE = f"""
six = {{"net.ipv6.conf.all.disable_ipv6": 0}}
# since 28 Docker lets nobody to a container by another bridge, be it by a router; here somebody shall come so
open = {{"com.docker.network.bridge.gateway_mode_ipv4": "nat-unprotected"}}
shop = lab.create_network("wy-shop", subnet="10.97.60.0/24", options=open)
yard = lab.create_network("wy-yard", subnet="10.97.61.0/24", internal=True)
wing = lab.create_network("wy-wing", subnet=["10.97.64.0/24", "fd97:64::/64"], ipv6=True, options=open)
lab.run("wy-app", network=shop, ip="10.97.60.5", cap_add="NET_ADMIN", image="netbook-iptables")
lab.run("wy-db", "sh", "-c", {_WEB!r}, network=shop, ip="10.97.60.200", alias="api", sysctl=six,
        cap_add="NET_ADMIN", image="netbook-iptables", publish="18480:80")
lab.run("wy-lone", cap_add="NET_ADMIN")
lab.run("wy-far", network=yard)
gate = lab.run("wy-gate", network=wing, ip="10.97.64.250", ip6="fd97:64::250", cap_add="NET_ADMIN",
               image="netbook-iptables", sysctl={{"net.ipv4.ip_forward": 1}})
shop.connect(gate, ip="10.97.60.250")
guest = lab.run("wy-guest", network=wing, ip="10.97.64.5", cap_add="NET_ADMIN")
guest.exec("ip route add 10.97.60.0/24 via 10.97.64.250")
{_BACK}"""

FAULTS = [
    Fault(
        "misspelt",
        Question("wy-app", "wy-bd", 80, "name", "nobody is called wy-bd .*did you mean wy-db"),
    ),
    Fault(
        "loopback-only",
        Question("wy-app", "@wy-db", 81, "listens", "listens on 127.0.0.1 only.*0.0.0.0"),
    ),
    Fault(
        "published-inside-only",
        Question("wy-lone", "172.17.0.1", 18480, "listens", "on 127.0.0.1:18480 only"),
    ),
    Fault(
        "netmask-there",
        Question("wy-app", "@wy-db", 0, "back", "wy-db has the netmask /25.*has /24"),
        told("wy-db", "ip addr del 10.97.60.200/24 dev eth0", "ip addr add 10.97.60.200/25 dev eth0"),
        'lab.container("wy-db").restart()\n' + _BACK,
        night=True,
    ),
    Fault(
        "policy",
        Question("wy-app", "10.97.60.200", 80, "rule", "the policy of OUTPUT: DROP"),
        told("wy-app", "iptables -P OUTPUT DROP"),
        told("wy-app", "iptables -P OUTPUT ACCEPT"),
        night=True,
    ),
    Fault(
        "dropped-udp",
        Question(
            "wy-app",
            "@wy-db",
            "5353/udp",
            "rule",
            "firewall of wy-db ends it, in INPUT: DROP, udp, port 5353",
        ),
        told("wy-db", "iptables -A INPUT -p udp --dport 5353 -j DROP"),
        told("wy-db", "iptables -F INPUT"),
    ),
    Fault(
        "dropped-ipv6",
        Question("wy-guest", "fd97:64::250", 0, "rule", "firewall of wy-gate ends it, in INPUT: DROP"),
        told("wy-gate", "ip6tables -A INPUT -p icmpv6 --icmpv6-type echo-request -j DROP"),
        told("wy-gate", "ip6tables -F INPUT"),
    ),
    Fault(
        "two-networks-by-address",
        Question("wy-app", "@wy-lone", 0, "rule", "Docker keeps its networks apart.*wy-shop wy-lone"),
    ),
    Fault(
        "into-an-internal-one",
        Question("wy-app", "@wy-far", 0, "rule", "wy-yard is internal.*connect wy-yard wy-app"),
    ),
    Fault(
        "nobody-has-it-any-more",
        Question("wy-app", "10.97.60.77", 80, "neighbour", "nobody has .*wy-db serves port 80"),
    ),
    Fault(
        "static-neighbour-there",
        Question("wy-app", "@wy-db", 80, "back", "wy-db has a wrong static entry.*ip neigh del 10.97.60.5"),
        told("wy-db", "arp -s 10.97.60.5 02:00:00:00:00:99"),
        told("wy-db", "arp -d 10.97.60.5"),
        night=True,
    ),
    Fault(
        "unplugged",
        Question("wy-app", "@wy-db", 80, "cable", "other end of eth0 of wy-app is plugged into no bridge"),
        'veth = lab.snapshot().box("wy-app").ports[0].peer\n' + _UNPLUG,
        'lab.container("wy-app").restart()',
    ),
    Fault(
        "another-way-out",
        Question("wy-guest", "@wy-db", 80, "rule", "on .*wy-aaa.* went by the gateway of wy-aaa"),
        told("wy-guest", "ip route del 10.97.60.0/24")
        + 'lab.create_network("wy-aaa", subnet="10.97.66.0/24")\n'
        'lab.network("wy-aaa").connect(lab.container("wy-guest"))\n'
        + told("wy-guest", "ip route replace default via 10.97.66.1"),
        'lab.container("wy-guest").restart()\n'
        'lab.network("wy-aaa").disconnect(lab.container("wy-guest"))\nlab.network("wy-aaa").remove()\n'
        + told("wy-guest", "ip route add 10.97.60.0/24 via 10.97.64.250"),
    ),
    Fault(
        "stopped",
        Question("wy-app", "@wy-lone", 0, "runs", "wy-lone does not run.*docker start wy-lone"),
        'lab.container("wy-lone").stop()',
        'lab.container("wy-lone").start()',
    ),
    Fault(
        "no-server",
        Question("wy-db", "@wy-app", 80, "listens", "nobody listens on port 80 of wy-app"),
    ),
]

SOUND: list[Asked] = [
    ("wy-app", "wy-db", 80),
    ("", "127.0.0.1", 18480),
    ("wy-guest", "@wy-db", 80),
    ("wy-app", "", 0),
]
SOUND_BY_NIGHT: list[Asked] = [
    ("wy-app", "@wy-db", 80),
    ("wy-app", "api", 80),
    ("wy-app", "api", 0),
    ("wy-app", "10.97.60.200", 80),
    ("wy-app", "wy-db", 0),
    ("wy-app", "wy-gate", 0),
    ("wy-app", "10.97.60.1", 0),
    ("wy-app", "172.17.0.1", 0),
    ("wy-app", "127.0.0.1", 0),
    ("wy-app", "@wy-app", 0),
    ("wy-db", "@wy-app", 0),
    ("wy-db", "wy-app", 0),
    ("wy-db", "localhost", 80),
    ("wy-db", "127.0.0.1", 81),
    ("wy-db", "wy-db", 80),
    ("wy-db", "@wy-db", 80),
    ("wy-db", "@wy-guest", 0),
    ("wy-guest", "@wy-db", 0),
    ("wy-guest", "wy-gate", 0),
    ("wy-guest", "10.97.60.200", 80),
    ("wy-guest", "fd97:64::250", 0),
    ("wy-gate", "wy-db", 80),
    ("wy-gate", "@wy-guest", 0),
    ("wy-lone", "172.17.0.1", 0),
    ("wy-lone", "", 0),
    ("wy-far", "", 0),
    ("", "@wy-db", 80),
    ("", "@wy-db", 0),
    ("", "@wy-far", 0),
    ("", "@wy-lone", 0),
    ("", "10.97.64.5", 0),
]


def asked(lab: Lab, source: str, target: str, port: int | str) -> Why:
    """`lab.why(…)`, as a Question writes its ends."""
    to = lab.container(target[1:]) if target.startswith("@") else target or lab.host
    return lab.why(source or lab.host, to, port=port)


def named(lab: Lab, question: Question) -> tuple[Why, str]:
    """What it says, and what is wrong with that; "" if it names the fault and shows it."""
    made = asked(lab, question.source, question.target, question.port)
    ok = [*made.table["ok"]]
    right = question.step in ("*", made.step) and re.search(question.says, repr(made)) and made.diagram.svg
    shown = not made.step or (made.remedy and {*ok[:-1]} <= {"yes", "no"} and ok[-1] == "no")
    broken = not made.step or "✗" in repr(made.diagram)
    return made, "" if right and shown and broken else f"{made!r}\n{made.table.to_string()}"
