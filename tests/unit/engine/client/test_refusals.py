"""What the engine said → which of our errors. The words are quoted from real engines."""

from __future__ import annotations

import http.client

import pytest
import requests
import urllib3
from docker.errors import APIError, NotFound

from netbook import errors
from netbook.engine.client.refusals import translated

CASES = [
    ('Conflict. The container name "/b" is already in use by container "9f".', errors.NameTaken),
    ("network with name custom already exists", errors.NameTaken),
    ("Pool overlaps with other one on this address space", errors.SubnetTaken),
    (
        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to "
        "the network",
        errors.SubnetTaken,
    ),
    ("all predefined address pools have been fully subnetted", errors.SubnetTaken),
    ("invalid pool request: Pool overlaps with other one on this address space", errors.SubnetTaken),
    ("error while removing network: network c id 7a has active endpoints", errors.NetworkInUse),
    ('network c has active endpoints (name:"b" id:"1f")', errors.NetworkInUse),
    ("Container 80e9 is not running", errors.NotRunning),
    ("Container 80e9 is paused, unpause the container before exec", errors.NotRunning),
    ("Container 80e9 is restarting, wait until the container is running", errors.NotRunning),
    ("Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", errors.EngineRefused),
    ("No such image: nosuch:latest", errors.NotFound),
    ("driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated", errors.EngineRefused),
    (
        "Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use",
        errors.EngineRefused,
    ),
    (
        "failed to bind host port for 127.0.0.1:80:172.17.0.2:80/tcp: address already in use",
        errors.EngineRefused,
    ),
    ("Address already in use", errors.SubnetTaken),
    ('only one instance of "host" network is allowed', errors.NameTaken),
    ('plugin "bridgr" not found', errors.EngineRefused),
    ("write /x: no space left on device", errors.EngineRefused),
    ("something nobody has seen before", errors.EngineRefused),
]


@pytest.mark.parametrize(("words", "kind"), CASES)
def test_words_decide(words: str, kind: type[errors.NetbookError]) -> None:
    with pytest.raises(kind) as caught, translated("unix:///x"):
        raise APIError("409", explanation=words)
    assert type(caught.value) is kind
    assert words in str(caught.value)  # the engine's own words are never lost
    assert caught.value.remedy or kind is errors.EngineRefused


def test_a_container_goes_by_its_name() -> None:
    known, other = "1f" * 32, "2e" * 32
    with (
        pytest.raises(errors.NotRunning, match="Container bbox01 is not running, 2e2e2e2e2e2e is"),
        translated("unix:///x", {known: "bbox01"}),
    ):
        raise APIError("409", explanation=f"Container {known} is not running, {other} is")


def test_an_answer_that_broke_off_says_so() -> None:
    broken = requests.exceptions.ConnectionError()
    broken.__context__ = ValueError("no length of a chunk")
    with pytest.raises(errors.EngineGone, match=r"\(its answer broke off\)"), translated("unix:///x"):
        raise broken


def test_not_found() -> None:
    with pytest.raises(errors.NotFound, match="no such container: x"), translated("unix:///x"):
        raise NotFound("404", explanation="no such container: x")


@pytest.mark.parametrize(
    "silence",
    [requests.exceptions.ConnectionError("gone"), requests.exceptions.ReadTimeout(), BrokenPipeError()],
)
def test_silence_is_engine_gone(silence: Exception) -> None:
    with (
        pytest.raises(errors.EngineGone, match="unix:///x does not answer") as caught,
        translated("unix:///x"),
    ):
        raise silence
    assert "doctor" in caught.value.remedy


def test_our_own_errors_pass() -> None:
    with pytest.raises(errors.NotOurs), translated("unix:///x"):
        raise errors.NotOurs("hands off")


@pytest.mark.parametrize(
    "silence",
    [
        requests.exceptions.ChunkedEncodingError("Connection broken"),
        requests.exceptions.InvalidJSONError("half an answer"),
        urllib3.exceptions.ProtocolError("Connection aborted", ConnectionResetError(104, "Connection reset")),
        urllib3.exceptions.ReadTimeoutError(None, "", "timed out"),  # type: ignore[arg-type]
        urllib3.exceptions.IncompleteRead(3, 7),
        http.client.BadStatusLine("x"),
        http.client.RemoteDisconnected("closed"),
        TimeoutError("timed out"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_breaks_below_the_sdk_is_a_sentence(silence: Exception) -> None:
    with (
        pytest.raises(errors.EngineGone, match="does not answer any more") as caught,
        translated("unix:///x"),
    ):
        raise silence
    assert "doctor" in caught.value.remedy
