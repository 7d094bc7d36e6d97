"""Which engine: climb down until a rung holds, and say why each one did not.

    yours      what the reader has already
    private    a dockerd of our own (Linux, root)
    embedded   a whole Linux kernel as a process: its place is here, its issue is open

NETBOOK_ENGINE=yours|private restricts the ladder to one rung.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import requests.exceptions
from docker import APIClient
from docker.errors import DockerException

from netbook.engine import endpoints, private
from netbook.engine.api import Engine
from netbook.engine.knock import knock
from netbook.errors import NetbookError, NoEngine, SetupError

RUNGS = ("yours", "private")
OLDEST = (20, 10)  # what Debian 12 ships
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
    if wanted in ("", "yours"):
        yield from yours()
    if may_be_private():
        yield _private(say)


def running() -> Iterator[Attempt | Engine]:
    """The ladder without starting anything: rung 1, then a private engine if it runs already.

    The caller closes the engines.
    """
    if os.environ.get("NETBOOK_ENGINE", "") in ("", "yours"):
        yield from yours()
    daemon = private.PrivateEngine()
    if may_be_private() and private.problem() is None and daemon.answers():
        url = daemon.url
        yield _knock(endpoints.Endpoint("the private engine", url, {"base_url": url}))


def any_runs() -> bool:
    """Does the reader have an engine that the book can use?"""
    for outcome in running():
        if isinstance(outcome, Engine):
            outcome.close()
            return True
    return False


def may_be_private() -> bool:
    """DOCKER_HOST is an order, NETBOOK_ENGINE a stronger one."""
    wanted = os.environ.get("NETBOOK_ENGINE", "")
    return wanted == "private" or (not wanted and not os.environ.get("DOCKER_HOST"))


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
    rung = "private" if endpoint.where == private.PrivateEngine().url else "yours"
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
    try:
        url = daemon.start()
        api = APIClient(base_url=url, version="auto", timeout=_PATIENCE)
        engine = Engine(api, rung="private", where=url, release=daemon.stop)
        atexit.register(engine.close)  # a kernel or a script that ends without saying so
        return engine
    except NetbookError as failure:
        daemon.stop()
        return _fallen(daemon, failure.what, failure.remedy)
    except OSError as failure:
        daemon.stop()
        return _fallen(
            daemon,
            f"its folder cannot be used: {failure}",
            "make room there, or set NETBOOK_STATE to a folder that can be written",
        )
    except DockerException as failure:
        daemon.stop()
        return _fallen(daemon, str(failure))


def _fallen(daemon: private.PrivateEngine, problem: str, remedy: str = "") -> Attempt:
    return Attempt("private", "private dockerd", daemon.url, problem, remedy or f"read {daemon.log}")


def nothing_holds(fallen: list[Attempt]) -> NoEngine:
    """The error at the bottom of the ladder."""
    tried = "\n".join(f"  - {attempt}" for attempt in fallen)
    remedies = [attempt.remedy for attempt in fallen if attempt.remedy]
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
