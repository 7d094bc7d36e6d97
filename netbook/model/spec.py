"""What is asked of an engine: a container or a network to be made, as a reader would type it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netbook.model.docker import Publication

DEFAULT_BRIDGE = (None, "default", "bridge")


def is_own(network: str | None) -> bool:
    """Is it a network that somebody created, where containers may choose addresses and have names?

    >>> is_own("shop"), is_own(None), is_own("none"), is_own("container:web")
    (True, False, False, False)
    """
    return network is not None and network not in (*DEFAULT_BRIDGE, "host", "none") and ":" not in network


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """`docker create -i --name NAME …`: one field for each option, in its order of telling.

    `labels` and `more` (of the API's HostConfig, by its names) are not told: they are the book's own.
    """

    name: str
    image: str
    command: tuple[str, ...] = ()
    network: str | None = None
    ip: str | None = None
    ip6: str | None = None
    mac: str | None = None
    alias: tuple[str, ...] = ()
    publish: tuple[Publication, ...] = ()
    link: Mapping[str, str] = field(default_factory=dict)  # source container → alias
    env: Mapping[str, str] = field(default_factory=dict)
    hostname: str | None = None
    expose: tuple[str, ...] = ()  # "80/tcp"
    cap_add: tuple[str, ...] = ()
    sysctl: Mapping[str, str] = field(default_factory=dict)
    dns: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    dns_option: tuple[str, ...] = ()
    add_host: Mapping[str, str] = field(default_factory=dict)  # name → address
    volume: tuple[str, ...] = ()  # "NAME:/folder", "/folder/here:/folder:ro"
    passing: bool = False  # --rm
    labels: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """As on the command line, between `--name NAME` and the image."""
        pairs: list[tuple[str, str | None]] = [("--network", self.network), ("--ip", self.ip)]
        pairs += [("--ip6", self.ip6), ("--mac-address", self.mac)]
        pairs += [("--network-alias", alias) for alias in self.alias]
        pairs += [("-p", str(one)) for one in self.publish]
        pairs += [("--link", f"{source}:{alias}") for source, alias in self.link.items()]
        pairs += [("-e", f"{key}={value}") for key, value in self.env.items()]
        pairs += [("--hostname", self.hostname)]
        pairs += [("--expose", port.removesuffix("/tcp")) for port in self.expose]
        pairs += [("--cap-add", name) for name in self.cap_add]
        pairs += [("--sysctl", f"{key}={value}") for key, value in self.sysctl.items()]
        pairs += [("--dns", server) for server in self.dns]
        pairs += [("--dns-search", domain) for domain in self.dns_search]
        pairs += [("--dns-option", option) for option in self.dns_option]
        pairs += [("--add-host", f"{name}:{address}") for name, address in self.add_host.items()]
        pairs += [("-v", volume) for volume in self.volume]
        return [word for option, value in pairs if value for word in (option, value)]


@dataclass(frozen=True, slots=True)
class Pool:
    """Where a network takes its addresses from; all in CIDR but the gateway."""

    subnet: str
    gateway: str = ""
    ip_range: str = ""


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """`docker network create … NAME`. `ipv4=False` is known from Docker 28 on."""

    name: str
    driver: str = "bridge"
    pools: tuple[Pool, ...] = ()
    internal: bool = False
    ipv4: bool = True
    ipv6: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    attachable: bool = False  # of an overlay: containers, too, not a swarm's services only

    @property
    def words(self) -> list[str]:
        """As on the command line, before the name."""
        words = ["--driver", self.driver] if self.driver != "bridge" else []
        for pool in self.pools:
            pairs = (("--subnet", pool.subnet), ("--gateway", pool.gateway), ("--ip-range", pool.ip_range))
            words += [word for option, value in pairs if value for word in (option, value)]
        words += ["--attachable"] * self.attachable
        words += ["--internal"] * self.internal + ["--ipv6"] * self.ipv6 + ["--ipv4=false"] * (not self.ipv4)
        return [*words, *(word for key, value in self.options.items() for word in ("-o", f"{key}={value}"))]
