"""The options of `docker run`: read once, told twice, refused with the form that is expected."""

from __future__ import annotations

import pytest

from netbook.errors import WrongArgument
from netbook.lab import options
from netbook.lab.options import read
from netbook.model.docker import Publication
from netbook.model.spec import ContainerSpec


def _of(**how: object) -> ContainerSpec:
    return read("web", "busybox", **how)  # type: ignore[arg-type]


def test_a_specification_tells_what_was_read() -> None:
    spec = _of(
        network="net",
        publish=["8080:80", "53:53/udp", "443"],
        link="db:store",
        ip="10.0.0.9",
        alias="www",
        env={"A": "b c"},
    )
    assert spec.words == [
        *("--network", "net", "--ip", "10.0.0.9", "--network-alias", "www"),
        *("-p", "127.0.0.1:8080:80", "-p", "127.0.0.1:53:53/udp", "-p", "127.0.0.1::443"),
        *("--link", "db:store", "-e", "A=b c"),
    ]
    assert spec.link == {"db": "store"}


def test_all_that_was_added_is_told() -> None:
    spec = _of(
        network="net",
        ip6="fd00:66:0::9",
        mac="02:42:0a:42:00:09",
        cap_add=["cap_net_admin", "NET_RAW"],
        sysctl={"net.ipv4.ip_forward": True},
        dns=["10.0.0.1", "10.0.0.2"],
        dns_search="shop.test",
        dns_option="ndots:2",
        add_host={"db": "10.0.0.5", "host": "host-gateway"},
        volume=["data:/data", "/srv:/srv:ro"],
    )
    assert spec.words == [
        *("--network", "net", "--ip6", "fd00:66::9", "--mac-address", "02:42:0a:42:00:09"),
        *("--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "--sysctl", "net.ipv4.ip_forward=1"),
        *("--dns", "10.0.0.1", "--dns", "10.0.0.2", "--dns-search", "shop.test", "--dns-option", "ndots:2"),
        *("--add-host", "db:10.0.0.5", "--add-host", "host:host-gateway"),
        *("-v", "data:/data", "-v", "/srv:/srv:ro"),
    ]


def test_nothing_asked_is_nothing_said() -> None:
    assert _of().words == []


@pytest.mark.parametrize(
    ("text", "host", "outside", "inside", "proto"),
    [
        ("80", "127.0.0.1", 0, 80, "tcp"),
        ("8080:80", "127.0.0.1", 8080, 80, "tcp"),
        ("8053:53/udp", "127.0.0.1", 8053, 53, "udp"),
        ("0.0.0.0:8080:80", "0.0.0.0", 8080, 80, "tcp"),
        ("127.0.0.1::80", "127.0.0.1", 0, 80, "tcp"),
        ("[::1]:8080:80", "::1", 8080, 80, "tcp"),
        ("[::]::80/sctp", "::", 0, 80, "sctp"),
    ],
)
def test_a_publication_is_read(text: str, host: str, outside: int, inside: int, proto: str) -> None:
    assert options.publication(text) == Publication(host, outside, inside, proto)


@pytest.mark.parametrize(
    "bad",
    [
        *("", ":80", "eighty", "80:80/icmp", "8080:", "0:0", "8080:70000", "70000:80", "8080-8090:80"),
        *("localhost:80:80", "1.2.3:80:80", "::1:8080:80", "[]:80:80", "0.0.0.0:80:80:80"),
    ],
)
def test_a_bad_port_shows_the_good_forms(bad: str) -> None:
    with pytest.raises(WrongArgument, match=r"'8080:80', '8080:80/udp' or '80'|no address") as caught:
        _of(publish=bad)
    assert "→" in str(caught.value)


def test_one_port_may_be_published_more_than_once() -> None:
    spec = _of(publish=["8080:80", "9090:90", "8081:80", "8080:80"])
    assert [str(one) for one in spec.publish] == [
        f"127.0.0.1:{pair}" for pair in ("8080:80", "9090:90", "8081:80")
    ]


@pytest.mark.parametrize("network", [None, "bridge", "default", "host", "none", "container:web"])
@pytest.mark.parametrize("option", [{"ip": "172.17.0.77"}, {"ip6": "fd00::1"}, {"alias": ["www", "web"]}])
def test_what_docker_takes_on_networks_of_ones_own_only_is_refused_elsewhere(
    network: str | None, option: dict[str, str | list[str]]
) -> None:
    with pytest.raises(WrongArgument, match=f"^{next(iter(option))} is .*Docker refuses it there") as caught:
        _of(network=network, **option)
    assert "lab.create_network(" in str(caught.value)
    assert _of(network="shop", **option).words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cap_add": "NET_ROOT"}, r"'NET_ROOT', which is no capability.*\n.*NET_ADMIN"),
        ({"sysctl": {"vm.swappiness": 1}}, r"'vm.swappiness'.*\n.*begin with net\."),
        ({"sysctl": "net.ipv4.ip_forward=1"}, r"must be a dict.*\n.*sysctl=\{"),
        ({"add_host": ["db:10.0.0.5"]}, r"must be a dict.*\n.*add_host=\{"),
        ({"add_host": {"db": "ten"}}, "'ten', which is no address"),
        ({"dns": "router"}, "dns is 'router', which is no address"),
        ({"mac": "02-42-ac-11-00-99"}, "which is no MAC address"),
        ({"volume": "data"}, "must look like 'data:/folder'"),
        ({"volume": "./here:/there"}, "must look like 'data:/folder'"),
        ({"network": "net", "ip": "10.66.0.9/24"}, "ip is '10.66.0.9/24', which is no IPv4 address"),
        ({"network": "net", "ip6": "10.66.0.9"}, "ip6 is '10.66.0.9', which is no IPv6 address"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(given: dict[str, object], said: str) -> None:
    with pytest.raises(WrongArgument, match=said):
        _of(**given)


def test_a_container_needs_a_name() -> None:
    with pytest.raises(WrongArgument, match="must not be empty"):
        read("", "busybox")
