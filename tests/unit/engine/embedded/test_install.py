"""Fetching the packages, with programs of apt's names on PATH that record how they are called."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netbook.engine.embedded import install, mmdebstrap, obstacles
from netbook.errors import SetupError
from netbook.setup import disk

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="for Linux on x86-64"
)

PROJECT = Path(__file__).parents[4]
# its last words without an option are: suite, folder, perhaps a mirror
_MMDEBSTRAP = """echo called >> {state}/calls
printf '%s\\n' "$@" > {state}/mmdebstrap
for word; do case "$word" in
--aptopt=*) cp "${{word#*=}}" {state}/settings ;;
-*) ;;
*/root) root=$word ;;
esac; done
mkdir -p "$root/usr/share/doc/a" "$root/usr/bin" "$root/etc/apt"
touch "$root/usr/share/doc/a/copyright" "$root/usr/bin/program" "$TMPDIR/scrap"
umask > {state}/umask
touch {state}/unpacking
while [ -e {state}/slow ]; do sleep 0.05; done
if [ -e {state}/fails ]; then cat {state}/fails; exit 25; fi"""
_APT_GET = """case "$*" in *indextargets*) cat {state}/mirrors 2>/dev/null ;; esac"""
_APT_CONFIG = "cat {state}/proxies 2>/dev/null"


class Machine:
    """A Debian of files."""

    def __init__(self, state: Path, cache: Path) -> None:
        self.state, self.cache = state, cache
        self.said: list[str] = []
        state.mkdir()

    def write(self, name: str, text: str = "") -> Path:
        path = self.state / name
        path.write_text(text)
        return path

    def install(self) -> Path:
        return install.install(self.said.append, include=["a", "b"], keyring=self.state / "keys.gpg")

    @property
    def options(self) -> list[str]:
        """What mmdebstrap was called with."""
        return (self.state / "mmdebstrap").read_text().splitlines()

    @property
    def left(self) -> set[str]:
        """What is beside the folder."""
        return {path.name for path in (self.cache / "netbook/engine").iterdir()}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path / "state", tmp_path / "cache")
    programs = tmp_path / "bin"
    programs.mkdir()
    bodies = {
        "mmdebstrap": _MMDEBSTRAP,
        "apt-get": _APT_GET,
        "apt-config": _APT_CONFIG,
        **dict.fromkeys(("dpkg-query", "dpkg-deb", "perl"), "exit 1"),
    }
    for name, body in bodies.items():
        (programs / name).write_text("#!/bin/sh\n" + body.format(state=made.state))
        (programs / name).chmod(0o755)
    made.write("keys.gpg")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(made.cache))
    monkeypatch.setattr(mmdebstrap, "KEYRING", str(made.state / "keys.gpg"))
    return made


def test_the_folder_is_in_the_readers_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert install.directory() == tmp_path / ".cache/netbook/engine/trixie"
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert install.directory() == Path("/elsewhere/netbook/engine/trixie")


def test_installs_once(machine: Machine) -> None:
    folder = machine.install()
    assert folder == install.directory()
    assert (folder / "usr/bin/program").exists()
    assert machine.left == {"trixie", "installing"}
    (machine.state / "mmdebstrap").unlink()
    assert machine.install() == folder
    assert not (machine.state / "mmdebstrap").exists()
    assert "there already" in machine.said[-1]


def test_what_the_guest_never_reads_is_not_kept(machine: Machine) -> None:
    folder = machine.install()
    assert not (folder / "usr/share/doc").exists()
    assert not (folder / "etc/apt").exists()


def test_nothing_but_the_keys_that_were_given_is_trusted(machine: Machine) -> None:
    machine.install()
    keys = [word.partition("=")[2] for word in machine.options if word.startswith("--keyring=")]
    assert keys[0] == str(machine.state / "keys.gpg")
    assert [Path(key).name for key in keys[1:]] == ["no-keys"]
    assert "--skip=check/signed-by" in machine.options  # it would add the machine's keys by itself
    assert "--include=a,b" in machine.options


def test_the_guests_own_users_can_read_it(machine: Machine) -> None:
    before = os.umask(0o077)
    try:
        machine.install()
    finally:
        os.umask(before)
    assert int((machine.state / "umask").read_text(), 8) == 0o022


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("", []),
        ("http://mirror.example/debian/\nhttp://mirror.example/debian/\n", ["http://mirror.example/debian/"]),
        ("mirror+file:/etc/apt/mirrors/debian.list/\n", []),
    ],
)
def test_the_mirror_is_the_machines(machine: Machine, named: str, used: list[str]) -> None:
    machine.write("mirrors", named)
    machine.install()
    assert machine.options[machine.options.index("trixie") + 2 :] == used


def test_the_proxy_of_the_machines_apt_is_used_and_not_kept(machine: Machine) -> None:
    line = 'Acquire::http::Proxy "http://me:secret@proxy.example:3128";\n'
    machine.write("proxies", line)
    folder = machine.install()
    assert line in (machine.state / "settings").read_text()
    assert not any("secret" in word for word in machine.options)  # others see them in ps
    texts = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert not any(b"secret" in text for text in texts)


@pytest.mark.parametrize(
    ("words", "says", "remedy"),
    [
        ("W: GPG error: NO_PUBKEY 6ED0E7B82643E131\n", "a signature .* does not hold", "do not install"),
        ("Err:1 Temporary failure resolving 'mirror.example'\n", "cannot be reached", "connect"),
        ("E: Release file for x is not valid yet (invalid for another 3d)\n", "clock", "set the clock"),
        ("E: You don't have enough free space in /a/.\n", "the disk is too full", "free some space"),
        ("E: something new\n", "something new", "doctor"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    machine: Machine, words: str, says: str, remedy: str
) -> None:
    machine.write("fails", words)
    with pytest.raises(SetupError, match=says) as caught:
        machine.install()
    assert remedy in caught.value.remedy
    assert machine.left == {"installing"}


def start(machine: Machine) -> subprocess.Popen[str]:
    """An install in a process of its own."""
    code = (
        "from netbook.engine.embedded import install; install.install(lambda line: print(line, flush=True))"
    )

    def hear_ctrl_c() -> None:
        """A suite that a shell started in the background ignores it, and so would this."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c)


def wait(path: Path) -> None:
    """Until it is there."""
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def keys() -> None:
    """Without a keyring, a process that is not told where one is would want to fetch it."""
    if not Path("/usr/share/keyrings/debian-archive-keyring.gpg").exists():
        pytest.skip("needs debian-archive-keyring")


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_one_that_was_ended_leaves_nothing_that_looks_complete(machine: Machine, number: int) -> None:
    slow = machine.write("slow")
    process = start(machine)
    wait(machine.state / "unpacking")
    process.send_signal(number)
    process.communicate()
    assert "trixie" not in machine.left
    if number == signal.SIGINT:
        assert machine.left == {"installing"}
    slow.unlink()
    machine.install()
    assert machine.left == {"trixie", "installing"}


@pytest.mark.usefixtures("keys")
def test_a_second_one_waits_for_the_first(machine: Machine) -> None:
    slow = machine.write("slow")
    first = start(machine)
    wait(machine.state / "unpacking")
    second = start(machine)
    assert second.stdout is not None
    assert "waiting" in second.stdout.readline()
    slow.unlink()
    assert "programs are in" in first.communicate()[0]
    assert "there already" in second.communicate()[0]
    assert (machine.state / "calls").read_text() == "called\n"


@pytest.mark.usefixtures("keys")
def test_what_an_earlier_edition_fetched_is_fetched_anew_if_it_lacks_a_package(machine: Machine) -> None:
    folder = machine.install()
    (folder / "old").touch()
    install.install(machine.said.append, include=["a"], keyring=machine.state / "keys.gpg")
    assert (folder / "old").exists()
    install.install(machine.said.append, include=["a", "b", "c"], keyring=machine.state / "keys.gpg")
    assert not (folder / "old").exists()
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]


def test_no_room(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_mb", lambda _: 312)
    with pytest.raises(SetupError, match=r"has 312 MB free; about \d+ MB") as caught:
        machine.install()
    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_a_place_where_programs_cannot_be_run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(obstacles, "allows_exec", lambda _: False)
    with pytest.raises(SetupError, match="noexec") as caught:
        machine.install()
    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_a_place_that_cannot_be_written(machine: Machine) -> None:
    machine.cache.write_text("a file")
    with pytest.raises(SetupError, match=f"Cannot write to {machine.cache}") as caught:
        machine.install()
    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_possible_where_apt_is(machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert install.possible() == ""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert "needs apt" in install.possible()
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert "aarch64" in install.possible()
    with pytest.raises(SetupError, match="aarch64"):
        machine.install()


def test_removes_it(machine: Machine) -> None:
    folder = machine.install()
    (folder / "large").write_bytes(b"x" * 3_000_000)
    assert install.remove() == 3
    assert not machine.left
    assert install.remove() == 0
