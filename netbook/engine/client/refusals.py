"""The engine says no, or nothing: turn that into our errors, in the engine's own words.

Docker's status codes differ between versions for the same refusal, its words
hardly do; so the words decide. Read in moby's `daemon/` and `libnetwork/`.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import docker.errors
import requests.exceptions
import urllib3.exceptions

from netbook import errors

# The first phrase that occurs decides, so the narrower one stands above.
_REFUSALS: tuple[tuple[type[errors.NetbookError], str, tuple[str, ...]], ...] = (
    (
        errors.NameTaken,
        "choose another name, or remove the container that has it",
        ("is already in use by container",),
    ),
    (
        errors.NameTaken,
        "the container is attached to that network already",
        ("already exists in network",),
    ),
    (errors.NameTaken, "choose another name, or remove the network that has it", ("network with name",)),
    (
        errors.NameTaken,
        "bridge, host and none come with the engine",
        ("operation is not permitted on predefined",),
    ),
    (
        errors.EngineRefused,
        "a program on the engine's host has that port; publish another",
        ("bind: address already in use", "failed to bind host port"),  # up to 27, from 28 on
    ),
    (
        errors.NameTaken,
        'use the one there is: lab.run(…, network="host") or network="none"',
        ("only one instance of",),
    ),
    (
        errors.EngineRefused,
        "drivers: bridge, macvlan, ipvlan, overlay (with Swarm)",
        ("could not find plugin", 'plugin "'),
    ),
    (
        errors.SubnetTaken,
        "the engine's address pools are used up: name a subnet, create_network(…, subnet='10.66.0.0/24'), or "
        "remove networks that nobody needs; lab.networks(full=True, foreign=True) shows them",
        ("available, non-overlapping", "predefined address pools have been fully"),  # up to 25, from 26 on
    ),
    (
        errors.SubnetTaken,
        "choose another subnet; lab.networks(full=True, foreign=True) shows them",
        ("pool overlaps", "overlaps with other"),
    ),
    (
        errors.SubnetTaken,
        "that address has been given out already; choose another",
        ("address already in use",),
    ),
    (
        errors.NetworkInUse,
        "disconnect or remove its containers first; network.inspect() lists them",
        ("has active endpoints", "is in use by task"),  # of a swarm, by something on another host
    ),
    (errors.NotRunning, "start it first: container.start()", ("is not running",)),
    (
        errors.NotRunning,
        "its first process ends again and again; container.logs() shows its last words",
        ("is restarting",),
    ),
    (
        errors.EngineRefused,
        "a name has two characters or more: letters, digits, '_', '.' and '-', a letter or digit first",
        ("invalid container name",),
    ),
    (errors.NotFound, "pull it first: docker pull IMAGE; the lab image is busybox", ("no such image",)),
    (errors.NotRunning, "unpause it first: container.unpause()", ("is paused",)),
    (
        errors.EngineRefused,
        "publish another host port, or stop what listens on that one",
        ("port is already allocated",),
    ),
    (
        errors.EngineRefused,
        "free some disk space: docker system df shows what Docker holds",
        ("no space left on device",),
    ),
)

# What the SDK lets through from below: the first when a request fails, any of them when an answer breaks off.
_SILENCE = (
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)


@contextmanager
def translated(where: str, names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run engine calls; whatever the SDK raises comes out as one of ours.

    `where` names the engine, `names` the containers whose ids a reader has never seen.
    """
    try:
        yield
    except errors.NetbookError:
        raise  # some are OSErrors too
    except docker.errors.APIError as refusal:
        if refusal.response is not None:
            refusal.response.close()  # the SDK leaves a refused stream open
        raise _refused(refusal, names or {}) from refusal
    except _SILENCE as silence:
        raise errors.EngineGone(
            f"The Docker Engine at {where} does not answer any more ({_cause(silence)}).",
            remedy="run `python3 -m netbook doctor`; once the engine is back, run the notebook from the top",
        ) from silence
    except docker.errors.DockerException as other:
        raise errors.EngineRefused(f"The request never reached the engine: {other}") from other


def _refused(refusal: docker.errors.APIError, names: Mapping[str, str]) -> errors.NetbookError:
    words = str(refusal.explanation or refusal).strip()
    words = re.sub(r"\b[0-9a-f]{64}\b", lambda found: names.get(found[0], found[0][:12]), words)
    for kind, remedy, phrases in _REFUSALS:
        if any(phrase in words.lower() for phrase in phrases):
            return kind(f"Docker refused: {words}", remedy=remedy)
    if isinstance(refusal, docker.errors.NotFound):
        return errors.NotFound(
            f"Docker knows no such thing: {words}",
            remedy="lab.containers() and lab.networks() list what there is",
        )
    return errors.EngineRefused(f"Docker refused: {words}")


def _cause(error: BaseException) -> str:
    """The innermost reason: requests and urllib3 wrap it three times."""
    while error.__context__ is not None:
        error = error.__context__
    if isinstance(error, ValueError):  # where the next chunk's length should be, there is nothing
        return "its answer broke off"
    return getattr(error, "strerror", None) or type(error).__name__
