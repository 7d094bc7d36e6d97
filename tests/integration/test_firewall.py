"""The rules of the engine's host, against what the host's own iptables says of them."""

from __future__ import annotations

import json
import subprocess

import pytest

from netbook import Lab, errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, iptables
from netbook.engine.private.dockerd import PrivateEngine
from netbook.model.firewall import Rule
from netbook.model.programs import ExecResult
from netbook.model.spec import ContainerSpec
from netbook.observer import firewall
from netbook.ownership import labels, session
from netbook.parsers import iptables_save


def rules(lab: Lab, table: str = "filter") -> dict[tuple[str, str, str], Rule]:
    chains = lab.host.firewall(table).attrs["chains"]
    return {rule.identity: rule for chain in chains for rule in chain.rules}


def test_a_published_port_is_a_rule_that_comes_and_goes(lab: Lab) -> None:
    net = lab.create_network("shop")
    before = rules(lab, "nat")
    web = lab.run("web", "httpd", "-f", "-p", "80", network=net, publish="8095:80")
    came = [rule for identity, rule in rules(lab, "nat").items() if identity not in before]
    assert any(rule.target == "DNAT" for rule in came)
    table = lab.host.firewall("nat", chain="DOCKER")
    (row,) = table[table.target == "DNAT to web:80"].to_dict("records")
    assert row["match"].endswith("not in bridge of shop, tcp, port 8095")
    web.remove()
    assert set(rules(lab, "nat")) == set(before)


def test_the_default_table_is_the_same_with_other_networks_of_strangers_around(lab: Lab) -> None:
    lab.create_network("shop", subnet="10.96.5.0/24")
    before = lab.host.firewall()
    with Lab("other", engine=lab.engine, echo=False) as other:
        other.create_network("strange", subnet="10.96.6.0/24")
        during = lab.host.firewall()
        assert during.equals(before)
        assert during.attrs["left_out"] > before.attrs["left_out"]
        assert "bridge of strange" in lab.host.firewall(foreign=True).to_string()


def test_the_counter_of_the_rule_that_dropped_a_ping_moves(lab: Lab) -> None:
    here, there = lab.create_network("here"), lab.create_network("there")
    one, two = lab.run("one", network=here), lab.run("two", network=there)
    before = rules(lab) | rules(lab, "raw")
    assert not one.reaches(two.address)
    after = rules(lab) | rules(lab, "raw")  # Docker 28 drops it there, before any routing
    moved = [r for i, r in after.items() if i in before and (r.packets or 0) > (before[i].packets or 0)]
    assert "DROP" in {rule.target for rule in moved}
    assert {"packets", "bytes"} < set(lab.host.firewall(counters=True).columns)


def test_what_it_prints_and_what_it_refuses(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with Lab("told", engine=lab.engine) as told:
        told.host.firewall("nat")
        rights = "--network host --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW"
        command = f"$ docker run --rm {rights} netbook-iptables iptables-save -c -t nat"
        assert capsys.readouterr().out.splitlines()[-1] == command
        with pytest.raises(errors.NotFound, match="DOCKER"):
            told.host.firewall(chain="DOKCER")
        with pytest.raises(ValueError, match="must be one of"):
            told.host.firewall("DOCKER")
    assert firewall.ROLE not in {c.labels.get(labels.ROLE) for c in lab.engine.containers()}


def _without_nft(lab: Lab) -> ExecResult:
    """`iptables-save -t nat` where no socket leads to nft, as on a kernel that has none."""
    nfnetlink = [{"index": i, "value": v, "op": "SCMP_CMP_EQ"} for i, v in ((0, 16), (2, 12))]
    refused = {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 93, "args": nfnetlink}
    profile = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [refused]})
    rights = {"CapAdd": ["NET_ADMIN", "NET_RAW"], "SecurityOpt": [f"seccomp={profile}"]}
    marks = labels.for_lab(lab.name, session.current())
    made = lab.engine.create(
        ContainerSpec("no-nft", iptables.NAME, network="host", labels=marks, more=rights)
    )
    lab.engine.start(made)
    return lab.engine.exec(made, firewall.command("nat"))


def test_a_kernel_without_nft_has_legacy_only(lab: Lab) -> None:
    if not any(option.startswith("name=seccomp") for option in lab.engine.security):
        pytest.skip("this engine's kernel has no seccomp, by which nft is taken away here")
    iptables.ensure(lab.engine)
    said = _without_nft(lab)
    if lab.host.exec("ls", "/proc/net/ip_tables_names").ok:
        assert said.ok
        assert {chain.backend for chain in iptables_save.parse(said.stdout)} <= {"legacy"}
    else:
        assert "not supported" in said.stderr


def test_it_reads_all_that_the_host_has_and_changes_nothing(mortal: tuple[PrivateEngine, Engine]) -> None:
    daemon, engine = mortal
    assert daemon.pid
    busybox.ensure(engine)

    def host(*argv: str) -> str:
        inside = ["nsenter", "-t", str(daemon.pid), "-n", *argv]
        return subprocess.run(inside, capture_output=True, text=True, check=True).stdout

    legacy = ["cat", "/proc/net/ip_tables_names"]
    lab = Lab("whole", engine=engine, echo=False)
    lab.run("web", publish="8096:80")
    for table in ("filter", "nat", "raw", "mangle"):
        said = {r.identity for c in iptables_save.parse(host("iptables-save", "-t", table)) for r in c.rules}
        was = host(*legacy)
        assert set(rules(lab, table)) == said
        assert host(*legacy) == was
    host("iptables-legacy", "-A", "INPUT", "-p", "tcp", "--dport", "9", "-j", "DROP")
    try:
        both = lab.host.firewall(chain="INPUT", full=True)
        assert "-p tcp -m tcp --dport 9 -j DROP" in both[both.backend == "legacy"].match.tolist()
    finally:
        host("iptables-legacy", "-F", "INPUT")
    lab.clean()
