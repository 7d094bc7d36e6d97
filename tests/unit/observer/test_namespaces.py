"""Where a container is: the helper's script on a /proc as it may look, and what the script printed."""

from __future__ import annotations

import os
import subprocess
from ipaddress import ip_interface
from pathlib import Path

import pytest

from netbook.model.docker import ContainerInfo
from netbook.observer import namespaces
from tests.fixtures.golden import FIXTURES

OURS, OTHER = "e45afebb821ba7e6a821ea25addfb64764f43079f8793148e8c47ee4543eb1fb", "ab" * 32
SHORT = OURS[: namespaces.SHORT]
CGROUPS = {
    "v1, cgroupfs": f"9:name=systemd:/docker/{OURS}\n8:pids:/docker/{OURS}\n0::/docker/{OURS}",
    "v1, systemd": f"12:pids:/system.slice/docker-{OURS}.scope\n0::/system.slice/docker-{OURS}.scope",
    "v2, cgroupfs": f"0::/docker/{OURS}",
    "v2, systemd": f"0::/system.slice/docker-{OURS}.scope",
    "v2, from inside a cgroup namespace": f"0::/../{OURS}",
    "v2, from inside one, systemd": f"0::/../docker-{OURS}.scope",
    "v2, rootless": f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{OURS}.scope",
    "v2, in a container of another engine": f"0::/docker/{OTHER}/docker/{OURS}",
    "v1, a group of its own in the container": f"3:cpu:/docker/{OURS}/init.scope\n",
}


def proc(folder: Path, cgroups: dict[str, str], spaces: dict[str, str]) -> Path:
    """A /proc: pid → what its cgroup says, and which network namespace it is in (files of one inode)."""
    for name in {"self": "host"} | spaces:
        (folder / "proc" / name / "ns").mkdir(parents=True)
    for name, space in ({"self": "host"} | spaces).items():
        (folder / space).touch()
        os.link(folder / space, folder / "proc" / name / "ns" / "net")
        (folder / "proc" / name / "cgroup").write_text(cgroups.get(name, "0::/\n"))
    return folder


def looked(folder: Path, *words: str) -> dict[str, dict[int, str]]:
    """word → pid → namespace, as the script says for this /proc."""
    script = namespaces.SCRIPT.replace("/proc/", f"{folder}/proc/").replace("nsenter", "true")
    script += '\nlook "$@"'
    said = subprocess.run(["sh", "-c", script, "sh", *words], capture_output=True, text=True, check=False)
    names = {
        (folder / name).stat().st_ino: name for name in ("host", "one", "two") if (folder / name).exists()
    }
    lines = said.stdout.partition("@processes\n")[2].splitlines()
    found: dict[str, dict[int, str]] = {}
    for word, pid, inode in (line.split() for line in lines if not line.startswith("@")):
        found.setdefault(word, {})[0 if pid == "self" else int(pid)] = names[int(inode)]
    assert found.pop("self") == {0: "host"}
    return found


@pytest.mark.parametrize("text", CGROUPS.values(), ids=CGROUPS)
def test_a_cgroup_tells_the_container(tmp_path, text):
    proc(tmp_path, {"77": text, "5": f"0::/docker/{OTHER}"}, {"77": "one", "5": "two", "9": "host"})
    assert looked(tmp_path, SHORT) == {SHORT: {77: "one"}}


def test_all_processes_of_all_that_are_asked_for(tmp_path):
    proc(
        tmp_path,
        {"77": CGROUPS["v2, systemd"], "100": CGROUPS["v2, systemd"], "5": f"0::/docker/{OTHER}"},
        {"77": "one", "100": "two", "5": "host"},
    )
    assert looked(tmp_path, SHORT, OTHER[:12]) == {SHORT: {77: "one", 100: "two"}, OTHER[:12]: {5: "host"}}


def test_a_pid_can_be_asked_for(tmp_path):
    proc(tmp_path, {}, {"77": "one", "777": "two"})
    assert looked(tmp_path, "77", "4242") == {"77": {77: "one"}}


# -- what was captured: five modes on Docker 20.10 with runc and cgroup v1 -----------------------------------

CAPTURED = (FIXTURES / "docker-20.10" / "look--five_modes.txt").read_text(encoding="utf-8")
ONE, SHARES, HOSTED = "f747810f3217", "759d9e8c15d4", "5c4194d2282a"
NOTHING, FROZEN = "6513ffb1b904", "58e73eaefc95"
SPACE = 4026532468  # of ONE and SHARES


def test_what_was_captured():
    seen = namespaces.read(CAPTURED)
    assert [i.name for i in seen.host.interfaces] == ["lo", "docker0", "vethe56b480", "veth71f8539"]
    assert seen.bridges == {"docker0": ("veth71f8539", "vethe56b480")}
    assert (seen.where(ONE), seen.where(SHARES)) == ((2824, SPACE), (2878, SPACE))
    assert seen.where(HOSTED) == (2917, seen.host.inode)
    assert [i.name for i in seen.spaces[seen.where(NOTHING)[1]]] == ["lo"]
    assert seen.spaces[seen.where(FROZEN)[1]][1].addresses[0].value == ip_interface("172.17.0.3/16")
    assert seen.where("0" * 12) is None


def test_what_was_captured_with_crun_and_cgroup_v2():
    """On the embedded engine: the same four containers, by Docker 26.1."""
    seen = namespaces.read((FIXTURES / "docker-26.1" / "look--crun.txt").read_text(encoding="utf-8"))
    one, two, hosted, frozen = map(
        seen.where, ("263c6e00ba3e", "d75f90f27bbb", "eecbbcaf45f6", "65d1cea816da")
    )
    assert one[1] == two[1] != frozen[1]
    assert hosted[1] == seen.host.inode
    assert {space[1].addresses[0].ip for space in seen.spaces.values()} == {"172.17.0.2", "172.17.0.3"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@processes\n", f"@processes\n{ONE} 4242 4026532776\n"),  # a second namespace in one container
        (CAPTURED.partition(f"@inode {SPACE}\n")[2].partition("@inode")[0], ""),  # it ended before we came in
    ],
)
def test_what_is_not_certain_is_not_found(before, after):
    assert namespaces.read(CAPTURED.replace(before, after)).where(ONE) is None


def test_a_container_that_was_asked_for_is_where_its_pid_is():
    text = CAPTURED.replace(f"{ONE} 2824", "2824 2824")
    asked, ended = ContainerInfo(OURS, "one", pid=2824), ContainerInfo(OTHER, "gone", pid=4711)
    one, gone = namespaces.join(namespaces.read(text), [asked, ended], []).containers
    assert (one.namespace, gone.namespace) == (SPACE, 0)


def test_two_looks_are_one():
    first, second = namespaces.read(CAPTURED.replace(f"{ONE} 2824", "12 12")), namespaces.read(CAPTURED)
    assert first.where(ONE) is None
    assert (first | second).where(ONE) == (2824, SPACE)


# -- what Docker did not make -------------------------------------------------------------------------------

BY_HAND = CAPTURED.replace(
    "@ports\n", "@riding\n/sys/class/net/wan0.7/lower_wan0\n@ports\n/sys/class/net/br-hand/brif/\n"
)
RED = f"\n@named 2824 4026539999 red\n{CAPTURED.partition('@host')[2].partition('@ports')[0].strip()}"


def test_a_bridge_without_ports_and_a_rider():
    seen = namespaces.read(BY_HAND)
    assert seen.bridges == {"br-hand": (), "docker0": ("veth71f8539", "vethe56b480")}
    assert (seen.riding, namespaces.read(CAPTURED).riding) == (frozenset({"wan0.7"}), None)


@pytest.mark.parametrize("owned", [True, False])
def test_a_named_namespace_is_whose_the_files_are(owned):
    seen = namespaces.read(CAPTURED.rstrip("\n") + RED + "\n@named 1 77 no namespace\n")
    one = ContainerInfo(ONE + "0" * 52, "one", owned=owned)
    found = {space.name: space for space in namespaces.join(seen, [one], []).namespaces}
    assert set(found) == {"", "red"}
    assert (found["red"].inode, found["red"].owned) == (4026539999, owned)
    assert found["red"].interfaces[0].name == "lo"


def test_the_script_finds_names_in_a_containers_files(tmp_path):
    proc(tmp_path, {"77": CGROUPS["v2, systemd"]}, {"77": "one", "9": "host"})
    names = tmp_path / "proc" / "77" / "root" / "run" / "netns"
    names.mkdir(parents=True)
    (names / "red").touch()
    script = namespaces.SCRIPT.replace("/proc/", f"{tmp_path}/proc/").replace("nsenter", "true")
    said = subprocess.run(
        ["sh", "-c", script + '\nlook "$@"', "sh", SHORT], capture_output=True, text=True, check=False
    ).stdout
    assert f"@named 77 {(names / 'red').stat().st_ino} red" in said.splitlines()
