"""Follow one ping or one TCP connection from a sender to where it ends: what `lab.trace()` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from netbook.engine.images import tcpdump
from netbook.model.programs import ExecResult
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Topology
from netbook.trace import capture, probe, record, trace
from netbook.trace.trace import Trace
from netbook.workspace import tentative
from netbook.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Home:
    """A container that plays the host, and the world as it sees it."""

    name: str
    pid: int
    seen: Snapshot
    graph: Topology


class Named(Protocol):
    """A container in the reader's hand."""

    id: str
    name: str


def follow(
    ws: Workspace,
    source: Named | str,
    target: Named | str,
    *,
    port: int,
    size: int | None,
    wait: int,
    full: bool,
    home: Home | None = None,
) -> Trace:
    """`source` "" is the host; a `target` that is a container means the address where the source reaches it.

    Errors: NotFound, NotRunning; EngineRefused if tcpdump may not listen; ImageMissing for its image.
    """
    probe.check(target, port, size, wait)
    running = ws.running(source if isinstance(source, str) else source.id) if source else None
    seen, graph = (home.seen, home.graph) if home else tentative.look(ws)
    from_ = running.name if running else ""
    if home and running and running.name == home.name:
        from_ = ""
    to = target if isinstance(target, str) else record.address_of(target.name, from_, graph)
    sent = probe.Probe(from_, to, port, size, wait)
    tcpdump.ensure(ws.engine, print)
    helper = ("docker", "run", "--rm", "-i", *capture.RIGHTS, tcpdump.NAME)
    ws.echo.noted("with these rights, until the capture ends", *helper)
    ws.echo.each("network namespace on the way", "tcpdump", "-i", "any", "-w", "FILE")
    ws.echo(*(("docker", "exec", running.name) if running else ()), *sent.argv)

    def send(argv: tuple[str, ...]) -> ExecResult:
        return ws.engine.exec(running.id, argv) if running else ws.observer.exec(*argv)

    take = record.record(ws.engine, ws.name, seen, graph, sent, send, home.pid if home else 0)
    if take.dropped:
        ws.echo.warning(f"{take.dropped} packets came too fast for tcpdump: what follows may lack some")
    if home:
        return trace.read(take, shown=graph, full=full)
    strange = any(not box.owned for box in graph.boxes if box.inode in take.files)
    return trace.read(take, shown=graph if strange else graph.owned(), full=full)
