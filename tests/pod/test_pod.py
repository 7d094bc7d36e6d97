"""The image that Binder builds, run as Binder runs it: what the pod may not do, and what works in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docker import APIClient

from tests import notebook_files as files
from tests import tour
from tests.frame.day import is_named, is_night
from tests.pod import image
from tests.pod.pod import CARRIED, MEMORY, Done, Pod, WorkingSet

CHAPTERS = [path.name for path in files.chapters()]
INSIDE = sorted(path.name for path in Path(__file__).with_name("inside").glob("test_*.py"))
INSIDE_BY_NIGHT = {
    "test_lan.py",  # a record, which is stored
    "test_networks.py",  # what lies beyond the tour
}
TOUR = [tour.PATH.relative_to(files.ROOT).as_posix()]
CHAPTERS_BY_NIGHT = [f"notebooks/{name}" for name in CHAPTERS if is_night()]
LARGEST = 1000  # MB of the image
PEAK = 1100  # MB of the pod, as Kubernetes counts: the guest's 768 MiB, which two engines fill, and ours


def test_image_is_small(api: APIClient) -> None:
    assert image.size(api) < LARGEST


# -- what the pod may not do --------------------------------------------------------


def test_user_has_no_rights(pod: Pod) -> None:
    status = dict(line.split(":\t", 1) for line in pod.run("cat", "/proc/self/status").output.splitlines())
    assert status["Uid"].split() == ["1000"] * 4
    assert {int(status[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_no_program_is_setuid(pod: Pod) -> None:
    assert pod.run("find", "/usr", "-xdev", "-perm", "/6000", "-type", "f").output == ""
    assert pod.run("which", "sudo").code != 0


def test_shared_memory_is_small_and_not_executable(pod: Pod) -> None:
    mounts = [line.split() for line in pod.run("cat", "/proc/mounts").output.splitlines()]
    options = next(fields[3].split(",") for fields in mounts if fields[1] == "/dev/shm")
    assert {"noexec", "size=65536k"} <= set(options)


@pytest.mark.parametrize(
    "path", ["/proc/sys/net/ipv4/ip_forward", "/sys/fs/cgroup/new", "/usr/new", "/opt/book/new"]
)
def test_system_is_read_only(pod: Pod, path: str) -> None:
    assert pod.run("sh", "-c", f": > {path}").code != 0


@pytest.mark.parametrize("device", ["/dev/kvm", "/dev/fuse", "/dev/net/tun"])
def test_device_is_missing(pod: Pod, device: str) -> None:
    assert pod.run("test", "-e", device).code != 0


def test_no_user_namespace(pod: Pod) -> None:
    done = pod.run("unshare", "--user", "true")
    assert done.code != 0
    assert "not permitted" in done.output


def test_limits(pod: Pod) -> None:
    limits = pod.api.inspect_container(pod.id)["HostConfig"]
    assert (limits["Memory"], limits["NanoCpus"], limits["Privileged"]) == (MEMORY, 10**9, False)


def test_no_way_out(pod: Pod) -> None:
    code = "import socket; print([name for _, name in socket.if_nameindex()])"
    assert pod.run("python3", "-c", code).output.strip() == "['lo']"


# -- what the reader finds ------------------------------------------------------------


def test_jupyterlab_opens_the_first_chapter(pod: Pod) -> None:
    code = """
from urllib.request import urlopen
from jupyter_server.serverapp import list_running_servers
server = next(iter(list_running_servers()))
page = urlopen(f"http://127.0.0.1:{server['port']}/?token={server['token']}")
print(page.status, page.geturl())
"""
    done = pod.run("python3", "-c", code)
    assert done.code == 0, done.output
    status, url = done.output.split()
    assert status == "200"
    assert url.partition("?")[0].endswith("/lab/tree/notebooks/00-start-here.ipynb")


def test_notebooks_are_trusted(pod: Pod) -> None:
    code = """
import pathlib
import nbformat
from nbformat.sign import NotebookNotary
for path in sorted(pathlib.Path("notebooks").glob("*.ipynb")):
    if NotebookNotary().check_signature(nbformat.read(path, 4)):
        print(path.name)
"""
    assert pod.run("python3", "-c", code).output.split() == CHAPTERS


def test_docker_in_a_terminal_reaches_the_engine(pod: Pod) -> None:
    """A login shell with JupyterLab's variables, as its terminals are."""
    code = """
import pathlib, subprocess
from jupyter_server.serverapp import list_running_servers
server = next(iter(list_running_servers()))
lines = pathlib.Path(f"/proc/{server['pid']}/environ").read_text().split("\\0")
environment = dict(line.split("=", 1) for line in lines if line)
raise SystemExit(subprocess.run(["bash", "-lc", "docker version -f json"], env=environment).returncode)
"""
    done = pod.run("python3", "-c", code)
    assert done.code == 0, done.output
    assert json.loads(done.output)["Server"]["Os"] == "linux"


def test_python_in_a_terminal_is_the_books(pod: Pod) -> None:
    done = pod.run("bash", "-lc", "python3 -m netbook engine status")
    assert done.code == 0, done.output


# -- another user of the same server ------------------------------------------------------

STRANGER = "1001:1001"


def test_another_user_cannot_use_the_engine(pod: Pod) -> None:
    done = pod.run("docker", "ps", user=STRANGER)
    assert done.code != 0
    assert "permission denied" in done.output
    assert pod.run("docker", "ps").code == 0


@pytest.mark.parametrize("path", ["", "/client_key", "/status.json", "/engine.log"])
def test_another_user_cannot_see_its_files(pod: Pod, path: str) -> None:
    done = pod.run("cp", "-r", f"/tmp/netbook-1000{path}", "/tmp/stolen", user=STRANGER)
    assert done.code != 0
    assert "Permission denied" in done.output


def test_another_user_cannot_end_it(pod: Pod) -> None:
    keeper = pod.run("cat", "/tmp/netbook-1000/keeper").output.strip()
    done = pod.run("kill", "-9", keeper, user=STRANGER)
    assert "Operation not permitted" in done.output


def test_another_user_gets_no_further_than_sshs_greeting(pod: Pod) -> None:
    code = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20) as line:
    print(line.recv(4))
    line.sendall(b"GET /containers/json HTTP/1.0\\r\\n\\r\\n")
    print(line.recv(4096).rpartition(b"\\n")[2] or line.recv(4096))
"""
    port = json.loads(pod.run("cat", "/tmp/netbook-1000/status.json").output)["port"]
    done = pod.run("python3", "-c", code, str(port), user=STRANGER)
    assert "b'SSH-'" in done.output
    assert "HTTP" not in done.output.replace("GET", "")


# -- the book ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(pod: Pod) -> tuple[Done, int]:
    """All in one go: pytest starts once. And the bytes that the pod's working set had at most meanwhile."""
    paths = [*(f"{CARRIED}/{path}" for path in TOUR), *CHAPTERS_BY_NIGHT]
    with WorkingSet(pod) as working_set:
        done = pod.notebooks("-rfE", *paths, seconds=1800)
    return done, working_set.peak


@pytest.mark.parametrize("notebook", [*TOUR, *CHAPTERS_BY_NIGHT])
def test_notebook(shown: tuple[Done, int], notebook: str) -> None:
    """Its cells show what they show on a native engine."""
    done, _ = shown
    lines = done.output.splitlines()
    wrong = [line for line in lines if line.startswith(("FAILED", "ERROR")) and notebook in line]
    assert done.code in (0, 1), done.output[-4000:]
    assert not wrong, done.output[-20000:]


def test_memory_sufficed(pod: Pod, shown: tuple[Done, int]) -> None:
    _, most = shown
    assert 0 < most < PEAK * 10**6
    assert not pod.state()["OOMKilled"]


@pytest.mark.parametrize(
    "tests", [pytest.param(name, marks=[pytest.mark.night] * (name in INSIDE_BY_NIGHT)) for name in INSIDE]
)
def test_engine(pod: Pod, tests: str, pytestconfig: pytest.Config) -> None:
    """The engine's own tests, which end it in every way they can think of; so they come after the book."""
    all_of_them = is_night() or is_named(Path(__file__), pytestconfig)
    done = pod.tests(tests, *(() if all_of_them else ("-m", "not night")), seconds=400)
    assert done.code == 0, done.output[-8000:]


def test_pod_ends_when_it_is_told_to(pod: Pod) -> None:
    pod.api.stop(pod.id, timeout=20)  # after that, Kubernetes kills
    assert pod.state()["ExitCode"] != 137
