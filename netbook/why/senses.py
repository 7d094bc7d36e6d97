"""What is read in network namespaces, and tried from there, whatever programs their containers have.

All by the lab's observer, which enters a namespace and changes nothing in it. It may open nothing for
writing, so there is no `>/dev/null` in these scripts; nor may it end what waits too long, so nothing in them
waits long. A process of the namespace stands for it; 0 is the host.
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

T = TypeVar("T")
Run = Callable[..., ExecResult]  # argv, on the engine's host

_INSIDE = 'inside() { if [ "$pid" = 0 ]; then "$@"; else nsenter -t "$pid" -n "$@"; fi; }\n'
_READ = (
    _INSIDE
    + """
for pid; do
  root=/proc/$pid/root; [ "$pid" != 0 ] || root=
  echo "@routes"; inside ip route
  echo "@neighbours"; inside ip neigh
  echo "@sockets"; inside netstat -tuan
  echo "@forwards"; inside cat /proc/sys/net/ipv4/ip_forward
  echo "@resolver"; cat "$root/etc/resolv.conf"
  echo "@hosts"; cat "$root/etc/hosts"
  echo "@@"
done
"""
)
# Arguments: a process, an address, a port or 0, and the data of a big ping or 0.
_TRY = (
    _INSIDE
    + """
pid=$1 to=$2 port=$3 size=$4 loud=
case $(nc --help 2>&1) in *Verbose*) loud=-vv;; esac
echo "@nc"
if [ "$port" != 0 ]; then
  said=$(inside nc $loud -w 1 "$to" "$port" -e true 2>&1 </dev/null)
  case $? in 0) said=open;; 124|137|143) said="nc: timed out";; esac
  echo "$said"
fi
if [ "$port" = 0 ] || [ "$said" = open ]; then said=$(inside ping -c 2 -i 0.2 -W 1 "$to" 2>&1); else said=; fi
echo "@ping"; echo "$said"
echo "@big"
case $said in *" bytes from "*) [ "$size" = 0 ] || inside ping -c 4 -i 0.05 -W 1 -s "$size" "$to" 2>&1;; esac
echo "@neighbours"; inside ip neigh
"""
)
_WAYS = (
    _INSIDE
    + """
while [ $# -gt 1 ]; do
  pid=$1 to=$2 six=; shift 2
  case $to in *:*) six=-6;; esac
  echo "@@"; inside ip $six route get "$to" 2>&1
done
"""
)
_LOOKUP = _INSIDE + 'pid=$1; inside nslookup "$2" "$3" 2>&1'
_HOP = re.compile(
    r"(?:(?P<kind>local|broadcast|multicast) )?\S+ (?:from \S+ )?(?:via (?P<via>\S+) )?dev (?P<dev>\S+)"
)
_SOURCE = re.compile(r" src (\S+)")


@dataclass(frozen=True, slots=True)
class Space:
    """What one namespace says of itself."""

    routes: tuple[Route, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    sockets: tuple[Socket, ...] = ()
    forwards: bool = False
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
    """What came of a connection, of two pings, and of big ones."""

    word: str  # of the port: open, refused, timed out, no route …; "" if none was asked
    ping: PingResult
    big: PingResult | None
    neighbours: tuple[Neighbour, ...]

    @property
    def answered(self) -> bool:
        """Did what was asked come back?"""
        return self.word == "open" if self.word else self.ping.received > 0


class Senses:
    """`nsenter -t PID -n …` on the engine's host, for each question."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def spaces(self, pids: list[int]) -> dict[int, Space]:
        """`ip route`, `ip neigh`, `netstat -tuan` and two files of /etc, of each."""
        text = self._sh(_READ, *map(str, pids))
        return dict(zip(pids, map(_space, text.split("@@\n")), strict=False))

    def ways(self, *asked: tuple[int, str]) -> list[Hop]:
        """`ip route get ADDRESS` in each."""
        words = [word for pid, address in asked for word in (str(pid), address)]
        return [_hop(part) for part in self._sh(_WAYS, *words).split("@@\n")[1:]]

    def lookup(self, pid: int, name: str, server: str) -> Lookup:
        """`nslookup NAME SERVER` there; a server that says nothing is an error in the result."""
        said = self._sh(_LOOKUP, str(pid), name, server)
        found = _parsed(nslookup.parse, said)
        return found or Lookup(name, error="no servers could be reached")

    def attempt(self, pid: int, address: str, port: int = 0, size: int = 0) -> Heard:
        """`nc -w 1 ADDRESS PORT`; if it is open `ping -c 2` and `ping -c 4 -s SIZE`; `ip neigh`."""
        parts = _parts(self._sh(_TRY, str(pid), address, str(port), str(size)))
        word = ""
        if port:
            said = parts.get("nc", "").strip()
            word = "open" if said == "open" else _parsed(nc.parse, said) or "no answer"
        heard = _parsed(ping.parse, parts.get("ping", "")) or PingResult(address, error="ping said nothing")
        big = _parsed(ping.parse, parts.get("big", "")) if parts.get("big", "").strip() else None
        return Heard(word, heard, big, _parsed(ip_neigh.parse, parts.get("neighbours", "")) or ())

    def _sh(self, script: str, *arguments: str) -> str:
        return self._run("sh", "-c", script, "sh", *arguments).stdout


def _parts(text: str) -> dict[str, str]:
    found = (part.partition("\n") for part in ("\n" + text).split("\n@")[1:])
    return {title: body for title, _, body in found}


def _parsed(parse: Callable[[str], T], text: str) -> T | None:
    """None for what could not be read: a stranger's file may say anything."""
    with suppress(ParseError):
        return parse(text)
    return None


def _space(text: str) -> Space:
    parts = _parts(text)
    return Space(
        _parsed(ip_route.parse, parts.get("routes", "")) or (),
        _parsed(ip_neigh.parse, parts.get("neighbours", "")) or (),
        _parsed(netstat.parse, parts.get("sockets", "")) or (),
        parts.get("forwards", "").strip() == "1",
        _parsed(resolv_conf.parse, parts.get("resolver", "")) or Resolver(),
        _parsed(hosts.parse, parts.get("hosts", "")) or (),
    )


def _hop(text: str) -> Hop:
    line = next(iter(text.strip().splitlines()), "")
    if not (match := _HOP.match(line)):
        return Hop(error=line.rpartition(": ")[2].lower() or "no route")
    source = _SOURCE.search(line)
    return Hop(match["dev"], match["via"] or "", source[1] if source else "", "", match["kind"] == "local")
