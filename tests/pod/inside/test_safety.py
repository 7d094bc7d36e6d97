"""What the embedded engine keeps to itself, and what it cannot do to its owner's files."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook import Lab
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import orphans
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.embedded.shell import GUEST
from tests.pod.inside.conftest import Guest

LISTEN, ANY = "0A", {"00000000", "0" * 32}  # as /proc/net/tcp writes a state and "every address"


def test_folder_and_keys_are_their_owners_only(engine: Engine, machine: EmbeddedEngine) -> None:
    modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in machine.files.directory.iterdir()}
    assert stat.S_IMODE(machine.files.directory.stat().st_mode) == 0o700
    secret = {
        name: mode for name, mode in modes.items() if name in ("docker.sock", "client_key", "guest_key")
    }
    assert secret == {"docker.sock": 0o600, "client_key": 0o600, "guest_key": 0o600}


def sockets(pids: list[int]) -> Iterator[tuple[str, str, str]]:
    """Protocol, local address and state of every socket that these processes have open."""
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes:
                yield protocol, fields[1], fields[3]


def test_nothing_listens_beyond_loopback(engine: Engine, machine: EmbeddedEngine) -> None:
    keeper = machine.files.keeper()
    assert keeper
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    mine = [keeper, *map(int, children), *orphans.of(machine.files.directory)]
    listening = [(kind, address) for kind, address, state in sockets(mine) if state == LISTEN]
    port = machine.files.status()["port"]
    assert listening == [("tcp", f"0100007F:{port:04X}")]  # 127.0.0.1, the way to the guest's sshd


def test_the_port_opens_only_to_this_sessions_key(
    engine: Engine, machine: EmbeddedEngine, tmp_path: Path
) -> None:
    command = machine.command("true")
    where = machine.files.directory
    assert subprocess.run(command, cwd=where, capture_output=True).returncode == 0
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    stranger = [str(tmp_path / "other") if word == "client_key" else word for word in command]
    assert GUEST in stranger
    refused = subprocess.run(stranger, cwd=where, capture_output=True, text=True)
    assert refused.returncode == 255
    assert "Permission denied (publickey)" in refused.stderr


def facts(folder: Path) -> dict[str, tuple[int, ...]]:
    """All that can be changed about the files in a folder; when they were last read is no secret."""
    found = ((path.name, path.lstat()) for path in folder.iterdir())
    return {n: (s.st_mode, s.st_nlink, s.st_uid, s.st_gid, s.st_size, s.st_mtime_ns) for n, s in found}


@pytest.mark.parametrize(
    "attempt",
    [
        "echo changed > FILE",
        "echo more >> FILE",
        "truncate -s 0 FILE",
        "chmod 777 FILE",
        "chown 12345 FILE",
        "touch -d @0 FILE",
        "rm -f FILE",
        "mv FILE FILE.moved",
        "ln FILE FILE.linked",
        "ln -s FILE FILE.linked",
        "echo new > FOLDER/new",
        "mkdir FOLDER/new",
        "mkfifo FOLDER/new",
        "rmdir FOLDER/empty",
        "setfattr -n user.netbook -v changed FILE",
    ],
)
def test_root_in_the_guest_cannot_change_its_owners_files(guest: Guest, tmp_path: Path, attempt: str) -> None:
    """Even when it mounts the host's files for writing, which it may."""
    (tmp_path / "empty").mkdir()
    file = tmp_path / "precious"
    file.write_text("precious\n")
    before = facts(tmp_path)
    command = attempt.replace("FILE", "precious").replace("FOLDER", ".")
    there = f"mkdir -p /run/escape && mount -t hostfs -o hostfs={tmp_path} none /run/escape && cd /run/escape"
    said = guest(f"{there} && cat precious && ({command}); cd / && umount /run/escape")
    assert said.splitlines()[0] == "precious"  # reading it may
    assert file.read_text() == "precious\n"
    assert facts(tmp_path) == before


def test_the_observer_is_filtered_in_the_guest_too(lab: Lab) -> None:
    assert any(option.startswith("name=seccomp") for option in lab.engine.security)
    said = lab.workspace.observer.exec("nsenter", "-t", "1", "-m", "true")
    assert "Operation not permitted" in said.stderr
    assert "Seccomp:\t2" in lab.workspace.observer.exec("cat", "/proc/self/status").stdout
