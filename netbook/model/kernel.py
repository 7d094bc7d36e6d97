"""What the kernel says: `ip addr`, `ip route`, network namespaces. MTU in bytes."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface


@dataclass(frozen=True, slots=True)
class Address:
    """One address of an interface: the `inet`/`inet6` lines of `ip addr`."""

    value: IPv4Interface | IPv6Interface
    scope: str = "global"  # global, link, host, site

    @property
    def family(self) -> str:
        """`inet` for IPv4, `inet6` for IPv6, as `ip addr` calls them."""
        return "inet" if self.value.version == 4 else "inet6"

    @property
    def ip(self) -> str:
        return str(self.value.ip)

    @property
    def cidr(self) -> str:
        """Address and prefix length: `172.17.0.2/16`."""
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface as one namespace sees it: one stanza of `ip addr`."""

    index: int
    name: str
    flags: tuple[str, ...] = ()
    mtu: int = 0
    mac: str = ""
    master: str = ""  # the bridge it is plugged into, by name
    link: int | str | None = None  # `eth0@if7` → 7, `vlan1@eth0` → "eth0"
    kind: str = ""  # the word after `link/`: ether, loopback, none …
    addresses: tuple[Address, ...] = ()

    @property
    def is_up(self) -> bool:
        return "UP" in self.flags and "LOWER_UP" in self.flags

    @property
    def state(self) -> str:
        """`UP` or `DOWN`, from the flags: old busybox prints no `state`, iproute2 says UNKNOWN for lo."""
        return "UP" if self.is_up else "DOWN"

    @property
    def is_loopback(self) -> bool:
        return "LOOPBACK" in self.flags


@dataclass(frozen=True, slots=True)
class Route:
    """One line of `ip route`."""

    destination: str  # "default" or a network in CIDR form
    interface: str = ""
    gateway: str = ""
    source: str = ""
    scope: str = "global"
    metric: int | None = None
    kind: str = "unicast"  # unicast, blackhole, unreachable, prohibit …


@dataclass(frozen=True, slots=True)
class Namespace:
    """One network namespace: its inode and its interfaces; its name, if `ip netns` knows one."""

    inode: int
    interfaces: tuple[Interface, ...] = ()
    name: str = ""
    owned: bool = False  # the name was given in one of the book's containers
