"""Does anything listen, and on which address; does the answer find its way back; what did TCP say?"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from netbook.model.docker import Publication
from netbook.model.journey import Stop
from netbook.model.sockets import Socket
from netbook.why.case import Case, End, Finding, joined

_LISTENS = "Does anything listen, and on which address?"
_BACK = "Does the answer find its way back?"
_ANSWER = "What does TCP say?"
_PING = "Does the ping come back?"


def listens(case: Case) -> Iterator[Finding]:
    """`netstat -tuln` in the namespace of whoever is to answer."""
    server = case.server
    if not case.port or server is None:
        return
    found = case.space(server).listening(case.inner, case.proto)
    what = f"{case.proto.upper() + ' ' if case.proto != 'tcp' else ''}port {case.inner}"
    there = (Stop(case.source.name, ""), Stop(server.name, ""))
    if not found:
        if case.answered and not case.published and server.is_host and case.proto == "tcp":
            return  # a rule of the host's took it
        cause, remedy = _nobody(case, server, what)
        yield Finding("listens", _LISTENS, f"nobody listens on {what} of {server.label}", False, cause, remedy,
                      f"nobody on port {case.inner}", there)
        return
    address = case.address if not case.published else _inside(server)
    bound = sorted({s.address for s in found})
    if case.other and not any(_takes(s, case.other) for s in found):
        yield Finding("listens", _LISTENS, f"on {joined(bound)}, and not on {case.other}", False,
                      f"{case.asked} is {case.other} first, and the server of {server.label} listens on {joined(bound)}, IPv4 only",
                      f"ask for {case.address}; or let the server listen on [::], too", "IPv4 only", there)
        return
    if not any(_takes(s, address) for s in found):
        if server.is_host and not case.published and _same(case):  # docker-proxy
            cause, remedy = _nobody(case, server, what)
            yield Finding("listens", _LISTENS, f"on {joined(bound)} only", False, cause, remedy,
                          f"listens on {joined(bound)}", there)
            return
        only = all(ip_address(a).is_loopback for a in bound)
        who = f"the server of {server.label} listens on {joined(bound)} only"
        yield Finding("listens", _LISTENS, f"on {joined(bound)} only", False,
                      f"{who}, which is {server.label} itself and nobody else" if only else f"{who}, and not on {address}",
                      "let it listen on 0.0.0.0", f"listens on {joined(bound)}", there)
        return
    yield Finding("listens", _LISTENS, f"{server.label} listens on {joined(bound)}, {what}")


def takes(case: Case) -> bool:
    """Does the one that is to answer listen where it was asked?"""
    assert case.server is not None
    to = _inside(case.server) if case.published else case.address
    return any(_takes(s, to) for s in case.space(case.server).listening(case.inner, case.proto))


def _takes(socket: Socket, address: str) -> bool:
    if socket.address == "::":
        return True
    if socket.address == "0.0.0.0":  # noqa: S104  # what it is bound to, not what we bind
        return ":" not in address
    return socket.address == address


def _inside(server: End) -> str:
    """The address at which a published port's packets arrive."""
    own = [a.ip for p in server.ports for a in p.addresses if a.scope == "global" and ":" not in a.ip]
    return own[0] if own else ""


def _nobody(case: Case, server: End, what: str) -> tuple[str, str]:
    mine = case.space(server).ports
    if case.published:
        to = f"{case.published.outside} is published to {what} of {server.name}"
        if mine:
            return f"{to}, and it listens on {_ports(mine)}", f"make it anew with -p {case.published.host_port}:{mine[0]}"
        return f"{to}, where nobody listens", f"docker logs {server.name}: did its server start?"
    if server.is_host:
        same = _same(case)
        if other := [(n, one) for n, one in same if one.proto != case.proto]:
            return (
                f"{other[0][0]} publishes port {case.port} for {other[0][1].proto.upper()} only",
                f"make it anew with -p {case.port}:{other[0][1].port}/{case.proto}, too",
            )
        if same:
            return (
                f"{same[0][0]} publishes that port on {same[0][1].outside} only, not on {case.address}",
                f"ask for that; or make {same[0][0]} anew with -p {case.port}:{same[0][1].port}",
            )
        who = case.neighbours_who_listen()
        return (
            f"nobody on the host listens on {what}, and no container publishes it",
            f"{joined(who)} serve{'s' if len(who) == 1 else ''} it, unpublished: make it anew with -p {case.port}:{case.port}"
            if who else "docker ps shows what is published",
        )
    if ip_address(case.address).is_loopback:
        who = case.neighbours_who_listen()
        own = f"{case.asked} is {server.label} itself, whose lo is its own, and nobody listens on {what} there"
        if who:
            return own, f"{joined(who)} serve{'s' if len(who) == 1 else ''} that port: ask for that name"
        return own, f"it listens on {_ports(mine)}" if mine else "ask for the container that serves, by its name"
    if mine:
        return f"nobody listens on {what} of {server.label}: it listens on {_ports(mine)}", f"ask for port {mine[0]}"
    return f"nobody listens on {what} of {server.label}, nor on any other", f"docker logs {server.name}: did its server start?"


def _same(case: Case) -> list[tuple[str, Publication]]:
    """Containers that publish that port of the host, wherever."""
    found = ((box.owner, one) for box in case.graph.boxes for one in box.publications)
    return [(name, one) for name, one in found if one.host_port == case.port]


def _ports(found: list[int]) -> str:
    return f"port{'s' if len(found) > 1 else ''} {joined([str(port) for port in found])}"


def back(case: Case) -> Iterator[Finding]:
    """`ip route get ADDRESS` in the one that answers, `ip neigh` there, and what was captured of the answer."""
    server, seen = case.target, case.sight
    if case.answered or case.near or server is None or not server.pid or seen is None:
        return
    to = case.hop.source or next((a.ip for p in case.source.ports for a in p.addresses if a.scope == "global"), "")
    if not to or (server.is_host and case.source.is_host):
        return
    (hop,) = case.senses.ways((server.pid, to))
    there = (Stop(case.source.name, ""), Stop(server.name, ""))
    if hop.error:
        odd = case.odd_prefix(server)
        yield Finding("back", _BACK, f"{server.label} has no route to {to}: {hop.error}", False,
                      odd or f"the question arrives, but {server.label} has no route back to {to}",
                      f"docker restart {server.name}" if odd else f"ip route add, in {server.label}; or docker restart {server.name}",
                      "no way back", there)
        return
    case.spaces.pop(server.pid, None)
    after = hop.gateway or to
    entry = next((n for n in case.space(server).neighbours if n.address == after), None)
    owner = case.owner(after)
    mac = next((p.mac for p in owner.ports if after in {a.ip for a in p.addresses}), "") if owner else ""
    if entry and entry.state == "PERMANENT" and mac and entry.mac.lower() != mac.lower():
        yield Finding("back", _BACK, f"{server.label} has a static entry for {after} with a wrong MAC", False,
                      f"{server.label} has a wrong static entry in its table of neighbours, for {after}: the answer goes astray",
                      f"ip neigh del {after} dev {entry.interface}, in {server.label}", "wrong MAC", there)
        return
    if entry and entry.stable_state == "unanswered":
        odd = case.odd_prefix(server) or case.odd_prefix(case.source)
        yield Finding("back", _BACK, f"nobody answers {server.label} for {after}", False,
                      odd or f"the question arrives, but {server.label} gets no answer for {after}, which its answer has to go to",
                      f"ip route and ip addr, in {server.label}, show why; docker restart {server.name} gives it Docker's",
                      "no way back", there)
        return
    if seen.back.end == "lost":
        gateway = case.owner(hop.gateway) if hop.gateway else None
        cause = f"the answer came no further than {seen.back.where}"
        if gateway and gateway.name and not case.space(gateway).forwards:
            cause = f"{gateway.name}, by which the answer goes, does not forward: net.ipv4.ip_forward is 0 there"
        yield Finding("back", _BACK, cause, False, case.odd_prefix(server) or cause,
                      "look there: its routes, its rules", "the answer is lost", seen.back.stops)
        return
    by = f"by {hop.interface}" + (f" to the gateway {hop.gateway}" if hop.gateway else ", on the link")
    yield Finding("back", _BACK, by)


def answer(case: Case) -> Iterator[Finding]:
    """`nc -w 1 ADDRESS PORT`, or `ping -c 2 ADDRESS`: the last word."""
    heard = case.heard
    if heard is None:
        return
    question = _ANSWER if case.port else _PING
    word = heard.word or heard.ping.outcome
    if case.answered:
        yield Finding("answer", question, "the connection is made" if case.port else "yes")
        return
    whom = case.target.label if case.target else case.address
    said = case.sight.complaint if case.sight else ""
    cause = {
        "refused": f"{whom} refuses the connection",
        "timed out": f"nothing came back from {whom}, not even a no",
        "no reply": f"the ping arrives, and {whom} does not answer it: its kernel may be told so",
    }.get(word, f"{word}, at {case.address}")
    yield Finding("answer", question, word, False, f"{cause} ({said})" if said else cause,
                  "its own log may say why" if case.port else "sysctl net.ipv4.icmp_echo_ignore_all, there", word,
                  (Stop(case.source.name, ""), Stop(case.target.name if case.target else "", "")))
