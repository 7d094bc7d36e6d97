"""Lab: run, find, clean; who owns what; two labs at once; a kernel that died."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels, session
from netbook.workspace import cleanup
from netbook.workspace.cleanup import sweep


@pytest.fixture
def stranger(engine: Engine) -> Iterator[str]:
    """A container on the default bridge that is not netbook's."""
    made = engine.create(ContainerSpec("stranger", image="busybox", labels={}))
    engine.start(made)
    yield made
    engine.remove(made)


def made_by_reader(engine: Engine, lab: str) -> list[str]:
    """Names of a lab's containers, without its helper: that one is there while the lab is open."""
    return [c.name for c in engine.containers(lab) if labels.ROLE not in c.labels]


def test_run_gives_a_running_container_with_an_address(lab: Lab) -> None:
    bbox = lab.run("one")
    assert bbox.state == "running"
    assert bbox.ip_addr().query("interface == 'eth0'").address.item().startswith(bbox.address + "/")


def test_run_passes_options_to_the_engine(lab: Lab) -> None:
    net = lab.create_network("opts", subnet="10.96.1.0/24")
    web = lab.run(
        "web",
        "sleep",
        "600",
        network=net,
        ip="10.96.1.77",
        alias=["site", "www"],
        publish="80",
        env={"COLOUR": "blue"},
        hostname="tower",
    )
    raw = web.inspect().attrs["raw"]
    assert web.addresses == {"opts": "10.96.1.77"}
    assert {"site", "www"} <= set(raw["NetworkSettings"]["Networks"]["opts"]["Aliases"])
    assert raw["HostConfig"]["PortBindings"]["80/tcp"][0]["HostIp"] == "127.0.0.1"
    assert raw["Config"]["Cmd"] == ["sleep", "600"]
    assert web.exec("sh", "-c", "echo $COLOUR; hostname").stdout == "blue\ntower\n"


def test_echo_is_what_a_reader_would_type(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab._echo.on = True
    bbox = lab.run("one", network="none")
    bbox.exec("echo", "two words")
    with lab.quiet():
        bbox.ip_addr()
    assert capsys.readouterr().out.splitlines() == [
        "$ docker run -di --name one --network none busybox",
        "$ docker exec one echo 'two words'",
    ]


def test_running_a_cell_again_replaces_the_container(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    first = lab.run("one")
    lab._echo.on = True
    second = lab.run("one")
    assert capsys.readouterr().out == "$ docker rm -f one\n$ docker run -di --name one busybox\n"
    assert first.id != second.id
    assert list(lab.containers().name) == ["one"]


def test_a_failed_start_leaves_no_name_behind(lab: Lab) -> None:
    with pytest.raises(errors.NetbookError):
        lab.run("one", "no-such-program")
    assert lab.containers().empty


def test_run_many_starts_all(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"many{n:02}" for n in range(6)]
    made = lab.run_many(names)
    assert [c.name for c in made] == names
    assert {c.state for c in made} == {"running"}
    assert len({c.address for c in made}) == 6


def test_foreign_name_is_an_error_that_names_the_holder(
    lab: Lab, stranger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab._echo.on = True
    with pytest.raises(errors.NameTaken, match=r"something outside the book .*image busybox") as caught:
        lab.run("stranger")
    assert capsys.readouterr().out == "$ docker run -di --name stranger busybox\n"
    assert caught.value.remedy
    assert lab.engine.container("stranger").id == stranger


def test_name_in_another_lab_names_that_lab(lab: Lab, engine: Engine) -> None:
    with Lab("elsewhere", engine=engine, echo=False) as other:
        other.run("shared")
        with pytest.raises(errors.NameTaken, match="your lab 'elsewhere'") as caught:
            lab.run("shared")
        assert "clean --lab elsewhere" in caught.value.remedy
        assert other.container("shared").state == "running"


def test_two_labs_that_want_a_name_at_the_same_moment(lab: Lab, engine: Engine) -> None:
    def run(of: Lab) -> str:
        try:
            return of.run("raced").state
        except errors.NameTaken:
            return "taken"

    with Lab("rival", engine=engine, echo=False) as rival, ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, (lab, rival))) == ["running", "taken"]


def test_an_empty_name_is_refused(lab: Lab) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        lab.run("")
    assert lab.containers().empty


def test_foreign_container_in_the_middle_of_the_bridge(lab: Lab, stranger: str) -> None:
    ours = lab.run("ours")
    assert list(lab.containers().name) == ["ours"]
    assert {"ours", "stranger"} <= set(lab.containers(foreign=True).name)
    assert list(lab.network("bridge").inspect().container) == ["ours"]
    assert "stranger" in set(lab.network("bridge").inspect(foreign=True).container)
    assert "stranger" not in lab.diagram().text
    assert "stranger" in lab.diagram(foreign=True).text
    foreign = lab.engine.container("stranger")
    assert ours.reaches(foreign.endpoints[0].ip_address)  # it may be looked at; it is on the same bridge
    lab.clean()
    assert lab.engine.container("stranger") == foreign


def test_foreign_container_is_not_touched(lab: Lab, stranger: str) -> None:
    found = lab.container("stranger")
    assert found.ip_addr().interface.tolist() == ["lo", "eth0"]
    for verb in (found.stop, found.start, found.restart, found.pause, found.unpause, found.remove):
        with pytest.raises(errors.NotOurs, match="something outside the book"):
            verb()
    with pytest.raises(errors.NotOurs):
        found.exec("true")
    network = lab.create_network("ours")
    with pytest.raises(errors.NotOurs):
        network.connect(found)
    assert lab.engine.container("stranger").state == "running"


def test_clean_removes_all_of_this_lab_and_nothing_else(lab: Lab, engine: Engine) -> None:
    lab.create_network("ours", subnet="10.96.2.0/24")
    lab.run("one", network="ours")
    lab.snapshot()  # makes the observer
    with Lab("elsewhere", engine=engine, echo=False) as other:
        other.run("two")
        lab.clean()
        assert engine.containers(lab.name) == []
        assert engine.networks(lab.name) == []
        assert made_by_reader(engine, "elsewhere") == ["two"]
    assert engine.containers("elsewhere") == []


def test_cleaned_by_one_thread_while_another_looks(lab: Lab, engine: Engine) -> None:
    """It says so, and opens no helper that nobody would close."""
    lab.snapshot()
    with pytest.MonkeyPatch.context() as patch:

        def asked_too_late(helper: str, *_: object) -> None:
            lab.clean()
            engine.inspect(helper)

        patch.setattr(engine, "channel", asked_too_late)
        with pytest.raises(errors.NotRunning, match="cleaned while it was looked at"):
            lab.workspace.observer.channel()
    assert engine.containers(lab.name) == []
    assert lab.snapshot().boxes == ()


@pytest.fixture
def used(lab: Lab, stranger: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """Its network `ours` is used by the stranger; nothing is waited for as long as elsewhere."""
    net = lab.create_network("ours", subnet="10.96.3.0/24")
    lab.engine.connect(net.id, stranger)
    monkeypatch.setattr(cleanup, "_LINGER", 0.3)
    yield lab
    monkeypatch.undo()
    if "ours" in {e.network for e in lab.engine.container(stranger).endpoints}:
        lab.engine.disconnect(net.id, stranger)


def test_clean_leaves_a_network_that_a_foreign_container_uses(used: Lab, stranger: str) -> None:
    with pytest.raises(errors.NetworkInUse, match=r"^ours \(stranger\): .*did not make"):
        used.clean()
    assert "ours" in {e.network for e in used.engine.container(stranger).endpoints}


def test_clean_frees_a_network_from_an_endpoint_whose_container_is_gone(
    used: Lab, stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine cannot be made to lose a container and keep its endpoint: here the listing is short."""
    monkeypatch.setattr(used.engine, "containers", lambda *_, **__: [])
    used.clean()
    monkeypatch.undo()
    assert "ours" not in {n.name for n in used.engine.networks()}
    assert "ours" not in {e.network for e in used.engine.container(stranger).endpoints}


def test_clean_ends_if_the_engine_does_not_forget_that_endpoint(
    used: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here, because it is told of a name that nobody has."""
    monkeypatch.setattr(cleanup, "_attached", lambda *_: ((), ("nobody",)))
    with pytest.raises(errors.NetworkInUse, match=r"^ours: the engine keeps an endpoint"):
        used.clean()


def test_clean_says_if_only_the_engine_s_count_is_wrong(used: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "_attached", lambda *_: ((), ()))
    with pytest.raises(errors.NetworkInUse, match=r"^ours: the engine keeps an endpoint") as told:
        used.clean()
    assert "restart the engine" in str(told.value)


def test_next_lab_removes_what_a_dead_kernel_left(engine: Engine) -> None:
    script = (
        "from netbook import Lab; import os\n"
        "lab = Lab('dies', echo=False); lab.create_network('orphan'); lab.run('left', network='orphan')\n"
        "lab.snapshot(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert "left" in {c.name for c in engine.containers("dies")}
    with Lab("another", engine=engine, echo=False):
        assert engine.containers("dies") == []
        assert engine.networks("dies") == []


def test_a_lab_that_is_open_elsewhere_is_not_swept(engine: Engine) -> None:
    script = (
        "from netbook import Lab\n"
        "lab = Lab('busy', echo=False); lab.run('held'); print('ready', flush=True); input()\n"
        "lab.clean()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(errors.NameTaken, match=f"open in another process of yours.*{other.pid}"):
            Lab("busy", engine=engine, echo=False)
        with Lab("third", engine=engine, echo=False):  # opening any other lab leaves it alone, too
            assert made_by_reader(engine, "busy") == ["held"]
        with Lab("busy", engine=engine, echo=False, force=True):
            assert made_by_reader(engine, "busy") == []
        other.communicate("\n")


def test_sweep_is_by_owner(engine: Engine) -> None:
    """Another reader's things on a shared engine are foreign."""
    marks = labels.for_lab("theirs", session.current()) | {labels.OWNER: "ann@desk"}
    made = engine.create(ContainerSpec("anns", image="busybox", labels=marks))
    try:
        assert sweep(engine).containers == ()
        assert engine.container("anns").owned is False
    finally:
        engine.remove(made)


def test_context_manager_cleans_after_an_error(engine: Engine) -> None:
    def fail_half_way() -> None:
        with Lab("half", engine=engine, echo=False) as lab:
            lab.run("one")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    assert engine.containers("half") == []


@pytest.mark.parametrize("name", ["", "two words", "-x", "a/b"])
def test_a_bad_lab_name_says_what_is_legal(engine: Engine, name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        Lab(name, engine=engine)


def test_container_not_found_lists_what_there_is(lab: Lab) -> None:
    lab.run("one")
    with pytest.raises(errors.NotFound, match="this lab has: one"):
        lab.container("two")


def test_reachability_by_address_and_by_name(lab: Lab) -> None:
    net = lab.create_network("talk", subnet="10.96.4.0/24")
    lab.run("first", network=net)
    lab.run("second", network=net)
    lab.run("alone")
    by_address, by_name = lab.reachability("address"), lab.reachability("name")
    for table in (by_address.table, by_name.table):
        assert table.loc["first", "second"] == table.loc["second", "first"] == "yes"
        assert table.loc["first", "alone"] == table.loc["alone", "second"] == "no"
        assert table.loc["alone", "alone"] == "–"
    with pytest.raises(ValueError, match="'address' or 'name'"):
        lab.reachability("luck")  # type: ignore[arg-type]


def test_reachability_of_those_without_an_address_of_their_own(lab: Lab) -> None:
    lab.run("owner")
    lab.run("guest", network="container:owner")
    lab.run("hosted", network="host")
    lab.run("nothing", network="none")
    table = lab.reachability("address").table
    assert table.loc["owner"].to_dict() == {"owner": "–", "guest": "yes", "hosted": "yes", "nothing": "no"}
    assert set(table.loc["nothing"]) == {"–", "no"}


def test_a_subnet_that_is_none_is_refused_before_the_engine_is_asked(lab: Lab) -> None:
    with pytest.raises(ValueError, match="did you mean"):
        lab.create_network("custom", subnet="10.96.7.1/24")
    assert "custom" not in set(lab.networks().name)


def test_a_port_that_is_taken_on_the_host(lab: Lab) -> None:
    lab.run("hosted", network="host").exec("httpd", "-p", "127.0.0.1:18080")
    with pytest.raises(errors.EngineRefused, match=r"address already in use|already allocated") as caught:
        lab.run("web", publish="18080:80")
    assert "publish another" in caught.value.remedy
    assert "web" not in set(lab.containers().name)
