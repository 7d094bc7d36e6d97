"""What the doctor looks at: packages, disk, ports, engine, image, and names that are taken."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netbook.book import chapters
from netbook.errors import NetbookError
from netbook.ownership import labels
from netbook.setup import disk, lock, packages, ports, proxies, start
from netbook.setup.venv import State

if TYPE_CHECKING:
    from netbook.engine.attempt import Attempt
    from netbook.engine.client.engine import Engine
    from netbook.model.docker import ContainerInfo, NetworkInfo


START = "python3 -m netbook lab"


_BOOK = Path(__file__).parents[2]


_FORBIDDEN = "DOCKER_HOST or NETBOOK_ENGINE allows no other engine"


_TIGHT_MB = 300  # below this an engine soon stops working


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's: what was looked at, how it is, and the command that mends it."""

    name: str
    status: Literal["ok", "warn", "bad"]
    text: str
    remedy: str = ""


def packages_check(*, complete: bool) -> Check:
    """Is the venv made, or does the running Python have everything?"""
    venv = start.the_venv()
    if complete:
        where = venv.directory if venv.is_running() else sys.prefix
        return Check("Packages", "ok", f"in {where}")
    state = venv.state([start.READER])
    if state is State.MISSING and start.lacks_venv():
        text = "not installed, and Python's venv module is incomplete"
        return Check("Packages", "bad", text, START if packages.can_install() else start.venv_remedy())
    if lock.is_held(venv.lock_file):
        return Check(
            "Packages", "bad", f"another start is setting up {venv.directory} right now", "wait for it"
        )
    seen = "" if proxies.seen() == "none" else f" (proxy settings seen: {proxies.seen()})"
    return Check("Packages", "bad", f"{venv.directory} is {state.value}{seen}", START)


def disk_check(*, complete: bool) -> Check:
    """Room for the set-up, or for working."""
    where = start.the_venv().directory
    free, needed = disk.free_mb(where), _TIGHT_MB if complete else start.NEEDED_MB[start.READER]
    if not os.access(start.ROOT, os.W_OK):
        remedy = "copy the book's folder to a place of your own"
        return Check("Disk", "warn", f"{start.ROOT} is read-only for you: notebooks cannot be saved", remedy)
    if free >= needed:
        return Check("Disk", "ok", f"{free:,} MB free in {start.ROOT}")
    status: Literal["warn", "bad"] = "warn" if complete else "bad"
    return Check(
        "Disk",
        status,
        f"{free} MB free, about {needed} MB needed",
        "free some space; docker system df shows what Docker holds",
    )


def port_check() -> Check:
    """Jupyter's usual port: taken is no obstacle, only a surprise."""
    if not ports.obstacle(ports.USUAL):
        return Check("Port", "ok", f"{ports.USUAL} is free")
    who, free = ports.holder(ports.USUAL), ports.next_free(ports.USUAL)
    by = f" by {who}" if who else ""
    return Check("Port", "warn", f"{ports.USUAL} is in use{by}; `lab` takes {free}", f"{START} --port {free}")


def engine_checks() -> Iterator[Check]:
    """The ladder, without starting anything; and if an engine runs, what is on it."""
    from netbook.engine import ladder
    from netbook.engine.client.engine import Engine

    fallen: list[Attempt] = []
    engine: Engine | None = None
    for outcome in ladder.running():
        if isinstance(outcome, Engine):
            engine = outcome
            break
        fallen.append(outcome)
    if engine is None:
        yield from no_engine_checks(fallen)
        return
    with contextlib.closing(engine):
        text = f"Docker {engine.version}, rung {engine.rung!r}, at {engine.where}"
        yield Check("Engine", "ok", text + _before(fallen))
        try:
            yield image_check(engine)
            yield from container_checks(engine.containers(), engine.networks(), docker_command(engine))
        except NetbookError as error:  # it died while we looked
            yield Check("Engine", "bad", error.what, error.remedy)


def no_engine_checks(fallen: Sequence[Attempt]) -> Iterator[Check]:
    """Nothing runs: could `lab` start one? If not, each rung says why, and what would mend it."""
    from netbook.engine import ladder
    from netbook.engine.embedded import machine
    from netbook.engine.private import requirements

    native = requirements.problem() if ladder.may_be("private") else _FORBIDDEN
    if native is None:
        text = "none runs; `lab` starts a private one and stops it at the end"
        yield Check("Engine", "ok", text + _before(fallen))
        return
    by_apt = bool(ladder.may_be("private") and requirements.missing_programs() and packages.can_install())
    allowed = ladder.may_be("embedded") or ladder.names_embedded()
    embedded = machine.problem() if allowed else (_FORBIDDEN, "")
    if embedded is None and not by_apt:
        text = "none runs; `lab` starts the embedded one (a Linux kernel as a process) and ends it at the end"
        yield Check("Engine", "ok", text + _before(fallen))
        return
    offered = by_apt or (allowed and machine.installable())
    for attempt in fallen:
        yield Check("Tried", "warn", str(attempt), "" if offered else attempt.remedy)
    if offered:
        what = f"private: {native}" if by_apt else f"embedded: {embedded[0] if embedded else ''}"
        yield Check("Engine", "bad", f"{what}; `lab` offers to install it", f"{START} --yes")
        return
    own = requirements.remedy() if ladder.may_be("private") else ""
    remedies = [own, embedded[1] if embedded else "", *(attempt.remedy for attempt in fallen)]
    remedy = next(filter(None, remedies), "install Docker Engine")
    if embedded and allowed:
        yield Check("Tried", "warn", f"embedded: {embedded[0]}", embedded[1])
    yield Check("Engine", "bad", f"private: {native}", remedy)


def _before(fallen: Sequence[Attempt]) -> str:
    """The rungs above the one that holds."""
    return "".join(f"; before it, {attempt}" for attempt in fallen)


def docker_command(engine: Engine) -> str:
    """How a reader's terminal reaches this engine."""
    elsewhere = engine.rung != "yours" and not os.environ.get("DOCKER_HOST")
    return f"DOCKER_HOST={engine.where} docker" if elsewhere else "docker"


def image_check(engine: Engine) -> Check:
    """Is the lab image there, or how would it come?"""
    from netbook.engine.images import busybox

    if engine.images.inspect(busybox.NAME):
        return Check("Image", "ok", f"{busybox.NAME} is there")
    if why := busybox.cannot_build(engine.arch):
        text = f"{busybox.NAME} is not there; `lab` can only pull it, since for building it there is {why}"
        return Check(
            "Image", "warn", text, packages.command(["busybox-static"]) if packages.has_apt() else ""
        )
    return Check("Image", "ok", f"{busybox.NAME} is not there yet; `lab` pulls it, or builds it here")


def container_checks(
    containers: Sequence[ContainerInfo], networks: Sequence[NetworkInfo], docker: str = "docker"
) -> Iterator[Check]:
    """What is on the engine that is in the way of the book."""
    from netbook.workspace.cleanup import of_dead_sessions

    foreign = [container for container in containers if not container.owned]
    containers_of, networks_of = _names()
    for container in foreign:
        if not (place := containers_of.get(container.name)):
            continue
        text = f"the container name {container.name} of {place} is used by {_holder(container)}"
        yield Check("Names", "bad", text, f"{docker} rename {container.name} my-{container.name}")
    for network in networks:
        if (place := networks_of.get(network.name)) and not (network.owned or network.is_default):
            text = f"the network name {network.name} of {place} is used by {_holder(network)}"
            yield Check(
                "Names", "bad", text, f"{docker} network rm {network.name}   (if nothing of yours uses it)"
            )
    bridged = [c.name for c in foreign if any(e.network == "bridge" and e.ip_address for e in c.endpoints)]
    if bridged:
        text = (
            f"on the default bridge: {_some(bridged)}. The book works, but shows other addresses than printed"
        )
        yield Check("Foreign", "warn", text, f"{docker} stop {_some(bridged, ' ')}")
    else:
        yield Check("Foreign", "ok", "no container of others on the default bridge")
    things: list[ContainerInfo | NetworkInfo] = [*containers, *networks]
    left = [thing.name for thing in things if thing.owned and of_dead_sessions(thing.labels)]
    if left:
        yield Check(
            "Leftovers", "warn", f"of labs that have ended: {_some(left)}", "python3 -m netbook clean"
        )
    else:
        yield Check("Leftovers", "ok", "nothing of labs that have ended")


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """The containers and the networks that the book makes: name → where."""
    from netbook.learn import exercises

    of_exercises = {name: f"exercise {one.id}" for one in exercises.every().values() for name in one.names}
    both = chapters.names(_BOOK)
    containers, networks = ({name: f"chapter {place}" for name, place in found.items()} for found in both)
    return of_exercises | containers, of_exercises | networks


def _holder(thing: ContainerInfo | NetworkInfo) -> str:
    return labels.holder(thing.labels)


def _some(names: Sequence[str], separator: str = ", ", most: int = 4) -> str:
    """
    >>> _some(["a", "b"])
    'a, b'
    >>> _some(["a", "b", "c", "d", "e", "f"])
    'a, b, c, d … and 2 more'
    """
    shown = separator.join(names[:most])
    return shown if len(names) <= most or separator == " " else f"{shown} … and {len(names) - most} more"
