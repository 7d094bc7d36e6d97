"""The ladder without an engine: every rung that falls through says why, in a sentence."""

from __future__ import annotations

import hashlib
import json
import os
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from netbook.engine import candidates, ladder, own, sockets
from netbook.engine.attempt import Attempt
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import machine
from netbook.engine.private import dockerd, requirements
from netbook.errors import NoEngine, SetupError


class Impostor(socketserver.ThreadingUnixStreamServer):
    """Something that answers on a unix socket, and is no Docker Engine."""

    version: dict[str, object]
    ping = 200


class Answer(BaseHTTPRequestHandler):
    server: Impostor

    def do_GET(self) -> None:
        body = b"OK" if self.path.endswith("_ping") else json.dumps(self.server.version).encode()
        self.send_response(self.server.ping if self.path.endswith("_ping") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Impostor]:
    with Impostor(str(tmp_path / "docker.sock"), Answer) as server:
        server.version = {"Version": "27.0.1", "ApiVersion": "1.46", "MinAPIVersion": "1.24", "Os": "linux"}
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No engine of this machine's may answer."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "NETBOOK_ENGINE", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "no-config"))


def only(outcomes: Iterator[Attempt | Engine]) -> Attempt:
    (attempt,) = outcomes
    assert isinstance(attempt, Attempt)
    return attempt


def knock_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    return only(ladder.climb())


def test_docker_host_is_an_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = knock_at(tmp_path / "nothing.sock", monkeypatch)
    assert attempt.what == "DOCKER_HOST"
    assert attempt.problem == "no such socket"
    assert "unset DOCKER_HOST" in attempt.remedy


def test_stale_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socketserver.UnixStreamServer(str(tmp_path / "stale.sock"), Answer).server_close()
    assert knock_at(tmp_path / "stale.sock", monkeypatch).problem == "does not answer (Connection refused)"


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ({"Components": [{"Name": "Podman Engine"}], "Version": "5.4.2"}, "is Podman 5.4.2"),
        ({"Os": "windows"}, "Windows containers"),
        ({"Version": "19.03.15"}, "is Docker 19.03.15; the book needs 20.10 or newer"),
    ],
)
def test_an_engine_unlike_docker_is_named(
    impostor: Impostor, monkeypatch: pytest.MonkeyPatch, version: dict[str, object], says: str
) -> None:
    impostor.version |= version
    assert says in knock_at(Path(str(impostor.server_address)), monkeypatch).problem


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "26.1.5+dfsg1", "28.2.2", "29.0.0-rc.1", "master-dev"])
def test_every_docker_from_20_10_on_is_taken(version: str) -> None:
    assert own.not_docker({"Version": version, "Os": "linux"}) == ""


def test_something_else_listens_there(impostor: Impostor, monkeypatch: pytest.MonkeyPatch) -> None:
    impostor.ping = 404
    problem = knock_at(Path(str(impostor.server_address)), monkeypatch).problem
    assert problem == "does not answer (what listens there is no Docker Engine)"


def test_a_socket_the_user_may_not_open(impostor: Impostor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # as root, every file may be opened
    attempt = knock_at(Path(str(impostor.server_address)), monkeypatch)
    assert attempt.problem == "your user may not open this socket"
    assert "usermod -aG docker" in attempt.remedy


def test_nothing_holds_lists_every_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "listed", lambda: iter(()))
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs root; you are uid 1000")
    monkeypatch.setattr(machine, "problem", lambda: ("the embedded engine needs crun: not installed", ""))
    with pytest.raises(NoEngine) as caught:
        ladder.find()
    message = str(caught.value)
    assert "yours: DOCKER_HOST is not set, and none of the usual sockets exists" in message
    assert "private: a private engine needs root; you are uid 1000" in message
    assert "embedded: the embedded engine needs crun: not installed" in message
    assert "→ install Docker Engine" in message


def test_the_easiest_remedy_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "listed", lambda: iter(()))
    monkeypatch.setattr(requirements, "problem", lambda: "a private engine needs root; you are uid 1000")
    monkeypatch.setattr(requirements, "remedy", lambda: "")
    monkeypatch.setattr(
        machine, "problem", lambda: ("it needs crun", "run `python3 -m netbook engine install`")
    )
    with pytest.raises(NoEngine) as caught:
        ladder.find()
    assert caught.value.remedy == "run `python3 -m netbook engine install`"


def test_netbook_engine_must_be_a_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOOK_ENGINE", "imaginary")
    with pytest.raises(SetupError, match="'imaginary'; it must be one of yours, private, embedded"):
        ladder.find()


def test_a_private_engine_whose_folder_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(requirements, "problem", lambda: None)
    monkeypatch.setattr(dockerd, "_LONGEST", 500)
    monkeypatch.setenv("NETBOOK_ENGINE", "private")
    monkeypatch.setenv("NETBOOK_STATE", str(tmp_path / "file"))
    attempt = only(ladder.climb())
    assert "its folder cannot be used: [Errno 17] File exists" in attempt.problem
    assert "set NETBOOK_STATE" in attempt.remedy


def test_a_private_engine_whose_path_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "problem", lambda: None)
    monkeypatch.setenv("NETBOOK_ENGINE", "private")
    monkeypatch.setenv("NETBOOK_STATE", str(tmp_path / ("x" * 70)))
    attempt = only(ladder.climb())
    assert "is too long for the sockets of a private engine: at most 68 bytes" in attempt.problem
    assert attempt.remedy == "set NETBOOK_STATE to a folder with a shorter path"
    assert not (tmp_path / ("x" * 70)).exists()


def test_a_relative_state_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETBOOK_STATE", "state")
    assert dockerd.PrivateEngine().url == f"unix://{tmp_path}/state/docker.sock"


def test_root_without_capabilities_is_told_what_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(requirements, "missing_programs", dict)
    monkeypatch.setattr(requirements, "missing_capabilities", lambda: ["NET_ADMIN"])
    monkeypatch.setenv("NETBOOK_ENGINE", "private")
    attempt = only(ladder.climb())
    assert attempt.problem == "a private engine needs the capabilities NET_ADMIN, which root lacks in here"
    assert "--privileged" in attempt.remedy


def test_usual_sockets_are_found(tmp_path: Path) -> None:
    places = {
        ".docker/run/docker.sock": "Docker Desktop",
        ".colima/default/docker.sock": "Colima",
        ".colima/work/docker.sock": "Colima",
        ".rd/docker.sock": "Rancher Desktop",
        ".orbstack/run/docker.sock": "OrbStack",
        "run/docker.sock": "rootless Docker",
        "run/podman/podman.sock": "Podman",
    }
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    found = {
        str(e.socket.relative_to(tmp_path)): e.what
        for e in candidates.listed({"XDG_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path)
        if e.socket and e.socket.is_relative_to(tmp_path)
    }
    assert found == places


def test_the_current_context_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from docker.context import Context

    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "lab"}))
    Context("lab", host="tcp://127.0.0.1:2375").save()
    first = next(candidates.listed({}, tmp_path))
    assert (first.what, first.where) == ("the current docker context", "tcp://127.0.0.1:2375")


@pytest.mark.parametrize(
    ("meta", "says"),
    [
        ("{broken", "the docker context cannot be read: "),
        ("[]", "the docker context cannot be read: "),
        ("{}", "the docker context cannot be read: it lacks 'Endpoints'"),
        (None, "the chosen docker context, 'lab', does not exist"),
    ],
)
def test_a_damaged_context_is_a_sentence(
    meta: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "lab"}))
    if meta is not None:
        folder = tmp_path / "contexts" / "meta" / hashlib.sha256(b"lab").hexdigest()
        folder.mkdir(parents=True)
        (folder / "meta.json").write_text(meta)
    first = next(candidates.listed({}, tmp_path))
    assert first.problem.startswith(says)
    assert "docker context use" in first.remedy


def test_tls_without_certificates_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    attempt = only(ladder.climb())
    assert f"are not all in {tmp_path}" in attempt.problem
    assert "unset DOCKER_TLS_VERIFY" in attempt.remedy


def test_ssh_names_the_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://me@box")
    monkeypatch.setattr(own, "find_spec", lambda _: None)
    attempt = only(ladder.climb())
    assert "SSH" in attempt.problem
    assert "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ssh://me@box" in attempt.remedy


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.setattr(sockets, "_exists", lambda _: False)
    monkeypatch.setattr(candidates, "is_missing", lambda _: True)  # whatever this machine has
    assert list(candidates.listed({})) == []


def test_a_socket_in_a_folder_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", closed)  # as root, every folder is open
    monkeypatch.setattr(os, "access", lambda *_: False)
    attempt = knock_at(Path("/closed/docker.sock"), monkeypatch)
    assert attempt.problem == "your user may not open this socket"


def test_private_problem_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert requirements.problem() in (
        "a private engine needs root; you are uid 1000",
        "a private engine needs Linux; this is darwin",
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(requirements, "PATH", "")
    monkeypatch.setattr("sys.platform", "linux")
    assert "dockerd, containerd, runc, iptables, ip: not installed" in str(requirements.problem())
