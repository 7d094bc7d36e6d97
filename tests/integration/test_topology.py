"""What one snapshot says, against what the kernel and the engine say one by one."""

from __future__ import annotations

import pytest

from netbook import Lab, errors


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
    assert sorted(config["CapAdd"]) in (
        ["SYS_ADMIN", "SYS_PTRACE"],
        ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"],
    )
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
