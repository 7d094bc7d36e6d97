"""The question, its checks in order until the first no, and the answer: what `lab.why()` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from ipaddress import ip_address
from typing import Protocol

from netbook.errors import NotFound, WrongArgument
from netbook.model.docker import Publication
from netbook.model.journey import Stop
from netbook.topology import addressing
from netbook.topology.graph import Topology
from netbook.topology.path import Way
from netbook.why import answers, attempt, names, packets, routes, scripts, servers, sizes, things
from netbook.why.case import Case, Checked, End
from netbook.why.senses import Senses
from netbook.why.verdict import Why
from netbook.workspace.workspace import Workspace

Check = Callable[[Case], Iterator[Checked]]
_ANY = ("0.0.0.0", "::", "")  # noqa: S104  # what a port is published on


class Named(Protocol):
    """A container in the reader's hand."""

    id: str
    name: str


def why(ws: Workspace, source: Named | str, target: Named | str, port: int | str = 0) -> Why:
    """`source` and `target` "" are the host; a text is a name to be resolved, or an address.

    Errors: NotFound for a source that is not there; WrongArgument for what is no port, or no target.
    """
    number, proto = _port(port)
    _check(target)
    seen, graph = ws.look()
    began = time.monotonic()
    with closing(ws.observer.channel(scripts.SERVE)) as channel:
        channel.ask("")
        pace = time.monotonic() - began
        senses = Senses(ws.observer.exec, channel.ask)
        case = Case(ws, seen, graph, senses, End(), "", None, number, proto, pace)
        _ends(case, source, target)
        _echo(case)
        findings = list(_findings(case))
        if any(f.step in ("packet", "rule") and not f.ok for f in findings):
            case.notes += routes.detour(case)
    what = case.asked or "the host"
    ask = f"{case.source.label} → {what}" + (
        f" port {number}{'/udp' if proto == 'udp' else ''}" if number else ""
    )
    return Why(ask, findings, _shown(case), _way(case, findings), case.notes)


def _port(port: int | str) -> tuple[int, str]:
    text, _, proto = str(port).partition("/")
    if not text.isdecimal() or int(text) > 65535 or proto not in ("", "tcp", "udp"):
        raise WrongArgument(
            f"port is {port!r}; it must be from 1 to 65535, or 0 for a ping.", remedy='of UDP: "53/udp"'
        )
    return int(text), proto or "tcp"


def _check(target: Named | str) -> None:
    if isinstance(target, str) and (target.startswith("-") or len(target.split()) > 1):
        raise WrongArgument(
            f"target is {target!r}; it must be a container, a name or an address.", remedy="as in: db"
        )


def _ends(case: Case, source: Named | str, target: Named | str) -> None:
    ws, seen = case.ws, case.seen
    if source:
        wanted = source if isinstance(source, str) else source.name
        known = {c.name for c in seen.containers} | {c.id for c in seen.containers}
        if wanted not in known:
            raise ws.no_container(wanted)
        case.source = case.end(next(c.name for c in seen.containers if wanted in (c.name, c.id)))
    if not isinstance(target, str):
        case.target = case.end(target.name)
        if case.target.info is None:
            raise ws.no_container(target.name)
        case.asked = target.name
        case.address = _address_of(case, case.target)
    elif not target:
        case.target = End()
        case.address = _address_of_host(case)
        case.asked = case.address
    else:
        case.asked = target
        try:
            case.address = str(ip_address(target))
            case.target = case.owner(case.address)
        except ValueError:
            case.target = case.end(target) if any(c.name == target for c in seen.containers) else None


def _address_of(case: Case, target: End) -> str:
    if target.box is not None and target.box is case.source.box and target.box.mode != "stopped":
        return "127.0.0.1"
    return addressing.address(case.graph, case.source.name, target.name)


def _address_of_host(case: Case) -> str:
    """Of the bridge that the source is plugged into; of the host to itself, lo."""
    if case.source.is_host:
        return "127.0.0.1"
    bridges = [b for p in case.source.ports for b in case.graph.bridges if b.name == p.bridge]
    every = [a.ip for b in (*bridges, *case.graph.bridges) for a in b.addresses if ":" not in a.ip]
    if not every:
        raise NotFound("No bridge of the host has an address.", remedy="name an address of the host instead")
    return every[0]


def _findings(case: Case) -> Iterator[Checked]:
    """Until the first check that says no. Of a packet, the rule that ended it is told, too."""
    checks: tuple[Check, ...] = (
        things.runs,
        things.address,
        names.name,
        things.twice,
        routes.route,
        routes.cable,
        _tried,
        routes.neighbour,
        _ruled,
        servers.listens,
        answers.back,
        answers.answer,
        _behind,
        sizes.big,
    )
    for check in checks:
        no = False
        for finding in check(case):
            no = no or not finding.ok
            yield finding
        if no:
            return


def _tried(case: Case) -> Iterator[Checked]:
    """Not a question, but the attempt that the next ones tell of."""
    _meet(case)
    case.heard, case.sight = attempt.made(case)
    return iter(())


def _meet(case: Case) -> None:
    """Who is to answer: a port of the host may stand for a container's."""
    case.server, case.inner = case.target, case.port
    if not (case.target and case.target.is_host and case.port):
        return
    for box in case.graph.boxes:
        for one in box.publications:
            if one.host_port == case.port and one.proto == case.proto and _is_at(case, one):
                case.published, case.server, case.inner = one, case.end(box.owner), one.port
                return


def _is_at(case: Case, one: Publication) -> bool:
    return one.host_ip in (*_ANY, case.address)


def _ruled(case: Case) -> Iterator[Checked]:
    """Packets are followed where no answer came; but not if a socket tells it all: nobody listens."""
    refused = case.heard is not None and case.heard.word == "refused"
    if not (case.near or ((refused or case.published) and servers.is_alone(case))):
        yield from packets.packet(case)


def _behind(case: Case) -> Iterator[Checked]:
    """Behind a published port docker-proxy takes every connection: so the container's own is tried, too."""
    if not (case.published and case.server and case.answered and case.proto == "tcp"):
        return
    address = addressing.address(case.graph, "", case.server.name)
    said = case.senses.attempt(0, address, case.inner).word if address else ""
    if said and said != "open":
        yield Checked(
            "answer",
            "Does the host get to the container behind the port?",
            said,
            False,
            f"the host's port {case.port} takes the connection, but {case.server.name} port {case.inner} "
            f"says: {said}",
            f"ask lab.why(lab.host, {case.server.name}, port={case.inner})",
            said,
            (Stop(case.source.name, ""), Stop(case.server.name, "")),
        )


def _echo(case: Case) -> None:
    """What of it a reader could type."""
    if not case.ws.echo.on:
        return
    said = case.ws.echo
    to = case.asked or case.address
    said.each("of the two", "docker", "inspect", "NAME")
    said.noted(
        "the same from outside: nsenter -t PID -n",
        "docker",
        "exec",
        case.source.name or "HOST",
        "ip",
        "route",
        "get",
        to,
    )
    said.noted(
        "then netstat, iptables-save -c and tcpdump, where it ends",
        *(("nc", "-w", "1", to, str(case.port)) if case.port else ("ping", "-c", "2", to)),
    )


def _shown(case: Case) -> Topology:
    ends = [end.box for end in (case.source, case.target, case.server) if end and end.box]
    strange = any(not box.owned for box in ends)
    return case.graph if strange else case.graph.owned()


def _way(case: Case, findings: list[Checked]) -> Way:
    """Until the break; whole, if there is none. Cables have two ends, of which the container's is told."""
    no = next((f for f in reversed(findings) if not f.ok), None)
    whole = tuple(dict.fromkeys(_stops(case)))
    if no is None:
        return Way(whole)
    cables = {port.peer for box in case.graph.boxes for port in box.ports if port.peer}
    at = tuple(dict.fromkeys(s for s in no.at if s.container or s.interface not in cables))
    if (
        case.heard
        and len(at) == 2
        and {at[0].container, at[1].container} == {case.source.name, whole[-1].container}
    ):
        at = whole if at[0].container == case.source.name else whole[::-1]  # it came all the way
    return Way(at or whole[:1], no.broken or "no")


def _stops(case: Case) -> list[Stop]:
    """From one to the other, as far as the route is known."""
    out = case.leaving
    last = case.server or case.target
    into = case.port_with(last, case.address) if last and case.address else None
    into = into or (next(iter(last.ports), None) if last and case.published else None)
    stops = [Stop(case.source.name, out.name if out else "")]
    stops += [Stop("", p.bridge) for p in (out, into) if p and p.bridge]
    stops += [Stop(last.name, into.name if into else "")] if last and last.name else []
    return stops
