"""The engine's folder: whose it is, what is in it, what is left of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from netbook.engine.embedded import shell
from netbook.engine.embedded.files import Files, state_directory
from netbook.engine.embedded.keeper import Ended, Keeper
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.embedded.programs import Programs
from netbook.engine.lease import Lease
from netbook.errors import NoEngine


def test_default_is_a_folder_of_this_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETBOOK_STATE", raising=False)
    assert state_directory() == Path(f"/tmp/netbook-{os.getuid()}")


def test_netbook_state_keeps_it_apart_from_a_private_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETBOOK_STATE", str(tmp_path))
    assert state_directory() == tmp_path / "embedded"


def test_folder_is_its_owners_only(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    Files(tmp_path / "state").make()
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "theirs")
    with pytest.raises(NoEngine, match="belongs to somebody else"):
        Files(tmp_path / "state").make()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    os.chown(tmp_path / "state", 12345, 12345)
    with pytest.raises(NoEngine, match="belongs to somebody else"):
        Files(tmp_path / "state").make()


def test_keeper_is_known_by_its_lock_not_by_its_number(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.keeper() is None
    code = (
        "import sys; from pathlib import Path; from netbook.engine.embedded.files import Files\n"
        f"print(Files(Path({str(tmp_path)!r})).hold() is not None, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "True\n"
        assert files.keeper() == keeper.pid
        assert files.hold() is None
        keeper.kill()
    assert files.keeper() is None  # its number is still written there
    assert (tmp_path / "keeper").read_text().strip() == str(keeper.pid)


def test_unused_means_that_nobody_holds_the_lease(tmp_path: Path) -> None:
    lease = Lease(tmp_path)
    assert not Files(tmp_path).unused()
    lease.done()
    assert Files(tmp_path).unused()


@pytest.mark.parametrize("asked", [False, True])
def test_a_running_engine_that_is_asked_to_stay_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    """`netbook engine start` beside a notebook's engine: its kernel may end then."""
    files = Files(tmp_path)
    settings = {"root": "/", "memory": 1, "scratch": str(tmp_path / "memory"), "stay": False}
    keeper = Keeper(files, settings)
    files.write_status(settings)
    since = files.status()["since"]
    monkeypatch.setattr(EmbeddedEngine, "answers", lambda self: True)
    notebook, by_hand = EmbeddedEngine(tmp_path), EmbeddedEngine(tmp_path)
    notebook.start()
    by_hand.start(stay=asked)
    by_hand.leave()
    keeper._look_at_lease()  # the notebook uses it
    assert notebook._lease is not None
    notebook._lease.done()
    if asked:
        keeper._look_at_lease()
        assert files.status()["since"] == since
    else:
        with pytest.raises(Ended, match="nobody used it"):
            keeper._look_at_lease()


def test_a_clock_that_could_not_be_put_right_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sshd has been asleep as well; an engine with containers does not end for that."""
    slept, heard, tries = 0.0, False, 0

    def set_clock(*_: object) -> bool:
        nonlocal tries
        tries += 1
        return heard

    monkeypatch.setattr("netbook.engine.embedded.keeper.suspended", lambda: slept)
    monkeypatch.setattr("netbook.engine.embedded.keeper.set_clock", set_clock)
    settings = {"root": "/", "memory": 1, "scratch": str(tmp_path / "memory"), "stay": False}
    keeper = Keeper(Files(tmp_path), settings)
    keeper._look_at_clock()
    assert tries == 0
    slept = 3600.0
    keeper._look_at_clock()
    keeper._look_at_clock()
    assert tries == 2
    heard = True
    keeper._look_at_clock()
    keeper._look_at_clock()
    assert tries == 3


def test_an_sshd_that_does_not_answer_in_time_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "ssh", lambda *_: ["sleep", "60"])
    monkeypatch.setattr(shell, "_PATIENCE", 0.2)
    assert shell.set_clock(Programs(Path("/")), 1, tmp_path) is False


def test_forget_takes_one_sessions_files_and_its_memory(tmp_path: Path) -> None:
    files, memory = Files(tmp_path), tmp_path / "elsewhere"
    memory.mkdir()
    (memory / "vm_file").write_text("")
    files.write_status({"scratch": str(memory)})
    files.add_stage("kernel", 1.25)
    assert files.stages() == [("kernel", 1.25)]
    for name in ("client_key", "engine.log", "precious"):
        (tmp_path / name).write_text("")
    files.forget()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["engine.log", "precious"]
    files.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]
