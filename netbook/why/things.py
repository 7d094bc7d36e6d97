"""First what Docker knows: does each run, and has it an address?"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from netbook.errors import NotFound
from netbook.model.journey import Stop
from netbook.why.case import Case, Checked, End, joined

_RUNS = "Does each of them run?"
_ADDRESS = "Has each an address?"


def runs(case: Case) -> Iterator[Checked]:
    """`docker inspect -f '{{.State.Status}}'` of both."""
    ends = [end for end in (case.source, case.target) if end and end.name]
    for end in ends:
        state = end.info.state if end.info else "gone"
        if state != "running":
            cause, remedy = _stopped(case, end, state)
            yield Checked(
                "runs",
                _RUNS,
                f"{end.name} is {state}",
                False,
                cause,
                remedy,
                f"{end.name} is {state}",
                (Stop(case.source.name, ""), Stop(end.name, "")),
            )
            return
    names = list(dict.fromkeys(end.name for end in ends))
    if names:
        yield Checked("runs", _RUNS, f"{joined(names)} run{'s' if len(names) == 1 else ''}")


def _stopped(case: Case, end: End, state: str) -> tuple[str, str]:
    record: dict[str, Any] = {}
    try:
        record = case.ws.engine.inspect(end.info.id).get("State") or {} if end.info else {}
    except NotFound:
        state = "gone"
    said = str(record.get("Error") or "")
    if "no available IPv4 addresses" in said:
        return (
            f"{end.name} could not start: its network has no free address left ({said})",
            "make the network anew with a bigger subnet, or remove containers that are not needed",
        )
    if said:
        return f"{end.name} could not start: {said}", f"mend that, then docker start {end.name}"
    if state == "paused":
        return f"{end.name} is paused: its processes are frozen", f"docker unpause {end.name}"
    if state == "restarting":
        return f"{end.name} ends again and again", f"docker logs {end.name} says why"
    if state == "created":
        return f"{end.name} was made, and never started", f"docker start {end.name}"
    return (
        f"{end.name} does not run: it ended with exit code {record.get('ExitCode', '?')}",
        f"docker logs {end.name} may say why; then docker start {end.name}",
    )


def address(case: Case) -> Iterator[Checked]:
    """`docker inspect`, its addresses, and `ip addr` in its namespace, which is right where they differ."""
    told = []
    for end in (case.source, case.target):
        if not end or not end.name or end.is_host:
            continue
        own = [a.ip for p in end.ports for a in p.addresses if a.scope == "global"]
        if not own and not (end.box and end.box.mode == "unread") and not _together(case):
            cause, remedy = _nothing(end)
            yield Checked(
                "address",
                _ADDRESS,
                f"{end.name} has only lo" if not end.ports else f"{end.name} has none",
                False,
                cause,
                remedy,
                f"{end.name} has no address",
                (Stop(case.source.name, ""), Stop(end.name, "")),
            )
            return
        told.append(f"{end.name} {joined(own)}" if own else f"{end.name} as its network's owner")
    if told:
        yield Checked("address", _ADDRESS, "; ".join(dict.fromkeys(told)))


def _together(case: Case) -> bool:
    return bool(case.target and case.source.box and case.source.box is case.target.box)


def _nothing(end: End) -> tuple[str, str]:
    assert end.box is not None
    mode = end.info.network_mode if end.info else ""
    if mode.startswith("container:"):
        whose = end.box.joins or "a container that is gone"
        return (
            f"{end.name} joined the network of {whose} when it started, and has only lo since that one was "
            "started or made anew",
            f"docker restart {end.name}"
            if end.box.joins
            else f"make {end.name} anew, with --network container:… and the name of the new one",
        )
    if mode == "none":
        return (
            f"{end.name} was started with --network none: it has only lo",
            f"docker network disconnect none {end.name}, then docker network connect NETWORK {end.name}",
        )
    if end.ports:
        return f"no interface of {end.name} has an address", f"docker restart {end.name} gives it back"
    return f"{end.name} is on no network", f"docker network connect NETWORK {end.name}"


def twice(case: Case) -> Iterator[Checked]:
    """`ip addr` everywhere: two on one bridge with one address; whoever answers last, gets the packets."""
    if not case.address or ip_address(case.address).is_loopback or not case.target:
        return
    port = case.port_with(case.target, case.address)
    where = case.segment(case.target, port) if port else ("", "")
    for box in case.graph.boxes:
        if box is case.target.box or not box.containers or not where[1]:
            continue
        other = case.end(box.owner)
        twin = case.port_with(other, case.address)
        if twin and case.segment(other, twin) == where:
            pair = sorted([case.target.name, other.name])
            yield Checked(
                "address",
                _ADDRESS,
                f"{joined(pair)} both have {case.address}",
                False,
                f"{case.address} is there twice, at {joined(pair)}: who answers is chance",
                f"give one of them another address: docker network disconnect and connect, or ip addr del "
                f"{case.address}",
                f"{case.address} is there twice",
                (Stop(case.source.name, ""), Stop(case.target.name, "")),
            )
            return
