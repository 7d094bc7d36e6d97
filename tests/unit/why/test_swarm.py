"""What `lab.why` makes of a swarm's addresses: services' virtual ones, and other nodes'."""

from __future__ import annotations

import pytest

from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Namespace
from netbook.model.snapshot import Snapshot
from netbook.topology.graph import Box, Port, Topology
from netbook.why import swarm
from netbook.why.case import Case, End
from netbook.why.senses import Hop

_TASK = {"com.docker.swarm.service.name": "shop"}


def case(asked: str, driver: str = "overlay") -> Case:
    """`web` asks for an address of its network that nobody here has."""
    mesh = NetworkInfo("1", "mesh", driver, "swarm", subnets=("10.0.1.0/24",))
    task = ContainerInfo("2", "shop.1.abc", labels=_TASK)
    web = Box(("web",), "own", (Port("eth0", 2, network="mesh"),))
    seen, graph = Snapshot(Namespace(1), containers=(task,), networks=(mesh,)), Topology(networks=(mesh,))
    made = Case(None, seen, graph, None, End("web", None, web), asked, None, address="10.0.1.5")
    made.hop = Hop("eth0")
    return made


@pytest.mark.parametrize(
    ("asked", "cause", "remedy"),
    [
        (
            "shop",
            "10.0.1.5 is the virtual address of the service shop",
            "ask for tasks.shop, which is shop.1.abc",
        ),
        ("10.0.1.5", "nobody on this machine has 10.0.1.5", "4789/udp"),
    ],
)
def test_an_overlays_address_that_is_not_here(asked: str, cause: str, remedy: str) -> None:
    found = swarm.silent(case(asked))
    assert found is not None
    assert cause in found[0]
    assert remedy in found[1]
    assert "docker service ls" in swarm.published(case(asked))


def test_of_a_bridge_it_says_nothing() -> None:
    assert swarm.silent(case("shop", "bridge")) is None
    assert swarm.published(case("shop", "bridge")) == ""
