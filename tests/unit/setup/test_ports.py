"""Ports that are taken, and by whom."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from netbook.errors import SetupError
from netbook.setup import ports


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this very process listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_named_port_that_is_taken_says_by_whom_and_what_is_free(taken: int) -> None:
    with pytest.raises(SetupError, match=f"Port {taken} is in use") as caught:
        ports.choose(taken)
    assert f"(process {os.getpid()})" in caught.value.what
    offered = int(caught.value.remedy.split()[-1])
    assert offered > taken
    assert not ports.obstacle(offered)


def test_taken_on_all_addresses_counts_too() -> None:
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen()
        assert ports.obstacle(listener.getsockname()[1])


def test_the_usual_port_gives_way(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "USUAL", taken)
    port, word = ports.choose(None)
    assert port > taken
    assert word.startswith(f"Port {taken} is in use by ")
    assert word.endswith(f"taking {port}.")


def test_a_free_port_needs_no_word(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    free = ports.next_free(taken)
    assert ports.choose(free) == (free, "")
    monkeypatch.setattr(ports, "USUAL", free)
    assert ports.choose(None) == (free, "")


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_no_port_at_all(port: int) -> None:
    with pytest.raises(SetupError, match="is no port"):
        ports.choose(port)


def test_a_port_for_root_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "obstacle", lambda port: 13 if port == 80 else 0)
    with pytest.raises(SetupError, match="Your user may not open port 80"):
        ports.choose(80)


def test_nobody_there_is_nobody(taken: int) -> None:
    assert ports.holder(ports.next_free(taken)) == ""


def test_somebody_answers_or_nobody(taken: int) -> None:
    assert ports.answers(taken)
    with socket.socket() as only_bound:
        only_bound.bind(("127.0.0.1", 0))
        assert not ports.answers(only_bound.getsockname()[1])
