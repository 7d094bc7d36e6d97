"""apt-get, asked or not: with programs of that name on PATH that record how they are called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from netbook.errors import SetupError
from netbook.setup import console, packages

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")

_DPKG_QUERY = """for name; do :; done
grep -qx "$name" {state}/installed && printf installed || exit 1"""
_APT_CACHE = """for name; do :; done
grep -qx "$name" {state}/archive && echo "Version: 1" || exit 100"""
_APT_GET = """echo "$@" >> {state}/calls
case "$*" in
*--simulate*) cat {state}/plan 2>/dev/null; exit 0 ;;
*update*) touch {state}/lists/a_Packages; exit 0 ;;
esac
if [ -e {state}/fails ] && [ ! -e {state}/lists/a_Packages ]; then cat {state}/fails; exit 100; fi
for name; do case "$name" in -*) ;; *) echo "$name" >> {state}/installed ;; esac; done"""


class Machine:
    """A Debian of files: what is installed, what the archive has, how apt-get was called."""

    def __init__(self, state: Path) -> None:
        self.state = state
        (state / "lists" / "partial").mkdir(parents=True)
        self.write("installed", "bash\n")
        self.write("archive", "docker.io\n")
        self.said: list[str] = []

    def write(self, name: str, text: str) -> None:
        (self.state / name).write_text(text)

    @property
    def calls(self) -> list[str]:
        """What apt-get was asked to do, without its standing options."""
        path = self.state / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [" ".join(word for word in line.split() if not _standing(word)) for line in lines]

    def offer(self, *names: str, if_there: tuple[str, ...] = (), yes: bool = True) -> bool:
        return packages.offer(names, "Because.", if_there=if_there, yes=yes, say=self.said.append)


def _standing(word: str) -> bool:
    return word in ("--quiet", "-o", "--no-install-recommends") or "=" in word


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path / "state")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("dpkg-query", _DPKG_QUERY), ("apt-cache", _APT_CACHE), ("apt-get", _APT_GET)):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{text.replace('{state}', str(made.state))}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(packages, "_LISTS", made.state / "lists")
    return made


def test_what_is_there_is_neither_mentioned_nor_installed(machine: Machine) -> None:
    assert machine.offer("bash") is True
    assert machine.said == []
    assert machine.calls == []


def test_says_what_it_installs_and_why_then_updates_plans_and_installs(machine: Machine) -> None:
    assert machine.offer("bash", "docker.io", "iptables") is True
    assert machine.said == ["Because. apt-get will install: docker.io iptables"]
    assert machine.calls == [
        "update",
        "install --simulate docker.io iptables",
        "install --yes docker.io iptables",
    ]


def test_fresh_lists_are_not_fetched_again_and_old_ones_are(machine: Machine) -> None:
    machine.write("lists/a_Packages", "")
    machine.offer("one")
    assert "update" not in machine.calls
    for path in (machine.state / "lists", machine.state / "lists" / "partial"):
        os.utime(path, (0, 0))
    machine.offer("two")
    assert "update" in machine.calls


def test_lists_that_looked_fresh_and_were_not(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.write("fails", "E: Failed to fetch http://archive.example/docker.io_1.deb  404  Not Found\n")
    monkeypatch.setattr(packages, "_stale", lambda: False)
    assert machine.offer("docker.io") is True
    assert machine.calls.count("update") == 1
    assert "docker.io" in (machine.state / "installed").read_text().splitlines()


def test_takes_along_what_the_archive_has(machine: Machine) -> None:
    machine.offer("docker.io", if_there=("docker-cli",))
    assert machine.calls[-1] == "install --yes docker.io"
    machine.write("archive", "docker.io\ndocker-cli\n")
    machine.offer("other", if_there=("docker-cli",))
    assert machine.calls[-1] == "install --yes other docker-cli"


def test_removes_nothing_that_the_reader_has(machine: Machine) -> None:
    machine.write("plan", "Remv docker-ce [5:20]\nInst docker.io\n")
    with pytest.raises(SetupError, match="conflicts with what you have \\(docker-ce\\)"):
        machine.offer("docker.io")
    assert not any(call.startswith("install --yes") for call in machine.calls)


def test_a_static_busybox_may_replace_the_other_one(machine: Machine) -> None:
    plan = Path(__file__).with_name("outputs") / "apt--plan_busybox.txt"
    machine.write("plan", plan.read_text())
    assert machine.offer("busybox-static") is True
    assert machine.calls[-1] == "install --yes busybox-static"


def test_no_means_no(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)  # there it would be yes
    monkeypatch.setattr(console, "nobody_to_ask", lambda: False)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert machine.offer("docker.io", yes=False) is False
    assert machine.calls == []


def test_failure_is_a_sentence(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_update", lambda: "W: Temporary failure resolving 'archive.example'\n")
    machine.write("fails", "E: Unable to locate package docker.io\n")
    with pytest.raises(SetupError, match="cannot be reached"):
        machine.offer("docker.io")


@pytest.mark.parametrize(("uid", "sudo"), [(0, ""), (1000, "sudo ")])
def test_the_command_for_the_reader(uid: int, sudo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert packages.command(["a", "b"]) == f"{sudo}apt-get install --no-install-recommends a b"


def test_only_root_on_debian_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    cases: list[tuple[Callable[[], int], Callable[[], bool], bool]] = [
        (lambda: 0, lambda: True, True),
        (lambda: 1000, lambda: True, False),
        (lambda: 0, lambda: False, False),
    ]
    monkeypatch.setattr("sys.platform", "linux")
    for uid, apt, expected in cases:
        monkeypatch.setattr(os, "geteuid", uid)
        monkeypatch.setattr(packages, "has_apt", apt)
        assert packages.can_install() is expected
