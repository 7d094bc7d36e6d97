"""The small services that the tickets break, as lines of a cell.

A ticket's containers and networks begin with its name, and its addresses are 10.101.N and 10.102.N.
"""

from __future__ import annotations

from textwrap import indent

from netbook.learn.exercises.chapter_14 import ROUTED
from netbook.learn.ticket import Symptom

SERVE = "httpd"


def network(name: str, number: int, more: str = "", *, beyond: bool = False) -> str:
    return f'lab.create_network("{name}", subnet="10.10{1 + beyond}.{number}.0/24"{more})\n'


def page(name: str, text: str, options: str = "", *, serve: str = SERVE) -> str:
    """A container whose port 80 has one page; its server can be ended, and the container runs on."""
    command = f'"sh", "-c", "echo {text} > index.html; {serve}; exec sleep 99999"'
    return f'lab.run("{name}", {command}{", " if options else ""}{options})\n'


def desk(name: str, options: str) -> str:
    """A container whose page `/cgi-bin/ask` is what it gets itself from the URL in its file `/upstream`."""
    script = (
        "#!/bin/sh\\necho Content-type: text/plain\\necho\\ntimeout 2 wget -q -O - $(cat /upstream) 2>&1\\n"
    )
    command = (
        f"mkdir -p cgi-bin; printf '{script}' > cgi-bin/ask; chmod +x cgi-bin/ask; httpd; exec sleep 99999"
    )
    return f'lab.run("{name}", "sh", "-c", {command!r}, {options})\n'


def routed(name: str, number: int, text: str, *, forward: str = "forward") -> str:
    """client – gate – server: two networks, a router that plays the host, a route there and a route back."""
    here, there = f"10.101.{number}", f"10.102.{number}"
    more = ", options=given"
    client = f'client = lab.run("{name}-client", network="{name}-here", ip="{here}.5", cap_add="NET_ADMIN")\n'
    options = f'image="netbook-iptables", network="{name}-there", ip="{there}.5", cap_add="NET_ADMIN"'
    return (
        ROUTED
        + together(network(f"{name}-here", number, more), network(f"{name}-there", number, more, beyond=True))
        + together(
            gate(name, number, forward),
            f'{client}client.exec("ip route replace default via {here}.9")\n',
            f"server = {page(f'{name}-server', text, options)}"
            f'server.exec("ip route replace default via {there}.9")\n',
        )
    )


def together(*programs: str) -> str:
    """At the same time: a service of several containers is there in half of it."""
    begun = "".join(f"def act{n}():\n{indent(text, '    ')}" for n, text in enumerate(programs))
    acts = ", ".join(f"act{n}" for n in range(len(programs)))
    return (
        "from concurrent.futures import ThreadPoolExecutor\n"
        f"{begun}with ThreadPoolExecutor() as pool:\n    list(pool.map(lambda act: act(), [{acts}]))\n"
    )


def gate(name: str, number: int, sysctl: str) -> str:
    return (
        f'gate = lab.run("{name}-gate", image="netbook-iptables", network="{name}-here", '
        f'ip="10.101.{number}.9", cap_add="NET_ADMIN", sysctl={sysctl})\n'
        f'lab.network("{name}-there").connect(gate, ip="10.102.{number}.9")\n'
    )


def told(name: str, *commands: str) -> str:
    """For a program: these commands in that container."""
    return "".join(f'lab.container("{name}").exec({command!r})\n' for command in commands)


def typed(name: str, *commands: str) -> str:
    """The same, as a reader types it."""
    return "".join(f"!docker exec {name} {command}\n" for command in commands)


def hasty(name: str) -> str:
    """In that container's namespace the kernel waits 0.3 s for an answer by ARP, and not a second, thrice.

    For a complaint that is told only when it has given up: the words are the same. Until it is restarted.
    """
    seen = "--cap-add NET_ADMIN --security-opt systempaths=unconfined"  # or /proc/sys is read-only
    wait = "echo 300 > /proc/sys/net/ipv4/neigh/eth0/retrans_time_ms"
    return f"!docker run --rm --network container:{name} {seen} busybox sh -c '{wait}'\n"


def asks(at: str, url: str) -> Symptom:
    """Who waits for a page waits a second."""
    return Symptom(at, f"timeout 1 wget -q -O - {url}")


def pings(at: str, target: str) -> Symptom:
    """The one line of a ping in which nothing is chance."""
    return Symptom(at, f'sh -c "ping -c 1 -W 1 {target} | grep received"')
