"""Who reaches whom, against what `docker exec ping` says one by one; and all that can be odd in a lab."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.reach.reachability import Reachability
from tests.frame.day import is_night


@contextmanager
def counted(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The ids of the containers that an exec ran in."""
    seen: list[str] = []
    plain = Engine.exec

    def exec_(self: Engine, container: str, *args: object, **more: object) -> object:
        seen.append(container)
        return plain(self, container, *args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "exec", exec_)
        yield seen


def row(found: Reachability, source: str) -> dict[str, str]:
    return {str(k): str(v) for k, v in found.table.loc[source].items()}


def test_against_pings_one_by_one(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    net = lab.create_network("custom", subnet="10.97.1.0/24")
    names = ["one", "two", "three", "four"]
    for name in names:
        lab.run(name, network=net if name in ("three", "four") else None)
    net.connect(lab.container("two"))
    with counted(lab, monkeypatch) as seen:
        found = lab.reachability()
    assert sorted(seen) == sorted(lab.container(name).id for name in names)  # looks go by the open channel
    for source in names:
        for target in (name for name in names if name != source):
            box, other = lab.container(source), lab.container(target)
            by_address = any(box.reaches(address) for address in other.addresses.values())
            assert found.verdict(source, target, "address") == ("yes" if by_address else "no")
            assert found.verdict(source, target, "name") == ("yes" if box.reaches(target) else "no")
    assert found.table.loc["one"].tolist() == ["no", "–", "no", "address only"]  # four one three two
    assert found.why("one", "four") == "by address: no reply, by name: bad address"


@pytest.mark.parametrize("by", ["address", "name"])
def test_one_kind_alone_is_the_same_half(lab: Lab, by: str) -> None:
    net = lab.create_network("custom", subnet="10.97.2.0/24")
    lab.run("one", network=net)
    lab.run("two", network=net)
    lab.run("three")
    alone, both = lab.reachability(by), lab.reachability()  # type: ignore[arg-type]
    for a in both.names:
        for b in both.names:
            assert alone.verdict(a, b) == both.verdict(a, b, by)


def test_modes_that_share_or_have_nothing(lab: Lab) -> None:
    lab.run("bridged")
    lab.run("joined", network="container:bridged")
    lab.run("hosted", network="host")
    lab.run("lonely", network="none")
    found = lab.reachability("address")
    assert row(found, "bridged") == {"bridged": "–", "hosted": "yes", "joined": "yes", "lonely": "no"}
    assert row(found, "hosted") == {"bridged": "yes", "hosted": "–", "joined": "yes", "lonely": "no"}
    assert row(found, "lonely") == {"bridged": "no", "hosted": "no", "joined": "no", "lonely": "–"}
    assert found.why("bridged", "lonely") == "no address"
    assert found.why("lonely", "bridged") == "network unreachable"
    assert lab.reachability("name").why("bridged", "lonely") == "bad address"


def test_a_reply_to_the_ping_of_another_in_the_same_namespace_is_none(lab: Lab) -> None:
    """Numbers are those of processes, and here one container runs through all that the other can get."""
    lab.create_network("walled", subnet="10.96.3.0/24")
    lab.run("beyond", network="walled")
    beside, owner = lab.run("beside"), lab.run("owner")
    joined = lab.run("joined", network="container:owner")
    joined.exec("sh", "-c", "for n in $(seq 300); do (:); done")
    once, twice = (int(str(joined.exec("sh", "-c", "echo $$"))) for _ in range(2))
    number = 2 * twice - once  # of the next

    def sweep(start: int) -> None:
        burn = f"while sh -c '[ $$ -lt {start - 8} ]'; do :; done; sleep 0.7"
        ping = f"for n in $(seq 60); do ping -c 1 -W 1 {beside.address}; done"
        owner.exec("sh", "-c", f"({burn}; {ping}) >/dev/null 2>&1 &")

    sweep(number)
    one = joined.exec("sh", "-c", f"exec ping -c 1 -W 4 {lab.container('beyond').address}")
    assert f"from {beside.address}" in one.stdout  # so it is: busybox takes it for its own
    joined.exec("sh", "-c", "for n in $(seq 100); do (:); done")
    sweep(int(str(joined.exec("sh", "-c", "echo $$"))))
    assert row(lab.reachability(by="address"), "joined")["beyond"] in ("no", "?")


def test_a_child_keeps_only_lo_when_its_parent_restarts(lab: Lab) -> None:
    """Until it restarts itself; the engine goes on listing what it joined. All views have to say the same."""
    parent, other = lab.run("parent"), lab.run("other")
    child = lab.run("child", network="container:parent")
    assert lab.reachability("address").verdict("other", "child") == "yes"
    parent.restart()
    found = lab.reachability("address")
    assert row(found, "other") == {"child": "no", "other": "–", "parent": "yes"}
    assert found.why("other", "child") == "no address"
    assert found.why("child", "parent") == "network unreachable"
    assert found.diagram("other", "child").text.splitlines()[-1] == "the way: other ✗ no address"
    guess = lab.predict({("other", "child"): False, ("child", "parent"): False}).compare(found)
    assert guess.state("other", "child") == guess.state("child", "parent") == "right"
    assert "container" not in set(lab.latency(count=1).table.way)
    with pytest.raises(errors.NotFound, match="child has no address"):
        lab.trace(other, child)
    child.restart()
    assert lab.reachability("address").verdict("other", "child") == "yes"
    assert "container" in set(lab.latency(count=1).table.way)


def test_one_that_was_removed_or_renamed_has_no_way_to_it(lab: Lab) -> None:
    here, gone = lab.run("here"), lab.run("gone")
    gone.remove()
    with pytest.raises(errors.NotFound, match=r"gone is not there any more(.|\n)*here"):
        lab.trace(here, gone)
    with pytest.raises(errors.NotFound, match=r"gone is not there any more(.|\n)*here"):
        lab.latency({"x": (here, gone)}, count=1)


def test_an_address_made_by_hand_is_the_one_that_is_asked(lab: Lab) -> None:
    lab.run("one")
    _with_admin(lab, "two", "bridge")
    two = lab.container("two")
    before = two.address
    two.exec("ip", "addr", "flush", "dev", "eth0")
    two.exec("ip", "addr", "add", "172.17.200.200/16", "dev", "eth0")
    found = lab.reachability("address")
    assert found.verdict("one", "two") == found.verdict("two", "one") == "yes"
    (asked,) = found.reasons.query("source == 'one' and target == 'two'").address
    assert asked == "172.17.200.200" != before


def test_stopped_and_paused_are_said_and_do_not_fail(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.run("one")
    lab.run("frozen").pause()
    lab.run("halted").stop()
    found = lab.reachability("address")
    assert row(found, "one") == {"frozen": "yes", "halted": "no", "one": "–"}  # the kernel answers, not it
    assert row(found, "frozen") == {"frozen": "–", "halted": "?", "one": "?"}
    assert (found.why("frozen", "one"), found.why("halted", "one")) == ("paused", "not running")
    assert found.why("one", "halted") == "not running"
    lab.container("frozen").unpause()


def test_one_that_goes_while_the_others_are_asked(lab: Lab) -> None:
    lab.run("one")
    gone = lab.run("gone")
    before = lab.workspace.containers()
    lab.engine.remove(gone.id)
    lab.workspace.containers = lambda *, foreign=False: before  # type: ignore[method-assign]
    found = lab.reachability()
    assert found.why("gone", "one") == "not running"
    assert found.verdict("one", "gone") == "no"


def test_image_without_a_shell(lab: Lab) -> None:
    lab.run("one")
    lab.run("bare").exec("rm", "/bin/sh")
    found = lab.reachability("address")
    assert found.why("bare", "one") == "its image has no sh"
    assert found.verdict("one", "bare") == "yes"


@pytest.mark.skipif(sys.platform != "linux", reason="the image is made of this machine's own shell")
def test_image_without_ping(lab: Lab) -> None:
    """busybox's shell would find ping in itself, so the image gets another shell, with its libraries."""
    shell = Path("/bin/sh").resolve()
    needs = re.findall(
        r"/\S+", subprocess.run(["ldd", shell], capture_output=True, text=True, check=True).stdout
    )
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", dereference=True) as tar:
        tar.add(shell, "bin/sh")
        for library in needs:
            tar.add(library, library.lstrip("/"))
    lab.engine.images.load(file.getvalue(), "netbook-test-bare:1", ['CMD ["/bin/sh"]'])
    try:
        lab.run("one")
        lab.run("bare", image="netbook-test-bare:1")
        found = lab.reachability("address")
        assert found.why("bare", "one") == "its image has no ping"
        assert found.verdict("one", "bare") == "yes"
        assert "no ping" in lab.latency({"x": ("bare", "one")}, count=1).text
    finally:
        lab.clean()
        lab.engine.images.remove("netbook-test-bare:1")


def test_ipv6(lab: Lab) -> None:
    """An address of either family will do; one whose IPv4 address is gone is reached by IPv6 alone."""
    net = _six(lab)
    lab.run("one", network=net)
    _with_admin(lab, "two", net)
    rows = lab.reachability("address").reasons.query("source == 'one' and target == 'two'")
    assert rows.answer.tolist() == ["yes", "yes"]
    assert [":" in address for address in rows.address] == [False, True]
    lab.container("two").exec("ip", "-4", "addr", "flush", "dev", "eth0")
    found = lab.reachability("address")
    rows = found.reasons.query("source == 'one' and target == 'two'")
    assert rows.answer.tolist() == ["yes"]
    assert [":" in address for address in rows.address] == [True]
    assert found.verdict("one", "two") == "yes"
    assert found.verdict("two", "one") == "yes"


def _six(lab: Lab) -> str:
    return lab.create_network("six", subnet=["10.97.3.0/24", "fd97:3::/64"], ipv6=True).name


def _with_admin(lab: Lab, name: str, network: str) -> None:
    """A container that may change its addresses."""
    lab.run(name, network=network, cap_add="NET_ADMIN")


def test_a_name_that_leads_to_somebody_else(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.4.0/24")
    lab.run("one", network=net)
    lab.run("three", network=net, alias="two")
    lab.run("two")
    found = lab.reachability("name")
    assert found.why("one", "two") == "somebody else has that name"
    assert lab.container("one").reaches("two")  # which is why that had to be said


def test_a_silent_name_server_costs_seconds_not_minutes(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.8.0/24")
    lab.run("server", network=net, ip="10.97.8.9")  # Docker drops all that comes from another network
    for name in ("one", "two", "three"):
        lab.run(name, dns="10.97.8.9")
    start = time.monotonic()
    found = lab.reachability("name")
    assert found.verdict("one", "two") == "no"
    assert found.why("one", "two") in ("bad address", "no answer")
    assert time.monotonic() - start < 9  # without a limit: ten for each


def test_foreign_containers_are_left_alone(lab: Lab, engine: Engine) -> None:
    lab.run("one")
    with Lab("somebody-elses", engine=engine, echo=False) as other:
        other.run("stranger")
        assert list(lab.reachability().names) == ["one"]


def test_diagram_of_a_way_and_of_a_break(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.5.0/24")
    lab.run("one")
    lab.run("two", network=net)
    net.connect(lab.run("three"))
    found = lab.reachability()
    ends = [found.diagram(a, b).text.splitlines()[-1] for a, b in (("three", "two"), ("one", "two"))]
    assert ends == [
        "the way: three eth1 → bridge of custom → two eth0",
        "the way: one eth0 → docker0 ✗ no reply",
    ]
    by_name = found.diagram("one", "three", by="name").text.splitlines()[-1]
    assert by_name == "the way: one ✗ bad address"


def test_same_lab_same_bytes(lab: Lab) -> None:
    def picture() -> dict[str, str]:
        lab.run_many(["one", "two", "three"])  # which address whose is left to chance
        return lab.reachability()._repr_mimebundle_()

    assert picture() == picture()


def test_prediction_of_a_lab(lab: Lab) -> None:
    lab.run("one")
    lab.run("two")
    lab.run("lonely", network="none")
    guess = lab.predict({("one", "two"): True, ("one", "lonely"): True})
    found = guess.compare(lab.reachability())
    assert found.state("one", "two") == "right"
    assert found.state("two", "one") == "not attempted"
    assert found.surprises.reason.tolist() == ["no address"]


def test_latency_of_the_modes(lab: Lab) -> None:
    net = lab.create_network("custom", subnet="10.97.6.0/24")
    one, two = lab.run("one"), lab.run("two")
    lab.run("joined", network="container:one")
    lab.run("hosted", network="host")
    lab.run("three", network=net)
    lab.run("four", network=net)
    found = lab.latency(count=6)
    assert found.table.way.tolist() == ["itself", "container", "bridge", "custom", "host"]
    assert found.table.lost.tolist() == [0] * 5
    assert found.samples.groupby("way").size().tolist() == [6] * 5
    assert (found.samples.time_ms > 0).all()
    again = lab.latency({"mine": (one, two), "nowhere": (one, "10.97.6.99")}, count=2)
    assert again.table.lost.tolist() == [0, 2]
    assert lab.engine.rung in again.rung


def test_each_costs_one_exec(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The promise is of time; here only of execs; by night also that a thousand pings give no false no."""
    half = 15 if is_night() else 5
    names = [f"bbox{i:02}" for i in range(2 * half)]
    net = lab.create_network("custom", subnet="10.97.7.0/24")
    lab.run_many(names[:half])
    lab.run_many(names[half:], network=net)
    with counted(lab, monkeypatch) as seen:
        found = lab.reachability()
    assert sorted(seen) == sorted(lab.container(name).id for name in names)
    counts = {str(k): int(v) for k, v in found.table.stack().value_counts().items()}
    assert counts == {
        "yes": half * (half - 1),
        "address only": half * (half - 1),
        "no": 2 * half * half,
        "–": 2 * half,
    }


# -- by a TCP connection -----------------------------------------------------------------


def test_a_port_against_what_nc_says_one_by_one(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    net = lab.create_network("custom", subnet="10.97.8.0/24")
    lab.run("web", "httpd", "-f", "-p", "80", network=net)
    lab.run("idle", network=net)
    lab.run("far")
    lab.run("lonely", network="none")
    lab.run("halted", network=net).stop()
    found = lab.reachability("address", port=80)
    assert row(found, "idle") == {
        "idle": "–",
        "web": "open",
        "far": "timed out",  # Docker's rules drop it
        "lonely": "no",
        "halted": "no",
    }
    assert found.verdict("web", "idle") == "refused"
    assert found.verdict("lonely", "web") == "no route"
    assert found.why("idle", "lonely") == "no address"
    assert found.why("halted", "web") == "not running"
    assert "✗ refused" in found.diagram("web", "idle").text
    names = lab.reachability("name", port=80)
    assert (names.verdict("idle", "web"), names.verdict("far", "web")) == ("open", "unknown name")
    both = lab.reachability(port=80)
    assert both.verdict("idle", "web") == "open"
    with Lab("told", engine=lab.engine) as told:
        told.reachability("name", port=80)
        assert capsys.readouterr().out == "$ docker exec A nc -w 2 NAME_OF_B 80 -e true   # for every pair\n"
    with pytest.raises(ValueError, match="from 1 to 65535"):
        lab.reachability(port=70000)


def test_a_port_of_one_that_is_not_there_any_more(lab: Lab) -> None:
    """Nobody answers ARP for it: no connection waits for that in vain without saying so."""
    net = lab.create_network("custom", subnet="10.97.9.0/24")
    lab.run("one", network=net)
    two = lab.run("two", "httpd", "-f", "-p", "80", network=net)
    _with_admin(lab, "cut", "custom")
    lab.container("cut").exec("ip", "link", "set", "eth0", "down")
    found = lab.reachability("address", port=80)
    assert found.verdict("one", "two") == "open"
    assert found.verdict("one", "cut") == "no route"
    two.pause()
    assert lab.reachability("address", port=80).verdict("one", "two") == "open"  # the kernel answers
    two.unpause()


def test_a_server_that_keeps_its_connections_open_costs_no_time(lab: Lab) -> None:
    server = lab.run("server", "sh", "-c", "while :; do nc -l -p 90 -e sleep 600; done")
    lab.run("one")
    time.sleep(0.3)
    started = time.monotonic()
    assert lab.reachability("address", port=90).verdict("one", "server") == "open"
    assert time.monotonic() - started < 5
    server.remove()
