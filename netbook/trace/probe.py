"""What is sent to be traced: one ping, or one TCP connection."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.topology.addressing import literal


@dataclass(frozen=True, slots=True)
class Probe:
    """What is sent, from where to where."""

    source: str  # a container's name; "" for the host itself
    target: str  # an address or a name
    port: int = 0  # TCP; 0: a ping
    size: int | None = None  # of the ping, bytes
    wait: int = 1  # seconds for the answer

    @property
    def argv(self) -> tuple[str, ...]:
        """The command. A server may keep a connection open for ever; `timeout` does not."""
        if self.port:
            return ("timeout", str(self.wait + 4), "nc", "-w", str(self.wait), self.target, str(self.port))
        size = () if self.size is None else ("-s", str(self.size))
        return ("ping", "-c", "1", "-W", str(self.wait), *size, self.target)

    @property
    def name(self) -> str:
        """The target, if it is a name."""
        return "" if literal(self.target) else self.target


def check(target: object, port: int, size: int | None, wait: int) -> None:
    """Errors: ValueError, with what is expected, for what no command should be given."""
    if isinstance(target, str) and (not target or target.startswith("-")):
        raise ValueError(f"target is {target!r}; it must be a container, a name or an address")
    for name, value, low, high in (
        ("port", port, 0, 65535),
        ("size", size or 0, 0, 65507),
        ("wait", wait, 1, 60),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; it must be from {low} to {high}")
