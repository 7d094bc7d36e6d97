"""What pip and apt-get say when they fail (captured from real failures) becomes one sentence and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.setup import packages, pip

OUTPUTS = Path(__file__).with_name("outputs")
LOG = Path("pip.log")

PIP = {
    "no_network": ("cannot be reached. Proxy settings seen: none", "connect to a network"),
    "proxy_dead": ("the proxy refuses or does not answer. Proxy", "export HTTPS_PROXY="),
    "proxy_407": ("It said: 407 Proxy Authentication Required.", "name and password"),
    "certificate": ("does not trust", "PIP_CERT"),
    "full": ("the disk ran full", "NETBOOK_VENV="),
    "read_only": ("the folder is read-only", "copy the book"),
    "no_version": ("has no docker==99.0 for Python", "3.11 to 3.14"),
    "no_build": ("no ready-made package of bad", "3.11 to 3.14"),
}
APT = {
    "no_network": ("cannot be reached (Temporary failure resolving", "connect to a network"),
    "proxy_dead": ("cannot be reached (Could not connect to 127.0.0.1:9)", "export http_proxy="),
    "proxy_407": ("the proxy refuses (407  Proxy Authentication Required)", "USER:PASSWORD"),
    "locked": ("another package manager holds its lock (process 339 (python3))", "wait"),
    "full": ("the disk is too full (/var/cache/apt/archives/)", "apt-get clean"),
    "interrupted": ("an earlier installation was interrupted", "dpkg --configure -a"),
    "unknown": ("the archive does not have it (nosuch-thing)", "sources.list"),
}


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "PIP_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_every_captured_output_is_expected_to_mean_something() -> None:
    names = {path.stem for path in OUTPUTS.glob("*.txt")}
    assert names == {f"pip--{case}" for case in PIP} | {f"apt--{case}" for case in APT} | {
        "apt--plan_busybox"
    }


@pytest.mark.parametrize("case", PIP)
def test_pip(case: str) -> None:
    what, remedy = PIP[case]
    error = pip.explain((OUTPUTS / f"pip--{case}.txt").read_text(encoding="utf-8"), LOG)
    assert what in error.what
    assert remedy in error.remedy
    assert "\n" not in error.what


@pytest.mark.parametrize("case", APT)
def test_apt(case: str) -> None:
    what, remedy = APT[case]
    error = packages.explain((OUTPUTS / f"apt--{case}.txt").read_text(encoding="utf-8"), ["docker.io"])
    assert error.what.startswith("apt-get could not install docker.io: ")
    assert what in error.what
    assert remedy in error.remedy


def test_what_nobody_foresaw_is_quoted_and_the_log_named() -> None:
    error = pip.explain("Collecting x\nERROR: the moon is full\n", LOG)
    assert "the moon is full" in error.what
    assert "pip.log" in error.remedy
    error = packages.explain("Reading…\nE: the moon is full\nmore\n", ["x"])
    assert "the moon is full" in error.what
    assert "Reading" not in error.what
    assert "apt-get install --no-install-recommends x" in error.remedy


def test_proxy_settings_are_shown_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:secret@proxy.example:3128")
    text = (OUTPUTS / "pip--no_network.txt").read_text(encoding="utf-8")
    error = pip.explain(text, LOG)
    assert "HTTPS_PROXY=http://***@proxy.example:3128" in error.what
    assert "secret" not in str(error)
    quoted = pip.explain("ERROR: see https://ann:secret@mirror.example/simple\n", LOG)
    assert "secret" not in str(quoted)
