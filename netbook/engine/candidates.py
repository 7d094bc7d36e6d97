"""Where a reader's own engine can be listening, in the order the docker command would look.

DOCKER_HOST is an order: when it is set, nothing else is tried. Then the current
`docker context`, then the sockets that the usual products make.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker.errors
from docker.context import ContextAPI
from docker.context.config import get_current_context_name
from docker.utils import kwargs_from_env

from netbook.engine import sockets


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place to knock: what it is, its DOCKER_HOST value, the SDK's arguments."""

    what: str
    where: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    problem: str = ""  # set when it cannot even be tried
    remedy: str = ""  # what mends that

    @property
    def socket(self) -> Path | None:
        """The file, if it is a unix socket."""
        if not self.where.startswith("unix://"):
            return None
        return Path(self.where.removeprefix("unix://"))


def listed(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Iterator[Candidate]:
    """Every place worth a knock; unix sockets that do not exist are left out."""
    if host := environ.get("DOCKER_HOST"):
        yield _ordered(host, environ)
        return
    seen = set()
    for one in (*_context(environ), *_sockets(environ, home or sockets.home())):
        key = os.path.realpath(one.socket) if one.socket else one.where
        if key not in seen:
            seen.add(key)
            yield one


def _ordered(host: str, environ: Mapping[str, str]) -> Candidate:
    try:
        kwargs = kwargs_from_env(environment=dict(environ))
    except docker.errors.TLSParameterError:
        folder = environ.get("DOCKER_CERT_PATH") or "~/.docker"
        problem = f"DOCKER_TLS_VERIFY is set, but cert.pem, key.pem and ca.pem are not all in {folder}"
        remedy = "set DOCKER_CERT_PATH to the folder that has them, or unset DOCKER_TLS_VERIFY"
        return Candidate("DOCKER_HOST", host, problem=problem, remedy=remedy)
    return Candidate("DOCKER_HOST", host, kwargs)


def _context(environ: Mapping[str, str]) -> Iterator[Candidate]:
    chosen = environ.get("DOCKER_CONTEXT")
    remedy = "run `docker context ls`, then `docker context use` one of them"
    remedy += ", and unset DOCKER_CONTEXT" if chosen else ""
    try:
        name = chosen or get_current_context_name() or "default"
        context = ContextAPI.get_context(name)
        kwargs = ContextAPI.kwargs_from_context(name)
    except Exception as broken:  # noqa: BLE001  # the SDK raises even a bare Exception for a damaged file
        said = f"it lacks {broken}" if isinstance(broken, KeyError) else str(broken)
        yield Candidate(
            "docker context", "", problem=f"the docker context cannot be read: {said}", remedy=remedy
        )
        return
    if context is None:
        problem = f"the chosen docker context, {name!r}, does not exist"
        yield Candidate("docker context", "", problem=problem, remedy=remedy)
        return
    where = re.sub(r"^(http\+unix|https?)://", _as_docker_host, kwargs.get("base_url", ""))
    if not where or (where.startswith("unix://") and is_missing(Path(where.removeprefix("unix://")))):
        return  # the built-in default context on a machine without Docker
    yield Candidate(chosen or "the current docker context", where, kwargs)


def _as_docker_host(scheme: re.Match[str]) -> str:
    """The SDK's word for a scheme → DOCKER_HOST's."""
    return "unix://" if "unix" in scheme[1] else "tcp://"


def _sockets(environ: Mapping[str, str], home: Path) -> Iterator[Candidate]:
    if sys.platform == "win32":
        yield Candidate("Docker Desktop", "npipe:////./pipe/docker_engine")
        return
    for what, path in sockets.found(environ, home):
        yield Candidate(what, f"unix://{path}", {"base_url": f"unix://{path}"})


def is_missing(path: Path) -> bool:
    """Certainly not there; in a folder that the user may not enter, nobody can say."""
    try:
        return not path.exists()
    except PermissionError:
        return False
