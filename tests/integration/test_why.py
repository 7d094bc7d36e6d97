"""lab.why on a real engine: every fault is made, named, and mended; and of what is sound nothing is said.

The faults are like those of the tickets, and variations. One lab serves all: a fault is a program that makes
it, and one that mends it again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.learn.program import play
from netbook.observer.errand import ROLE as ERRAND
from netbook.ownership import labels
from netbook.trace.capture import ROLE as CAPTURE
from netbook.why import walls
from netbook.why.verdict import Why
from tests.fixtures import takes
from tests.frame.day import is_night

_WEB = (
    "mkdir -p /www; echo hello >/www/index.html; cd /www; httpd -p 80; httpd -p 127.0.0.1:81; "
    "httpd -p 0.0.0.0:84; exec sleep 9999"
)
BACK = 'lab.container("wy-db").exec("ip route add 10.97.64.0/24 via 10.97.60.250")'


# By day each of these is named in its ticket (test_tickets.py); here by night, in one scene with the others.
TICKETS = {
    "01-default-bridge",
    "01-two-networks",
    "02-localhost",
    "03-loopback-published",
    "04-wrong-port",
    "05-no-default-route",
    "05-wrong-gateway",
    "06-netmask",
    "07-no-forwarding",
    "08-drop",
    "09-rules-of-dns",
    "10-alias-twice",
    "12-sidecar",
    "13-static-neighbour",
    "14-one-address-twice",
    "16-black-hole",
    "17-internal",
    "18-full",
    "19-localhost-is-six",
}


@dataclass(frozen=True)
class Fault:
    """`ask`: source, target, port; a container where a name begins with @; "" the host."""

    id: str
    make: str
    ask: tuple[str, str, int | str]
    step: str
    words: str  # of the sentence: a pattern
    mend: str = ""
    night: bool = False


def said(name: str, *commands: str) -> str:
    lines = "\n".join(f"here.exec({command!r})" for command in commands)
    return f'here = lab.container("{name}")\n{lines}\n'


def on_host(command: str) -> str:
    return f'get_ipython().system(f"docker run --rm --cap-add NET_ADMIN --network host busybox {command}")\n'


def gate(forward: int) -> str:
    """The router anew, which forwards or does not."""
    return f"""
gate = lab.run("wy-gate", network="wy-wing", ip="10.97.64.250", ip6="fd97:64::250", cap_add="NET_ADMIN",
               image="netbook-iptables", sysctl={{"net.ipv4.ip_forward": {forward}}})
lab.network("wy-shop").connect(gate, ip="10.97.60.250")
"""


_SCENE = f"""
six = {{"net.ipv6.conf.all.disable_ipv6": 0}}
# since 28 Docker lets nobody to a container by another bridge, be it by a router; here somebody shall come so
open = {{"com.docker.network.bridge.gateway_mode_ipv4": "nat-unprotected"}}
shop = lab.create_network("wy-shop", subnet="10.97.60.0/24", options=open)
yard = lab.create_network("wy-yard", subnet="10.97.61.0/24", internal=True)
wing = lab.create_network("wy-wing", subnet=["10.97.64.0/24", "fd97:64::/64"], ipv6=True, options=open)
lab.run("wy-app", network=shop, ip="10.97.60.5", cap_add="NET_ADMIN", image="netbook-iptables")
lab.run("wy-db", "sh", "-c", {_WEB!r}, network=shop, ip="10.97.60.200", alias="api", sysctl=six,
        cap_add="NET_ADMIN", image="netbook-iptables",
        publish=("18480:80", "18481:81", "18482:82", "18483:53"))
lab.run("wy-lone", cap_add="NET_ADMIN")
lab.run("wy-far", network=yard)
{gate(1)}
guest = lab.run("wy-guest", network=wing, ip="10.97.64.5", cap_add="NET_ADMIN")
guest.exec("ip route add 10.97.60.0/24 via 10.97.64.250")
lab.container("wy-db").exec("ip route add 10.97.64.0/24 via 10.97.60.250")
"""

FAULTS = [
    Fault(
        "01-default-bridge",
        "",
        ("wy-lone", "wy-db", 80),
        "name",
        "default bridge, where Docker tells no names",
    ),
    Fault(
        "01-two-networks",
        "",
        ("wy-far", "wy-db", 80),
        "name",
        "share no network .*network connect wy-shop wy-far",
    ),
    Fault("01-misspelt", "", ("wy-app", "wy-bd", 80), "name", "nobody is called wy-bd .*did you mean wy-db"),
    Fault(
        "02-localhost", "", ("wy-app", "localhost", 80), "listens", "localhost is wy-app itself.*wy-db serves"
    ),
    Fault(
        "03-loopback-published", "", ("", "127.0.0.1", 18481), "listens", "listens on 127.0.0.1 only.*0.0.0.0"
    ),
    Fault("03-loopback", "", ("wy-app", "@wy-db", 81), "listens", "listens on 127.0.0.1 only.*0.0.0.0"),
    Fault(
        "04-wrong-port", "", ("", "127.0.0.1", 18482), "listens", "published to port 82 of wy-db.*-p 18482:80"
    ),
    Fault(
        "04-published-inside-only", "", ("wy-lone", "172.17.0.1", 18480), "listens", "on 127.0.0.1:18480 only"
    ),
    Fault(
        "05-no-default-route",
        said("wy-app", "ip route del default"),
        ("wy-app", "198.51.100.9", 0),
        "route",
        "no default route.*via 10.97.60.1",
        said("wy-app", "ip route add default via 10.97.60.1"),
    ),
    Fault(
        "05-wrong-gateway",
        said("wy-app", "ip route replace default via 10.97.60.66"),
        ("wy-app", "198.51.100.9", 0),
        "neighbour",
        "gateway 10.97.60.66, which nobody has.*10.97.60.1",
        said("wy-app", "ip route replace default via 10.97.60.1"),
    ),
    Fault(
        "06-netmask",
        said("wy-app", "ip addr del 10.97.60.5/24 dev eth0", "ip addr add 10.97.60.5/25 dev eth0"),
        ("wy-app", "wy-db", 80),
        "route",
        "netmask /25.*has /24",
        'lab.container("wy-app").restart()',
    ),
    Fault(
        "06-netmask-there",
        said("wy-db", "ip addr del 10.97.60.200/24 dev eth0", "ip addr add 10.97.60.200/25 dev eth0"),
        ("wy-app", "@wy-db", 0),
        "back",
        "wy-db has the netmask /25.*has /24",
        'lab.container("wy-db").restart()\n' + BACK,
        night=True,
    ),
    Fault(
        "07-no-forwarding",
        gate(0),
        ("wy-guest", "@wy-db", 80),
        "packet",
        "wy-gate does not forward.*ip_forward=1",
        gate(1),
    ),
    Fault(
        "08-drop",
        said("wy-db", "iptables -A INPUT -p tcp --dport 80 -j DROP"),
        ("wy-app", "wy-db", 80),
        "rule",
        "firewall of wy-db ends it, in INPUT: DROP.*-D INPUT -p tcp .*in wy-db",
        said("wy-db", "iptables -F INPUT"),
    ),
    Fault(
        "08-reject",
        said("wy-db", "iptables -A INPUT -p tcp --dport 80 -j REJECT"),
        ("wy-app", "wy-db", 80),
        "rule",
        "firewall of wy-db ends it, in INPUT: REJECT",
        said("wy-db", "iptables -F INPUT"),
        night=True,
    ),
    Fault(
        "08-drop-on-the-way",
        said("wy-gate", "iptables -A FORWARD -p tcp -j DROP"),
        ("wy-guest", "@wy-db", 80),
        "rule",
        "firewall of wy-gate ends it, in FORWARD: DROP",
        said("wy-gate", "iptables -F FORWARD"),
        night=True,
    ),
    Fault(
        "08-policy",
        said("wy-app", "iptables -P OUTPUT DROP"),
        ("wy-app", "10.97.60.200", 80),
        "rule",
        "the policy of OUTPUT: DROP",
        said("wy-app", "iptables -P OUTPUT ACCEPT"),
        night=True,
    ),
    Fault(
        "08-drop-udp",
        said("wy-db", "iptables -A INPUT -p udp --dport 5353 -j DROP"),
        ("wy-app", "@wy-db", "5353/udp"),
        "rule",
        "firewall of wy-db ends it, in INPUT: DROP, udp, port 5353",
        said("wy-db", "iptables -F INPUT"),
    ),
    Fault(
        "08-drop-ipv6",
        said("wy-gate", "ip6tables -A INPUT -p icmpv6 --icmpv6-type echo-request -j DROP"),
        ("wy-guest", "fd97:64::250", 0),
        "rule",
        "firewall of wy-gate ends it, in INPUT: DROP",
        said("wy-gate", "ip6tables -F INPUT"),
    ),
    Fault(
        "08-apart", "", ("wy-app", "@wy-lone", 0), "rule", "Docker keeps its networks apart.*wy-shop wy-lone"
    ),
    Fault("08-internal", "", ("wy-app", "@wy-far", 0), "rule", "wy-yard is internal.*connect wy-yard wy-app"),
    Fault(
        "09-rules-of-dns",
        said("wy-app", "iptables -t nat -F", "iptables -t nat -X"),
        ("wy-app", "wy-db", 80),
        "name",
        "flushed its nat table.*docker restart wy-app",
        'lab.container("wy-app").restart()',
    ),
    Fault(
        "10-alias-twice",
        'lab.network("wy-shop").connect(lab.container("wy-far"), alias="api")',
        ("wy-app", "api", 80),
        "*",
        "the name api is wy-db and wy-far at once",
        'lab.network("wy-shop").disconnect(lab.container("wy-far"))',
    ),
    Fault(
        "11-old-address", "", ("wy-app", "10.97.60.77", 80), "neighbour", "nobody has .*wy-db serves port 80"
    ),
    Fault(
        "12-sidecar",
        'lab.run("wy-side", network="container:wy-far")\nlab.container("wy-far").restart()',
        ("wy-side", "wy-db", 80),
        "address",
        "joined the network of wy-far.*docker restart wy-side",
        'lab.container("wy-side").remove()',
    ),
    Fault(
        "13-static-neighbour",
        said("wy-app", "arp -s 10.97.60.200 02:00:00:00:00:99"),
        ("wy-app", "@wy-db", 80),
        "neighbour",
        "wrong static entry.*ip neigh del 10.97.60.200",
        said("wy-app", "arp -d 10.97.60.200"),
    ),
    Fault(
        "13-static-neighbour-there",
        said("wy-db", "arp -s 10.97.60.5 02:00:00:00:00:99"),
        ("wy-app", "@wy-db", 80),
        "back",
        "wy-db has a wrong static entry.*ip neigh del 10.97.60.5",
        said("wy-db", "arp -d 10.97.60.5"),
        night=True,
    ),
    Fault(
        "14-one-address-twice",
        said("wy-gate", "ip addr add 10.97.60.200/24 dev eth1"),
        ("wy-app", "wy-db", 80),
        "address",
        "10.97.60.200 is there twice, at wy-db and wy-gate",
        said("wy-gate", "ip addr del 10.97.60.200/24 dev eth1"),
    ),
    Fault(
        "15-unplugged",
        'veth = lab.snapshot().box("wy-app").ports[0].peer\n' + on_host("ip link set {veth} nomaster"),
        ("wy-app", "@wy-db", 80),
        "cable",
        "other end of eth0 of wy-app is plugged into no bridge",
        'lab.container("wy-app").restart()',
    ),
    Fault(
        "15-down",
        said("wy-app", "ip link set eth0 down"),
        ("wy-db", "@wy-app", 0),
        "cable",
        "eth0 of wy-app is down",
        'lab.container("wy-app").restart()',
        night=True,
    ),
    Fault(
        "16-black-hole",
        said("wy-gate", "iptables -A OUTPUT -p icmp -j DROP", "ip link set eth1 mtu 1000"),
        ("wy-guest", "@wy-db", 80),
        "big",
        "MTU of 1000 at eth1 of wy-gate.*ICMP",
        said("wy-gate", "iptables -F OUTPUT", "ip link set eth1 mtu 1500"),
    ),
    Fault(
        "17-internal",
        "",
        ("wy-far", "198.51.100.9", 0),
        "*",
        "wy-yard is internal(: from there no way leads out|, and Docker lets nothing out)",
    ),
    Fault(
        "18-full",
        'lab.create_network("wy-tiny", subnet="10.97.65.0/30")\nlab.run("wy-one", network="wy-tiny")\n'
        "!docker create --name wy-two --network wy-tiny busybox\n!docker start wy-two || true",
        ("wy-app", "@wy-two", 0),
        "runs",
        "no free address left",
        'for name in ("wy-one", "wy-two"):\n    lab.container(name).remove()\n'
        'lab.network("wy-tiny").remove()',
    ),
    Fault(
        "19-localhost-is-six", "", ("wy-db", "localhost", 84), "listens", "localhost is ::1 first.*IPv4 only"
    ),
    Fault(
        "20-another-way-out",
        said("wy-guest", "ip route del 10.97.60.0/24")
        + 'lab.create_network("wy-aaa", subnet="10.97.66.0/24")\n'
        'lab.network("wy-aaa").connect(lab.container("wy-guest"))\n'
        + said("wy-guest", "ip route replace default via 10.97.66.1"),
        ("wy-guest", "@wy-db", 80),
        "rule",
        "on .*wy-aaa.* went by the gateway of wy-aaa",
        'lab.container("wy-guest").restart()\n'
        'lab.network("wy-aaa").disconnect(lab.container("wy-guest"))\nlab.network("wy-aaa").remove()\n'
        + said("wy-guest", "ip route add 10.97.60.0/24 via 10.97.64.250"),
    ),
    Fault(
        "21-udp", "", ("", "127.0.0.1", "18483/udp"), "listens", "publishes port 18483 for TCP only.*53/udp"
    ),
    Fault(
        "00-stopped",
        'lab.container("wy-lone").stop()',
        ("wy-app", "@wy-lone", 0),
        "runs",
        "wy-lone does not run.*docker start wy-lone",
        'lab.container("wy-lone").start()',
    ),
    Fault(
        "00-paused",
        'lab.container("wy-lone").pause()',
        ("wy-lone", "@wy-db", 0),
        "runs",
        "wy-lone is paused.*docker unpause",
        'lab.container("wy-lone").unpause()',
        night=True,
    ),
    Fault("00-no-server", "", ("wy-db", "@wy-app", 80), "listens", "nobody listens on port 80 of wy-app"),
    Fault(
        "00-way-back",
        said("wy-db", "ip route del 10.97.64.0/24", "ip route del default"),
        ("wy-guest", "@wy-db", 80),
        "back",
        "wy-db has no route back",
        said("wy-db", "ip route add default via 10.97.60.1") + BACK,
        night=True,
    ),
]

_SOUND: list[tuple[str, str, int | str]] = [
    ("wy-app", "wy-db", 80),
    ("", "127.0.0.1", 18480),
    ("wy-guest", "@wy-db", 80),
    ("wy-app", "", 0),
]
_SOUND_BY_NIGHT: list[tuple[str, str, int | str]] = [
    ("wy-app", "@wy-db", 80),
    ("wy-app", "api", 80),
    ("wy-app", "api", 0),
    ("wy-app", "10.97.60.200", 80),
    ("wy-app", "10.97.60.200", 84),
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
    ("wy-db", "127.0.0.1", 84),
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


@pytest.fixture(scope="module")
def lab(engine: Engine) -> Iterator[Lab]:
    with Lab("why", engine=engine, echo=False) as made:
        play(_SCENE, made)
        yield made


def asked(lab: Lab, source: str, target: str, port: int | str) -> Why:
    to = lab.container(target[1:]) if target.startswith("@") else target or lab.host
    return lab.why(source or lab.host, to, port=port)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_each_fault_is_named(lab: Lab, fault: Fault) -> None:
    if (fault.night or fault.id in TICKETS) and not is_night():
        pytest.skip("a variation of another fault, or of a ticket; by night")
    try:
        if fault.make:
            play(fault.make, lab)
        made = asked(lab, *fault.ask)
    finally:
        if fault.mend:
            play(fault.mend, lab)
    assert re.search(fault.words, repr(made)), f"{made!r}\n{made.table.to_string()}"
    assert fault.step in ("*", made.step), f"{made!r}\n{made.table.to_string()}"
    if made.step:
        assert made.remedy
        assert set(made.table["ok"][:-1]) <= {"yes", "no"}
        assert list(made.table["ok"])[-1] == "no"
        assert "✗" in repr(made.diagram)
    assert made.diagram.svg


@pytest.mark.parametrize("pair", _SOUND + (_SOUND_BY_NIGHT if is_night() else []), ids=str)
def test_what_is_sound_raises_no_alarm(lab: Lab, pair: tuple[str, str, int | str]) -> None:
    made = asked(lab, *pair)
    assert made.ok, f"{made!r}\n{made.table.to_string()}"
    assert not made.notes
    assert set(made.table["ok"]) == {"yes"}
    assert made.diagram.svg


def test_a_rate_limit_is_told_though_all_is_well(lab: Lab, engine: Engine) -> None:
    pid = str(engine.container("wy-db").pid)
    limit = ("nsenter", "-t", pid, "-n", "tc", "qdisc")
    where = takes.socket_of(engine.where).with_name("dockerd.pid")
    if not (shutil.which("tc") and where.exists()):
        pytest.skip(
            "busybox has no rate limits; they are made from here, where the engine's host is this machine"
        )
    subprocess.run(
        [*limit, *["add", "dev", "eth0", "root", "tbf", "rate", "64kbit", "burst", "1600", "limit", "30000"]],
        check=True,
    )
    made = lab.why("wy-app", "wy-db", port=80)
    subprocess.run([*limit, *["del", "dev", "eth0", "root"]], check=True)
    assert made.ok
    assert "yes. Yet it is slow" in repr(made)


def test_who_is_not_there_is_told(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match="No container 'nobody'"):
        lab.why("nobody", "wy-db")
    with pytest.raises(errors.WrongArgument, match="port is 'http'"):
        lab.why("wy-app", "wy-db", port="http")
    for strange in ("-c", "wy db"):
        with pytest.raises(errors.WrongArgument, match=f"target is '{strange}'"):
            lab.why("wy-app", strange)


def test_no_helper_is_left_and_nothing_is_changed(lab: Lab, engine: Engine) -> None:
    before = lab.snapshot(foreign=True)
    lab.why("wy-app", lab.container("wy-far"))
    assert lab.snapshot(foreign=True) == before
    roles = {c.labels.get(labels.ROLE) for c in engine.containers()}
    assert roles.isdisjoint({CAPTURE, ERRAND, walls.ROLE})


def test_it_is_quick_where_all_is_well(lab: Lab) -> None:
    lab.why("wy-app", "wy-db", port=80)
    began = time.monotonic()
    lab.why("wy-app", "wy-db", port=80)
    assert time.monotonic() - began < 10  # a second where nobody else is at work
