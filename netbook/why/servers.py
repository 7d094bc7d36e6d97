"""Does anything listen, and on which address?"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from netbook.model.docker import Publication
from netbook.model.journey import Stop
from netbook.model.sockets import Socket
from netbook.why import swarm, walls
from netbook.why.case import DNS, Case, Checked, End, joined

_LISTENS = "Does anything listen, and on which address?"


def listens(case: Case) -> Iterator[Checked]:
    """`netstat -tuln` in the namespace of whoever is to answer."""
    server = case.server
    if not case.port or server is None:
        return
    found = case.space(server).listening(case.inner, case.proto)
    what = f"{case.proto.upper() + ' ' if case.proto != 'tcp' else ''}port {case.inner}"
    there = (Stop(case.source.name, ""), Stop(server.name, ""))
    if case.address == DNS and any(s.is_dns_of_docker for s in case.space(server).sockets):
        yield Checked(
            "listens", _LISTENS, "Docker's DNS server, at another port, where rules of its own lead"
        )
        return
    if not found:
        if case.answered and not case.published and server.is_host and case.proto == "tcp":
            return  # a rule of the host's took it
        if case.answered and _is_led(case, server):
            yield Checked("listens", _LISTENS, f"a rule of {server.label} leads {what} elsewhere")
            return
        cause, remedy = _nobody(case, server, what)
        yield Checked(
            "listens",
            _LISTENS,
            f"nobody listens on {what} of {server.label}",
            False,
            cause,
            remedy,
            f"nobody on port {case.inner}",
            there,
        )
        return
    address = case.address if not case.published else _inside(server)
    bound = sorted({s.address for s in found})
    if case.other and not any(_takes(s, case.other) for s in found):
        yield Checked(
            "listens",
            _LISTENS,
            f"on {joined(bound)}, and not on {case.other}",
            False,
            f"{case.asked} is {case.other} first, and the server of {server.label} listens on "
            f"{joined(bound)}, IPv4 only",
            f"ask for {case.address}; or let the server listen on [::], too",
            "IPv4 only",
            there,
        )
        return
    if not any(_takes(s, address) for s in found):
        if server.is_host and not case.published and _same(case):  # docker-proxy
            cause, remedy = _nobody(case, server, what)
            yield Checked(
                "listens",
                _LISTENS,
                f"on {joined(bound)} only",
                False,
                cause,
                remedy,
                f"listens on {joined(bound)}",
                there,
            )
            return
        only = all(ip_address(a).is_loopback for a in bound)
        who = f"the server of {server.label} listens on {joined(bound)} only"
        yield Checked(
            "listens",
            _LISTENS,
            f"on {joined(bound)} only",
            False,
            f"{who}, which is {server.label} itself and nobody else"
            if only
            else f"{who}, and not on {address}",
            "let it listen on 0.0.0.0",
            f"listens on {joined(bound)}",
            there,
        )
        return
    yield Checked("listens", _LISTENS, f"{server.label} listens on {joined(bound)}, {what}")


def _is_led(case: Case, server: End) -> bool:
    """Has the server's own nat table another place for what comes to that port?"""
    with walls.reading(case.ws.engine, case.ws.name, [server.pid]) as rules:
        chains = rules.read().get(server.pid, ())
    here = [r for c in chains if (c.table, c.name) == ("nat", "PREROUTING") for r in c.rules]
    wanted = {"p": case.proto, "dport": str(case.inner)}
    return any(
        rule.target in ("DNAT", "REDIRECT")
        and all(m.value == wanted.get(m.name, m.value) and not m.negated for m in rule.matches)
        for rule in here
    )


def is_alone(case: Case) -> bool:
    """Does the one that is to answer not listen where it was asked?"""
    if case.server is None:
        return False
    to = _inside(case.server) if case.published else case.address
    return not any(_takes(s, to) for s in case.space(case.server).listening(case.inner, case.proto))


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
            return (
                f"{to}, and it listens on {_ports(mine)}",
                f"make it anew with -p {case.published.host_port}:{mine[0]}",
            )
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
            f"{joined(who)} serve{'s' if len(who) == 1 else ''} it, unpublished: make it anew with -p "
            f"{case.port}:{case.port}"
            if who
            else "docker ps shows what is published" + swarm.published(case),
        )
    if ip_address(case.address).is_loopback:
        who = case.neighbours_who_listen()
        own = (
            f"{case.asked} is {server.label} itself, whose lo is its own, and nobody listens on {what} there"
        )
        if who:
            return own, f"{joined(who)} serve{'s' if len(who) == 1 else ''} that port: ask for that name"
        return (
            own,
            f"it listens on {_ports(mine)}" if mine else "ask for the container that serves, by its name",
        )
    if mine:
        return (
            f"nobody listens on {what} of {server.label}: it listens on {_ports(mine)}",
            f"ask for port {mine[0]}",
        )
    return (
        f"nobody listens on {what} of {server.label}, nor on any other",
        f"docker logs {server.name}: did its server start?",
    )


def _same(case: Case) -> list[tuple[str, Publication]]:
    """Containers that publish that port of the host, wherever."""
    found = ((box.owner, one) for box in case.graph.boxes for one in box.publications)
    return [(name, one) for name, one in found if one.host_port == case.port]


def _ports(found: list[int]) -> str:
    return f"port{'s' if len(found) > 1 else ''} {joined([str(port) for port in found])}"
