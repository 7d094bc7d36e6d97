"""Remove what labs left, by label and never by name; what is not ours is not touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from netbook import errors
from netbook.engine.client import records
from netbook.engine.client.engine import Engine
from netbook.ownership import labels, session

_LINGER = 10.0  # seconds that an endpoint can outlive its container


@dataclass(frozen=True, slots=True)
class Removed:
    """What a sweep removed, and the networks it had to leave, each with those who use it (`users`)."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    left: dict[str, tuple[str, ...]] = field(default_factory=dict)


def sweep(
    engine: Engine, lab: str | None = None, *, only: Callable[[dict[str, str]], bool] = lambda _: True
) -> Removed:
    """Remove this reader's containers, networks and volumes, of one lab or of all; `only` picks by labels.

    Equals `docker rm -f`, `docker network rm` and `docker volume rm` with `--filter label=org.netbook.…`.
    """
    containers = [c for c in engine.containers(lab, owned=True) if only(c.labels)]
    networks = [n for n in engine.networks(lab, owned=True) if only(n.labels)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda c: engine.remove(c.id), containers))
    for name, marks in engine.volumes.owned(lab).items():
        if only(marks):
            engine.volumes.remove(name)  # one that somebody else's container uses stays
    gone = {n: remove_network(engine, n.id) for n in networks}
    return Removed(
        tuple(c.name for c in containers if c.labels.get(labels.ROLE) is None),
        tuple(n.name for n, done in gone.items() if done),
        {n.name: users(engine, n.id) for n, done in gone.items() if not done},
    )


def of_dead_sessions(marks: dict[str, str]) -> bool:
    """Labels of something whose process does not live any more, on this machine."""
    return session.is_dead(marks.get(labels.SESSION, ""))


def remove_network(engine: Engine, network: str) -> bool:
    """`docker network rm`, again while an endpoint lingers; False if it is really in use.

    An endpoint whose container is gone is nobody's use. The engine has been seen to keep one for good
    (https://github.com/moby/moby/issues/33156); `docker network disconnect --force` makes it forget it.
    """
    deadline, forced = time.monotonic() + _LINGER, False
    while True:
        try:
            engine.remove_network(network)
            return True
        except errors.NotFound:
            return True
        except errors.EngineRefused as refusal:
            if "not a swarm manager" not in refusal.what:
                raise
            return True  # on a worker it goes with its last container; the manager has the list
        except errors.NetworkInUse:
            used, orphans = _attached(engine, network)
            late = time.monotonic() > deadline
            if used or (late and (forced or not orphans)):
                return False
            for name in orphans if late else ():
                forced = True
                with suppress(
                    errors.NotFound, errors.EngineRefused
                ):  # it has just gone; else the network stays
                    engine.disconnect(network, name, force=True)
            time.sleep(0.1)


def users(engine: Engine, network: str) -> tuple[str, ...]:
    """The containers that are attached; none where the engine only counts wrongly."""
    return _attached(engine, network)[0]


def _attached(engine: Engine, network: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names: of containers that there are, and of endpoints whose container is gone."""
    found = records.members(engine.inspect_network(network))
    there = {c.id for c in engine.containers()}  # afterwards: whoever has just joined is among them
    used = sorted(member["container"] for identity, member in found.items() if identity in there)
    lost = (i for i in found if i not in there and not i.startswith("lb-"))  # that is a swarm's own
    return tuple(used), tuple(sorted(found[i]["container"] for i in lost))
