"""What verbs change on a real engine, before and after."""

from __future__ import annotations

import pytest

from netbook import Lab, errors, tables
from netbook.diagram.changes import Changes
from netbook.engine.images import busybox
from netbook.model.spec import ContainerSpec
from netbook.topology.difference import difference


def rows(changes: Changes) -> list[tuple[str, ...]]:
    return [tuple(row) for row in changes.table.itertuples(index=False)]


def short(changes: Changes) -> list[str]:
    return [f"{row[0]} {row[2]}" for row in rows(changes)]


def test_run_and_remove(lab: Lab) -> None:
    with lab.changes("docker run") as changes:
        one = lab.run("one")
    address = f"{one.address}/{lab.network('bridge').subnet.prefixlen} on bridge"
    assert rows(changes) == [
        ("came", "container", "one", "", "running, own namespace"),
        ("came", "interface", "one eth0", "", address),
        ("came", "veth pair", "veth of one", "", "docker0"),
    ]
    assert changes.text.startswith("docker run\nnew: one\n")
    with lab.changes() as changes:
        one.remove()
    assert short(changes) == ["went one", "went one eth0", "went veth of one"]


def test_stop_and_start(lab: Lab) -> None:
    one = lab.run("one")
    with lab.changes() as changes:
        one.stop()
    assert [row[:3] for row in rows(changes)] == [
        ("changed", "state", "one"),
        ("changed", "namespace", "one"),
        ("went", "interface", "one eth0"),
        ("went", "veth pair", "veth of one"),
    ]
    with lab.changes() as changes:
        one.start()
    assert ("changed", "state", "one", "stopped", "running") in rows(changes)
    assert "came veth of one" in short(changes)


def test_restart_looks_alike_but_is_new(lab: Lab) -> None:
    one = lab.run("one", network="none")
    with lab.changes() as changes:
        one.restart()
    assert rows(changes) == [
        ("changed", "state", "one", "running", "running, restarted"),
        ("changed", "namespace", "one", "own", "own, a new one"),
    ]


def test_pause(lab: Lab) -> None:
    one = lab.run("one")
    with lab.changes() as changes:
        one.pause()
    assert rows(changes) == [("changed", "state", "one", "running", "paused")]


def test_networks_connect_and_disconnect(lab: Lab) -> None:
    one = lab.run("one")
    with lab.changes() as changes:
        net = lab.create_network("second", subnet="10.98.1.0/24")
    assert rows(changes) == [
        ("came", "network", "second", "", "bridge, 10.98.1.0/24"),
        ("came", "bridge", "bridge of second", "", "10.98.1.1/24"),
    ]
    with lab.changes() as changes:
        net.connect(one)
    assert rows(changes) == [
        ("changed", "bridge", "bridge of second", "down", "up"),
        ("came", "interface", "one eth1", "", "10.98.1.2/24 on second"),
        ("came", "veth pair", "veth of one eth1", "", "bridge of second"),
    ]
    with lab.changes() as changes:
        lab.network("bridge").disconnect(one)
    assert short(changes) == ["went one eth0", "went veth of one"]
    with lab.changes() as changes:
        net.disconnect(one)
        net.remove()
    assert short(changes) == [
        "went second", "went bridge of second", "went one eth1", "went veth of one eth1"
    ]  # fmt: skip


def test_container_mode_after_its_owners_restart(lab: Lab) -> None:
    """Chapter 05: all looks as before, but the two do not share a namespace any more."""
    owner = lab.run("owner")
    with lab.changes() as changes:
        joiner = lab.run("joiner", network="container:owner")
    assert rows(changes) == [("came", "container", "joiner", "", "running, owner's namespace")]
    with lab.changes() as changes:
        owner.restart()
    found = rows(changes)
    assert ("changed", "namespace", "owner", "own", "own, a new one") in found
    assert ("changed", "namespace", "joiner", "owner's", "only lo of owner's") in found
    assert "joiner (lost eth0)" in changes.text
    with lab.changes() as changes:
        joiner.restart()
    assert rows(changes) == [
        ("changed", "state", "joiner", "running", "running, restarted"),
        ("changed", "namespace", "joiner", "only lo of owner's", "owner's"),
    ]


def test_addresses_that_swap(lab: Lab) -> None:
    """Chapter 08: stopped, and started in the other order."""
    net = lab.create_network("small", subnet="10.98.2.0/24")
    one, two = lab.run("one", network=net), lab.run("two", network=net)
    with lab.changes() as changes:
        one.stop()
        two.stop()
        two.start()
        one.start()
    addresses = [row for row in rows(changes) if row[1] == "address"]
    assert [row[2:] for row in addresses] == [
        ("one eth0", "10.98.2.2/24", "10.98.2.3/24"),
        ("two eth0", "10.98.2.3/24", "10.98.2.2/24"),
    ]


def test_replaced_under_its_name(lab: Lab) -> None:
    lab.run("one", network="host")
    with lab.changes() as changes:
        lab.run("one", network="host")
    assert [row[:3] for row in rows(changes)] == [
        ("went", "container", "one"),
        ("came", "container", "one"),
    ]


def test_foreign_things_do_not_appear(lab: Lab) -> None:
    name = f"theirs-{lab.name}"
    with lab.changes() as changes:
        made = lab.engine.create(ContainerSpec(name, image=busybox.NAME, labels={}))
        try:
            lab.engine.start(made)
            everything = lab.snapshot(foreign=True)
        finally:
            lab.engine.remove(made)
    assert changes.text == "Nothing changed"
    seen = tables.changes(difference(lab.snapshot(foreign=True), everything))
    assert seen.query("what == 'container'").name.tolist() == [name]


def test_diff_of_two_snapshots(lab: Lab) -> None:
    before = lab.snapshot()
    lab.run("one")
    after = lab.snapshot()
    assert rows(lab.diff(before, after))[0][:3] == ("came", "container", "one")
    assert rows(lab.diff(after, before))[0][:3] == ("went", "container", "one")
    assert lab.diff(before, after, "same").diagram.svg == lab.diff(before, after, "same").diagram.svg
    assert repr(lab.diff(after, lab.snapshot())) == "Nothing changed"


def test_an_error_in_the_block(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(errors.NotFound), lab.changes() as changes:
        lab.network(lab.run("one").name)
    assert "came one" in short(changes)
    assert "new: one" in capsys.readouterr().out


def test_verbs_in_the_block_print_their_commands(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab._echo.on = True
    with lab.changes("docker run"):
        lab.run("one")
    assert capsys.readouterr().out.startswith("$ docker run -di --name one busybox\ndocker run\nnew: one\n")
