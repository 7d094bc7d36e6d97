"""Does the packet leave, where does it end, and which rule ended it?"""

from __future__ import annotations

from collections.abc import Iterator

from netbook.model.firewall import Rule
from netbook.model.journey import Stop
from netbook.topology.rules import Names, words
from netbook.why import sight
from netbook.why.case import Case, Checked, End, joined
from netbook.why.walls import Counted

_PACKET = "Does the packet leave, and where does it end?"
_RULE = "Which rule dropped it?"


def packet(case: Case) -> Iterator[Checked]:
    """`tcpdump -i any` everywhere on the way, as `lab.trace`, and `iptables-save -c` before and after.

    Only where no answer came back: else it has got there.
    """
    heard = case.heard
    assert heard is not None
    if case.answered:
        how = "an answer came back" if heard.word != "arrived" else "it was counted there"
        yield Checked("packet", _PACKET, f"it gets there, for {how}")
        return
    around = case.around
    if case.sight is None:
        case.sight = sight.look(case, around, lambda: heard)
    there = case.sight.there
    if there.end == "lost" and (case.target is not None or not case.sight.unseen):
        found = f"it came no further than {_the(there.where)}"
        cause, remedy = _lost(case, around)
        counted = case.sight.counted
        yield Checked("packet", _PACKET, found, False, cause, remedy, "lost here", there.stops)
        if counted:
            yield _rule(case, counted[0], there.stops)
        return
    counted = case.sight.counted
    if counted and not (counted[0].rule.target == "DROP" and case.sight.back.end == "arrived"):
        if there.end:
            yield Checked("packet", _PACKET, _ended(case), True)
        yield _rule(case, counted[0], case.sight.back.stops or there.stops)
        return
    if there.end == "left":
        by = case.source.networks
        several = f", by the gateway of {case.leaving.network}" if len(by) > 1 and case.leaving else ""
        yield Checked(
            "packet",
            _PACKET,
            f"it left the host by {there.where}{several}",
            False,
            f"it left the host by {there.where}{several}, and no answer came back: what is beyond, cannot "
            f"be seen from here",
            "ask there: tcpdump, on the machine that has the address"
            if not several
            else f"{case.source.label} is on {joined(by)}: is that the way that you meant? docker network "
            f"disconnect the other",
            "no answer from outside",
            there.stops,
        )
        return
    if there.end:
        yield Checked("packet", _PACKET, _ended(case))
    elif case.sight.unseen:
        yield Checked("packet", _PACKET, f"not seen: {case.sight.unseen}")


def _ended(case: Case) -> str:
    whom = case.target.label if case.target else case.address
    return f"it arrives at {whom}"


def _the(where: str) -> str:
    return f"the {where}" if where.startswith(("bridge ", "veth ")) else where


def _lost(case: Case, around: list[End]) -> tuple[str, str]:
    """Where no rule has counted it."""
    assert case.sight is not None
    where, said = case.sight.there.where, case.sight.complaint
    if case.target is None and internal_of(case):
        return (
            f"{internal_of(case)} is internal: from there no way leads out",
            f"docker network connect NETWORK {case.source.name}, if it is meant to get out",
        )
    router = next(
        (e for e in around if e.name and e not in (case.source, case.target) and e.name in where), None
    )
    if router and not case.forwards(router):
        return (
            f"{router.name} does not forward: {case.forwarding} is 0 there",
            f"sysctl -w {case.forwarding}=1, on {router.name}; of a container, at its start: --sysctl "
            f"{case.forwarding}=1",
        )
    if not router and not case.forwards(End()):
        return (
            f"the host does not forward: {case.forwarding} is 0 there",
            f"sysctl -w {case.forwarding}=1, on the host",
        )
    if odd := case.odd_prefix(case.source) or case.odd_prefix(case.target):
        return odd, "docker restart gives it the right one"
    # the host says so to the sender, but only so often in a second: then its routes are asked
    if not router and case.senses.ways((End().pid, case.address))[0].error:
        return f"the host has no route to {case.address}", "ip route, on the host"
    if "unreachable" in said and (who := said.rpartition(", says ")[2]):
        owner = case.owner(who)
        whose = owner.label if owner else who
        return (
            f"{whose}, which it was sent to, says that {case.address} is out of its reach",
            f"the routes of {whose}: ip route, there",
        )
    me, them = case.source, case.target
    if not router and them and me.networks and them.networks and not set(me.networks) & set(them.networks):
        return (
            f"{me.label} is on {joined(me.networks)}, {them.label} on {joined(them.networks)}, and Docker "
            f"keeps its networks apart; no rule of iptables has counted it: one of nft's (nft list ruleset)?",
            _connect(me, them),
        )
    return (
        f"it came no further than {_the(where)}, and no rule of iptables has counted "
        f"it{f', and {said}' if said else ''}",
        "look there: ip route, ip rule, rp_filter, rules of nft; tcpdump on the next interface",
    )


def _rule(case: Case, counted: Counted, stops: tuple[Stop, ...]) -> Checked:
    rule, whose = counted.rule, _whose(case, counted.pid)
    answered = rule.target == "REJECT" and counted.pid  # what was seen last is the rule's own answer
    stops = _until(case, counted.pid) if answered or not stops else stops
    target, match = words(rule, Names.of(case.graph))
    text = (
        f"the policy of {rule.chain}: {rule.target}"
        if counted.policy
        else f"{rule.chain}: {target}, {match or 'everything'}"
    )
    found = f"{whose}, {text} ({counted.packets} packet{'' if counted.packets == 1 else 's'})"
    cause, remedy = _meaning(case, counted, whose, text)
    return Checked("rule", _RULE, found, False, cause, remedy, f"{rule.target} by {rule.chain}", stops)


def _until(case: Case, pid: int) -> tuple[Stop, ...]:
    """Where nothing was captured: to the one whose rule it is."""
    me, port = case.source, case.leaving
    if pid and pid != me.pid:
        return Stop(me.name, ""), Stop(next((c.name for c in case.seen.containers if c.pid == pid), ""), "")
    device = (Stop("", port.bridge),) if port and port.bridge and not pid else ()
    return Stop(me.name, port.name if port else ""), *device


def _whose(case: Case, pid: int) -> str:
    found = next((c.name for c in case.seen.containers if c.pid == pid and pid), "")
    return f"firewall of {found or 'the host'}"


def _meaning(case: Case, counted: Counted, whose: str, text: str) -> tuple[str, str]:
    rule, me, them = counted.rule, case.source, case.target
    said = f"the {whose} ends it, in {text}"
    if counted.pid == 0 and them and rule.chain != "DOCKER-USER" and _is_dockers(rule):
        internal = [n for e in (me, them) for name in e.networks if (n := case.network(name)) and n.internal]
        shared = set(me.networks) & set(them.networks)
        if internal and not shared:
            return f"{internal[0].name} is internal, and Docker lets nothing in or out: {said}", _connect(
                me, them
            )
        if not shared and me.networks and them.networks:
            return (
                f"{me.label} is on {joined(me.networks)}, {them.label} on {joined(them.networks)}, and "
                f"Docker keeps its "
                f"networks apart: {said}",
                _connect(me, them),
            )
    if counted.pid == 0 and internal_of(case):
        return (
            f"{internal_of(case)} is internal, and Docker lets nothing out: {said}",
            f"docker network connect NETWORK {me.name}",
        )
    where = "on the host" if counted.pid == 0 else f"in {whose.removeprefix('firewall of ')}"
    if counted.policy:
        return said, f"iptables -I {rule.chain} … -j ACCEPT for what shall pass, {where}"
    table = "" if rule.table == "filter" else f"-t {rule.table} "
    return said, f"iptables {table}-D {rule.chain} {rule.spec}, {where}, or a rule before it that accepts"


def internal_of(case: Case) -> str:
    """The network by which the packet leaves, if that is internal."""
    network = case.network(case.leaving.network) if case.leaving else None
    return network.name if network and network.internal else ""


def _is_dockers(rule: Rule) -> bool:
    return rule.chain.startswith("DOCKER") or rule.table == "raw" or rule.chain == "FORWARD"


def _connect(me: End, them: End) -> str:
    there = next((n for n in them.networks if n != "bridge"), "")
    here = next((n for n in me.networks if n != "bridge"), "")
    if there and me.name:
        return f"docker network connect {there} {me.name}"
    return f"docker network connect {here or 'NETWORK'} {them.name}"
