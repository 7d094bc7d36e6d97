"""Which proxy settings count, and what is never shown."""

from __future__ import annotations

import urllib.request

import pytest

from netbook.setup import proxies


@pytest.fixture(autouse=True)
def none_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "pip_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", dict)
    assert proxies.seen() == "none"


def test_variables_as_they_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://ann:secret@p:1")
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert proxies.seen() == "NO_PROXY=localhost, https_proxy=http://***@p:1"


def test_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "http://p:1", "ftp": "x"})
    assert proxies.seen() == "the system's: https via http://p:1"
