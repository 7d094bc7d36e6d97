r"""`ip route`: where a network namespace sends packets.

Returns `tuple[Route, ...]`, in the order printed; `()` for a namespace without routes.

    destination  str         "default", or a network in CIDR form; a single host is a /32 or /128
    interface    str         after `dev`; "" where there is none (blackhole …)
    gateway      str         after `via`; "" for what is directly connected
    source       str         after `src`: the sender's address that is preferred
    scope        str         "global" where none is printed
    metric       int | None
    kind         str         unicast, blackhole, unreachable, prohibit, local, broadcast …

A route with several next hops gives one `Route` per next hop. busybox prints no next
hops: there it is one `Route` with neither interface nor gateway.

>>> default, subnet = parse('''\
... default via 172.17.0.1 dev eth0
... 172.17.0.0/16 dev eth0 scope link  src 172.17.0.2
... ''')
>>> default.gateway, subnet.destination, subnet.source
('172.17.0.1', '172.17.0.0/16', '172.17.0.2')
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

from netbook.model.kernel import Route
from netbook.parsers._lines import Line, pairs, read

_EXPECTED = "a route such as 'default via 172.17.0.1 dev eth0'"
_KINDS = {
    "anycast",
    "blackhole",
    "broadcast",
    "local",
    "multicast",
    "nat",
    "prohibit",
    "throw",
    "unicast",
    "unreachable",
}
_KEYS = {
    *("via", "dev", "src", "scope", "metric", "proto", "table", "from", "tos", "dsfield", "nhid", "weight"),
    *("mtu", "advmss", "window", "rtt", "rttvar", "expires", "error", "pref", "realm", "realms", "iif"),
    *("encap", "protocol", "hoplimit", "initcwnd", "initrwnd", "rto_min", "congctl", "features", "uid"),
}


def parse(text: str) -> tuple[Route, ...]:
    """Read what `ip route` printed."""
    found: list[Route] = []
    whole: Route | None = None  # the route that next hops below belong to
    for line in read("ip_route", text):
        words = line.words
        if not line.indented:
            whole = _route(line, words)
            found.append(whole)
        elif words[0] == "nexthop" and whole is not None:
            if found[-1] is whole:  # its first next hop takes the place of the route as a whole
                found.pop()
            found.append(_through(whole, line, words[1:]))
        elif words[0] != "cache" or whole is None:
            raise line.error(_EXPECTED)
    return tuple(found)


def _route(line: Line, words: list[str]) -> Route:
    kind = words.pop(0) if words[0] in _KINDS and len(words) > 1 else "unicast"
    return _through(Route(_destination(line, words[0]), kind=kind), line, words[1:])


def _destination(line: Line, word: str) -> str:
    if word == "default":
        return word
    try:
        return str(ip_network(word.replace("0/", "0.0.0.0/", 1) if word.startswith("0/") else word))
    except ValueError:
        raise line.error(_EXPECTED) from None


def _through(route: Route, line: Line, words: list[str]) -> Route:
    """Add what follows the destination, or what follows `nexthop`."""
    if "via" in words[:-1] and words[words.index("via") + 1] in ("inet", "inet6"):
        words.pop(words.index("via") + 1)  # `via inet6 fe80::1`: an IPv4 route through an IPv6 router
    said = pairs(words, _KEYS)
    for key in ("via", "src"):
        if key in said:
            line.address(said[key], f"the word after {key!r}")
    metric = line.integer(said["metric"], "metric") % 2**32 if "metric" in said else route.metric
    return replace(
        route,
        interface=said.get("dev", route.interface),
        gateway=said.get("via", route.gateway),
        source=said.get("src", route.source),
        scope=said.get("scope", route.scope),
        metric=metric,  # busybox prints 4294967295 as -1
    )
