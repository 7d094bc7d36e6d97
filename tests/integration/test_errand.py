"""The short-lived helper: its rights, how long it stays, and that nothing of it is left."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest

from netbook import Lab
from netbook.engine.images import busybox
from netbook.model.programs import ExecResult
from netbook.observer import errand as errands
from netbook.observer.errand import Errand
from netbook.ownership import labels

_NET_RAW = 1 << 13


def left(lab: Lab) -> list[str]:
    roles = (errands.ROLE, errands.ONCE)
    return [c.id for c in lab.engine.containers() if c.labels.get(labels.ROLE) in roles]


def errand_of(lab: Lab, *capabilities: str) -> AbstractContextManager[Errand]:
    return errands.run(lab.engine, lab.name, image=busybox.NAME, capabilities=capabilities)


def test_it_may_do_what_is_named_and_no_more(lab: Lab) -> None:
    with errand_of(lab, "NET_RAW") as errand:
        status = dict(
            line.split(":\t", 1) for line in errand.exec("cat", "/proc/self/status").stdout.splitlines()
        )
        assert len(left(lab)) == 1
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == _NET_RAW
        assert status["NoNewPrivs"] == "1"
        assert errand.exec("touch", "/bin/there").exit_code
        assert errand.exec("cat", "/proc/1/comm").stdout == "sh\n"  # its own process namespace
        host = lab.host.exec("cat", "/proc/net/fib_trie").stdout
        assert errand.exec("cat", "/proc/net/fib_trie").stdout == host  # the host's network
    assert not left(lab)


def test_it_is_gone_after_a_failure(lab: Lab) -> None:
    with pytest.raises(ZeroDivisionError), errand_of(lab):
        _ = 1 / 0
    assert not left(lab)


def test_one_serves_the_next_and_then_ends_by_itself(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> list[str]:
        with lab.workspace.observer.errand() as errand:
            assert errand.exec("echo", "there").stdout == "there\n"
            return left(lab)

    first = asked()
    assert asked() == first
    lab.engine.remove(first[0])  # by somebody else
    second = asked()
    assert second != first
    monkeypatch.setattr(errands, "_LINGER", 1)
    monkeypatch.setattr(errands, "_MARGIN", 0.5)
    assert asked() == second
    deadline = time.monotonic() + 30
    while left(lab) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left(lab)
    assert len(asked()) == 1
    lab.clean()
    assert not left(lab)


def test_two_at_once_wait_for_each_other(lab: Lab) -> None:
    def run(number: int) -> ExecResult:
        with errand_of(lab) as errand:
            return errand.exec("sh", "-c", f"sleep 0.5; echo {number}")

    with ThreadPoolExecutor(3) as pool:
        assert [said.stdout for said in pool.map(run, range(3))] == ["0\n", "1\n", "2\n"]
