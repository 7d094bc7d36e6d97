"""Neighbours and sockets of containers, read by the programs of their image."""

from __future__ import annotations

import pytest

from netbook import Lab, errors


def rows(table: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in table.itertuples(index=False)]  # type: ignore[attr-defined]


def test_neighbours_are_those_who_were_asked_for(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    net = lab.create_network("link", subnet="10.96.1.0/24")
    one, two = lab.run("one", network=net), lab.run("two", network=net)
    two.ping(one.address)
    one.ping("10.96.1.99")
    assert rows(one.neighbours()) == [
        (two.address, "eth0", "known"),
        ("10.96.1.99", "eth0", "unanswered"),
    ]
    full = one.neighbours(full=True).set_index("address")
    mac = two.ip_addr(full=True).set_index("interface").mac["eth0"]
    assert full.mac[two.address] == mac
    assert full.state["10.96.1.99"] in ("INCOMPLETE", "FAILED")
    assert not len(lab.run("three", network="none").neighbours())
    with Lab("told", engine=lab.engine) as told:
        told.run("teller", network="none").neighbours()
        assert "$ docker exec teller ip neigh" in capsys.readouterr().out


def test_sockets_are_the_servers_of_this_container(lab: Lab) -> None:
    net = lab.create_network("names")
    web = lab.run("web", "httpd", "-f", "-p", "80", network=net)
    own = lab.run("own", "httpd", "-f", "-p", "127.0.0.1:8080")
    idle = lab.run("idle")
    assert rows(web.sockets()) == [("tcp", "::", 80, "LISTEN")]
    assert web.sockets().attrs["left_out"] == 2  # 127.0.0.11, TCP and UDP
    assert {"127.0.0.11"} < set(web.sockets(full=True).address)
    assert rows(own.sockets()) == [("tcp", "127.0.0.1", 8080, "LISTEN")]
    assert rows(idle.sockets()) == []
    assert list(idle.sockets().columns) == ["proto", "address", "port", "state"]


def test_an_image_without_netstat_and_ss_says_so(lab: Lab) -> None:
    bare = lab.run("bare")
    bare.exec("rm", "/bin/netstat")
    with pytest.raises(errors.NotFound, match="ss"):
        bare.sockets()
