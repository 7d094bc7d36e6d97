"""Who can reach whom: every pair, measured inside the containers, one exec per container."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from netbook import errors
from netbook.engine.client.engine import Engine
from netbook.model.docker import ContainerInfo
from netbook.model.programs import Answer
from netbook.parsers import ping
from netbook.reach import again, connect, unanswered
from netbook.topology import addressing
from netbook.topology.graph import Topology

# All pings of one container at once: a "no" costs two seconds, and n of them still cost two. It is asked
# twice: on a machine that is busy with a thousand pings, a reply can be late. Each ping's section is
# written in one piece, or they would mix.
_SCRIPT = (
    unanswered.SCRIPT
    + again.SCRIPT
    + """
command -v ping >/dev/null || { echo "@ without ping"; exit; }
for target; do
  ( again ping -c 1 -W 1 "$target"
    case $said in *" 100% packet loss"*) again ping -c 1 -W 1 "$target" ;; esac
    case $said in *" 100% packet loss"*) said="$said
$(unanswered "$said")";; esac
    printf '@ %s\n%s\n' "$target" "$said" ) &
done
wait
"""
)
# A name server that is silent would cost ten seconds for each name that nobody has.
_PATIENCE = {"RES_OPTIONS": "timeout:1 attempts:2"}
NOBODY, NO_GATEWAY = "nobody has that address", "its gateway does not answer"
_AT_ONCE = 16  # containers; most of their time is waiting for what does not come


def command(target: str, port: int = 0) -> tuple[str, ...]:
    """What each pair costs."""
    if port:
        return ("nc", "-w", str(connect.WAIT), target, str(port), "-e", "true")
    return ("ping", "-c", "1", "-W", "1", target)


def measure(
    engine: Engine, graph: Topology, containers: list[ContainerInfo], kinds: Collection[str], port: int = 0
) -> tuple[Answer, ...]:
    """Ask each container for all others; `kinds`: address, name or both. One exec per running container.

    `port`: by a TCP connection; 0: by a ping. `graph`: all that is on the engine, of the moment just before.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = pool.map(lambda c: tuple(_asked(engine, graph, c, containers, kinds, port)), containers)
        return tuple(answer for answers in asked for answer in answers)


def _asked(
    engine: Engine,
    graph: Topology,
    source: ContainerInfo,
    containers: Iterable[ContainerInfo],
    kinds: Collection[str],
    port: int,
) -> Iterator[Answer]:
    read = connect.answer if port else _answer
    others = [c for c in containers if c.name != source.name]
    addresses = {c.name: addressing.addresses(graph, source.name, c.name) for c in others}
    wanted = {c.name for c in others if "name" in kinds}
    wanted |= {a for c in others if "address" in kinds for a in addresses[c.name]}
    try:
        heard = _heard(engine, source, sorted(wanted), port)
    except errors.NotRunning:
        heard = "paused" if source.state == "paused" else "not running"
    except errors.NotFound:  # removed since it was listed
        heard = "not running"
    for target in others:
        for by in ("address", "name"):
            if by not in kinds:
                continue
            pinged = (target.name,) if by == "name" else addresses[target.name] or ("",)
            for word in pinged:
                shown = word if by == "address" else ""
                if isinstance(heard, str):
                    yield Answer(source.name, target.name, by, shown, "?", heard)
                elif not word:
                    gone = target.state not in ("running", "paused")
                    reason = "not running" if gone else "no address"
                    yield Answer(source.name, target.name, by, "", "no", reason)
                else:
                    said = heard.get(word, "")
                    yield read(source.name, target.name, by, shown, said, addresses[target.name])


def _heard(engine: Engine, source: ContainerInfo, wanted: list[str], port: int) -> dict[str, str] | str:
    """What was said of each address and name; or, in one phrase, why the container cannot be asked."""
    if not wanted:
        return {}
    script = (connect.SCRIPT, "sh", str(port)) if port else (_SCRIPT, "sh")
    said = engine.exec(source.id, ("sh", "-c", *script, *wanted), env=_PATIENCE)
    if said.stdout.startswith(("@ without ping", connect.WITHOUT)):
        return "its image has no nc" if port else "its image has no ping"
    if said.exit_code in (126, 127):  # the runtime's own: nothing to run it with
        return "its image has no sh"
    sections = (part.partition("\n") for part in said.stdout.removeprefix("@ ").split("\n@ "))
    return {word: text for word, _, text in sections}


def _answer(source: str, target: str, by: str, address: str, said: str, known: Collection[str]) -> Answer:
    if not said:  # a ping that is killed before it resolved the name has printed nothing
        return Answer(source, target, by, address, "no", "no answer")
    said, asked, asked_for = said.partition("\n@ARP")
    try:
        result = ping.parse(said)
    except errors.ParseError:  # another program of that name; the other pairs are not its fault
        return Answer(source, target, by, address, "?", said.strip().splitlines()[-1])
    if result.outcome == "no reply" and asked:
        reason = NO_GATEWAY if asked_for.strip() else NOBODY
        return Answer(source, target, by, address or result.address, "no", reason)
    if not result.ok:
        return Answer(source, target, by, address or result.address, "no", result.outcome)
    if by == "name" and result.address not in known:
        return Answer(source, target, by, result.address, "no", "somebody else has that name")
    return Answer(source, target, by, address or result.address)
