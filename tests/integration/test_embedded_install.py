"""Fetching Debian's packages as an ordinary user, from the archive that the machine uses: a few of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from netbook.engine.embedded import install

_PROJECT = Path(__file__).parents[2]
_NOBODY = 65534
_KERNEL = ("base-files", "user-mode-linux", "patchelf")  # the kernel, and what fits it to this machine
_INSTALL = """
import sys
from pathlib import Path
from netbook.engine.embedded import install
from netbook.errors import NetbookError
include, folder, *keyrings = sys.argv[1:]
keyring = Path(keyrings[0]) if keyrings else None
try:
    install.install(print, include=include.split(","), folder=Path(folder), keyring=keyring)
except NetbookError as error:
    sys.exit(str(error))
"""


class Reader:
    """An ordinary user with a home in a folder of this test's, and a copy of the book's library."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.uid = os.getuid() or _NOBODY
        self.path = os.environ["PATH"]
        shutil.copytree(_PROJECT / "netbook", home / "netbook", ignore=shutil.ignore_patterns("__pycache__"))
        if os.getuid() == 0:
            for path in (home, *home.rglob("*")):
                os.chown(path, self.uid, self.uid)
        own = self.run("test", "-x", sys.executable).returncode == 0  # root's may be where nobody else can go
        self.python = sys.executable if own else "/usr/bin/python3"

    def forget(self, program: str) -> None:
        """From now on, PATH has everything but that."""
        links = self.home / "programs"
        links.mkdir()
        for folder in filter(os.path.isdir, os.get_exec_path()):  # not those that may not be entered
            for path in Path(folder).glob("*"):
                link = links / path.name
                if path.name != program and not link.is_symlink():
                    link.symlink_to(path)
        self.path = str(links)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        change = ("setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups")
        return subprocess.run(
            [*(change if os.getuid() == 0 else ()), *command],
            cwd=self.home,
            env={**os.environ, "PATH": self.path, "HOME": str(self.home), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(self.python, "-c", _INSTALL, *arguments)


@pytest.fixture
def reader() -> Iterator[Reader]:
    if why := install.possible():
        pytest.skip(why)
    home = Path(tempfile.mkdtemp(prefix="netbook-install-"))  # pytest's own are root's alone
    try:
        yield Reader(home)
    finally:
        shutil.rmtree(home)


def test_a_kernel_is_fetched_and_fitted_to_this_machine(reader: Reader) -> None:
    folder = reader.home / "engine/trixie"
    done = reader.install(",".join(_KERNEL), str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    kernel = reader.run(str(folder / "usr/local/bin/linux.uml"), "--version")
    modules = [path.name for path in (folder / "usr/lib/uml/modules").iterdir()]
    assert kernel.stdout.split() == modules, kernel.stderr
    assert {path.lstat().st_uid for path in (folder, *folder.rglob("*"))} == {reader.uid}
    assert {path.name for path in folder.parent.iterdir()} == {"trixie", "installing"}
    assert not (folder / "usr/share/doc").exists()
    again = reader.install(",".join(_KERNEL), str(folder))
    assert "there already" in again.stdout


def test_without_mmdebstrap_apt_fetches_it(reader: Reader) -> None:
    reader.forget("mmdebstrap")
    folder = reader.home / "engine/trixie"
    done = reader.install("base-files", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Fetching mmdebstrap" in done.stdout
    assert (folder / "etc/debian_version").read_text().startswith("13")
    assert {path.name for path in folder.parent.iterdir()} == {"trixie", "installing"}


def test_an_archive_signed_by_others_is_refused(reader: Reader) -> None:
    """Keys that are real, and none of those that sign Debian 13."""
    keyrings = Path("/usr/share/keyrings")
    foreign = [keyrings / f"{name}.gpg" for name in ("debian-archive-removed-keys", "ubuntu-archive-keyring")]
    keyring = next((path for path in foreign if path.exists()), None)
    if keyring is None:
        pytest.skip("needs a keyring of another archive")
    folder = reader.home / "engine/trixie"
    done = reader.install("base-files", str(folder), str(keyring))
    assert done.returncode == 1
    assert "a signature of the package archive does not hold" in done.stderr
    assert {path.name for path in folder.parent.iterdir()} == {"installing"}
