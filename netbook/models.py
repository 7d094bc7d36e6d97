"""What the commands say, as plain frozen values: nothing here talks to an engine.

Units: times in milliseconds, MTU in bytes, loss as a fraction of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as one interface saw it: one record of `tcpdump -i any -w FILE`.

    `identity` is equal for the same packet at other interfaces, also beyond NAT: it has
    neither addresses nor ports nor time to live.
    """

    time: int  # nanoseconds since 1970
    interface: int  # index, in the namespace where it was captured
    outgoing: bool
    protocol: str  # ARP, ND, ICMP, TCP, UDP, DNS, fragment; else ""
    what: str  # "ICMP echo request", "ARP who has 172.17.0.3"
    source: str = ""  # addresses; of ARP and ND those that are spoken of
    target: str = ""
    identity: tuple[object, ...] = ()
    source_port: int = 0
    target_port: int = 0
    mac: str = ""  # the sender's on this wire
    length: int = 0  # bytes on the wire, from the IP or ARP header on
    ttl: int = 0
    ip_id: int = 0
    echo: tuple[int, bytes] | None = None  # of a ping: sequence number, first bytes that it carries
    flags: str = ""  # TCP: some of SFRA
    number: int = 0  # TCP: sequence number
    name: str = ""  # DNS: that was asked for
    detail: str = ""  # DNS: the server's code if it is not NOERROR
    quoted: Packet | None = None  # ICMP: of which it complains
    record: bytes = field(default=b"", repr=False)  # as in the file, its header included


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


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A container's attachment to one network: one entry of `NetworkSettings.Networks`.

    The addresses are empty while the container is stopped.
    """

    network: str
    ip_address: str = ""
    prefixlen: int = 0
    gateway: str = ""
    ipv6_address: str = ""
    mac: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerInfo:
    """What the engine knows of a container; its `namespace` is read from the kernel."""

    id: str
    name: str
    image: str = ""
    state: str = "running"  # created, running, paused, restarting, exited, dead
    network_mode: str = "default"  # default, bridge, host, none, container:ID, NETWORK
    endpoints: tuple[Endpoint, ...] = ()
    owned: bool = True
    pid: int = 0  # on the engine's host; 0 while stopped
    namespace: int = 0  # inode of its network namespace; 0: not running or not readable
    labels: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """One row of `docker network ls` and what `docker network inspect` adds."""

    id: str
    name: str
    driver: str
    scope: str = "local"
    internal: bool = False
    subnets: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    bridge: str = ""  # the bridge's name on the host, for driver bridge
    owned: bool = False
    labels: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_default(self) -> bool:
        """One of the three that every engine starts with."""
        return self.name in ("bridge", "host", "none")


@dataclass(frozen=True, slots=True)
class Namespace:
    """One network namespace: its inode and its interfaces."""

    inode: int
    interfaces: tuple[Interface, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of an engine: everything the topology is computed from."""

    host: Namespace
    namespaces: tuple[Namespace, ...] = ()
    containers: tuple[ContainerInfo, ...] = ()
    networks: tuple[NetworkInfo, ...] = ()
    bridges: dict[str, tuple[str, ...]] = field(default_factory=dict)  # bridge → its ports
