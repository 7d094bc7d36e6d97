"""Which way does it leave, is there a cable, and does the next one on the link answer?"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from netbook.model.journey import Stop
from netbook.why import swarm
from netbook.why.case import Case, Checked, End, joined

_ROUTE = "Which way does it leave?"
_CABLE = "Are the cables plugged in?"
_NEIGHBOUR = "Does the next one on the link answer?"


def route(case: Case) -> Iterator[Checked]:
    """`ip route get ADDRESS`, in the source."""
    (case.hop,) = case.senses.ways((case.source.pid, case.address))
    hop, me = case.hop, case.source
    if hop.error:
        cause, remedy = _no_route(case)
        yield Checked(
            "route",
            _ROUTE,
            f"none to {case.address}: {hop.error}",
            False,
            cause,
            remedy,
            "no route",
            (Stop(me.name, ""),),
        )
    elif case.near:
        yield Checked("route", _ROUTE, f"none: {case.address} is {me.label} itself")
    elif hop.gateway:
        owner = case.owner(hop.gateway)
        by = f", which is {owner.label}" if owner else ", an address that nobody here has"
        yield Checked("route", _ROUTE, f"by {hop.interface} to the gateway {hop.gateway}{by}")
    else:
        yield Checked("route", _ROUTE, f"by {hop.interface}, on the link")


def detour(case: Case) -> list[str]:
    """What is worth a word where a packet went by a gateway and did not arrive."""
    others = [n for n in case.source.networks if case.leaving and n != case.leaving.network]
    if not case.hop.gateway or not others or case.leaving is None:
        return []
    return [
        f"{case.source.label} is on {joined(case.source.networks)}, and this went by the gateway of "
        f"{case.leaving.network}: "
        f"which network has the default route, changes with docker network connect"
    ]


def _no_route(case: Case) -> tuple[str, str]:
    me = case.source
    networks = [n for name in me.networks if (n := case.network(name))]
    if (odd := case.odd_prefix(me)) and any(_in(case.address, s) for n in networks for s in n.subnets):
        return f"{odd}: {case.address} is beyond it", f"docker restart {me.name} gives it the right one"
    if any(r.destination == "default" for r in case.space(me).routes):
        return (
            f"a route of {me.label} forbids {case.address}",
            "ip route, in it, shows which; ip route del removes it",
        )
    theirs = case.target.networks if case.target else []
    if networks and all(n.internal for n in networks):
        there = next(iter(theirs), "NETWORK")
        return (
            f"{joined([n.name for n in networks])} {'is' if len(networks) == 1 else 'are'} internal: from "
            f"there no way leads out",
            f"docker network connect {there} {me.name}, if {me.name} is meant to get out",
        )
    gateways = [g for n in networks for g in n.gateways if ":" not in g]
    how = (
        f"ip route add default via {gateways[0]}, in {me.label}; or docker restart {me.name}"
        if gateways
        else (f"ip route add {case.address} via GATEWAY, in {me.label}")
    )
    return f"{me.label} has no default route, and none that leads to {case.address}", how


def _in(address: str, subnet: str) -> bool:
    try:
        return ip_address(address) in ip_network(subnet, strict=False)
    except ValueError:
        return False


def cable(case: Case) -> Iterator[Checked]:
    """`ip link` in both namespaces and on the host: is each interface up, and its other end in a bridge?"""
    if case.near:
        return
    ends: list[tuple[End, str]] = []
    if case.leaving:
        ends.append((case.source, case.leaving.name))
    if case.target and (port := case.port_with(case.target, case.address)):
        ends.append((case.target, port.name))
    for end, name in ends:
        trouble, mend = _unplugged(case, end, name)
        if trouble:
            yield Checked(
                "cable",
                _CABLE,
                trouble,
                False,
                trouble,
                mend,
                "not plugged in" if "into" in trouble else "down",
                (Stop(case.source.name, ""), Stop(end.name, name)),
            )
            return
    if ends:
        told = [f"{name} of {end.name}" for end, name in ends]
        yield Checked("cable", _CABLE, f"{joined(list(dict.fromkeys(told)))}: yes")


def _unplugged(case: Case, end: End, name: str) -> tuple[str, str]:
    port = next(p for p in end.ports if p.name == name)
    if not port.up:
        return (
            f"{name} of {end.name} is down",
            f"ip link set {name} up, in {end.name}; or docker restart {end.name}",
        )
    if port.peer and not port.bridge:
        far = next((i for i in case.seen.host.interfaces if i.name == port.peer), None)
        if far and not any(a.scope == "global" for a in far.addresses):
            return (
                f"the other end of {name} of {end.name} is plugged into no bridge",
                f"docker network disconnect and connect {port.network or 'NETWORK'} {end.name}; or docker "
                f"restart {end.name}",
            )
    if not port.peer and not port.parent and not port.bridge and not case.segment(end, port)[1]:
        here = Stop(end.box.owner if end.box else "", name)
        far_end = next((e for c in case.graph.cables if here in c.ends for e in c.ends if e != here), None)
        if far_end:
            return (
                f"the other end of {name} of {end.name}, {far_end.interface} of {far_end.container}, is "
                f"plugged into no bridge",
                f"ip link set {far_end.interface} master BRIDGE, in {far_end.container}",
            )
    bridge = next((b for b in case.graph.bridges if b.name == port.bridge), None)
    if bridge and not bridge.up and not bridge.hidden:
        return f"{bridge.label} is down", f"ip link set {bridge.name} up, on the host"
    return "", ""


def neighbour(case: Case) -> Iterator[Checked]:
    """`ip neigh` in the source, after `ping`: has a MAC answered for the next address?"""
    heard = case.heard
    if case.near or heard is None:
        return
    after = case.hop.gateway or case.address
    entry = next((n for n in heard.neighbours if n.address == after), None)
    owner = case.owner(after)
    mac = _mac(case, owner, after)
    if entry and entry.state == "PERMANENT" and mac and entry.mac.lower() != mac.lower():
        yield Checked(
            "neighbour",
            _NEIGHBOUR,
            f"{after} has a static entry with a MAC that is not {owner.label if owner else 'its'}'s",
            False,
            f"{case.source.label} has a wrong static entry in its table of neighbours: {after} is not "
            f"{entry.mac}",
            f"ip neigh del {after} dev {entry.interface}, in {case.source.label}",
            "wrong MAC",
            _until(case, after),
        )
        return
    if case.answered or (entry and entry.stable_state != "unanswered") or (entry is None and mac):
        whose = f", {owner.label}," if owner else ""
        if entry or case.answered:
            yield Checked("neighbour", _NEIGHBOUR, f"{after}{whose} has answered")
        return
    if entry is None:
        return
    cause, remedy = _silent(case, after, owner)
    yield Checked(
        "neighbour",
        _NEIGHBOUR,
        f"nobody answers for {after}",
        False,
        cause,
        remedy,
        "nobody has that address" if owner is None else "no answer to ARP",
        _until(case, after),
    )


def _until(case: Case, _: str) -> tuple[Stop, ...]:
    port = case.leaving
    device = (Stop("", port.bridge),) if port and port.bridge else ()
    return (Stop(case.source.name, port.name if port else ""), *device)


def _mac(case: Case, owner: End | None, address: str) -> str:
    if owner is None:
        return ""
    if owner.name and not owner.is_host:
        port = case.port_with(owner, address)
        return port.mac if port else ""
    return next((i.mac for i in case.seen.host.interfaces if address in {a.ip for a in i.addresses}), "")


def _silent(case: Case, after: str, owner: End | None) -> tuple[str, str]:
    me = case.source
    if owner is None and case.hop.gateway:
        networks = [n for name in me.networks if (n := case.network(name))]
        right = [g for n in networks for g in n.gateways if ":" not in g]
        return (
            f"the route of {me.label} leads to the gateway {after}, which nobody has",
            f"ip route replace default via {right[0]}, in it; or docker restart {me.name}"
            if right
            else "ip route, in it, shows it",
        )
    if owner is None and (of_a_swarm := swarm.silent(case)):
        return of_a_swarm
    if owner is None:
        who = case.neighbours_who_listen()
        remedy = "start whoever should have it; addresses are given anew with each container, names stay"
        if who:
            they = f"{joined(who)} serve{'s' if len(who) == 1 else ''}"
            remedy = f"{they} port {case.port}: ask by that name, not by an address that was kept"
        if case.by == "/etc/hosts":
            return (
                f"/etc/hosts of {me.label} says that {case.asked} is {after}, and nobody has that address "
                f"any more",
                remedy,
            )
        return f"nobody has the address {after} (any more)", remedy
    if odd := case.odd_prefix(me):
        return f"{odd}: it looks for {after} on its own link, where that is not", f"docker restart {me.name}"
    mine, theirs = case.leaving, case.port_with(owner, after)
    if mine and theirs and case.segment(me, mine) != case.segment(owner, theirs):
        return (
            f"{owner.label} has {after}, but on another link than {me.label}",
            f"docker network connect {next(iter(me.networks), 'NETWORK')} {owner.name}" if owner.name else "",
        )
    return (
        f"{owner.label} has {after}, and does not answer to ARP",
        f"is its interface up? ip link, in {owner.label}",
    )
