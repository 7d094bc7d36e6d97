"""Two engines on one machine, each in a network of its own, joined by a cable: two hosts in one picture."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from docker import APIClient

from netbook import Lab
from netbook.diagram.hosts import HostsDiagram
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine
from netbook.topology.hosts import union


@pytest.fixture
def two(place_for_engines: Path | None) -> Iterator[list[tuple[int, Lab]]]:
    """The pid of each engine, and a lab on it."""
    if place_for_engines is None:
        pytest.skip("two engines have to be our own")
    place_for_engines.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        found = []
        for name in ("left", "right"):
            where = stack.enter_context(tempfile.TemporaryDirectory(prefix=name, dir=place_for_engines))
            daemon = PrivateEngine(Path(where), isolated=True)
            daemon.start()
            stack.callback(daemon.stop)
            engine = Engine(APIClient(base_url=daemon.url, version="auto"), rung="private", where=daemon.url)
            stack.callback(engine.close)
            busybox.ensure(engine)
            lab = stack.enter_context(Lab(f"host-{name}", engine=engine, echo=False))
            assert daemon.pid is not None
            found.append((daemon.pid, lab))
        yield found


def test_two_engines_in_one_picture(two: list[tuple[int, Lab]]) -> None:
    (left, one), (right, other) = two
    one.run("web")
    other.run("web")
    other.run("db")
    ends = f"name under type veth peer name under netns {right}"
    for pid, words in (
        (left, f"link add {ends}"),
        (left, "addr add 10.99.30.1/24 dev under"),
        (right, "addr add 10.99.30.2/24 dev under"),
        (left, "link set under up"),
        (right, "link set under up"),
    ):
        subprocess.run(["nsenter", "-t", str(pid), "-n", "ip", *words.split()], check=True)
    both = union({"left": one.snapshot(), "right": other.snapshot()})
    assert (both.hosts_of("web"), both.hosts_of("db")) == (("left", "right"), ("right",))
    (between,) = both.underlays
    assert between.subnets == ("10.99.30.0/24",)
    assert [(stop.host, stop.interface, a) for stop, a in between.ends] == [
        ("left", "under", ("10.99.30.1",)),
        ("right", "under", ("10.99.30.2",)),
    ]
    lines = HostsDiagram(both).text.splitlines()
    assert lines[0] == "host left"
    assert lines[-3:] == [
        "between the hosts · 10.99.30.0/24",
        "  left under 10.99.30.1",
        "  right under 10.99.30.2",
    ]
