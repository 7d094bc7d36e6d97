"""What programs in a container say: `docker exec`, `ping`, `nslookup`, files in /etc.

Times in milliseconds, loss as a fraction of 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PingReply:
    """One line `64 bytes from …`."""

    seq: int
    ttl: int
    time_ms: float | None = None


@dataclass(frozen=True, slots=True)
class PingResult:
    """What one `ping` said. `error` holds its own words when it could not even send."""

    target: str
    address: str = ""  # what the name resolved to; empty when it did not
    transmitted: int = 0
    received: int = 0
    replies: tuple[PingReply, ...] = ()
    error: str = ""

    @property
    def ok(self) -> bool:
        """Every packet sent came back, and at least one was sent."""
        return 0 < self.transmitted == self.received

    @property
    def loss(self) -> float:
        """Lost packets as a fraction of those sent; 1.0 when none could be sent."""
        return 1 - self.received / self.transmitted if self.transmitted else 1.0

    @property
    def outcome(self) -> str:
        """One stable phrase: `reply`, `partial`, `no reply`, or ping's own words (`bad address`)."""
        if self.error:
            return self.error
        if self.received == 0:
            return "no reply"
        return "reply" if self.ok else "partial"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one container's ping of another came to: one row for each address, and one for the name."""

    source: str
    target: str
    by: str  # address, name
    address: str = ""  # where the ping went; empty when there was no address to ping
    answer: str = "yes"  # yes, no; ? when the source could not be asked
    reason: str = ""  # of a no, in ping's own words where there are some; of a ?, why nobody was asked


@dataclass(frozen=True, slots=True)
class ExecResult:
    """What a command in a container printed, and its exit code: `docker exec`."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def text(self) -> str:
        """Both streams, standard output first."""
        return self.stdout + self.stderr

    def __str__(self) -> str:
        return self.text.rstrip("\n")

    def __repr__(self) -> str:
        note = "" if self.ok else f"[exit code {self.exit_code}]"
        return "\n".join(part for part in (str(self), note) if part)

    def _ipython_display_(self) -> None:
        """Of a command that said nothing, nothing is shown: as in a shell."""
        if repr(self):
            raise NotImplementedError  # so Jupyter shows it in its own way


@dataclass(frozen=True, slots=True)
class HostEntry:
    """One line of `/etc/hosts`."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolver:
    """`/etc/resolv.conf`."""

    nameservers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """What `nslookup NAME` said. `error` holds its own words, as `NXDOMAIN`."""

    name: str
    server: str = ""
    addresses: tuple[str, ...] = ()
    error: str = ""
