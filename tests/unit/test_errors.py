"""The tree of errors, and what a reader sees of one."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netbook import errors
from netbook.ownership import labels, session

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_in_the_drawn_tree_and_under_the_root(kind: type[Exception]) -> None:
    assert issubclass(kind, errors.NetbookError)
    assert kind.__name__ in (errors.__doc__ or "")


def test_each_also_is_a_builtin_where_the_tree_says_so() -> None:
    for line in (errors.__doc__ or "").splitlines():
        if "(also " in line:
            name = next(kind.__name__ for kind in ALL if f" {kind.__name__} " in line)
            builtin = line.split("(also ")[1].rstrip(")")
            assert builtin in [base.__name__ for base in getattr(errors, name).__mro__]


def test_a_message_ends_with_what_to_do() -> None:
    error = errors.NameTaken("The name is taken.", remedy="choose another")
    assert str(error) == "The name is taken.\n  → choose another"
    assert error._render_traceback_() == ["NameTaken: The name is taken.\n  → choose another"]


def test_owner_is_this_user_here_and_nobody_else() -> None:
    assert labels.is_ours(labels.for_lab("x", "s"))
    assert not labels.is_ours({labels.OWNER: "ann@desk"})
    assert not labels.is_ours(None)


@pytest.mark.parametrize("text", ["", "nonsense", "a:b", "a:b:c:d"])
def test_a_session_that_cannot_be_read_is_not_called_dead(text: str) -> None:
    assert session.is_dead(text) is False


def changed(**parts: str) -> str:
    """This process's session, but for some of its parts."""
    names = ("machine", "boot", "namespace", "pid", "started")
    return ":".join((dict(zip(names, session.current().split(":"), strict=True)) | parts).values())


def test_a_reused_pid_is_another_session() -> None:
    assert session.is_dead(changed(started="1"))
    assert session.is_dead(changed(pid="999999999"))
    assert session.pid(session.current()) == str(os.getpid())


@pytest.mark.parametrize(
    "parts", [{"namespace": "4026532999"}, {"boot": "another"}, {"machine": "another", "boot": "another"}]
)
def test_what_cannot_be_looked_at_is_unknown(parts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A pid counts in one PID namespace of one boot: Jupyter in a container, WSL beside Windows."""
    monkeypatch.setattr(session, "_FIRST_NAMESPACE", "none of ours")
    gone = changed(pid="999999999", **parts)
    assert session.state(gone) == "unknown"
    assert session.is_dead(gone) is False


def test_a_reboot_ends_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_FIRST_NAMESPACE", session.current().split(":")[2])
    assert session.is_dead(changed(boot="another"))
    assert not session.is_dead(changed(boot="another", machine="another"))


def test_no_step_of_the_clock_changes_a_session() -> None:
    """psutil's times are computed from the boot's, which /proc/stat derives from the wall clock."""
    ticks = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    assert session.current().split(":")[-1] == ticks


def test_a_killed_process_is_dead_before_its_parent_looks() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        made = session.of(child.pid)
        assert session.state(made) == "alive"
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
        assert session.is_dead(made)
