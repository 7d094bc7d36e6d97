"""The options of `docker run` that the book uses: read once, told twice.

`words` is what a reader would type; `arguments` is the same for the engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from netbook.network import Network

Words = str | Iterable[str]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where a container is attached, and what it publishes, is called and is told."""

    network: str | None = None
    publish: Mapping[str, int | None] | None = None  # "80/tcp" → port on 127.0.0.1, None: any
    link: Mapping[str, str] | None = None  # source container → alias
    ip: str | None = None
    alias: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    hostname: str | None = None
    expose: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        network: str | Network | None = None,
        publish: Words = (),
        link: Words = (),
        ip: str | None = None,
        alias: Words = (),
        env: Mapping[str, str] | None = None,
        hostname: str | None = None,
        expose: Words = (),
    ) -> Self:
        """From a reader's arguments. Errors: ValueError with the form that is expected."""
        return cls(
            network=network.name if isinstance(network, Network) else network,
            publish=dict(_port(text) for text in _many(publish)),
            link=dict(_link(text) for text in _many(link)),
            ip=ip,
            alias=_many(alias),
            env=dict(env or {}),
            hostname=hostname,
            expose=tuple(port if "/" in port else f"{port}/tcp" for port in _many(expose)),
        )

    @property
    def words(self) -> list[str]:
        """As on the command line, between `--name NAME` and the image."""
        pairs: list[tuple[str, str | None]] = [("--network", self.network), ("--ip", self.ip)]
        pairs += [("--network-alias", alias) for alias in self.alias]
        pairs += [
            ("-p", f"127.0.0.1:{outside or ''}:{port.removesuffix('/tcp')}")
            for port, outside in (self.publish or {}).items()
        ]
        pairs += [("--link", f"{source}:{alias}") for source, alias in (self.link or {}).items()]
        pairs += [("-e", f"{key}={value}") for key, value in (self.env or {}).items()]
        pairs += [("--hostname", self.hostname)]
        pairs += [("--expose", port.removesuffix("/tcp")) for port in self.expose]
        return [word for option, value in pairs if value for word in (option, value)]

    @property
    def arguments(self) -> dict[str, Any]:
        """As `Engine.create` takes them."""
        return {name: getattr(self, name) for name in self.__slots__}


def _many(value: Words) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _port(text: str) -> tuple[str, int | None]:
    """Read `8080:80`, `8080:80/udp` or `80` (then the engine chooses).

    >>> _port("8080:80")
    ('80/tcp', 8080)
    """
    match = re.fullmatch(r"(?:(\d+):)?(\d+)(?:/(tcp|udp))?", text)
    if not match:
        raise ValueError(f"publish is {text!r}; it must look like '8080:80', '8080:80/udp' or '80'")
    return f"{match[2]}/{match[3] or 'tcp'}", int(match[1]) if match[1] else None


def _link(text: str) -> tuple[str, str]:
    source, _, alias = text.partition(":")
    return source, alias or source
