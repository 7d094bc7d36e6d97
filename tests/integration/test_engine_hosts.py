"""Two engine hosts on the suite's engine: a swarm of them, what they refuse, and that nothing is left."""

from __future__ import annotations

import re

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.engine.private.dockerd import PrivateEngine


def test_two_hosts(lab: Lab, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """In one, for two engines take their time to start."""
    with pytest.raises(errors.WrongArgument, match="told apart by their names; given: north, north"):
        lab.engine_hosts("north", "north")
    wire = lab.create_network("nb_wire", subnet="10.98.30.0/24")
    north, south = lab.engine_hosts("north", "south", network=wire)

    # no swarm yet
    with pytest.raises(
        errors.EngineRefused, match=r"north refused `docker swarm join-token …`: .*not a swarm"
    ):
        south.join(north)
    with pytest.raises(errors.WrongArgument, match="is no engine host"):
        south.join("north")  # type: ignore[arg-type]
    with pytest.raises(errors.NetbookError, match="swarm"):
        north.create_network("shelf", driver="overlay")
    with pytest.raises(errors.NotFound, match="bridge has no namespace on north"):
        north.peers("bridge")
    with pytest.raises(errors.NotFound, match="No network 'shelf'"):
        north.peers("shelf")

    plum, fig = north.run("plum"), south.run("fig")
    assert plum.address == fig.address  # neither engine knows of the other
    with pytest.raises(errors.NotFound, match="fig is on another host, and no overlay leads there"):
        north.trace(plum, fig)

    north.docker("docker swarm init --advertise-addr eth0")
    south.join(north)
    with pytest.raises(errors.EngineRefused, match=r"already part of a swarm(.|\n)*swarm leave --force"):
        south.join(north)
    with pytest.raises(errors.EngineRefused, match=r"not a swarm manager(.|\n)*ask the host that is one"):
        south.docker("node ls")

    # a container on each, of the same name
    shelf = north.create_network("shelf", driver="overlay", attachable=True, subnet="10.98.31.0/24")
    apple = north.run("apple", network=shelf, ip="10.98.31.10")
    pear = south.run("pear", network="shelf", ip="10.98.31.20")
    assert list(apple.ping("pear")["outcome"]) == ["reply"]
    pear.exec("rm", "/bin/nslookup")  # as in an image that has none: it is not asked for the next one's name
    assert north.run("kiwi", network=shelf, ip="10.98.31.30").state == "running"
    behind = north.peers(shelf).set_index("container").loc["pear"]
    assert tuple(behind) == ("10.98.31.20", south.address, "south")

    # followed from one to the other
    seen = north.trace(apple, pear)
    sent = seen.table.query("what.str.endswith('echo request')")
    wheres = ["eth0 of apple", "eth0 of north", "veth of north", "bridge of nb_wire", "veth of south"]
    assert list(sent["where"]) == [*wheres, "eth0 of south", "eth0 of pear"]
    wrapped = sent["what"].str.startswith("VXLAN 4097: ")
    assert list(wrapped) == [False, *[True] * 5, False]
    assert seen.lost == ""
    picture = north.beside(south).text
    assert re.findall(r"apple · eth0 \S+ MTU 1450", picture)
    assert f"between the hosts · {wire.subnet}" in picture

    # what somebody else has made there is his
    north.docker("run -d --name stranger busybox sleep 1000")
    assert "stranger" not in set(north.containers()["name"])
    south.clean()  # first: the network is the manager's, and a swarm keeps it while anybody uses it
    north.clean()
    assert set(north.containers(foreign=True)["name"]) == {"stranger"}

    # an engine that is not there any more
    lab.container("south").stop()
    with pytest.raises(errors.EngineGone, match=r"at south, a container on .* does not answer any more"):
        south.containers()

    assert engine.info()["Swarm"]["LocalNodeState"] == "inactive"
    lab.clean()
    assert engine.containers(lab.name) == []
    assert engine.networks(lab.name) == []
    assert capsys.readouterr().out == ""  # echo is off, inside too


@pytest.mark.night  # a service more
def test_services(lab: Lab) -> None:
    wire = lab.create_network("nb_wire", subnet="10.98.30.0/24")
    north, south = lab.engine_hosts("north", "south", network=wire)
    north.docker("swarm init --advertise-addr eth0")
    south.join(north)
    shelf = north.create_network("shelf", driver="overlay", attachable=True, subnet="10.98.31.0/24")
    asks = south.run("asks", network="shelf")
    given = {"network": shelf, "env": {"HOST": "{{.Node.Hostname}}"}}
    page = ("sh", "-c", "echo $HOST > index.html; httpd -f")
    for _ in range(2):  # again: it makes room
        tasks = north.service("many", *page, replicas=2, endpoint_mode="dnsrr", **given)
        assert list(tasks["host"]) == ["north", "south"]
        assert list(tasks["state"]) == ["Running", "Running"]
    north.service("one", *page, replicas=2, **given)
    assert (len(asks.lookup("many")), len(asks.lookup("one"))) == (2, 1)
    assert asks.fetch("http://many/")["first_line"][0] in ("north", "south")


@pytest.mark.night  # an engine more
def test_a_swarm_that_the_reader_has_is_left_alone(mortal: tuple[PrivateEngine, Engine]) -> None:
    """An engine host on it joins no swarm by itself, and the reader's stays as it was."""
    _, engine = mortal
    engine._api.init_swarm(advertise_addr="127.0.0.1")
    before = engine.info()["Swarm"]
    own = {network.name for network in engine.networks()} | {"ingress", "docker_gwbridge"}  # in its own time
    with Lab("guest", engine=engine, echo=False) as lab:
        (north,) = lab.engine_hosts("north")
        assert north.engine.info()["Swarm"]["LocalNodeState"] == "inactive"
        north.docker("swarm init --advertise-addr eth0")
        assert north.engine.info()["Swarm"]["NodeID"] != before["NodeID"]
    after = engine.info()["Swarm"]
    assert (after["NodeID"], after["Nodes"], after["LocalNodeState"]) == (before["NodeID"], 1, "active")
    assert {network.name for network in engine.networks()} <= own
