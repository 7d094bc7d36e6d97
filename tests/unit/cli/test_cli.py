"""The command line without an engine: exit codes, messages, who is called with what."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import pytest

from netbook.cli import main
from netbook.engine import ladder, sockets
from netbook.engine.private import requirements
from netbook.errors import ImageMissing, NoEngine, SetupError
from netbook.setup import child, console, packages, start


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
    monkeypatch.setattr(main, "_dispatch", raises(SetupError("It broke.", remedy="mend it")))
    assert main.main(["doctor"]) == 1
    assert capsys.readouterr().err == "✗ It broke.\n  → mend it\n"


def test_ctrl_c_is_one_clean_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "_dispatch", raises(KeyboardInterrupt()))
    assert main.main(["lab"]) == 130
    assert capsys.readouterr().err == "\nStopped.\n"


def test_bugs_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "_dispatch", raises(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main.main(["lab"])


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
    main._continue_in(Path(sys.executable), ["doctor"])
    assert calls == []
    main._continue_in(Path("/book/.venv/bin/python"), ["lab", "02"])
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
        monkeypatch.setattr(requirements, "missing_programs", lambda: missing)
        monkeypatch.setattr(ladder, "any_runs", lambda: runs)
        for name in ("DOCKER_HOST", "NETBOOK_ENGINE"):
            monkeypatch.delenv(name, raising=False)

    def _offer(self, names: Sequence[str], why: str, **_: object) -> bool:
        self.made.append(tuple(names))
        return True


def test_lab_offers_an_engine_only_if_programs_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = Offers(monkeypatch, missing={})
    assert main._programs_installed(yes=True) is False
    assert offers.made == []
    offers = Offers(monkeypatch, missing={"dockerd": "docker.io", "runc": "runc"})
    assert main._programs_installed(yes=True) is True
    assert offers.made == [packages.ENGINE]
    offers = Offers(monkeypatch, missing={"iptables": "iptables"})  # dockerd is there, from elsewhere perhaps
    main._programs_installed(yes=True)
    assert offers.made == [("iptables",)]


@pytest.mark.parametrize("order", [{"DOCKER_HOST": "unix:///x"}, {"NETBOOK_ENGINE": "yours"}])
def test_an_order_for_another_engine_installs_none(
    order: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = Offers(monkeypatch, missing={"dockerd": "docker.io"})
    for name, value in order.items():
        monkeypatch.setenv(name, value)
    assert main._programs_installed(yes=True) is False
    main._programs_for_tests(yes=False)
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
    main._programs_for_tests(yes=False)
    assert offers.made == offered


def test_no_engine_at_all_is_the_ladders_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    monkeypatch.setattr(child, "run", lambda *_, **__: pytest.fail("JupyterLab was started"))
    with pytest.raises(NoEngine, match=r"/nonexistent/docker\.sock"), main._engine(yes=True):
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
    monkeypatch.setattr("netbook.engine.images.busybox.ensure", lambda *_: "present")
    with main._engine(yes=True):
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
    monkeypatch.setattr("netbook.engine.images.busybox.ensure", ensure)
    monkeypatch.setattr(packages, "absent", lambda _: absent)
    with pytest.raises(ImageMissing), main._engine(yes=True):
        pass
    assert calls == [asked]
    assert offers.made == [("busybox-static",)] * (asked - 1)
    assert stub.closed == 1


class Bare:
    """A machine on its first start: no engine, root on Debian, no venv yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "NETBOOK_ENGINE", main._DECLINED):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("NETBOOK_VENV", str(home / "venv"))
        monkeypatch.setattr(start, "current", lambda files: None)
        monkeypatch.setattr(start, "require_venv_module", lambda **_: None)
        monkeypatch.setattr(packages, "can_install", lambda: True)
        monkeypatch.setattr(packages, "absent", list)
        monkeypatch.setattr(packages, "install", self._install)
        monkeypatch.setattr(requirements, "missing_programs", lambda: {"dockerd": "docker.io"})
        monkeypatch.setattr(requirements, "missing_capabilities", list)
        monkeypatch.setattr(sockets, "home", lambda: home)
        monkeypatch.setattr(sockets, "found", lambda *_: iter(()))
        self.begun, self.may_end = Event(), Event()
        self.installed: list[tuple[str, ...]] = []

    def _install(self, names: tuple[str, ...], **_: object) -> None:
        self.begun.set()
        assert self.may_end.wait(10)
        self.installed.append(names)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bare:
    return Bare(monkeypatch, tmp_path)


def test_on_a_first_start_apt_works_while_pip_does(bare: Bare) -> None:
    with main._programs_beside([start.READER], yes=True):
        assert bare.begun.wait(10)
        assert bare.installed == []  # at work, and we are in here
        bare.may_end.set()
    assert bare.installed == [packages.ENGINE]


def test_it_is_waited_for_even_if_pip_fails(bare: Bare) -> None:
    def fail() -> None:
        bare.may_end.set()
        raise SetupError("no network")

    with pytest.raises(SetupError, match="no network"), main._programs_beside([start.READER], yes=True):
        fail()
    assert bare.installed == [packages.ENGINE]


def test_what_apt_could_not_do_is_told(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise SetupError("apt-get could not install docker.io")

    monkeypatch.setattr(packages, "install", refuse)
    with (
        pytest.raises(SetupError, match="could not install"),
        main._programs_beside([start.READER], yes=True),
    ):
        pass


def test_who_said_no_is_not_asked_again(bare: Bare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "ask", lambda *_, **__: False)
    with main._programs_beside([start.READER], yes=False):
        assert not bare.begun.is_set()
    assert os.environ[main._DECLINED]
    assert main._programs_installed(yes=False) is False
    assert main._DECLINED not in os.environ  # children of JupyterLab need not know


@pytest.mark.parametrize(
    "told",
    [
        lambda bare, patch: patch.setenv("DOCKER_HOST", "tcp://there:2375"),
        lambda bare, patch: patch.setenv("DOCKER_CONTEXT", "there"),
        lambda bare, patch: patch.setenv("NETBOOK_ENGINE", "embedded"),
        lambda bare, patch: patch.setattr(packages, "can_install", lambda: False),
        lambda bare, patch: patch.setattr(requirements, "missing_programs", dict),
        lambda bare, patch: patch.setattr(requirements, "missing_capabilities", lambda: ["NET_ADMIN"]),
        lambda bare, patch: patch.setattr(sockets, "found", lambda *_: iter([("Podman", Path("/run/p"))])),
        lambda bare, patch: patch.setattr(start, "current", lambda files: Path(sys.executable)),
    ],
    ids=["host", "context", "embedded", "no apt", "dockerd", "capabilities", "socket", "set up"],
)
def test_nothing_is_installed_before_it_is_certain_to_be_needed(
    bare: Bare, monkeypatch: pytest.MonkeyPatch, told: Callable[[Bare, pytest.MonkeyPatch], None]
) -> None:
    told(bare, monkeypatch)
    with main._programs_beside([start.READER], yes=True):
        assert not bare.begun.is_set()
    assert bare.installed == []
