"""lab.trace on a real engine: what is sent, where it is seen, and that nothing of it is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, tcpdump
from netbook.engine.private import requirements
from netbook.engine.private.dockerd import PrivateEngine
from netbook.model.journey import Stop
from netbook.model.programs import ExecResult
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels
from netbook.trace import capture
from tests.fixtures import takes

SERVE = ("sh", "-c", "mkdir /www; echo hello >/www/index.html; httpd -h /www")


@pytest.fixture
def as_root(engine: Engine) -> Callable[[int, str], None]:
    """Run a script in a process's network namespace, where that is this machine's business."""
    if (
        engine.rung == "embedded"
        or requirements.problem()
        or not takes.socket_of(engine.where).with_name("dockerd.pid").exists()
    ):
        pytest.skip("the engine's host is not this machine, or we are not root there")
    return takes.inside


@pytest.fixture
def helpers(engine: Engine) -> Callable[[], list[str]]:
    """Names of the helpers with tcpdump that are there."""
    return lambda: [c.name for c in engine.containers() if c.labels.get(labels.ROLE) == capture.ROLE]


def whats(lab: Lab, *arguments: object, **options: object) -> list[str]:
    return [leg.what for leg in lab.trace(*arguments, **options).legs]  # type: ignore[arg-type]


def test_ping_between_two_containers(lab: Lab) -> None:
    one, two = lab.run("one"), lab.run("two")
    made = lab.trace(one, two)
    there = ["eth0 of one", "veth of one", "docker0", "veth of two", "eth0 of two"]
    assert made.outcome == f"one pings {two.address}: the reply came back."
    assert made.table.groupby("packet")["where"].agg(list).tolist() == [there, there[::-1]] * 2
    assert list(dict.fromkeys(made.table.what)) == [
        f"ARP who has {two.address}",
        f"ARP reply: {two.address} is here",
        "ICMP echo request",
        "ICMP echo reply",
    ]


def test_a_macvlan_upon_a_bridge(lab: Lab) -> None:
    """The bridge knows no port for its MAC address, and floods; and its moment is that of the bridge."""
    lan = lab.create_network("own", subnet="10.97.2.0/24")
    upon = lab.create_network(
        "upon",
        driver="macvlan",
        subnet="10.97.2.0/24",
        ip_range="10.97.2.192/27",
        gateway="10.97.2.254",
        options={"parent": lan.info.bridge},
    )
    one, _ = lab.run("one", network=lan), lab.run("bystander", network=lan)
    rider, other = lab.run("rider", network=upon), lab.run("other", network=upon)
    there = ["eth0 of one", "veth of one", "bridge of own", "eth0 of rider"]
    made = lab.trace(one, rider)
    assert made.table.groupby("packet")["where"].agg(list).tolist() == [there, there[::-1]] * 2
    beside = ["eth0 of rider", "bridge of own", "eth0 of other"]
    made = lab.trace(rider, other.address)
    assert made.table.groupby("packet")["where"].agg(list).tolist() == [beside, beside[::-1]] * 2
    assert [leg.lost for leg in lab.trace(rider, "10.97.2.1").legs] == [True]


def test_it_is_the_same_again_with_neighbours_that_are_known(lab: Lab) -> None:
    lab.create_network("own")
    one = lab.run("one", network="own")
    lab.run("two", network="own")
    first = lab.trace(one, "two")
    one.ping("two")
    again = lab.trace(one, "two")
    assert again.text == first.text
    assert again.table.equals(first.table)
    assert again._repr_mimebundle_() == first._repr_mimebundle_()


def test_echo_says_what_runs_and_with_which_rights(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    one = lab.run("one")
    lab._echo.on = True
    lab.trace(one, "172.17.0.1")
    said = capsys.readouterr().out
    for part in ("--cap-add NET_ADMIN", "tcpdump -i any", "$ docker exec one ping -c 1 -W 1 172.17.0.1\n"):
        assert part in said


def test_name_and_connection(lab: Lab) -> None:
    lab.create_network("own")
    one, two = lab.run("one", network="own"), lab.run("two", network="own", alias="web")
    two.exec(*SERVE)
    dns = ["DNS A? web", f"DNS web is {two.address}"]
    arp = [f"ARP who has {two.address}", f"ARP reply: {two.address} is here"]
    tcp = [f"TCP {name}" for name in ("SYN", "SYN-ACK", "ACK", "FIN", "FIN")]
    made = lab.trace(one, "web", port=80)
    assert [leg.what for leg in made.legs] == dns + arp + tcp
    assert set(made.table.query("what == 'TCP SYN'").target) == {f"{two.address}:80"}
    assert "eth0 of two" in set(made.table["where"])
    assert made.outcome == "one connects to web port 80: the connection was made."
    assert lab.trace(one, two, port=81).outcome == f"one connects to {two.address} port 81: refused."


def test_unknown_name(lab: Lab) -> None:
    lab.create_network("own")
    made = lab.trace(lab.run("one", network="own"), "nobody")
    assert [leg.what for leg in made.legs] == ["DNS A? nobody", "DNS nobody: no address"]
    assert "has no address" in made.outcome


def test_link(lab: Lab) -> None:
    two = lab.run("two")
    made = lab.trace(lab.run("one", link="two:web"), "web")
    assert made.table["where"].iloc[-5] == "eth0 of two"
    assert made.outcome == "one pings web: the reply came back."
    assert made.legs[-1].source == two.address


def test_ipv6(lab: Lab) -> None:
    lab.create_network("six", subnet="fd97:5::/64", ipv6=True)
    one = lab.run("one", network="six")
    lab.run("two", network="six")
    found = whats(lab, one, "fd97:5::3")
    assert found == [
        "ND who has fd97:5::3",
        "ND reply: fd97:5::3 is here",
        "ICMPv6 echo request",
        "ICMPv6 echo reply",
    ]


def test_fragments(lab: Lab) -> None:
    one, two = lab.run("one"), lab.run("two")
    made = lab.trace(one, two, size=3000)
    found = [leg for leg in made.legs if "ARP" not in leg.what]
    pieces = ["first fragment", "from byte 1480", "from byte 2960"]
    assert [any(piece in leg.what for piece in pieces) for leg in found] == [True] * 6
    assert {leg.stops[-1].container for leg in found} == {"one", "two"}
    assert made.outcome.endswith("the reply came back.")


def test_published_port(lab: Lab) -> None:
    web = lab.run("web", publish="18081:80")
    web.exec(*SERVE)
    made = lab.trace(lab.host, "127.0.0.1", port=18081)
    assert "the connection was made" in made.outcome
    arrivals = made.table.query("`where` == 'eth0 of web' and what == 'TCP SYN'")
    assert arrivals.target.tolist() == [f"{web.address}:80"]
    shares = lab.run("shares", network="host")
    assert whats(lab, shares, "127.0.0.1", port=18081) == [leg.what for leg in made.legs]


def test_nat(lab: Lab, as_root: object) -> None:
    lab.create_network("own", subnet="10.97.9.0/24")
    one = lab.run("one", network="own")
    with takes.outside(lab):
        made = lab.trace(one, takes.OUTSIDE)
    request = made.table.query("what == 'ICMP echo request'")
    assert request["where"].tolist()[2:] == ["bridge of own", "wan0 of the host", "eth0 of outside"]
    assert request.source.tolist() == ["10.97.9.2"] * 3 + ["198.51.100.1"] * 2
    assert made.legs[-1].note == "target became 10.97.9.2 (NAT)"


@pytest.mark.parametrize("chain", ["filter FORWARD", "raw PREROUTING"])
def test_a_rule_that_drops(chain: str, lab: Lab, as_root: Callable[[int, str], None]) -> None:
    """Docker keeps networks apart in FORWARD, from 28 on in PREROUTING, before tcpdump sees the bridge."""
    one, two = lab.run("one"), lab.run("two", network=lab.create_network("apart", subnet="10.97.9.0/24"))
    engine = takes.pid_of_engine(lab)
    table, _, name = chain.partition(" ")
    rule = f"{name} -d {two.address} -p icmp -j DROP"
    as_root(engine, f"iptables -t {table} -I {rule}")
    try:
        made = lab.trace(one, two)
    finally:
        as_root(engine, f"iptables -t {table} -D {rule}")
    seen = set(made.table.query("what == 'ICMP echo request'")["where"])
    assert ("docker0" in seen) == (chain == "filter FORWARD")
    assert made.lost == "docker0"
    assert made.legs[-1].stops[-1] == Stop("", "docker0")
    assert made.outcome.endswith("no answer. The ICMP echo request came no further than docker0.")


def test_through_a_router_of_the_lab_and_what_it_says(lab: Lab) -> None:
    given = {
        "com.docker.network.bridge.gateway_mode_ipv4": "routed",
        "com.docker.network.bridge.enable_ip_masquerade": "false",
    }
    here = lab.create_network("here", subnet="10.97.8.0/24", options=given)
    there = lab.create_network("there", subnet="10.97.9.0/24", options=given)
    router = lab.run("router", network=here, cap_add="NET_ADMIN", sysctl={"net.ipv4.ip_forward": 1})
    there.connect(router)
    one = lab.run("one", network=here, cap_add="NET_ADMIN")
    two = lab.run("two", network=there, cap_add="NET_ADMIN")
    one.exec(f"ip route add 10.97.9.0/24 via {router.addresses['here']}")
    two.exec(f"ip route add 10.97.8.0/24 via {router.addresses['there']}")
    request, reply = lab.trace(one, two).legs
    assert [stop for stop in request.stops if stop.container == "router"] == [
        Stop("router", "eth0"),
        Stop("router", "eth1"),
    ]
    assert reply.stops == request.stops[::-1]
    router.exec("ip link set eth1 mtu 1300")
    made = lab.trace(one, two, size=1400)
    assert made.lost == "eth0 of router"
    assert (made.legs[-1].what, made.legs[-1].note) == ("ICMP fragmentation needed", "MTU 1300")
    assert made.legs[-1].stops[0] == Stop("router", "eth0")


def test_a_target_that_has_no_way_back(lab: Lab, as_root: Callable[[int, str], None]) -> None:
    one, two = lab.run("one"), lab.run("two")
    as_root(two.info.pid, f"ip route add blackhole {one.address}/32")
    made = lab.trace(one, two)
    assert made.lost == ""
    assert made.outcome.endswith("no answer. The ICMP echo request arrived at eth0 of two.")


def test_a_source_that_has_no_way_there(lab: Lab, as_root: Callable[[int, str], None]) -> None:
    one, two = lab.run("one"), lab.run("two")
    as_root(one.info.pid, f"ip route add blackhole {two.address}/32")
    made = lab.trace(one, two)
    assert made.legs == ()
    assert made.table.empty
    assert "nothing left one" in made.outcome


def test_nobody_at_that_address(lab: Lab) -> None:
    lab.create_network("own", subnet="10.97.8.0/24")
    made = lab.trace(lab.run("one", network="own"), "10.97.8.77")
    (leg,) = made.legs
    assert (leg.what, leg.note) == ("ARP who has 10.97.8.77", "nobody here has that address")


def test_somebody_else_is_looked_for_meanwhile(lab: Lab) -> None:
    """As the kernel still does when the ping before has ended."""
    lab.create_network("own", subnet="10.97.8.0/24")
    one = lab.run("one", network="own")
    one.exec("sh", "-c", "arping -w 20 -I eth0 10.97.8.78 >/dev/null 2>&1 &")
    made = lab.trace(one, "10.97.8.77", wait=2)
    assert {leg.what for leg in made.legs} == {"ARP who has 10.97.8.77"}


def test_what_was_asked_before_neighbours_are_forgotten_is_not_part_of_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a kernel does it of its own accord, five seconds after the ping before this one."""
    one, two = lab.run("one"), lab.run("two")
    asks = f'  fresh=*) nsenter -t "${{what#*=}}" -n arping -c 1 -w 1 -I eth0 {one.address} >/dev/null ;;'
    begin = capture._BEGIN.replace(
        "\n# twice", f'\nfor what; do\n  case "$what" in\n{asks}\n  esac\ndone\n# twice'
    )
    assert asks in begin
    made = lab.trace(one, two)
    monkeypatch.setattr(capture, "_BEGIN", begin)
    assert lab.trace(one, two).text == made.text


def test_modes(lab: Lab) -> None:
    one, two = lab.run("one"), lab.run("two")
    shared = lab.run("shared", network="container:one")
    alone, host = lab.run("alone", network="none"), lab.run("host1", network="host")
    assert lab.trace(shared, two).table["where"].iloc[0] == "eth0 of one"
    assert whats(lab, one, shared) == ["ICMP echo request", "ICMP echo reply"]
    assert set(lab.trace(one, one).table["where"]) == {"lo of one"}
    assert "nothing left alone" in lab.trace(alone, two).outcome
    assert lab.trace(host, two).table["where"].iloc[0] == "docker0"
    assert lab.trace(one, host).outcome == "one pings 172.17.0.1: the reply came back."
    with pytest.raises(errors.NotFound, match="alone has no address"):
        lab.trace(one, alone)


def test_who_cannot_send(lab: Lab) -> None:
    one, two = lab.run("one"), lab.run("two")
    two.pause()
    assert lab.trace(one, two).outcome.endswith("the reply came back.")  # the kernel answers, not the process
    with pytest.raises(errors.NotRunning, match="two is paused"):
        lab.trace(two, one)
    two.unpause()
    two.stop()
    with pytest.raises(errors.NotRunning, match="two is exited"):
        lab.trace("two", one)
    with pytest.raises(errors.NotRunning, match="two is not running"):
        lab.trace(one, two)
    with pytest.raises(errors.NotFound, match="No container 'three'; this lab has: one, two"):
        lab.trace("three", one)


def test_a_container_without_the_program(lab: Lab) -> None:
    one = lab.run("one")
    one.exec("rm", "/bin/ping")
    with pytest.raises(errors.NotFound, match="one cannot run ping"):
        lab.trace(one, "172.17.0.1")


def test_foreign_containers_are_left_alone(lab: Lab, engine: Engine) -> None:
    made = engine.create(ContainerSpec("stranger", image=busybox.NAME, labels={}))
    try:
        engine.start(made)
        before = engine.inspect(made)["State"]
        target = engine.container(made).endpoints[0].ip_address
        assert lab.trace(lab.run("one"), target).table["where"].iloc[-5] == "eth0 of stranger"
        assert engine.inspect(made)["State"] == before
    finally:
        engine.remove(made)


def test_the_helper_is_neither_privileged_nor_seen_and_gone_afterwards(
    lab: Lab, engine: Engine, helpers: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[object, ...]] = []
    sends = engine.exec

    def exec_(container: str, argv: tuple[str, ...], **options: object) -> ExecResult:
        if argv[0] == "ping":
            (name,) = helpers()
            host = engine.inspect(name)["HostConfig"]
            seen.append((host["Privileged"], host["Binds"], host["AutoRemove"]))
            assert lab.containers(foreign=True).name.str.contains("capture").sum() == 0
            assert not any("capture" in box.label for box in lab.snapshot(foreign=True).boxes)
        return sends(container, argv, **options)  # type: ignore[arg-type]

    one = lab.run("one")
    monkeypatch.setattr(engine, "exec", exec_)
    lab.trace(one, "172.17.0.1")
    assert seen == [(False, None, True)]
    assert helpers() == []


def test_the_helper_is_gone_when_the_reader_interrupts(
    lab: Lab, engine: Engine, helpers: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sends = engine.exec

    def exec_(container: str, argv: tuple[str, ...], **options: object) -> ExecResult:
        if argv[0] == "ping":
            assert helpers()
            raise KeyboardInterrupt
        return sends(container, argv, **options)  # type: ignore[arg-type]

    one = lab.run("one")
    monkeypatch.setattr(engine, "exec", exec_)
    with pytest.raises(KeyboardInterrupt):
        lab.trace(one, "172.17.0.1")
    assert helpers() == []


def test_tcpdump_that_refuses_is_quoted(
    lab: Lab, helpers: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = lab.run("one")
    monkeypatch.setattr(capture, "bpf", lambda *_, **__: "arp or nonsense")
    monkeypatch.setattr("netbook.trace.record.bpf", lambda *_, **__: "arp or nonsense")
    with pytest.raises(errors.EngineRefused, match=r"tcpdump could not listen: .*(nonsense|syntax error)"):
        lab.trace(one, "172.17.0.1")
    assert helpers() == []


@pytest.fixture
def other_image(engine: Engine) -> Iterator[None]:
    """Somebody's own image has the name of ours."""
    had = engine.images.inspect(tcpdump.NAME)
    engine.images.tag(busybox.NAME, tcpdump.NAME)
    yield
    engine.images.remove(tcpdump.NAME)
    if had:
        engine.images.tag(had["Id"], tcpdump.NAME)


def test_an_image_of_that_name_is_not_replaced(lab: Lab, engine: Engine, other_image: None) -> None:
    one = lab.run("one")
    with pytest.raises(errors.EngineRefused, match=r"tcpdump could not listen: .*tcpdump"):
        lab.trace(one, "172.17.0.1")
    there, its_base = engine.images.inspect(tcpdump.NAME), engine.images.inspect(busybox.NAME)
    assert there is not None
    assert its_base is not None
    assert there["Id"] == its_base["Id"]


@pytest.mark.skipif(not shutil.which("tcpdump"), reason="tcpdump reads the files")
def test_tcpdump_reads_what_was_saved(lab: Lab, tmp_path: object) -> None:
    one, two = lab.run("one"), lab.run("two")
    paths = lab.trace(one, two).save(str(tmp_path))
    assert sorted(path.name for path in paths) == ["host.pcap", "one.pcap", "two.pcap"]
    for path in paths:
        done = subprocess.run(["tcpdump", "-nr", str(path)], capture_output=True, text=True, check=True)
        assert "ICMP echo reply" in done.stdout


def test_the_image_that_is_built_here_bears_our_label(engine: Engine) -> None:
    if tcpdump.obstacle():
        pytest.skip("it cannot be built here")
    tcpdump.ensure(engine)
    built = [name for record in engine.images.labelled(labels.IMAGE) for name in record["RepoTags"] or []]
    assert f"{tcpdump.NAME}:latest" in built


def test_the_engine_is_killed_meanwhile(mortal: tuple[PrivateEngine, Engine]) -> None:
    daemon, engine = mortal
    pid = daemon.pid
    assert pid
    lab = Lab("mortal", engine=engine, echo=False)
    one = lab.run("one")
    tcpdump.ensure(engine)

    def kill() -> None:
        """As soon as the ping, which nobody will answer, is on its way."""
        deadline = time.monotonic() + 20
        while not engine.inspect(one.id)["ExecIDs"] and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(pid, 9)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(errors.EngineGone, match="does not answer"):
            lab.trace(one, "172.17.0.99", wait=10)
    finally:
        killer.join()
