"""Send one ping or open one TCP connection, and record it in every namespace on its way.

What could differ from run to run is settled before: the containers of this lab that take part
forget their neighbours, and the host forgets them, so that each first packet asks (ARP, ND).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from netbook import errors, pcap
from netbook.capture import Capture, Plan, bpf
from netbook.engine.api import Engine
from netbook.flow import Question, Seen, select
from netbook.legs import Passage, passages, plain
from netbook.models import ContainerInfo, ExecResult, PingResult, Snapshot
from netbook.parsers import ping
from netbook.places import Places
from netbook.topology import Box, Topology
from netbook.trace import Recording, Trace

_NOT_THERE = (126, 127)  # exit codes for a program that cannot be run


@dataclass(frozen=True, slots=True)
class Probe:
    """What is sent, from where; `send` runs the command there."""

    source: str  # a container's name; "" for the host itself
    target: str  # an address or a name
    send: Callable[[tuple[str, ...]], ExecResult]
    port: int = 0  # TCP; 0: a ping
    size: int | None = None  # of the ping, bytes
    wait: int = 1  # seconds for the answer

    @property
    def argv(self) -> tuple[str, ...]:
        """The command. A server may keep a connection open for ever; `timeout` does not."""
        if self.port:
            return ("timeout", str(self.wait + 4), "nc", "-w", str(self.wait), self.target, str(self.port))
        size = () if self.size is None else ("-s", str(self.size))
        return ("ping", "-c", "1", "-W", str(self.wait), *size, self.target)

    @property
    def name(self) -> str:
        """The target, if it is a name."""
        return "" if address(self.target) else self.target


def address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; None if it is a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def check(target: object, port: int, size: int | None, wait: int) -> None:
    """Errors: ValueError, with what is expected, for what no command should be given."""
    if isinstance(target, str) and (not target or target.startswith("-")):
        raise ValueError(f"target is {target!r}; it must be a container, a name or an address")
    for name, value, low, high in (
        ("port", port, 0, 65535),
        ("size", size or 0, 0, 65507),
        ("wait", wait, 1, 60),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; it must be from {low} to {high}")


def address_of(target: str, source: str, graph: Topology) -> str:
    """Where a container is reached from another: in a network of both, if they have one.

    Errors: NotRunning for one that is stopped, NotFound for one that has only `lo`.
    """
    box = graph.box(target)
    here = [] if not source else list(graph.box(source).ports)
    bridges = {bridge.name: bridge for bridge in graph.bridges}
    networks = {port.network for port in here}
    if box.mode == "stopped":
        raise errors.NotRunning(
            f"{target} is not running, so it has no address.", remedy=f"start it first: {target}.start()"
        )
    if box.mode == "host":
        gates = [bridges[port.bridge] for port in here if port.bridge in bridges] or list(graph.bridges)
        found = [a for bridge in gates for a in bridge.addresses]
    else:
        ports = sorted(box.ports, key=lambda port: port.network not in networks)
        found = [a for port in ports for a in port.addresses]
    chosen = [a.ip for a in found if a.scope == "global"]
    if not chosen:
        raise errors.NotFound(
            f"{target} has no address: its network namespace has only lo.",
            remedy="choose a container with a network; lab.containers() lists them",
        )
    return chosen[0]


def trace(
    engine: Engine,
    lab: str,
    seen: Snapshot,
    graph: Topology,
    probe: Probe,
    *,
    shown: Topology,
    full: bool,
    warn: Callable[[str], None],
) -> Trace:
    """Record one probe. `graph` is all that is on the engine, `shown` what of it the picture has."""
    places = Places(seen, graph)
    pids = {c.namespace: c.pid for c in seen.containers if c.namespace and c.pid}
    own = [box for box in graph.boxes if box.mode in ("own", "none")]
    boxes = {box.inode: box for box in own if probe.source in box.containers}
    source = next(iter(boxes), places.host)
    boxes |= {box.inode: box for box in _targets(engine, probe, seen, own, places)}
    ports = [port for box in boxes.values() for port in box.ports]
    published = _published(engine, probe, seen.containers, places)
    plan = Plan(
        (0, *(pids[inode] for inode in boxes)),
        tuple(sorted({port.bridge for port in ports if port.bridge in places.bridges})),
        bpf([probe.port, *(port for _, port in published)] if probe.port else ()),
        tuple(pids[inode] for inode, box in boxes.items() if box.owned),
        tuple(a.ip for box in boxes.values() if box.owned for port in box.ports for a in port.addresses),
    )
    with Capture(engine, lab, plan) as capture:
        said = probe.send(probe.argv)
        files = capture.stop()
    if said.exit_code in _NOT_THERE:
        raise errors.NotFound(
            f"{probe.source or 'the host'} cannot run {probe.argv[0]}: {said}",
            remedy="does its image have that program? The lab image busybox has it",
        )
    if capture.dropped:
        warn(f"{capture.dropped} packets came too fast for tcpdump; what is shown may lack some.")
    heard = PingResult(probe.target) if probe.port else ping.parse(said.text)
    found = [
        Seen(inode, packet)
        for inode, data in zip((places.host, *boxes), files, strict=True)
        for packet in pcap.parse(data)
    ]
    question = Question(
        source, _addresses(probe, heard, found, source), probe.name, probe.port, frozenset(published)
    )
    mine = select(found, question, places)
    every = passages(mine, question, places, {places.host, *boxes})
    names = ["host", *(box.containers[0] for box in boxes.values())]
    recordings = [
        Recording(name, data[: pcap.HEADER], tuple(s.packet for s in mine if s.namespace == inode))
        for name, inode, data in zip(names, (places.host, *boxes), files, strict=True)
    ]
    plainly = plain(every, question)
    sentence = outcome(plainly, probe, said, heard)
    return Trace(shown, plainly, every, question, sentence, recordings, full=full)


def _targets(
    engine: Engine, probe: Probe, seen: Snapshot, own: Iterable[Box], places: Places
) -> Iterable[Box]:
    """Whose the target can be: the address's owner, or all that the name can mean."""
    if not probe.name:
        owner = places.owner(str(address(probe.target)))
        return [box for box in own if box.inode == owner]
    meant = {
        c.name
        for c in seen.containers
        if probe.name in (c.name, *(a for e in c.endpoints for a in e.aliases))
    }
    if probe.source:  # `--link`: "/bbox01:/bbox06/web"
        links = engine.inspect(probe.source)["HostConfig"].get("Links") or []
        pairs = [link.split(":") for link in links]
        meant |= {one.lstrip("/") for one, alias in pairs if alias.rpartition("/")[2] == probe.name}
    return [box for box in own if meant.intersection(box.containers)]


def _published(
    engine: Engine, probe: Probe, containers: Iterable[ContainerInfo], places: Places
) -> set[tuple[str, int]]:
    """What stands behind a port of the host: addresses in containers, and ports there."""
    found = address(probe.target)
    if not (probe.port and found and (found.is_loopback or places.owner(str(found)) == places.host)):
        return set()
    behind: set[tuple[str, int]] = set()
    for container in containers:
        if container.state != "running":
            continue
        ports = (engine.inspect(container.id)["NetworkSettings"].get("Ports") or {}).items()
        inner = {
            int(port.partition("/")[0])
            for port, bound in ports
            if any(b["HostPort"] == str(probe.port) for b in bound or ())
        }
        behind |= {(e.ip_address, port) for e in container.endpoints if e.ip_address for port in inner}
    return behind


def _addresses(probe: Probe, heard: PingResult, found: Iterable[Seen], source: int) -> frozenset[str]:
    """What the target's name became: ping says it, nc does not."""
    if known := address(probe.target):
        return frozenset({str(known)})
    if not probe.port:
        return frozenset({heard.address} - {""})
    packets = (one.packet for one in found if one.namespace == source)
    return frozenset(p.target for p in packets if p.flags == "S" and p.target_port == probe.port)


def outcome(shown: Iterable[Passage], probe: Probe, said: ExecResult, heard: PingResult) -> str:
    """What became of it, in a sentence or two."""
    shown = list(shown)
    who, what = probe.source or "the host", ("TCP SYN" if probe.port else "echo request")
    to = f"{probe.target} port {probe.port}" if probe.port else probe.target
    there = [p for p in shown if what in p.leg.what or p.packet.protocol == "fragment"]
    answer = ("TCP SYN-ACK", "TCP RST") if probe.port else ("echo reply",)
    there = [p for p in there if p.leg.what != "TCP SYN-ACK"]
    back = [p for p in shown if any(word in p.leg.what for word in answer)]
    begin = f"{who} {'connects to' if probe.port else 'pings'} {to}: "
    if not there:
        if any(p.packet.protocol == "DNS" for p in shown) or heard.error == "bad address":
            return f"{begin}the name has no address, so nothing was sent to it."
        if any(p.packet.what.startswith(("ARP who", "ND who")) for p in shown):
            return f"{begin}nobody answered for its address, so nothing could be sent to it."
        words = heard.error or (said.text.strip().splitlines() or ["nothing was sent"])[-1]
        return f"{begin}nothing left {who} ({words})."
    if back and back[-1].end == "arrived":
        if probe.port:
            return begin + ("refused." if back[0].leg.what == "TCP RST" else "the connection was made.")
        return f"{begin}the reply came back."
    way = next((p for p in [*there, *back] if p.end == "lost"), (back or there)[-1])
    packet = way.leg.what.partition(",")[0]
    last = way.sightings[-1].where
    complaint = next((p for p in shown if p.packet.quoted), None)
    because = f" ({complaint.leg.what}, says {complaint.leg.source})" if complaint else ""
    if way.end == "lost":
        return f"{begin}no answer. The {packet} was seen last at {last}{because}."
    if way.end == "left":
        return f"{begin}no answer. The {packet} left the host by {way.sightings[-1].stop.interface}{because}."
    return f"{begin}no answer. The {packet} arrived at {last}{because}."
