"""Which engine: climb down until a rung holds, and say why each one did not.

    yours      what the reader has already
    private    a dockerd of our own (Linux, root)
    embedded   a dockerd in a Linux kernel that is a process (Linux on x86-64, no root)

NETBOOK_ENGINE=yours|private|embedded restricts the ladder to one rung.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from docker import APIClient
from docker.errors import DockerException

from netbook.engine import candidates
from netbook.engine.attempt import Attempt, nothing_holds
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import machine
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.own import PATIENCE, knocked, yours
from netbook.engine.private import dockerd, requirements
from netbook.errors import NetbookError, SetupError

RUNGS = ("yours", "private", "embedded")


_SKEW = 3  # seconds


def find(say: Callable[[str], object] = lambda _: None) -> Engine:
    """The first engine that holds. `say` gets one line when something takes time.

    Errors: NoEngine with one sentence for each rung that was tried.
    """
    fallen: list[Attempt] = []
    for outcome in climb(say):
        if isinstance(outcome, Engine):
            return outcome
        fallen.append(outcome)
    raise nothing_holds(fallen)


def climb(say: Callable[[str], object] = lambda _: None) -> Iterator[Attempt | Engine]:
    """Try the rungs one by one: Attempts that fell through, then perhaps an Engine (the caller closes it)."""
    wanted = os.environ.get("NETBOOK_ENGINE", "")
    if wanted and wanted not in RUNGS:
        raise SetupError(
            f"NETBOOK_ENGINE is {wanted!r}; it must be one of {', '.join(RUNGS)}.",
            remedy="unset NETBOOK_ENGINE, or set it to one of these",
        )
    if names_embedded():  # `lab` and Binder set DOCKER_HOST before it runs; and it may have ended
        yield _embedded(say)
        return
    if wanted in ("", "yours"):
        yield from yours()
    if may_be("private"):
        yield _private(say)
    if may_be("embedded"):
        yield _embedded(say)


def running() -> Iterator[Attempt | Engine]:
    """The ladder without starting anything: rung 1, then engines of ours that run already.

    The caller closes the engines.
    """
    ours: dict[str, dockerd.PrivateEngine | EmbeddedEngine] = {}
    if may_be("private") and requirements.problem() is None:
        ours["private"] = dockerd.PrivateEngine()
    if may_be("embedded") or names_embedded():
        ours["embedded"] = EmbeddedEngine()
    if os.environ.get("NETBOOK_ENGINE", "") in ("", "yours") and not names_embedded():
        yield from yours()
    for rung, daemon in ours.items():
        if daemon.answers():
            yield knocked(candidates.Candidate(f"the {rung} engine", daemon.url, {"base_url": daemon.url}))


def any_runs() -> bool:
    """Does the reader have an engine that the book can use?"""
    for outcome in running():
        if isinstance(outcome, Engine):
            outcome.close()
            return True
    return False


def may_be(rung: str) -> bool:
    """May this rung of ours be tried? DOCKER_HOST is an order, NETBOOK_ENGINE a stronger one."""
    wanted = os.environ.get("NETBOOK_ENGINE", "")
    return wanted == rung or (not wanted and not os.environ.get("DOCKER_HOST"))


def names_embedded() -> bool:
    """Is the engine that DOCKER_HOST names our own embedded one?"""
    allowed = os.environ.get("NETBOOK_ENGINE", "") in ("", "yours", "embedded")
    return allowed and os.environ.get("DOCKER_HOST") == EmbeddedEngine().url


def _private(say: Callable[[str], object]) -> Attempt | Engine:
    if why := requirements.problem():
        return Attempt("private", "private dockerd", "", why, requirements.remedy())
    daemon = dockerd.PrivateEngine()
    starts = not daemon.answers()
    if starts:
        say("No engine found: starting a private Docker Engine …")
    found = _joined("private", "private dockerd", daemon.url, daemon.start, daemon.stop, str(daemon.log))
    if starts and isinstance(found, Engine) and (why := daemon.cut_off()):
        say(f"Its containers reach each other, but not the world outside: {why}.")
    return found


def _embedded(say: Callable[[str], object]) -> Attempt | Engine:
    daemon = EmbeddedEngine()
    if not daemon.answers() and (found := machine.problem()):
        return Attempt("embedded", "embedded engine", "", *found)
    log = "what `python3 -m netbook engine logs` shows"
    outcome = _joined("embedded", "embedded engine", daemon.url, lambda: daemon.start(say), daemon.leave, log)
    if isinstance(outcome, Engine) and abs(_seconds_behind(outcome)) > _SKEW:
        daemon.set_clock()
    return outcome


def _seconds_behind(engine: Engine) -> float:
    """How far the engine's clock is behind ours: it stands still while a laptop sleeps."""
    now: datetime = datetime.fromisoformat(engine.info()["SystemTime"])
    return time.time() - now.timestamp()


def _joined(
    rung: str, what: str, where: str, start: Callable[[], str], leave: Callable[[], object], log: str
) -> Attempt | Engine:
    """Start or join an engine of ours; what `close` does is to leave it."""
    try:
        api = APIClient(base_url=start(), version="auto", timeout=PATIENCE)
        engine = Engine(api, rung=rung, where=where, release=leave)
        atexit.register(engine.close)  # a kernel or a script that ends without saying so
        return engine
    except NetbookError as failure:
        problem, remedy = failure.what, failure.remedy
    except OSError as failure:
        problem = f"its folder cannot be used: {failure}"
        remedy = "make room there, or set NETBOOK_STATE to a folder that can be written"
    except DockerException as failure:
        problem, remedy = str(failure), ""
    leave()
    return Attempt(rung, what, where, problem, remedy or f"read {log}")
