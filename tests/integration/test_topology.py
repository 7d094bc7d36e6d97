"""What one snapshot says, against what the kernel and the engine say one by one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from netbook import Lab, errors
from netbook.diagram.diagram import Diagram
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine
from netbook.topology.build import build


def test_veth_pairs_match_by_number_both_ways(lab: Lab) -> None:
    net = lab.create_network("second", subnet="10.98.1.0/24")
    bbox = lab.run("one")
    net.connect(bbox)
    lab.run("two", network=net)
    pairs = lab.veth_pairs(full=True).set_index(["container", "interface"])
    host = lab.host.ip_addr(full=True).drop_duplicates("index").set_index("index")
    inside = {
        name: lab.container(name).ip_addr(full=True).drop_duplicates("interface") for name in ("one", "two")
    }
    assert len(pairs) == 3
    for (name, interface), pair in pairs.iterrows():  # type: ignore[misc]
        own = inside[name].set_index("interface").loc[interface]
        assert (own["index"], own["link"]) == (pair["index"], pair.host_index)
        assert (host.loc[pair.host_index, "interface"], host.loc[pair.host_index, "link"]) == (
            pair.host_end,
            pair["index"],
        )
        assert host.loc[pair.host_index, "master"] == pair.bridge


def test_default_tables_have_stable_names(lab: Lab) -> None:
    lab.run("one")
    assert lab.veth_pairs().host_end.tolist() == ["veth of one"]
    host = lab.host.ip_addr()
    assert host.query("kind == 'veth'").interface.tolist() == ["veth of one"]
    assert lab.host.bridges().query("network == 'bridge'").ports.item() == "veth of one"
    gateway = lab.network("bridge").gateway
    assert lab.host.ip_addr("docker0").address.item().split("/")[0] == gateway


def test_four_modes_in_one_snapshot(lab: Lab) -> None:
    lab.run("bridged")
    lab.run("joined", network="container:bridged")
    lab.run("hosted", network="host")
    lab.run("nothing", network="none")
    lab.run("halted").stop()
    seen = lab.snapshot()
    assert {box.label: box.mode for box in seen.boxes} == {
        "bridged + joined": "own",
        "hosted": "host",
        "nothing": "none",
        "halted": "stopped",
    }
    assert len(seen.veth_pairs) == 1
    lab.container("bridged").stop()
    seen = lab.snapshot()
    assert (seen.box("joined").mode, seen.box("joined").joins) == ("none", "bridged")


def test_macvlan_has_a_parent_and_no_peer(lab: Lab) -> None:
    parent = lab.create_network("underlay", subnet="10.98.2.0/24")
    net = lab.create_network(
        "vlan", driver="macvlan", subnet="10.98.3.0/24", options={"parent": parent.info.bridge}
    )
    lab.run("one", network=net)
    (port,) = lab.snapshot().box("one").ports
    assert (port.peer, port.parent, port.network) == ("", parent.info.bridge, "vlan")


def test_observer_is_hidden_and_comes_back(lab: Lab) -> None:
    lab.run("one")
    lab.snapshot()
    assert lab.containers(foreign=True).name.str.contains("observer").sum() == 0
    assert lab.network("host").inspect(foreign=True).container.str.contains("observer").sum() == 0
    (observer,) = [c for c in lab.engine.containers(lab.name) if "observer" in c.name]
    lab.engine.remove(observer.id)  # a reader's `docker rm -f`
    assert lab.snapshot().box("one").mode == "own"


def test_observer_is_not_privileged(lab: Lab) -> None:
    lab.host.exec("true")
    (observer,) = [c for c in lab.engine.containers(lab.name) if "observer" in c.name]
    config = lab.engine.inspect(observer.id)["HostConfig"]
    assert config["Privileged"] is False
    assert config["CapDrop"] == ["ALL"]
    added = {name.removeprefix("CAP_") for name in config["CapAdd"]}
    assert added == {"NET_RAW", "SYS_ADMIN", "SYS_PTRACE"}
    assert config["Binds"] is None


def test_container_that_ends_during_a_snapshot(lab: Lab) -> None:
    lab.run("one", "true")
    lab.run("two")
    assert lab.snapshot().box("two").mode == "own"


def test_paused_container_is_still_wired(lab: Lab) -> None:
    lab.run("one").pause()
    assert lab.snapshot().box("one").mode == "own"


def test_host_interface_that_is_not_there(lab: Lab) -> None:
    with pytest.raises(errors.NotFound, match="no interface 'wlan9'"):
        lab.host.ip_addr("wlan9")


def test_diagram_is_the_same_bytes_for_the_same_wiring(lab: Lab) -> None:
    lab.create_network("custom", subnet="10.98.4.0/24")

    def picture() -> str:
        lab.run("one", network="custom")
        return lab.diagram("same").svg

    assert picture() == picture()  # other ids, MACs, indices and veth names


def test_running_but_not_to_be_read_is_said_so(lab: Lab) -> None:
    """The helper is there, but may not enter: as where an LSM or another user namespace keeps it out."""
    lab.run("one")
    lab.run("two")
    seen = lab.workspace.observer.snapshot(lambda words: lab.workspace.observer._look([]))
    graph = build(seen).owned()
    assert {box.label: box.mode for box in graph.boxes} == {"one": "unread", "two": "unread"}
    said = repr(Diagram(graph))
    assert "stopped" not in said
    assert "cannot be read" in said


def test_own_containers_on_a_foreign_network(lab: Lab, engine: Engine) -> None:
    """As after `docker network create shop_default`: it is shown, and others on it are not."""
    shop = engine._api.create_network("shop_default", driver="bridge")["Id"]
    try:
        with Lab("shopkeeper", engine=engine, echo=False) as other:
            other.run("stranger", network="shop_default")
            for name in ("one", "two"):
                lab.run(name, network="shop_default")
            lines = [line.strip() for line in lab.diagram().text.splitlines()]
            (bar,) = [line for line in lines if "network shop_default" in line]
            assert "not the book's" in bar
            assert "without a cable" not in lines
            assert "stranger" not in lab.diagram().text
            assert "connects one at" in lab.diagram().alt
            pairs = lab.veth_pairs()
            assert pairs.container.tolist() == ["one", "two"]
            assert set(pairs.network) == {"shop_default"}
            found = lab.reachability()
            assert found.verdict("one", "two") == "yes"
            assert found.diagram("one", "two").text.splitlines()[-1] == (
                "the way: one eth0 → bridge of shop_default → two eth0"
            )
        lab.clean()
        assert "shop_default" not in lab.diagram().text
    finally:
        lab.clean()
        engine._api.remove_network(shop)


def test_an_overlay(mortal: tuple[PrivateEngine, Engine]) -> None:
    """Its bridge lives in a namespace of its own, so nobody's cable ends on the host."""
    _, engine = mortal
    busybox.ensure(engine)
    engine._api.init_swarm(advertise_addr="127.0.0.1", listen_addr="127.0.0.1")
    engine._api.create_network("ov1", driver="overlay", attachable=True)
    with Lab("swarmed", engine=engine, echo=False) as lab:
        one, two = lab.run("one", network="ov1"), lab.run("two", network="ov1")
        text = lab.diagram().text
        assert "without a cable" not in text
        assert "  overlay · network ov1 · " in text
        assert "network docker_gwbridge" in text
        assert "connects one at" in lab.diagram().alt
        assert set(lab.veth_pairs().network) == {"docker_gwbridge"}
        found = lab.reachability("address")
        assert found.verdict("one", "two") == "yes"
        assert "the way: one eth0 → overlay ov1 → two eth0" in found.diagram("one", "two").text
        assert "reply came back" in lab.trace(one, two).outcome
        assert "ov1" not in set(lab.host.bridges().network)


def test_nat_is_claimed_only_where_docker_was_not_told_otherwise(lab: Lab) -> None:
    masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    lab.create_network("routed", subnet="10.98.50.0/24", options={masquerade: "false"})
    lab.create_network("usual", subnet="10.98.51.0/24")
    lines = {word: line for line in lab.diagram().text.splitlines() for word in line.split()}
    assert "NAT" not in lines["routed"]
    assert "NAT" in lines["usual"]


def processes_of(container: str) -> list[int]:
    """On this machine."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cgroup"):
        with suppress(OSError):
            found += [int(file.parent.name)] if container in file.read_text() else []
    return found


def test_of_a_containers_processes_the_oldest_stands_for_it(lab: Lab, engine: Engine) -> None:
    """Pids begin anew at pid_max: a command of `docker exec` can have a smaller one than what it came to."""
    one = lab.run("one")
    last = Path("/proc/sys/kernel/ns_last_pid")
    main = engine.inspect(one.id)["State"]["Pid"]
    if not (os.access(last, os.W_OK) and Path(f"/proc/{main}/cgroup").exists()):
        pytest.skip("the engine's processes are not this machine's, or we are not root here")
    for attempt in range(300, main, 50):  # another program may take the number first
        last.write_text(str(attempt))
        one.exec("sh", "-c", "sleep 60 &")
        if min(processes_of(one.id)) < main:
            break
    seen, _ = lab.workspace.look()
    assert next(c.pid for c in seen.containers if c.name == "one") == main
