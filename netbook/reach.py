"""Who can reach whom: every pair, measured inside the containers, one exec per container."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from netbook import errors
from netbook.engine.api import Engine
from netbook.models import Answer, ContainerInfo
from netbook.parsers import ping

# All pings of one container at once: a "no" costs two seconds, and n of them still cost two. It is asked
# twice: on a machine that is busy with a thousand pings, a reply can be late. Each ping's section is
# written in one piece, or they would mix.
_SCRIPT = """
command -v ping >/dev/null || { echo "@ without ping"; exit; }
for target; do
  ( said=$(ping -c 1 -W 1 "$target" 2>&1)
    case $said in *" 100% packet loss"*) said=$(ping -c 1 -W 1 "$target" 2>&1);; esac
    printf '@ %s\n%s\n' "$target" "$said" ) &
done
wait
"""
# A name server that is silent would cost ten seconds for each name that nobody has.
_PATIENCE = {"RES_OPTIONS": "timeout:1 attempts:2"}
_AT_ONCE = 16  # containers; most of their time is waiting for what does not come


def measure(engine: Engine, containers: list[ContainerInfo], kinds: Collection[str]) -> tuple[Answer, ...]:
    """Ask each container for all others; `kinds`: address, name or both. One exec per running container."""
    addresses = addresses_of(engine, containers)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = pool.map(lambda c: tuple(_asked(engine, c, containers, addresses, kinds)), containers)
        return tuple(answer for answers in asked for answer in answers)


def addresses_of(engine: Engine, containers: Iterable[ContainerInfo]) -> dict[str, tuple[str, ...]]:
    """Where each can be pinged, IPv4 first. One that shares another's network has that one's addresses."""
    known = {c.id: c for c in engine.containers()}
    host = tuple(g for n in engine.networks() if n.name == "bridge" for g in n.gateways)

    def found(container: ContainerInfo) -> tuple[str, ...]:
        kind, _, joined = container.network_mode.partition(":")
        if joined in known:
            return found(known[joined])
        if kind == "host":
            return host if container.state in ("running", "paused") else ()
        both = [a for e in container.endpoints for a in (e.ip_address, e.ipv6_address.partition("/")[0])]
        return tuple(sorted(filter(None, both), key=lambda address: ":" in address))

    return {c.name: found(c) for c in containers}


def _asked(
    engine: Engine,
    source: ContainerInfo,
    containers: Iterable[ContainerInfo],
    addresses: Mapping[str, tuple[str, ...]],
    kinds: Collection[str],
) -> Iterator[Answer]:
    others = [c for c in containers if c.name != source.name]
    wanted = {c.name for c in others if "name" in kinds}
    wanted |= {a for c in others if "address" in kinds for a in addresses[c.name]}
    try:
        heard = _heard(engine, source, sorted(wanted))
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
                    yield _answer(source.name, target.name, by, shown, said, addresses[target.name])


def _heard(engine: Engine, source: ContainerInfo, wanted: list[str]) -> dict[str, str] | str:
    """What ping said of each address and name; or, in one phrase, why the container cannot be asked."""
    if not wanted:
        return {}
    said = engine.exec(source.id, ("sh", "-c", _SCRIPT, "sh", *wanted), env=_PATIENCE)
    if said.stdout.startswith("@ without ping"):
        return "its image has no ping"
    if said.exit_code in (126, 127):  # the runtime's own: nothing to run it with
        return "its image has no sh"
    sections = (part.partition("\n") for part in said.stdout.removeprefix("@ ").split("\n@ "))
    return {word: text for word, _, text in sections}


def _answer(source: str, target: str, by: str, address: str, said: str, known: Collection[str]) -> Answer:
    if not said:  # a ping that is killed before it resolved the name has printed nothing
        return Answer(source, target, by, address, "no", "no answer")
    result = ping.parse(said)
    if not result.ok:
        return Answer(source, target, by, address or result.address, "no", result.outcome)
    if by == "name" and known and result.address not in known:
        return Answer(source, target, by, result.address, "no", "somebody else has that name")
    return Answer(source, target, by, address or result.address)
