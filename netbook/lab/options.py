"""The options of `docker run` as a reader writes them in Python: read once, into a ContainerSpec.

What an engine refuses in words that puzzle, or takes and ignores, is refused here, with the way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from netbook.errors import WrongArgument
from netbook.model.docker import Publication
from netbook.model.spec import DEFAULT_BRIDGE, ContainerSpec, is_own

Words = str | Iterable[str]
LOOPBACK = "127.0.0.1"  # a plain `-p` would open the port to everybody who reaches the host

_FORMS = "'8080:80', '8080:80/udp' or '80'"
_HOST_FORMS = "'0.0.0.0:8080:80', '127.0.0.1::80' or '[::1]:8080:80'"
# of the kernel's namespaces: https://docs.docker.com/reference/cli/docker/container/run/#sysctl
_SYSCTLS = ("net.", "kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.")
# capabilities(7), without the prefix CAP_
# fmt: off
CAPABILITIES = (
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE",
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL",
    "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE",
    "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG",
    "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE",
    "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
)
# fmt: on


def read(
    name: str,
    image: str,
    command: Iterable[str] = (),
    *,
    network: object = None,
    publish: Words = (),
    link: Words = (),
    ip: str | None = None,
    ip6: str | None = None,
    mac: str | None = None,
    alias: Words = (),
    env: Mapping[str, str] | None = None,
    hostname: str | None = None,
    expose: Words = (),
    cap_add: Words = (),
    sysctl: Mapping[str, object] | None = None,
    dns: Words = (),
    dns_search: Words = (),
    dns_option: Words = (),
    add_host: Mapping[str, str] | None = None,
    volume: Words = (),
) -> ContainerSpec:
    """From a reader's arguments. Errors: WrongArgument with the form that is expected, or the way out.

    `network`: its name, or whatever has one.
    """
    if not name:
        raise WrongArgument(
            "A container's name must not be empty: Docker would invent one.", remedy="lab.run('bbox01')"
        )
    where = getattr(network, "name", network)
    where = None if where is None else str(where)
    if not is_own(where):
        for option, value in (("ip", ip), ("ip6", ip6), ("alias", ", ".join(many(alias)))):
            _only_on_own(option, value, where)
    return ContainerSpec(
        name,
        image,
        tuple(command),
        network=where,
        ip=_address("ip", ip, 4),
        ip6=_address("ip6", ip6, 6),
        mac=_mac(mac),
        alias=many(alias),
        publish=tuple(dict.fromkeys(publication(text) for text in many(publish))),
        link=dict(_link(text) for text in many(link)),
        env=dict(env or {}),
        hostname=hostname,
        expose=tuple(port if "/" in port else f"{port}/tcp" for port in many(expose)),
        cap_add=tuple(_capability(word) for word in many(cap_add)),
        sysctl=dict(_sysctl(key, value) for key, value in _pairs("sysctl", sysctl)),
        dns=tuple(str(_address("dns", server)) for server in many(dns)),
        dns_search=many(dns_search),
        dns_option=many(dns_option),
        add_host=dict(_host(key, str(value)) for key, value in _pairs("add_host", add_host)),
        volume=tuple(_volume(text) for text in many(volume)),
    )


def many(value: Words | None) -> tuple[str, ...]:
    """One word, several or none.

    >>> many("80"), many(["80", "81"]), many(None)
    (('80',), ('80', '81'), ())
    """
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def publication(text: str) -> Publication:
    """Read what `-p` takes. Without an address of the host it is 127.0.0.1, not all: this machine only.

    >>> str(publication("8080:80")), str(publication("0.0.0.0:8080:80")), str(publication("[::1]::53/udp"))
    ('127.0.0.1:8080:80', '0.0.0.0:8080:80', '[::1]::53/udp')
    """
    match = re.fullmatch(r"(?:(?:(\[[^\]]+\]|[^:\[\]]+):)?(\d*):)?(\d+)(?:/(tcp|udp|sctp))?", text)
    if match and (match[1] or match[2] or ":" not in text):
        host = str(_address("publish", match[1].strip("[]"))) if match[1] else LOOPBACK
        inside, outside = int(match[3]), int(match[2] or 0)
        if 1 <= inside <= 65535 and outside <= 65535:
            return Publication(host, outside, inside, match[4] or "tcp")
    raise WrongArgument(
        f"publish is {text!r}; it must look like {_FORMS}, with ports from 1 to 65535.",
        remedy=f"without an address it is {LOOPBACK}, this machine only; with one: {_HOST_FORMS}",
    )


def _only_on_own(option: str, value: str | None, network: str | None) -> None:
    if not value:
        return
    where = "the default bridge" if network in DEFAULT_BRIDGE else f"network={network!r}"
    raise WrongArgument(
        f"{option} is {value!r}, on {where}: Docker refuses it there, and takes it on networks of your own.",
        remedy=f"mine = lab.create_network('mine', subnet='10.66.0.0/24'), then network=mine, {option}=…",
    )


def _address(option: str, text: str | None, version: int = 0) -> str | None:
    if text is None:
        return None
    try:
        found = ip_address(text)
    except ValueError:
        found = None
    if found is None or version not in (0, found.version):
        kind = f"IPv{version} address" if version else "address"
        example = "fd00:66::9" if version == 6 else "10.66.0.9"
        raise WrongArgument(
            f"{option} is {text!r}, which is no {kind}.",
            remedy=f"write one without a '/…', such as {example!r}",
        )
    return str(found)


def _mac(text: str | None) -> str | None:
    if text is None or re.fullmatch(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", text):
        return text
    raise WrongArgument(
        f"mac is {text!r}, which is no MAC address.",
        remedy="write six bytes in hexadecimal, such as '02:42:ac:11:00:99'",
    )


def _capability(word: str) -> str:
    plain = word.upper().removeprefix("CAP_")
    if plain in CAPABILITIES:
        return plain
    raise WrongArgument(
        f"cap_add is {word!r}, which is no capability of Linux.", remedy=f"one of {', '.join(CAPABILITIES)}"
    )


def _sysctl(key: str, value: object) -> tuple[str, str]:
    if key.startswith(_SYSCTLS):
        return key, str(int(value) if isinstance(value, bool) else value)
    raise WrongArgument(
        f"sysctl is {key!r}: a container has only those settings for itself that belong to its namespaces.",
        remedy=f"they begin with {', '.join(_SYSCTLS)}; for example sysctl={{'net.ipv4.ip_forward': 1}}",
    )


def _host(name: str, address: str) -> tuple[str, str]:
    if address != "host-gateway":  # Docker's word for the host itself
        _address("add_host", address)
    return name, address


def _volume(text: str) -> str:
    name = r"[a-zA-Z0-9][a-zA-Z0-9_.-]+|/[^:]*"
    if re.fullmatch(rf"({name}):/[^:]*(:(ro|rw))?", text):
        return text
    raise WrongArgument(
        f"volume is {text!r}; it must look like 'data:/folder' or '/folder/here:/folder:ro'.",
        remedy="the first part is a volume's name, or a folder of the engine's host from its root",
    )


def _pairs(option: str, value: Mapping[str, Any] | None) -> Iterable[tuple[str, Any]]:
    if value is None or isinstance(value, Mapping):
        return (value or {}).items()
    raise WrongArgument(
        f"{option} is {value!r}; it must be a dict.",
        remedy={
            "sysctl": "sysctl={'net.ipv4.ip_forward': 1}",
            "add_host": "add_host={'db': '10.66.0.9'}",
        }[option],
    )


def _link(text: str) -> tuple[str, str]:
    source, _, alias = text.partition(":")
    return source, alias or source
