"""Where the embedded engine's programs lie: on this machine already, or in the folder that `install` made.

Nothing is copied into the guest: its kernel shows it the host's files (hostfs), under an overlay.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from netbook.engine.embedded import kernel

# program → Debian 13's package; the guest's, and those that run beside it on the host
PROGRAMS = {
    "linux.uml": "user-mode-linux",
    "dockerd": "docker.io",
    "docker": "docker-cli",
    "containerd": "containerd",
    "crun": "crun",
    "xtables-legacy-multi": "iptables",
    "modprobe": "kmod",
    "ip": "iproute2",
    "busybox": "busybox-static",
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "slirp4netns": "slirp4netns",
}
_COMPILER = {"tcc": "tcc"}  # for the kernel that needs netbook.engine.embedded.xstate on this CPU
_PLACES = ("usr/local/bin", "usr/sbin", "usr/bin")
_LOADER = "lib64/ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"


@dataclass(frozen=True, slots=True)
class Programs:
    """A root file system with all that the embedded engine runs: `/`, or the installed folder."""

    root: Path

    @property
    def kernel(self) -> Path:
        """User-mode Linux: one that was built for this place wins over Debian's."""
        return self._place("linux.uml")

    @property
    def lower(self) -> str:
        """The root as the guest's init wants it: nothing for the machine's own."""
        return "" if self.root == Path("/") else str(self.root)

    def command(self, name: str, *arguments: str) -> list[str]:
        """How to run one of its programs on this host, whatever the host's own libc is."""
        return [*self.loader, str(self._place(name)), *arguments]

    @property
    def loader(self) -> list[str]:
        """What stands before a program of this root; nothing for the machine's own."""
        if self.root == Path("/"):
            return []
        return [str(self.root / _LOADER), "--library-path", str(self.root / _LIBRARIES)]

    def missing(self) -> dict[str, str]:
        """Programs that are not there → the Debian package that has them."""
        found = self._find("linux.uml")
        needed = PROGRAMS | (_COMPILER if found and kernel.hands_over_a_part(found) else {})
        return {name: package for name, package in needed.items() if not self._find(name)}

    def _find(self, name: str) -> Path | None:
        path = os.pathsep.join(str(self.root / place) for place in _PLACES)
        found = shutil.which(name, path=path)
        return Path(found) if found else None

    def _place(self, name: str) -> Path:
        found = self._find(name)
        if found is None:
            raise FileNotFoundError(f"{name} is not in {self.root}")
        return found


def found(installed: Path) -> Programs | None:
    """The machine's own programs if they are complete, else those in `installed`, else None."""
    for root in (Path("/"), installed):
        programs = Programs(root)
        if not programs.missing():
            return programs
    return None
