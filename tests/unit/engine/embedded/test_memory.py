"""How much memory the guest gets, on machines made of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbook.engine.embedded import memory

MIB = 1 << 20
GIB = 1 << 30
NO_LIMIT = 9223372036854771712  # as cgroup v1 writes it


class Machine:
    """A root folder with what the kernel would show there."""

    def __init__(self, root: Path, total: int) -> None:
        self.root = root
        self.write("proc/meminfo", f"MemTotal:  {total // 1024} kB\nMemFree:  1024 kB\n")

    def write(self, name: str, content: object) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, 16 * GIB)


def test_without_cgroups_it_is_the_machines(machine: Machine) -> None:
    assert memory.available(machine.root) == 16 * GIB


@pytest.mark.parametrize("limit", ["max", 20 * GIB])
def test_a_limit_beyond_the_machine_is_none(machine: Machine, limit: object) -> None:
    machine.write("proc/self/cgroup", "0::/")
    machine.write("sys/fs/cgroup/memory.max", limit)
    assert memory.available(machine.root) == 16 * GIB


def test_a_pods_limit_is_at_the_top_of_its_namespace(machine: Machine) -> None:
    machine.write("proc/self/cgroup", "0::/")
    machine.write("sys/fs/cgroup/memory.max", 2 * GIB)
    assert memory.available(machine.root) == 2 * GIB


@pytest.mark.parametrize(("above", "own", "least"), [(3, 5, 3), (5, 3, 3), ("max", 3, 3)])
def test_every_cgroup_above_counts(machine: Machine, above: object, own: int, least: int) -> None:
    machine.write("proc/self/cgroup", "0::/user.slice/user-1000.slice/session-1.scope")
    folder = "sys/fs/cgroup/user.slice/user-1000.slice"
    machine.write(f"{folder}/memory.max", above if above == "max" else above * GIB)  # type: ignore[operator]
    machine.write(f"{folder}/session-1.scope/memory.max", own * GIB)
    assert memory.available(machine.root) == least * GIB


@pytest.mark.parametrize("controllers", ["memory", "cpu,memory"])
def test_version_1(machine: Machine, controllers: str) -> None:
    machine.write("proc/self/cgroup", f"11:pids:/a\n7:{controllers}:/docker/abc\n0::/docker/abc")
    machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", NO_LIMIT)
    machine.write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", GIB)
    assert memory.available(machine.root) == GIB


def test_version_1_in_a_container_that_sees_the_hosts_path(machine: Machine) -> None:
    machine.write("proc/self/cgroup", "7:memory:/kubepods/burstable/pod1/abc")
    machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", 2 * GIB)
    assert memory.available(machine.root) == 2 * GIB


@pytest.mark.parametrize("path", ["/../../elsewhere", "/gone"])
def test_a_cgroup_that_cannot_be_seen_is_no_limit(machine: Machine, path: str) -> None:
    machine.write("proc/self/cgroup", f"0::{path}")
    assert memory.available(machine.root) == 16 * GIB


def test_no_proc_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        memory.available(tmp_path)


def test_a_binder_pod_and_its_neighbours(tmp_path: Path) -> None:
    shares = {}
    for total in (512 * MIB, GIB, 1536 * MIB, 2 * GIB, 4 * GIB, 64 * GIB):
        shares[total] = memory.for_guest(Machine(tmp_path, total).root)
    assert shares[2 * GIB] == 768
    assert shares[512 * MIB] == 0
    assert shares[GIB] < memory.LEAST <= shares[1536 * MIB]
    assert list(shares.values()) == sorted(shares.values())
    assert shares[64 * GIB] == memory.MOST
    assert all(total // MIB - share >= 500 for total, share in shares.items())


def test_this_machine_has_some() -> None:
    if not Path("/proc/meminfo").exists():
        pytest.skip("needs /proc")
    assert 64 * MIB < memory.available() < 1 << 50
