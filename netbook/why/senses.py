"""What is read in network namespaces, and tried from there, whatever programs their containers have.

All by the lab's observer, which enters a namespace and changes nothing in it. A process of the namespace
stands for it; 0 is the host.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from netbook.errors import ParseError
from netbook.model.kernel import Route
from netbook.model.neighbours import Neighbour
from netbook.model.programs import ExecResult, HostEntry, Lookup, PingResult, Resolver
from netbook.model.sockets import Socket
from netbook.parsers import hosts, ip_neigh, ip_route, nc, netstat, nslookup, ping, resolv_conf
from netbook.why import scripts

T = TypeVar("T")
Run = Callable[..., ExecResult]  # argv, on the engine's host
Ask = Callable[[str], str]  # a line for `scripts.SERVE`, and what it prints

_HOP = re.compile(
    r"(?:(?P<kind>local|broadcast|multicast) )?\S+ (?:from \S+ )?(?:via (?P<via>\S+) )?dev (?P<dev>\S+)"
)
_FAMILIES = ("ipv4", "ipv6")
_SOURCE = re.compile(r" src (\S+)")


@dataclass(frozen=True, slots=True)
class Space:
    """What one namespace says of itself."""

    routes: tuple[Route, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    sockets: tuple[Socket, ...] = ()
    forwards: tuple[str, ...] = ()  # the families of which it passes packets on
    resolver: Resolver = field(default_factory=Resolver)
    hosts: tuple[HostEntry, ...] = ()

    def listening(self, port: int, proto: str = "tcp") -> list[Socket]:
        """Who serves that port, whatever address it is bound to."""
        return [s for s in self.sockets if s.serves and s.proto == proto and s.port == port]

    @property
    def ports(self) -> list[int]:
        """TCP ports that are served, but Docker's DNS server's."""
        found = (s for s in self.sockets if s.serves and s.proto == "tcp" and not s.is_dns_of_docker)
        return sorted({s.port for s in found})


@dataclass(frozen=True, slots=True)
class Hop:
    """What `ip route get ADDRESS` says: by which interface, through which gateway."""

    interface: str = ""
    gateway: str = ""
    source: str = ""
    error: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a connection, of a datagram, or of two pings."""

    word: str  # of the port: open, arrived, refused, timed out, no route …; "" if none was asked
    ping: PingResult = field(default_factory=lambda: PingResult(""))
    neighbours: tuple[Neighbour, ...] = ()
    said: str = ""  # what ping printed

    @property
    def answered(self) -> bool:
        """Did what was asked come back? Of a datagram, that it was heard is all that there is."""
        return self.word in ("open", "arrived") if self.word else self.ping.received > 0


class Senses:
    """`nsenter -t PID -n …` on the engine's host, for each question."""

    def __init__(self, run: Run, ask: Ask) -> None:
        self._run, self._asked = run, ask

    def spaces(self, pids: list[int]) -> dict[int, Space]:
        """`ip route`, `ip neigh`, `netstat -tuan` and two files of /etc, of each."""
        text = self._ask("spaces", *pids)
        return dict(zip(pids, map(_space, text.split("@@\n")), strict=False))

    def ways(self, *asked: tuple[int, str]) -> list[Hop]:
        """`ip route get ADDRESS` in each."""
        text = self._ask("ways", *(word for one in asked for word in one))
        return [_hop(part) for part in text.split("@@\n")[1:]]

    def lookup(self, pid: int, name: str, server: str) -> Lookup:
        """`nslookup NAME SERVER` there; a server that says nothing is an error in the result."""
        said = self._ask("lookup", pid, name, server)
        found = _parsed(nslookup.parse, said)
        return found or Lookup(name, error="no servers could be reached")

    def attempt(self, pid: int, address: str, port: int = 0) -> Heard:
        """`nc -w 1 ADDRESS PORT`, or `ping -c 2 ADDRESS`; then `ip neigh`."""
        parts = _parts(self._sh(scripts.TRY, pid, address, port))
        neighbours = _parsed(ip_neigh.parse, parts.get("neighbours", "")) or ()
        if port:
            said = parts.get("nc", "").strip()
            word = "open" if said == "open" else _parsed(nc.parse, said) or "no answer"
            return Heard(word, neighbours=neighbours)
        text = parts.get("ping", "")
        return Heard("", _pinged(text) or PingResult(address, error="ping said nothing"), neighbours, text)

    def datagrams(self, pid: int, port: int) -> int:
        """How many it has heard by UDP, by the kernel's counters, and whether more wait at that port."""
        return _counted(self._ask("datagrams", pid), port)

    def sizes(self, pid: int, address: str, size: int) -> tuple[PingResult | None, PingResult | None]:
        """`ping -c 2 ADDRESS`, and if it comes back `ping -c 4 -s SIZE ADDRESS`."""
        parts = _parts(self._ask("sizes", pid, address, size))
        return _pinged(parts.get("ping", "")), _pinged(parts.get("big", ""))

    def send(self, pid: int, *argv: str) -> None:
        """A command that nobody waits for longer than a fifth of a second."""
        self._ask("send", pid, *argv)

    def _ask(self, verb: str, *words: str | int) -> str:
        return self._asked(" ".join([verb, *map(str, words)]))

    def _sh(self, script: str, *arguments: str | int) -> str:
        """What takes its time, in a process of its own."""
        return self._run("sh", "-c", script, "sh", *map(str, arguments)).stdout


def _parts(text: str) -> dict[str, str]:
    found = (part.partition("\n") for part in ("\n" + text).split("\n@")[1:])
    return {title: body for title, _, body in found}


def _parsed(parse: Callable[[str], T], text: str) -> T | None:
    """None for what could not be read: a stranger's file may say anything."""
    with suppress(ParseError):
        return parse(text)
    return None


def _pinged(text: str) -> PingResult | None:
    return _parsed(ping.parse, text) if text.strip() else None


def _counted(text: str, port: int) -> int:
    """How many datagrams a namespace has got: read ones, such as nobody asked for, and those that wait.

    >>> _counted("Udp: InDatagrams NoPorts\\nUdp: 7 1\\nUdp6InDatagrams 2\\n", 53)
    9
    """
    found = sum(int(n) for n in re.findall(r"^Udp6InDatagrams\s+(\d+)", text, re.MULTILINE))
    found += sum(int(n) for n in re.findall(r"^Udp: (\d+)", text, re.MULTILINE))
    waiting = re.findall(rf"^ *\d+: \w+:{port:04X} \w+:\w+ \w+ \w+:(\w+)", text, re.MULTILINE)
    return found + sum(int(bytes_, 16) > 0 for bytes_ in waiting)


def _space(text: str) -> Space:
    parts = _parts(text)
    return Space(
        _parsed(ip_route.parse, parts.get("routes", "")) or (),
        _parsed(ip_neigh.parse, parts.get("neighbours", "")) or (),
        _parsed(netstat.parse, parts.get("sockets", "")) or (),
        tuple(
            family
            for family, on in zip(_FAMILIES, parts.get("forwards", "").split(), strict=False)
            if on == "1"
        ),
        _parsed(resolv_conf.parse, parts.get("resolver", "")) or Resolver(),
        _parsed(hosts.parse, parts.get("hosts", "")) or (),
    )


def _hop(text: str) -> Hop:
    line = next(iter(text.strip().splitlines()), "")
    if not (match := _HOP.match(line)):
        return Hop(error=line.rpartition(": ")[2].lower() or "no route")
    source = _SOURCE.search(line)
    return Hop(match["dev"], match["via"] or "", source[1] if source else "", "", match["kind"] == "local")
