"""Container: reading its namespace, stopping and starting it, sharing one."""

from __future__ import annotations

import pytest

from netbook import Lab, errors


def test_ip_addr_default_and_full(lab: Lab) -> None:
    bbox = lab.run("one")
    table, full = bbox.ip_addr(), bbox.ip_addr(full=True)
    assert list(table.columns) == ["interface", "state", "address"]
    assert table.interface.tolist() == ["lo", "eth0"]
    assert table.state.tolist() == ["UP", "UP"]
    eth0 = full.query("interface == 'eth0' and family == 'inet'").iloc[0]
    assert eth0.mac == bbox.inspect(full=True).mac.item()
    assert eth0["index"] != eth0["link"]
    assert "link/ether" in full.attrs["raw"]


def test_ip_route_leads_to_the_gateway(lab: Lab) -> None:
    bbox = lab.run("one")
    default = bbox.ip_route().query("destination == 'default'")
    assert default.gateway.item() == bbox.inspect().gateway.item()


@pytest.mark.parametrize(
    ("target", "outcome"),
    [("127.0.0.1", "reply"), ("nobody.invalid", "bad address"), ("10.96.99.99", "network unreachable")],
)
def test_ping_says_what_happened(lab: Lab, target: str, outcome: str) -> None:
    bbox = lab.run("one", network="none")
    table = bbox.ping(target)
    assert table.outcome.item() == outcome
    assert bbox.reaches(target) is (outcome == "reply")


def test_ping_takes_no_options_for_a_target(lab: Lab) -> None:
    with pytest.raises(ValueError, match="a name or an address"):
        lab.run("one").ping("-x")


def test_ping_without_an_answer(lab: Lab) -> None:
    net = lab.create_network("silent", subnet="10.96.5.0/24")
    table = lab.run("one", network=net).ping("10.96.5.200", count=2)
    assert (table.sent.item(), table.received.item(), table.outcome.item()) == (2, 0, "no reply")


def test_ping_full_has_a_row_per_reply(lab: Lab) -> None:
    table = lab.run("one").ping("127.0.0.1", count=2, full=True)
    assert table.seq.tolist() == [0, 1]
    assert (table.time_ms > 0).all()


def test_ping_without_end_is_refused(lab: Lab) -> None:
    with pytest.raises(ValueError, match="count is 0; it must be 1 or more"):
        lab.run("one").ping("127.0.0.1", count=0)


def test_one_that_was_removed_behind_our_back_is_named(lab: Lab) -> None:
    bbox = lab.run("one")
    lab.engine._api.remove_container(bbox.id, force=True)
    with pytest.raises(errors.NotFound, match="No such container: one"):
        bbox.ip_addr()


def test_a_huge_output_is_whole(lab: Lab) -> None:
    assert len(lab.run("one").exec("sh", "-c", "yes hello | head -c 10000000").stdout) == 10_000_000


def test_lookup_asks_the_embedded_dns(lab: Lab) -> None:
    net = lab.create_network("named", subnet="10.96.6.0/24")
    bbox = lab.run("one", network=net)
    answer = bbox.lookup("one")
    assert answer.server.unique().tolist() == ["127.0.0.11"]
    assert bbox.address in answer.address.tolist()


def test_hosts_shows_the_link(lab: Lab) -> None:
    source = lab.run("one")
    receiver = lab.run("two", link="one:alias")
    entry = receiver.hosts().query("names.str.contains('alias')")
    assert entry.address.item() == source.address
    assert not source.hosts().names.str.contains("two").any()


def test_exec_shows_output_and_exit_code(lab: Lab) -> None:
    bbox = lab.run("one")
    said = bbox.exec("sh", "-c", "echo out; echo err >&2; exit 3")
    assert (said.stdout, said.stderr, said.exit_code, said.ok) == ("out\n", "err\n", 3, False)
    assert repr(said) == "out\nerr\n[exit code 3]"
    assert repr(bbox.exec("echo 'one string'")) == "one string"
    assert repr(bbox.exec("true")) == ""


def test_exec_never_passes_a_shell(lab: Lab) -> None:
    assert lab.run("one").exec("echo", "$HOME; ls | wc").stdout == "$HOME; ls | wc\n"


def test_stop_start_restart_pause(lab: Lab) -> None:
    bbox = lab.run("one")
    bbox.stop()
    assert bbox.state == "exited"
    assert bbox.addresses == {}
    with pytest.raises(errors.NotRunning):
        bbox.ip_addr()
    with pytest.raises(errors.NotFound, match="no addresses"):
        _ = bbox.address
    bbox.start()
    assert bbox.state == "running"
    bbox.restart()
    bbox.pause()
    assert bbox.state == "paused"
    with pytest.raises(errors.NotRunning):
        bbox.exec("true")
    bbox.unpause()
    assert bbox.exec("true").ok
    bbox.remove()
    with pytest.raises(errors.NotFound):
        _ = bbox.state


def test_shared_namespace_dies_with_its_owner(lab: Lab) -> None:
    owner = lab.run("owner")
    guest = lab.run("guest", network="container:owner")
    assert guest.ip_addr().equals(owner.ip_addr())
    owner.stop()
    assert guest.ip_addr().interface.tolist() == ["lo"]
    owner.start()
    assert guest.ip_addr().interface.tolist() == ["lo"]
    guest.restart()
    assert guest.ip_addr().interface.tolist() == ["lo", "eth0"]


def test_a_missing_program_is_named(lab: Lab) -> None:
    bbox = lab.run("one", "/bin/sh", env={"PATH": "/nowhere"})
    with pytest.raises(errors.NotFound, match=r"`ip addr` failed in one"):
        bbox.ip_addr()
    said = bbox.exec("no-such-program")
    assert not said.ok
    assert "no-such-program" in said.text


def test_wait_and_logs(lab: Lab) -> None:
    bbox = lab.run("one", "sh", "-c", "echo hello; exit 3")
    assert bbox.wait() == 3
    assert bbox.logs() == "hello\n"
