"""Whose engine it is. Rung 1, the one that the reader has already, is knocked at, and nothing is started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import requests.exceptions
from docker import APIClient
from docker.errors import DockerException

from netbook.engine import candidates
from netbook.engine.attempt import Attempt
from netbook.engine.client.engine import Engine
from netbook.engine.client.knock import knock
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.private import dockerd
from netbook.ownership import labels

OLDEST = (20, 10)  # what Debian 12 ships


_KNOCK, PATIENCE = 5, 120  # seconds: to say hello; for one call, a pull's pauses included


def yours() -> Iterator[Attempt | Engine]:
    """Rung 1. Reads only: nothing is started."""
    found = False
    for candidate in candidates.listed():
        found = True
        yield knocked(candidate)
    if not found:
        yield Attempt(
            "yours",
            "no engine",
            "",
            "DOCKER_HOST is not set, and none of the usual sockets exists",
            "install Docker Engine (on Debian and Ubuntu: apt-get install docker.io) or start Docker Desktop",
        )


def knocked(candidate: candidates.Candidate) -> Attempt | Engine:
    def no(problem: str, remedy: str = "") -> Attempt:
        return Attempt("yours", candidate.what, candidate.where, problem, remedy)

    if candidate.problem:
        return no(candidate.problem, candidate.remedy)
    if candidate.where.startswith("ssh://") and not find_spec(
        "paramiko"
    ):  # the SDK needs it, docker does not
        tunnel = f"ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock {candidate.where}"
        remedy = f"open a tunnel: `{tunnel}`; then set DOCKER_HOST=unix:///tmp/docker.sock"
        return no("the book cannot go through SSH by itself", remedy)
    if (path := candidate.socket) and not os.access(path, os.R_OK | os.W_OK):
        if candidates.is_missing(path):
            return no("no such socket", _unset(candidate))
        return no(
            "your user may not open this socket",
            "run `sudo usermod -aG docker $USER`, then log out and in (that group is as powerful as root)",
        )
    stale = "start that engine, or remove its stale socket"
    if path and (silence := knock(path)):
        return no(f"does not answer ({silence})", _unset(candidate) or stale)
    try:
        api = APIClient(**candidate.kwargs, version="auto", timeout=_KNOCK)
        api.timeout = PATIENCE
        about: dict[str, Any] = api.version()
    except (DockerException, requests.exceptions.RequestException, OSError, ValueError) as error:
        return no(f"does not answer ({_short(error)})", _unset(candidate) or stale)
    if unlike := not_docker(about):
        api.close()
        return no(unlike, "start Docker Engine, and point DOCKER_HOST or `docker context use` at it")
    ours = {dockerd.PrivateEngine().url: "private", EmbeddedEngine().url: "embedded"}
    rung = ours.get(candidate.where, "yours")
    return Engine(api, rung=rung, where=candidate.where)


def is_the_books(engine: Engine) -> bool:
    """Has the book started it, so that nobody's network hangs on it? It says so itself, whoever names it."""
    marks = engine.info().get("Labels") or ()
    return engine.rung in ("private", "embedded") or any(m.startswith(f"{labels.ENGINE}=") for m in marks)


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


def _unset(candidate: candidates.Candidate) -> str:
    if candidate.what != "DOCKER_HOST":
        return ""
    return "start that engine, or unset DOCKER_HOST so that netbook looks for another"


def _short(error: BaseException) -> str:
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error)[:120]
