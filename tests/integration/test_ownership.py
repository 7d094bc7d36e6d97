"""Whose is it: what is the reader's stays, whoever it looks like, and what is a lab's is known again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, recipe
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels, reader, session
from netbook.workspace.cleanup import of_dead_sessions, sweep

_HOLD = (
    "import sys; from netbook import Lab\n"
    "lab = Lab(sys.argv[1], echo=False); lab.run('held'); print('ready', flush=True); sys.stdin.readline()\n"
)
_RACE = """
import sys
from netbook import Lab
from netbook.errors import NameTaken
lab = None
for word in map(str.strip, sys.stdin):
    if word == "open":
        try:
            lab = Lab("raced", echo=False)
            lab.run("held")
        except NameTaken:
            lab = None
    elif word == "leave" and lab:
        lab.clean()
    answers = {"begin": "begun", "open": "has it" if lab else "is told", "leave": "left"}
    print(answers[word], flush=True)
"""


@pytest.fixture
def committed(lab: Lab, engine: Engine) -> Iterator[str]:
    """An image of the reader's, committed from a container of the lab: it has all its labels."""
    lab.run("bbox01").exec("touch", "/work")
    engine._api.commit(lab.container("bbox01").id, repository="mine/work")
    yield "mine/work"
    engine._api.remove_image("mine/work", force=True)


# -- labels that an image hands down --------------------------------------------


def test_a_container_of_a_committed_image_is_the_readers(lab: Lab, engine: Engine, committed: str) -> None:
    """`docker commit bbox01 mine/work; docker run --name my-own mine/work`."""
    made = engine.create(ContainerSpec("my-own", image=committed, labels={}))
    engine.start(made)
    try:
        assert engine.inspect(made)["Config"]["Labels"][labels.LAB] == lab.name  # it looks like ours
        assert engine.container("my-own").owned is False
        assert list(lab.containers().name) == ["bbox01"]
        with pytest.raises(errors.NotOurs, match="something outside the book"):
            lab.container("my-own").remove()
        with pytest.raises(errors.NameTaken, match="something outside the book"):
            lab.run("my-own")
        lab.clean()
        sweep(engine)
        assert engine.container("my-own").state == "running"
    finally:
        engine.remove(made)


def test_a_container_that_the_lab_runs_from_such_an_image_is_the_labs(lab: Lab, committed: str) -> None:
    lab.run("again", image=committed)
    assert list(lab.containers().name) == ["again", "bbox01"]
    lab.container("again").remove()  # or the image could not go


def test_what_looks_ours_and_whose_image_is_gone_is_left_alone(
    lab: Lab, engine: Engine, committed: str
) -> None:
    made = engine.create(ContainerSpec("my-own", image=committed, labels={}))
    try:
        engine._api.remove_image(committed, force=True)  # the container does not run: Docker lets it go
        engine._image_labels.clear()
        lab.clean()
        sweep(engine)
        assert engine.container("my-own").owned is False
    finally:
        engine.remove(made)
        engine._api.tag(busybox.NAME, committed)  # for the fixture


def test_clean_all_leaves_what_a_reader_made_of_our_image(
    lab: Lab, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built FROM it, committed from a container of it, or only named again: all inherit its label."""
    changes = ['CMD ["sh"]', f'LABEL {labels.IMAGE}="{labels.owner()}"']
    engine.images.load(busybox.root_filesystem(), "book-built", changes)
    made = engine.create(ContainerSpec("plain", image="book-built", labels={}))
    try:
        engine._api.commit(made, repository="mine/built", changes=["ENV COLOUR=blue"])
        engine.images.tag("book-built", "mine/named")
        engine.remove(made)
        names = ["book-built", "mine/built"]
        assert engine.images.inspect("mine/built")["Config"]["Labels"][labels.IMAGE] == labels.owner()  # type: ignore[index]
        assert recipe.built(engine, names) == ["book-built"]
        assert recipe.remove(engine, names) == ["book-built"]
        assert engine.images.inspect("book-built") is None
        assert engine.images.inspect("mine/built")
        assert engine.images.inspect("mine/named")
    finally:
        engine.remove(made)
        for name in ("mine/built", "mine/named", "book-built"):
            if engine.images.inspect(name):
                engine._api.remove_image(name, force=True)


# -- who lives -----------------------------------------------------------------------


def hold(*before: str, lab: str, **env: str) -> subprocess.Popen[str]:
    """A kernel that opens `lab`, runs a container in it, and waits; killed when its stdin closes."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", _HOLD, lab],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **env},
    )


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("unshare"),
    reason="only root on Linux makes a PID namespace for a process",
)
def test_a_lab_in_another_pid_namespace_is_not_taken_for_dead(engine: Engine) -> None:
    """Jupyter in a container: the same host name perhaps, other process ids, one engine."""
    with hold("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", lab="apart") as other:
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(errors.NameTaken, match="may be open in another process") as caught:
            Lab("apart", engine=engine, echo=False)
        assert "force=True" in caught.value.remedy
        with Lab("third", engine=engine, echo=False):  # opening any lab sweeps what is dead
            assert engine.container("held").state == "running"
        with Lab("apart", engine=engine, echo=False, force=True), pytest.raises(errors.NotFound):
            engine.container("held")
        other.communicate("\n")


def test_the_sessions_of_an_earlier_edition_are_left_until_they_are_asked_for(engine: Engine) -> None:
    """They are by host name and wall clock; whose they are is known, but not whether they live."""
    marks = {labels.OWNER: reader.name(), labels.LAB: "old", labels.SESSION: "desk:999999:1700000000.00"}
    made = engine.create(ContainerSpec("of-old", image=busybox.NAME, labels=marks))
    try:
        assert engine.container(made).owned
        sweep(engine, only=of_dead_sessions)
        assert engine.container(made).owned
        assert sweep(engine, "old").containers == ("of-old",)
    finally:
        engine.remove(made)


def test_two_kernels_that_open_one_lab_at_the_same_moment(engine: Engine) -> None:
    """The engine gives a name once: one of them has the lab, the other hears who."""
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", _RACE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(2)
    ]

    def told(word: str) -> list[str]:
        """What they say to it, both at once."""
        for kernel in kernels:
            assert kernel.stdin
            kernel.stdin.write(f"{word}\n")
        return sorted(kernel.stdout.readline().strip() for kernel in kernels if kernel.stdout)

    try:
        assert told("begin") == ["begun", "begun"]
        for _ in range(8):
            assert told("open") == ["has it", "is told"]
            assert engine.container("held").state == "running"
            assert told("leave") == ["left", "left"]
        assert told("open") == ["has it", "is told"]
    finally:
        for kernel in kernels:
            kernel.kill()
            kernel.communicate()
    # Both are dead now, and what they left goes.
    with Lab("raced", engine=engine, echo=False), pytest.raises(errors.NotFound):
        engine.container("held")


def test_a_name_is_not_taken_from_a_session_that_lives(lab: Lab, engine: Engine) -> None:
    with subprocess.Popen(["sleep", "60"]) as alive:
        marks = labels.for_lab(lab.name, session.of(alive.pid))
        made = engine.create(ContainerSpec("bbox01", image=busybox.NAME, labels=marks))
        try:
            with pytest.raises(errors.NameTaken, match=f"open in another process of yours.*{alive.pid}"):
                lab.run("bbox01")
            assert engine.container("bbox01").id == made
        finally:
            alive.kill()
            alive.wait()
    assert lab.run("bbox01").id != made  # now it is certainly dead


# -- who reads ----------------------------------------------------------------------


def test_leftovers_are_known_again_after_a_change_of_the_machines_name(lab: Lab, engine: Engine) -> None:
    lab.run("one")
    code = (
        "import socket; socket.gethostname = lambda: 'renamed.local'\n"
        "from netbook.engine import ladder; print([c.name for c in ladder.find().containers(owned=True)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "'one'" in done.stdout


def test_another_reader_has_another_id(lab: Lab, tmp_path: Path) -> None:
    """Two accounts on one machine, one engine: by the folder where each keeps what is theirs."""
    lab.run("one")
    code = (
        "from netbook.engine import ladder; from netbook.ownership import labels\n"
        "engine = ladder.find(); print(engine.containers(owned=True), engine.container('one').owned)"
    )
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "LOGNAME": "ann"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "[] False\n"
    assert (tmp_path / "netbook/reader").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_get_one_id(tmp_path: Path) -> None:
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    code = "from netbook.ownership import reader; print(reader.identity())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env)
        for _ in range(6)
    ]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert said == {(tmp_path / "netbook/reader").read_text()}


# -- an error in the block -------------------------------------------------------------


def test_an_error_in_the_block_is_not_replaced_by_that_of_cleaning(engine: Engine) -> None:
    stranger = engine.create(ContainerSpec("stranger", image=busybox.NAME, labels={}))
    engine.start(stranger)

    def fail_half_way() -> None:
        with Lab("half", engine=engine, echo=False) as lab:
            network = lab.create_network("half-net", subnet="10.96.9.0/24")
            engine.connect(network.id, stranger)  # so the network cannot be removed
            raise RuntimeError("half-way")

    try:
        with pytest.raises(RuntimeError, match="half-way") as caught:
            fail_half_way()
        assert "half-net" in caught.value.__notes__[0]
    finally:
        engine.remove(stranger)
        sweep(engine, "half")
