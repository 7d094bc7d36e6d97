"""Follow one ping or one TCP connection from one engine host to another, the network between them included.

All is captured from the engine that the hosts are containers of: for it their namespaces are some of many.
"""

from __future__ import annotations

from collections.abc import Sequence

from netbook.engine.images import tcpdump
from netbook.model.programs import ExecResult
from netbook.topology.within import within
from netbook.trace import capture, probe, record, trace
from netbook.trace.follow import Named
from netbook.trace.trace import Trace
from netbook.workspace.workspace import Workspace


def follow(
    outer: Workspace,
    here: Workspace,
    hosts: Sequence[tuple[str, Workspace]],
    source: Named | str,
    target: Named | str,
    *,
    port: int,
    size: int | None,
    wait: int,
    full: bool,
) -> Trace:
    """`source` is a container on `here`, one of `hosts`: each the name of its container, and its workspace.

    Errors: as of `trace.follow.follow`.
    """
    probe.check(target, port, size, wait)
    running = here.running(source if isinstance(source, str) else source.id)
    looks = {name: ws.look() for name, ws in hosts}
    found = outer.observer.processes([c.id for seen, _ in looks.values() for c in seen.containers])
    moment = within(outer.look(), looks, found)
    graph = moment[1]
    to = target if isinstance(target, str) else record.address_of(target.name, running.name, graph)
    sent = probe.Probe(running.name, to, port, size, wait)
    tcpdump.ensure(outer.engine, print)
    helper = ("docker", "run", "--rm", "-i", *capture.RIGHTS, tcpdump.NAME)
    outer.echo.noted("with these rights, until the capture ends", *helper)
    outer.echo.each("network namespace on the way", "tcpdump", "-i", "any", "-w", "FILE")
    here.echo("docker", "exec", running.name, *sent.argv)

    def send(argv: tuple[str, ...]) -> ExecResult:
        return here.engine.exec(running.id, argv)

    around = [graph.box(name).inode for name in looks]
    take = record.record(outer.engine, outer.name, *moment, sent, send, around=around)
    if take.dropped:
        outer.echo.warning(f"{take.dropped} packets came too fast for tcpdump: what follows may lack some")
    return trace.read(take, shown=graph.owned(), full=full)
