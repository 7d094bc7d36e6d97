"""The doctor's checks, each with what it is to find."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook.cli import checks, doctor
from netbook.cli.checks import Check
from netbook.engine import ladder
from netbook.engine.attempt import Attempt
from netbook.engine.embedded import machine
from netbook.engine.private import dockerd, requirements
from netbook.model.docker import ContainerInfo, Endpoint, NetworkInfo
from netbook.ownership import labels
from netbook.setup import console, disk, lock, packages, ports, start
from netbook.setup.venv import Venv

BRIDGED = (Endpoint("bridge", ip_address="172.17.0.2"),)


@pytest.fixture(autouse=True)
def no_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "NETBOOK_ENGINE", "NETBOOK_VENV"):
        monkeypatch.delenv(name, raising=False)


def foreign(name: str, *endpoints: Endpoint, **marks: str) -> ContainerInfo:
    return ContainerInfo("1", name, endpoints=endpoints, owned=False, labels=marks)


def only(checks: Iterator[Check], name: str) -> Check:
    found = [check for check in checks if check.name == name]
    assert len(found) == 1, found
    return found[0]


# -- what is on the engine --------------------------------------------------------


def test_an_empty_engine_is_fine() -> None:
    found = list(checks.container_checks([], []))
    assert [(check.name, check.status) for check in found] == [("Foreign", "ok"), ("Leftovers", "ok")]


def test_a_foreign_container_on_the_default_bridge_shifts_addresses() -> None:
    check = only(checks.container_checks([foreign("web", *BRIDGED)], []), "Foreign")
    assert check.status == "warn"
    assert "web" in check.text
    assert check.remedy == "docker stop web"


@pytest.mark.parametrize(
    "container",
    [
        foreign("stopped", Endpoint("bridge")),
        foreign("elsewhere", Endpoint("shop_default", ip_address="172.20.0.2")),
        ContainerInfo("1", "bbox01", endpoints=BRIDGED, owned=True),
    ],
    ids=lambda container: container.name,
)
def test_what_is_not_in_the_way(container: ContainerInfo) -> None:
    assert only(checks.container_checks([container], []), "Foreign").status == "ok"


def test_a_name_of_the_book_that_is_taken_is_bad() -> None:
    check = only(checks.container_checks([foreign("bbox03")], []), "Names")
    assert check.status == "bad"
    assert "something outside the book" in check.text
    assert check.remedy == "docker rename bbox03 my-bbox03"
    other = {labels.OWNER: "ann@desk", labels.LAB: "none"}
    check = only(checks.container_checks([foreign("bbox03", **other)], []), "Names")
    assert "ann@desk's lab 'none'" in check.text
    network = NetworkInfo("1", "custom_network", "bridge", owned=False)
    check = only(checks.container_checks([], [network], "DOCKER_HOST=unix:///x docker"), "Names")
    assert check.status == "bad"
    assert check.remedy.startswith("DOCKER_HOST=unix:///x docker network rm custom_network")


@pytest.mark.parametrize("name", ["receiver", "bbox08", "custom_bbox03"])
def test_every_name_that_a_chapter_takes_is_known(name: str) -> None:
    assert "of chapter 0" in only(checks.container_checks([foreign(name)], []), "Names").text


def test_every_name_that_an_exercise_takes_is_known() -> None:
    assert "of exercise 07-move" in only(checks.container_checks([foreign("typist")], []), "Names").text
    store = NetworkInfo("1", "store", "bridge", owned=False)
    assert "of exercise 07-move" in only(checks.container_checks([], [store]), "Names").text


def test_the_books_own_names_are_no_clash() -> None:
    ours = ContainerInfo("1", "bbox01", owned=True)
    assert "Names" not in {check.name for check in checks.container_checks([ours], [])}


def test_leftovers_of_dead_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netbook.ownership.session.is_dead", lambda session: session == "dead")
    things = [
        ContainerInfo("1", "bbox01", labels={labels.SESSION: "dead"}),
        ContainerInfo("2", "bbox02", labels={labels.SESSION: "alive"}),
        ContainerInfo("4", "bbox03", owned=False, labels={labels.SESSION: "dead"}),  # another reader's
    ]
    network = NetworkInfo("3", "custom_network", "bridge", owned=True, labels={labels.SESSION: "dead"})
    check = only(checks.container_checks(things, [network]), "Leftovers")
    assert check.status == "warn"
    assert check.text == "of labs that have ended: bbox01, custom_network"
    assert check.remedy == "python3 -m netbook clean"


# -- the ladder, when nothing runs -------------------------------------------------

FALLEN = [Attempt("yours", "rootless Docker", "unix:///run/x", "does not answer", "start it")]


def test_nothing_runs_but_a_private_one_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: None)
    found = list(checks.no_engine_checks(FALLEN))
    assert [check.status for check in found] == ["ok"]
    assert "`lab` starts a private one" in found[0].text
    assert "does not answer" in found[0].text


def test_nothing_runs_and_nothing_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs root; you are uid 1000")
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(machine, "problem", lambda: ("the embedded engine needs an x86-64 CPU", ""))
    monkeypatch.setattr(machine, "installable", lambda: False)
    tried, embedded, engine = checks.no_engine_checks(FALLEN)
    assert (tried.name, tried.remedy) == ("Tried", "start it")
    assert "rootless Docker (unix:///run/x): does not answer" in tried.text
    assert embedded.text == "embedded: the embedded engine needs an x86-64 CPU"
    assert engine.status == "bad"
    assert "needs root" in engine.text
    assert engine.remedy == "start it"


def test_without_root_the_embedded_engine_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs root; you are uid 1000")
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(machine, "problem", lambda: None)
    (engine,) = checks.no_engine_checks([])
    assert engine.status == "ok"
    assert "`lab` starts the embedded one" in engine.text


def test_without_root_lab_fetches_what_the_embedded_engine_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs root; you are uid 1000")
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(
        machine, "problem", lambda: ("the embedded engine needs crun: not installed", "install")
    )
    monkeypatch.setattr(machine, "installable", lambda: True)
    engine = list(checks.no_engine_checks(FALLEN))[-1]
    assert (
        engine.text == "embedded: the embedded engine needs crun: not installed; `lab` offers to install it"
    )
    assert engine.remedy == "python3 -m netbook lab --yes"


def test_root_on_debian_is_told_that_lab_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs dockerd: not installed")
    monkeypatch.setattr(requirements, "missing_programs", lambda: {"dockerd": "docker.io"})
    monkeypatch.setattr(packages, "can_install", lambda: True)
    engine = list(checks.no_engine_checks([]))[-1]
    assert engine.status == "bad"
    assert engine.remedy == "python3 -m netbook lab --yes"


def test_a_container_without_rights_is_told_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(requirements, "missing_programs", lambda: {})
    monkeypatch.setattr(requirements, "missing_capabilities", lambda: ["NET_ADMIN"])
    monkeypatch.setattr(machine, "problem", lambda: ("the embedded engine needs more memory", "give it 2 GB"))
    monkeypatch.setattr(machine, "installable", lambda: False)
    engine = list(checks.no_engine_checks([]))[-1]
    assert "NET_ADMIN" in engine.text
    assert "--privileged" in engine.remedy


def test_docker_host_is_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    found = list(checks.engine_checks())
    assert found[-1].status == "bad"
    assert "allows no other engine" in found[-1].text
    assert "unset DOCKER_HOST" in found[-1].remedy


def test_looking_starts_nothing_and_finds_a_private_engine_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: None)
    monkeypatch.setattr(dockerd.PrivateEngine, "answers", lambda self: True)
    monkeypatch.setattr(dockerd.PrivateEngine, "start", lambda self: pytest.fail("started"))
    monkeypatch.setattr(ladder, "yours", lambda: iter(()))
    assert [outcome.where for outcome in ladder.running()] == [dockerd.PrivateEngine().url]


# -- before the set-up --------------------------------------------------------------


@pytest.fixture
def no_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Venv:
    venv = Venv(tmp_path / ".venv", start.ROOT)
    monkeypatch.setattr(start, "the_venv", lambda: venv)
    return venv


@pytest.mark.usefixtures("no_venv")
def test_before_the_set_up_it_says_what_to_run_and_is_not_content(
    capsys: pytest.CaptureFixture[str], no_venv: Venv
) -> None:
    assert doctor.main(complete=False) == 1
    shown = capsys.readouterr().out
    assert f"{no_venv.directory} is not made yet" in shown.replace("\n             ", " ")
    assert "→ python3 -m netbook lab" in shown
    assert not no_venv.directory.exists()


@pytest.mark.usefixtures("no_venv")
def test_a_python_without_venv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "lacks_venv", lambda: True)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(start, "venv_remedy", lambda: "sudo apt-get install python3.11-venv")
    check = checks.packages_check(complete=False)
    assert (check.status, check.remedy) == ("bad", "sudo apt-get install python3.11-venv")
    monkeypatch.setattr(packages, "can_install", lambda: True)
    assert checks.packages_check(complete=False).remedy == "python3 -m netbook lab"


def test_an_interrupted_set_up(no_venv: Venv) -> None:
    no_venv.directory.mkdir()
    (no_venv.directory / "netbook.json").write_text('{"state": "making"}')
    check = checks.packages_check(complete=False)
    assert check.status == "bad"
    assert "interrupted" in check.text


def test_a_set_up_that_is_going_on(no_venv: Venv) -> None:
    no_venv.directory.mkdir()
    (no_venv.directory / "netbook.json").write_text('{"state": "making"}')
    with lock.alone(no_venv.lock_file, lambda _: None):
        check = checks.packages_check(complete=False)
    assert (check.status, check.remedy) == ("bad", "wait for it")
    assert not lock.is_held(no_venv.lock_file)


@pytest.mark.parametrize(("complete", "status"), [(True, "warn"), (False, "bad")])
def test_a_full_disk(complete: bool, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_mb", lambda _: 12)
    check = checks.disk_check(complete=complete)
    assert check.status == status
    assert "12 MB free" in check.text


def test_a_read_only_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    check = checks.disk_check(complete=True)
    assert check.status == "warn"
    assert "cannot be saved" in check.text


def test_the_usual_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "obstacle", lambda port: 98 if port == 8888 else 0)
    monkeypatch.setattr(ports, "holder", lambda port: "nginx (process 7)")
    check = checks.port_check()
    assert check == Check(
        "Port",
        "warn",
        "8888 is in use by nginx (process 7); `lab` takes 8889",
        "python3 -m netbook lab --port 8889",
    )


# -- the screen ----------------------------------------------------------------------


def test_lines_fit_and_the_remedy_stands_below() -> None:
    checks = [Check("Engine", "bad", "word " * 40, "do this " * 20), Check("Image", "ok", "fine")]
    lines = list(doctor.report(checks, width=80))
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].startswith(f"{console.MARKS['bad']} Engine     word")
    assert sum("→" in line for line in lines) == 1
    assert lines[-1] == "✓ Image      fine"


def test_a_path_is_never_cut() -> None:
    path = "/a/very-long/" + "path-" * 30
    assert any(path in line for line in doctor.report([Check("Packages", "ok", f"in {path}")], width=80))


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("warn", 0), ("bad", 1)])
def test_only_what_is_bad_fails(status: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda **_: iter([Check("Engine", status, "x")]))  # type: ignore[arg-type]
    assert doctor.main(complete=True) == code
