"""What an engine says: `docker ps`, `docker network ls`, `docker inspect`."""

from __future__ import annotations

from dataclasses import dataclass, field


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

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those there are, IPv4 first, without the lengths of their prefixes."""
        both = (self.ip_address, self.ipv6_address.partition("/")[0])
        return tuple(address for address in both if address)


@dataclass(frozen=True, slots=True)
class Publication:
    """A port of a container, published on the engine's host: one `-p`.

    >>> str(Publication("127.0.0.1", 8080, 80)), str(Publication("::1", 0, 53, "udp"))
    ('127.0.0.1:8080:80', '[::1]::53/udp')
    """

    host_ip: str  # 0.0.0.0 and :: are all addresses of the host
    host_port: int  # 0: the engine chooses
    port: int
    proto: str = "tcp"

    @property
    def outside(self) -> str:
        """On the host: address and port."""
        host = f"[{self.host_ip}]" if ":" in self.host_ip else self.host_ip
        return f"{host}:{self.host_port or ''}"

    @property
    def inside(self) -> str:
        """In the container: port, and the protocol unless it is TCP."""
        return f"{self.port}" + ("" if self.proto == "tcp" else f"/{self.proto}")

    def __str__(self) -> str:
        return f"{self.outside}:{self.inside}"


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
    publications: tuple[Publication, ...] = ()  # those that are in force: empty while it is stopped


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
    masquerade: bool | None = True  # Docker was not told to leave out NAT to the outside; None: not known
    labels: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_default(self) -> bool:
        """One of the three that every engine starts with."""
        return self.name in ("bridge", "host", "none")
