"""The output of an exec arrives whole, however late the client reads, and from both streams."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest

from netbook import Lab


def test_nothing_is_lost_when_the_client_is_late(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the output can be there before the header is read: the SDK's own reader drops it."""
    bbox = lab.run("one")
    begin = http.client.HTTPResponse.begin

    def late(response: Any) -> None:
        time.sleep(0.5)
        begin(response)

    monkeypatch.setattr(http.client.HTTPResponse, "begin", late)
    said = bbox.exec("sh", "-c", "echo out; echo err >&2; exit 3")
    assert (said.stdout, said.stderr, said.exit_code) == ("out\n", "err\n", 3)


def test_a_long_output_is_whole(lab: Lab) -> None:
    said = lab.run("one").exec("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo end")
    assert len(said.stdout) == 3_000_004
    assert said.stdout.endswith("xend\n")


def test_a_program_that_does_not_exist(lab: Lab) -> None:
    said = lab.run("one").exec("nonesuch")
    assert not said.ok
    assert "not found" in said.text
