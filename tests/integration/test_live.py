"""The live view on a real engine: how soon, at which cost, and that nothing of it stays."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine
from netbook.live.view import LiveView
from netbook.ownership import labels, session
from tests.frame.day import is_night

SOON = 0.5  # seconds: the promise
NOISE = 1.5  # a busy machine's; the benchmark measures the promise itself
_PATIENCE = 10


class Calls(list[str]):
    """Every request that the real client sends."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        send = engine._api.send

        def counted(request: requests.PreparedRequest, **options: object) -> requests.Response:
            self.append(f"{request.method} {request.path_url.partition('?')[0]}")
            return send(request, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(engine._api, "send", counted)


@pytest.fixture
def calls(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(engine, monkeypatch)


def names(view: LiveView) -> set[str]:
    """The containers in the picture that the browser has."""
    return {container["name"] for container in view._widget.picture["containers"]}


def state(view: LiveView, name: str) -> str:
    found = {c["name"]: c["state"] for c in view._widget.picture["containers"]}
    return found.get(name, "")


def until(true: Callable[[], object], patience: float = _PATIENCE) -> float:
    """Wait for it; how long it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < patience
        time.sleep(0.005)
    return time.monotonic() - start


def settled(view: LiveView) -> None:
    """No event is on its way any more."""
    before = None
    while before is not (before := view._panel):
        time.sleep(SOON)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("netbook-live")]


def connections() -> int:
    return len(psutil.Process().net_connections(kind="unix"))


def docker(*argv: str) -> None:
    subprocess.run(["docker", *argv], check=True, capture_output=True)


def marks(lab: Lab) -> list[str]:
    return [f"--label={k}={v}" for k, v in labels.for_lab(lab.name, session.current()).items()]


# -- it follows -------------------------------------------------------------------


def test_what_another_process_starts_is_there_soon(lab: Lab) -> None:
    view = lab.live()
    docker("run", "-di", "--name", "elsewhere", *marks(lab), busybox.NAME)
    assert until(lambda: state(view, "elsewhere") == "running") < NOISE
    until(lambda: "eth0" in view.text)
    docker("network", "create", *marks(lab), "--subnet", "10.98.5.0/24", "second")
    docker("network", "connect", "second", "elsewhere")
    assert until(lambda: "eth1 10.98.5.2" in view.text) < NOISE
    docker("pause", "elsewhere")
    assert until(lambda: state(view, "elsewhere") == "paused") < NOISE
    docker("unpause", "elsewhere")
    docker("rename", "elsewhere", "renamed")
    assert until(lambda: names(view) == {"renamed"}) < NOISE
    docker("network", "disconnect", "second", "renamed")
    docker("stop", "-t", "0", "renamed")
    assert until(lambda: state(view, "renamed") == "exited") < NOISE
    docker("rm", "renamed")
    assert until(lambda: not names(view)) < NOISE
    docker("network", "rm", "second")
    assert until(lambda: "second" not in view.text) < NOISE


def test_what_is_not_the_labs_is_shown_if_asked(lab: Lab) -> None:
    shy, open_ = lab.live(), None
    docker("run", "-di", "--name", "theirs", busybox.NAME)
    try:
        settled(shy)
        assert "theirs" not in shy.text
        open_ = lab.live(foreign=True)
        assert "theirs" in names(open_)
        assert "not the book's" in open_.text
    finally:
        docker("rm", "-f", "theirs")
    until(lambda: "theirs" not in names(open_))


def test_a_burst_is_few_looks_and_the_last_is_right(lab: Lab, calls: Calls) -> None:
    """By night 100 starts and 100 stops, by day 30."""
    rounds = 20 if is_night() else 6
    boxes = lab.run_many([f"burst{n}" for n in range(5)], network="none")
    view = lab.live()
    settled(view)
    calls.clear()

    def restless(box: object) -> None:
        for _ in range(rounds):
            box.stop()  # type: ignore[attr-defined]
            box.start()  # type: ignore[attr-defined]

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(restless, boxes))
    boxes[0].stop()
    settled(view)
    looks = sum(call.endswith("/networks") for call in calls)
    # the events are more than four a round and box; a slower engine leaves more moments of quiet
    assert 1 <= looks <= rounds * len(boxes)
    assert view.text == lab.diagram().text
    assert state(view, "burst0") == "exited"


@pytest.mark.parametrize("number", [3, 12, pytest.param(30, marks=pytest.mark.night)])
def test_a_look_costs_two_calls(lab: Lab, calls: Calls, number: int) -> None:
    lab.run_many([f"box{n}" for n in range(number)])
    view = lab.live()
    settled(view)
    calls.clear()
    box = lab.container("box0")
    calls.clear()
    box.pause()
    until(lambda: state(view, "box0") == "paused", patience=40)  # calls are counted here, not seconds
    looks = [call for call in calls if not call.endswith("/pause")]
    assert len(looks) <= 2, looks
    assert len(names(view)) == number


def test_nothing_is_asked_while_nothing_happens(lab: Lab, calls: Calls) -> None:
    lab.run("quiet")
    view = lab.live()
    settled(view)
    calls.clear()
    time.sleep(2)
    assert not calls
    assert len(threads()) == 2


def test_tables_of_a_choice(lab: Lab, calls: Calls) -> None:
    net = lab.create_network("second", subnet="10.98.6.0/24")
    lab.run("one", network=net, ip="10.98.6.7")
    lab.run("joined", network="container:one")
    lab.run("hosted", network="host")
    lab.run("halted").stop()
    view = lab.live()
    settled(view)
    calls.clear()
    found = {c["name"]: c for c in view._widget.picture["containers"]}
    for name in ("one", "joined"):
        assert ["eth0", "UP", "10.98.6.7/24"] in found[name]["addresses"]["rows"]
        view._widget.selected = name
        until(lambda name=name: view._widget.routes.get("name") == name)
        assert ["default", "10.98.6.1", "eth0", ""] in view._widget.routes["table"]["rows"]
    assert found["one"]["endpoints"]["rows"] == [["second", "10.98.6.7", "24", "10.98.6.1"]]
    assert any(row[0] == "docker0" for row in found["hosted"]["addresses"]["rows"])
    assert found["halted"]["addresses"] is None
    view._widget.selected = "halted"
    until(lambda: view._widget.routes == {})
    assert not calls  # routes come by the channel


def test_a_container_that_cannot_be_found_is_asked_for(lab: Lab, calls: Calls) -> None:
    """As where /proc hides other users' processes: then the engine knows the pid."""
    hidden = lab.run("hidden").id[:12]
    lab.run("joins", network="container:hidden")
    observer = lab.workspace.observer
    observer.snapshot()
    calls.clear()
    seen = observer.snapshot(lambda words: observer._look(w for w in words if w != hidden))
    assert sum(call.endswith("/json") and hidden in call for call in calls) == 1
    assert seen == observer.snapshot()


# -- it ends ----------------------------------------------------------------------


def test_close_leaves_no_thread_no_connection_no_exec(lab: Lab) -> None:
    lab.run("one")
    lab.live().close()  # the client keeps a few idle connections of its own
    before = connections()
    for _ in range(8):
        view = lab.live()
        assert len(threads()) == 2
        view.close()
        view.close()
        assert threads() == []
    assert connections() <= before + 2
    until(lambda: not lab.engine.inspect(lab.workspace.observer.helper)["ExecIDs"])
    assert (view._widget.status["state"], names(view)) == ("closed", {"one"})


def test_it_ends_with_its_lab(engine: Engine) -> None:
    with Lab("ends-here", engine=engine, echo=False) as lab:
        view = lab.live()
    assert view._widget.status == {"state": "closed", "note": "the lab was cleaned"}
    assert not threads()
    assert not engine.containers("ends-here")


def test_it_ends_when_its_lab_is_forgotten(engine: Engine) -> None:
    lab = Lab("forgotten", engine=engine, echo=False)
    view = lab.live()
    del lab
    gc.collect()
    until(lambda: not threads())
    assert view._widget.status == {"state": "closed", "note": "its lab is gone"}
    Lab("forgotten", engine=engine, echo=False).clean()


def test_another_one_takes_over(lab: Lab) -> None:
    first = lab.live()
    second = lab.live()
    assert (first.over, second.over) == (True, False)
    again = Lab(lab.name, engine=lab.engine, echo=False)
    assert second.over
    assert not again.live().over
    again.clean()


def test_the_helper_is_removed_by_hand(lab: Lab) -> None:
    view = lab.live()
    docker("rm", "-f", lab.workspace.observer.helper)
    lab.run("after")
    until(lambda: "after" in names(view))
    assert not view.over


def test_a_lab_that_cannot_be_seen_is_an_error_at_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.snapshot()
    before = connections()

    def refuse(*_: object) -> None:
        raise errors.EngineRefused("no exec today")

    monkeypatch.setattr(lab.engine, "channel", refuse)
    for _ in range(8):
        with pytest.raises(errors.EngineRefused):
            lab.live()
    assert threads() == []
    assert connections() <= before + 2


# -- the engine ends --------------------------------------------------------------


def test_the_engine_is_killed(
    mortal: tuple[PrivateEngine, Engine], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon, engine = mortal
    lab = Lab("mortal", engine=engine, echo=False)
    lab.run("one", network="none")
    view = lab.live()
    assert daemon.pid
    os.kill(daemon.pid, 9)
    until(lambda: not threads())
    status = view._widget.status
    assert status["state"] == "lost"
    assert daemon.url in status["note"]
    assert "→" in status["note"]  # what to do
    assert names(view) == {"one"}
    assert capsys.readouterr().err == ""
    view.close()


# -- in a process of its own --------------------------------------------------------


def test_a_kernel_that_is_killed_leaves_no_exec(engine: Engine) -> None:
    script = (
        "import os; from netbook import Lab; lab = Lab('killed', echo=False); view = lab.live();"
        "print(lab.workspace.observer.helper, flush=True); os.kill(os.getpid(), 9)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    helper = said.stdout.split()[-1]
    until(lambda: engine.containers("killed") == [])  # the helper ends with its kernel, and its execs with it
    assert helper
    Lab("killed", engine=engine, echo=False).clean()


def test_a_program_ends_without_closing_it(docker_host: str) -> None:
    script = "from netbook import Lab; lab = Lab('lazy', echo=False); view = lab.live()"
    command = [sys.executable, "-X", "dev", "-c", script]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")
    Lab("lazy", echo=False).clean()
