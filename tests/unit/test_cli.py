"""The command line without an engine: exit codes, messages, who is called with what."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from netbook import cli
from netbook.engine import ladder, private
from netbook.errors import ImageMissing, NoEngine, SetupError
from netbook.setup import child, packages, start


def netbook(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`python -m netbook` as a reader starts it, with this Python as it is."""
    return subprocess.run(
        [sys.executable, "-m", "netbook", *arguments],
        cwd=start.ROOT,
        env={**os.environ, "NETBOOK_VENV": "none", **env},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


def test_no_command_shows_them_all() -> None:
    done = netbook()
    assert done.returncode == 2
    for command in ("lab", "test", "doctor", "clean"):
        assert f"    {command} " in done.stdout


def test_an_unknown_chapter_is_told_before_anything_is_set_up() -> None:
    done = netbook("lab", "99", NETBOOK_VENV="/nonexistent/and/unwritable")
    assert done.returncode == 1
    assert done.stderr.startswith("✗ '99' ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_terminal_without_unicode_gets_ascii() -> None:
    done = netbook("lab", "99", PYTHONIOENCODING="ascii")
    assert done.stderr.startswith("x '99' ")
    assert "\n  -> " in done.stderr


def test_help_of_test_is_ours() -> None:
    done = netbook("test", "-h")
    assert done.returncode == 0
    assert "PYTEST ARGS" in done.stdout
    assert "test -- -h" in done.stdout


def test_tests_exit_code_and_arguments_come_through() -> None:
    done = netbook("test", "--version", "--version", NETBOOK_ENGINE="yours")
    assert done.returncode == 0
    assert "pytest" in done.stdout + done.stderr
    file = "tests/unit/setup/test_pins.py"
    nothing = netbook("test", "-n0", "-p", "no:cacheprovider", file, "-k", "nosuch", NETBOOK_ENGINE="yours")
    assert nothing.returncode == 5  # pytest's own: no tests were collected
    assert "deselected" in nothing.stdout


def raises(error: BaseException) -> object:
    def dispatch(_: list[str]) -> int:
        raise error

    return dispatch


def test_our_errors_are_their_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_dispatch", raises(SetupError("It broke.", remedy="mend it")))
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().err == "✗ It broke.\n  → mend it\n"


def test_ctrl_c_is_one_clean_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_dispatch", raises(KeyboardInterrupt()))
    assert cli.main(["lab"]) == 130
    assert capsys.readouterr().err == "\nStopped.\n"


def test_bugs_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_dispatch", raises(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        cli.main(["lab"])


def test_a_reader_who_reads_no_further() -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m netbook doctor | true",
        shell=True,
        cwd=start.ROOT,
        env={**os.environ, "NETBOOK_VENV": "none", "DOCKER_HOST": "unix:///nonexistent"},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr


def test_goes_on_in_the_venv_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda python, command: calls.append((python, command)))
    cli._continue_in(Path(sys.executable), ["doctor"])
    assert calls == []
    cli._continue_in(Path("/book/.venv/bin/python"), ["lab", "02"])
    assert calls == [
        (Path("/book/.venv/bin/python"), ["/book/.venv/bin/python", "-m", "netbook", "lab", "02"])
    ]


def test_clean_before_the_set_up_sets_nothing_up(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "netbook", "clean"],
        cwd=start.ROOT,
        env={**os.environ, "NETBOOK_VENV": str(tmp_path / "venv")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "not set up" in done.stderr
    assert "docker ps -aq --filter label=org.netbook.owner=" in done.stderr
    assert not (tmp_path / "venv").exists()


# -- what is installed on Debian, and when ----------------------------------------


class Offers:
    """Stands where apt-get would be called."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *, missing: dict[str, str], runs: bool = False
    ) -> None:
        self.made: list[tuple[str, ...]] = []
        monkeypatch.setattr(packages, "can_install", lambda: True)
        monkeypatch.setattr(packages, "offer", self._offer)
        monkeypatch.setattr(private, "missing_programs", lambda: missing)
        monkeypatch.setattr(ladder, "any_runs", lambda: runs)
        for name in ("DOCKER_HOST", "NETBOOK_ENGINE"):
            monkeypatch.delenv(name, raising=False)

    def _offer(self, names: Sequence[str], why: str, **_: object) -> bool:
        self.made.append(tuple(names))
        return True


def test_lab_offers_an_engine_only_if_programs_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = Offers(monkeypatch, missing={})
    assert cli._programs_installed(yes=True) is False
    assert offers.made == []
    offers = Offers(monkeypatch, missing={"dockerd": "docker.io", "runc": "runc"})
    assert cli._programs_installed(yes=True) is True
    assert offers.made == [packages.ENGINE]
    offers = Offers(monkeypatch, missing={"iptables": "iptables"})  # dockerd is there, from elsewhere perhaps
    cli._programs_installed(yes=True)
    assert offers.made == [("iptables",)]


@pytest.mark.parametrize("order", [{"DOCKER_HOST": "unix:///x"}, {"NETBOOK_ENGINE": "yours"}])
def test_an_order_for_another_engine_installs_none(
    order: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = Offers(monkeypatch, missing={"dockerd": "docker.io"})
    for name, value in order.items():
        monkeypatch.setenv(name, value)
    assert cli._programs_installed(yes=True) is False
    cli._programs_for_tests()
    assert offers.made == []


@pytest.mark.parametrize(
    ("missing", "runs", "offered"),
    [
        ({}, False, [packages.ISOLATED]),
        ({}, True, [packages.ISOLATED]),
        ({"dockerd": "docker.io"}, False, [packages.ENGINE]),
        ({"dockerd": "docker.io"}, True, []),
    ],
)
def test_what_the_suite_needs(
    missing: dict[str, str], runs: bool, offered: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = Offers(monkeypatch, missing=missing, runs=runs)
    cli._programs_for_tests()
    assert offers.made == offered


def test_no_engine_at_all_is_the_ladders_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setattr(child, "run", lambda *_, **__: pytest.fail("JupyterLab was started"))
    with pytest.raises(NoEngine, match=r"/nonexistent/docker\.sock"), cli._engine(yes=True):
        pass


class Stub:
    """Only what `_engine` looks at before JupyterLab is started."""

    version, where, closed = "1.2.3", "unix:///stub", 0

    def close(self) -> None:
        self.closed += 1


def test_after_an_installation_the_ladder_is_tried_from_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = Offers(monkeypatch, missing={"dockerd": "docker.io"})
    stub, tried = Stub(), [0]

    def find(_: object) -> Stub:
        tried[0] += 1
        if not offers.made:
            raise NoEngine("none")
        return stub

    monkeypatch.setattr("netbook.engine.ladder.find", find)
    monkeypatch.setattr("netbook.engine.image.ensure", lambda *_: "present")
    with cli._engine(yes=True):
        assert stub.closed == 0
    assert tried == [2]
    assert stub.closed == 1


@pytest.mark.parametrize(("absent", "asked"), [(["busybox-static"], 2), ([], 1)])
def test_an_image_that_cannot_be_had_asks_for_busybox_once(
    absent: list[str], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = Offers(monkeypatch, missing={})
    stub, calls = Stub(), [0]

    def ensure(*_: object) -> str:
        calls[0] += 1
        raise ImageMissing("no image")

    monkeypatch.setattr("netbook.engine.ladder.find", lambda _: stub)
    monkeypatch.setattr("netbook.engine.image.ensure", ensure)
    monkeypatch.setattr(packages, "absent", lambda _: absent)
    with pytest.raises(ImageMissing), cli._engine(yes=True):
        pass
    assert calls == [asked]
    assert offers.made == [("busybox-static",)] * (asked - 1)
    assert stub.closed == 1
