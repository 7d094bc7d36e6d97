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
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import Any

import requests.exceptions
from docker import APIClient
from docker.errors import DockerException

from netbook.engine import endpoints, private
from netbook.engine.api import Engine
from netbook.engine.embedded import machine
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.knock import knock
from netbook.errors import NetbookError, NoEngine, SetupError

RUNGS = ("yours", "private", "embedded")
OLDEST = (20, 10)  # what Debian 12 ships
_SKEW = 3  # seconds
_KNOCK, _PATIENCE = 5, 120  # seconds: to say hello; for one call, a pull's pauses included


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rung that was tried: what happened, and what would mend it."""

    rung: str
    what: str
    where: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return (
            f"{self.rung}: {self.what} ({self.where}): {self.problem}"
            if self.where
            else f"{self.rung}: {self.problem}"
        )


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
    ours: dict[str, private.PrivateEngine | EmbeddedEngine] = {}
    if may_be("private") and private.problem() is None:
        ours["private"] = private.PrivateEngine()
    if may_be("embedded") or names_embedded():
        ours["embedded"] = EmbeddedEngine()
    if os.environ.get("NETBOOK_ENGINE", "") in ("", "yours") and not names_embedded():
        yield from yours()
    for rung, daemon in ours.items():
        if daemon.answers():
            yield _knock(endpoints.Endpoint(f"the {rung} engine", daemon.url, {"base_url": daemon.url}))


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


def yours() -> Iterator[Attempt | Engine]:
    """Rung 1. Reads only: nothing is started."""
    found = False
    for endpoint in endpoints.candidates():
        found = True
        yield _knock(endpoint)
    if not found:
        yield Attempt(
            "yours",
            "no engine",
            "",
            "DOCKER_HOST is not set, and none of the usual sockets exists",
            "install Docker Engine (on Debian and Ubuntu: apt-get install docker.io) or start Docker Desktop",
        )


def _knock(endpoint: endpoints.Endpoint) -> Attempt | Engine:
    def no(problem: str, remedy: str = "") -> Attempt:
        return Attempt("yours", endpoint.what, endpoint.where, problem, remedy)

    if endpoint.problem:
        return no(endpoint.problem, endpoint.remedy)
    if endpoint.where.startswith("ssh://") and not find_spec("paramiko"):  # the SDK needs it, docker does not
        tunnel = f"ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock {endpoint.where}"
        remedy = f"open a tunnel: `{tunnel}`; then set DOCKER_HOST=unix:///tmp/docker.sock"
        return no("the book cannot go through SSH by itself", remedy)
    if (path := endpoint.socket) and not os.access(path, os.R_OK | os.W_OK):
        if endpoints.is_missing(path):
            return no("no such socket", _unset(endpoint))
        return no(
            "your user may not open this socket",
            "run `sudo usermod -aG docker $USER`, then log out and in (that group is as powerful as root)",
        )
    stale = "start that engine, or remove its stale socket"
    if path and (silence := knock(path)):
        return no(f"does not answer ({silence})", _unset(endpoint) or stale)
    try:
        api = APIClient(**endpoint.kwargs, version="auto", timeout=_KNOCK)
        api.timeout = _PATIENCE
        about: dict[str, Any] = api.version()
    except (DockerException, requests.exceptions.RequestException, OSError, ValueError) as error:
        return no(f"does not answer ({_short(error)})", _unset(endpoint) or stale)
    if unlike := not_docker(about):
        api.close()
        return no(unlike, "start Docker Engine, and point DOCKER_HOST or `docker context use` at it")
    ours = {private.PrivateEngine().url: "private", EmbeddedEngine().url: "embedded"}
    rung = ours.get(endpoint.where, "yours")
    return Engine(api, rung=rung, where=endpoint.where)


def not_docker(about: dict[str, Any]) -> str:
    """Why this engine cannot carry the book, from `GET /version`; "" if it can.

    >>> not_docker({"Components": [{"Name": "Podman Engine"}], "Os": "linux", "Version": "5.4.2"})
    "is Podman 5.4.2: it speaks Docker's API, but it wires its networks differently"
    """
    components = [str(c.get("Name", "")) for c in about.get("Components") or []]
    version = str(about.get("Version", ""))
    if any("podman" in name.lower() for name in components):
        return f"is Podman {version}: it speaks Docker's API, but it wires its networks differently"
    if about.get("Os") == "windows":
        return "runs Windows containers; the book needs Linux containers"
    try:
        numbers = tuple(int(part) for part in version.split("+")[0].split("-")[0].split(".")[:2])
    except ValueError:
        return ""  # a build without a release number: let the chapters find out
    if numbers < OLDEST:
        return f"is Docker {version}; the book needs {OLDEST[0]}.{OLDEST[1]} or newer"
    return ""


def _private(say: Callable[[str], object]) -> Attempt | Engine:
    if why := private.problem():
        return Attempt("private", "private dockerd", "", why, private.remedy())
    daemon = private.PrivateEngine()
    if not daemon.answers():
        say("No engine found: starting a private Docker Engine …")
    return _joined("private", "private dockerd", daemon.url, daemon.start, daemon.stop, str(daemon.log))


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
        api = APIClient(base_url=start(), version="auto", timeout=_PATIENCE)
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


def nothing_holds(fallen: list[Attempt]) -> NoEngine:
    """The error at the bottom of the ladder."""
    tried = "\n".join(f"  - {attempt}" for attempt in fallen)
    # what the reader can do at once comes first; whoever set DOCKER_HOST has only rung 1
    easiest = sorted(fallen, key=lambda attempt: ("private", "embedded", "yours").index(attempt.rung))
    remedies = [attempt.remedy for attempt in easiest if attempt.remedy]
    return NoEngine(
        f"No Docker Engine that the book can use. Tried:\n{tried}",
        remedy=remedies[0] if remedies else "install Docker Engine, then run `python3 -m netbook doctor`",
    )


def _unset(endpoint: endpoints.Endpoint) -> str:
    if endpoint.what != "DOCKER_HOST":
        return ""
    return "start that engine, or unset DOCKER_HOST so that netbook looks for another"


def _short(error: BaseException) -> str:
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error)[:120]
