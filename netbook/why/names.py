"""Does the name resolve, and by whom? As programs there ask: /etc/hosts, then its DNS server."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from ipaddress import ip_address

from netbook.engine.client import records
from netbook.model.journey import Stop
from netbook.model.programs import Lookup
from netbook.topology.graph import is_of
from netbook.why import walls
from netbook.why.case import DNS, Case, Checked, joined

_QUESTION = "Does the name resolve, and by whom?"
_CHAIN = "DOCKER_OUTPUT"  # Docker's own, in the namespace: leads port 53 of 127.0.0.11 to its server
_SERVICE = "com.docker.compose.service"


def name(case: Case) -> Iterator[Checked]:
    """`cat /etc/hosts`, `cat /etc/resolv.conf` and `nslookup NAME SERVER`, in the source."""
    if case.address:
        return
    space = case.space(case.source)
    found = [entry.address for entry in space.hosts if case.asked in entry.names]
    case.by = "/etc/hosts" if found else ""
    answer, server = Lookup(case.asked, error="there is no DNS server in its /etc/resolv.conf"), ""
    for server in space.resolver.nameservers if not found else ():
        for word in (f"{case.asked}.", *(f"{case.asked}.{domain}." for domain in space.resolver.search)):
            answer = case.senses.lookup(case.source.pid, word, server)
            if answer.addresses or answer.error == "no servers could be reached":
                break
        found = list(answer.addresses)
        if found or answer.error != "no servers could be reached":
            break
    by = case.by or ("Docker's DNS server, 127.0.0.11" if server == DNS else f"the DNS server {server}")
    if not found:
        words = answer.error if server else "no server"
        cause, remedy = _unknown(case, server, answer)
        yield Checked(
            "name",
            _QUESTION,
            f"no: {by} says {words}" if server else f"no: {answer.error}",
            False,
            cause,
            remedy,
            f"{case.asked}: no such name",
            (Stop(case.source.name, ""),),
        )
        return
    case.by = by
    _choose(case, found)
    yield Checked("name", _QUESTION, f"{case.asked} is {joined(found)}, says {by}")


def _choose(case: Case, found: list[str]) -> None:
    """IPv4 first, of what the source has a network for; and whose address it is."""
    four = [a for a in found if ":" not in a]
    ports = [a for p in case.source.ports for a in p.addresses]
    near = [
        a for a in four if any(is_of(one, f"{a}/32") or ip_address(a) in one.value.network for one in ports)
    ]
    case.address = (near or four or found)[0]
    if case.asked == "localhost" and "::1" in found and case.address != "::1" and _has_six(case):
        case.other = "::1"
    meant = case.target
    owners = [owner for a in found if (owner := case.owner(a))]
    others = list(dict.fromkeys(o.name for o in owners if o.name))
    case.target = case.owner(case.address)
    if len(others) > 1 and len(four) > 1 and not _one_service(case, others):
        case.notes.append(
            f"the name {case.asked} is {joined(sorted(others))} at once, and answers change: take a name "
            f"that only one has"
        )
    elif (
        meant and case.target and case.target.name != meant.name and not _together(meant.box, case.target.box)
    ):
        case.notes.append(
            f"{case.asked} is a name of {case.target.label} here, not the container {meant.name}"
        )


def _together(one: object, two: object) -> bool:
    return one is two


def _has_six(case: Case) -> bool:
    inode = case.source.box.inode if case.source.box else case.seen.host.inode
    spaces = [s for s in (case.seen.host, *case.seen.namespaces) if s.inode == inode]
    return any(a.ip == "::1" for s in spaces for i in s.interfaces for a in i.addresses)


def _one_service(case: Case, names: list[str]) -> bool:
    """Copies of one service of a Compose project are meant to share its name."""
    services = {end.info.labels.get(_SERVICE, "") for n in names if (end := case.end(n)).info}
    return len(services) == 1 and services != {""}


def _unknown(case: Case, server: str, answer: Lookup) -> tuple[str, str]:
    me, asked = case.source, case.asked
    silent = server == DNS and answer.error == "no servers could be reached"
    if silent and not case.senses.lookup(me.pid, f"{me.name}.", DNS).addresses:  # nor of what it knows itself
        with walls.reading(case.ws.engine, case.ws.name, [me.pid]) as rules:
            chains = rules.read().get(me.pid, ())
        if not any(chain.name == _CHAIN for chain in chains):
            return (
                f"the rules that lead {DNS} to Docker's DNS server are gone from the namespace of "
                f"{me.label}: "
                "somebody has flushed its nat table",
                f"docker restart {me.name} (to connect a network anew does not bring them back)",
            )
        return "Docker's DNS server does not answer", f"docker restart {me.name}"
    if not me.name:
        return f"the host asks its own DNS server, and container names are not in it: {asked}", (
            "ask by address, or by a published port"
        )
    target = case.target
    if target and target.name != me.name:
        if server != DNS:
            here = joined(me.networks) if me.networks else "no network"
            if me.networks == ["bridge"]:
                here = "the default bridge"
            return (
                f"{me.name} is on {here}, where Docker tells no names",
                f"put both on a network of your own: docker network create NET; docker network connect NET "
                f"{me.name}; "
                f"docker network connect NET {target.name}",
            )
        shared = [n for n in me.networks if n in target.networks]
        if not shared:
            there = next((n for n in target.networks if n != "bridge"), "")
            return (
                f"{me.name} and {target.name} share no network ({me.name} is on {joined(me.networks)}, "
                f"{target.name} "
                f"on {joined(target.networks)}), and names are told on a shared one only",
                f"docker network connect {there} {me.name}"
                if there
                else f"docker network connect {next((n for n in me.networks if n != 'bridge'), 'NET')} "
                f"{target.name}",
            )
        if shared == ["bridge"]:
            return (
                f"{me.name} and {target.name} share the default bridge only, where Docker tells no names",
                f"docker network connect {next((n for n in me.networks if n != 'bridge'), 'NET')} "
                f"{target.name}",
            )
    others = sorted(c.name for c in case.seen.containers if c.name != me.name)
    aliases = sorted(set(_aliases(case)) - set(others))
    close = difflib.get_close_matches(asked, [*others, *aliases], 1)
    beside = [n for n in others if set(case.end(n).networks) & set(me.networks)] + aliases
    nobody = f"nobody is called {asked} where {me.label} asks"
    if silent and not close:
        return (
            f"{nobody}, so Docker's DNS server asks those of the engine's host, and hears nothing from them",
            f"a container's name? There are: {joined(beside)}"
            if beside and "." not in asked
            else "is the host's network up, and its /etc/resolv.conf right? Another server is named by --dns",
        )
    return (
        nobody,
        f"did you mean {close[0]}?"
        if close
        else f"there are: {joined(beside)}"
        if beside
        else "start it, or give its network alias",
    )


def _aliases(case: Case) -> Iterator[str]:
    for container in case.seen.containers:
        if set(case.source.networks) & {e.network for e in container.endpoints} and container.pid:
            full = records.inspected(case.ws.engine.inspect(container.id))
            yield from (a for e in full.endpoints for a in e.aliases if not full.id.startswith(a))
