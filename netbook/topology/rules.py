"""A firewall's rules in words, by names that are the same in every run, and whose rules they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netbook.model.firewall import Match, Rule
from netbook.topology.graph import Topology

_PLAIN = {  # option → how its value is introduced
    "s": "from ",
    "d": "to ",
    "i": "in ",
    "o": "out ",
    "p": "",
    "dport": "port ",
    "dports": "ports ",
    "sport": "source port ",
    "sports": "source ports ",
    "ctstate": "state ",
    "state": "state ",
    "dst-type": "to an address of type ",
    "src-type": "from an address of type ",
    "to-destination": "to ",
    "to-source": "to ",
    "to-ports": "to port ",
    "reject-with": "with ",
}
_ADDRESSES = ("s", "d", "to-destination", "to-source")


@dataclass(frozen=True, slots=True)
class Names:
    """Kernel's names and addresses → stable names: of bridges, of networks' subnets, of containers."""

    interfaces: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    subnets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, topology: Topology) -> Names:
        ports = [
            (box.owner, port) for box in topology.boxes if box.mode in ("own", "named") for port in box.ports
        ]
        # a macvlan can have the subnet of a bridge that it rides on; the rules are the bridge's
        networks = sorted(topology.networks, key=lambda network: bool(network.bridge))
        return cls(
            topology.host_names,
            {address.ip: name for name, port in ports for address in port.addresses},
            {subnet: f"network {n.name}" for n in networks for subnet in n.subnets},
        )

    def of_address(self, text: str) -> str:
        """`172.17.0.2/32` → `web`, `172.17.0.0/16` → `network bridge`, `172.17.0.2:80` → `web:80`.

        And `[fd00::2]:80`, as ip6tables writes it.
        """
        if text in self.subnets:
            return self.subnets[text]
        address, colon, port = text.partition(":") if text.count(":") == 1 else (text, "", "")
        if text.startswith("[") and text[1:].partition("]")[0] in self.addresses:
            address, _, port = text[1:].partition("]")
        address = address.removesuffix("/32").removesuffix("/128")
        return f"{self.addresses.get(address, address)}{colon}{port}"

    def know(self, match: Match) -> bool:
        """Is it about something that has a name of its own here? docker0 and eth0 belong to everybody."""
        if match.name in ("i", "o"):
            return self.interfaces.get(match.value, match.value) != match.value
        return match.name in _ADDRESSES and self.of_address(match.value) != _bare(match.value)


def _bare(text: str) -> str:
    return text.removesuffix("/32").removesuffix("/128")


def words(rule: Rule, names: Names) -> tuple[str, str]:
    """(target, match): `DNAT to web:80` and `to 127.0.0.1, not in bridge of shop, tcp, port 8080`."""
    options = " ".join(_told(option, names) for option in rule.options)
    target = f"{'goto ' if rule.goto else ''}{rule.target} {options}".strip()
    return target, ", ".join(_told(match, names) for match in rule.matches) or "everything"


def _told(match: Match, names: Names) -> str:
    value = match.value
    if match.name in ("i", "o"):
        value = names.interfaces.get(value, value)
    elif match.name in _ADDRESSES:
        value = names.of_address(value)
    start = _PLAIN.get(match.name)
    told = f"{start}{value}" if start is not None else f"{match.name} {value}".strip()
    return f"not {told}" if match.negated else told


def is_strange(rule: Rule, ours: Names, all_: Names) -> bool:
    """Is it about another program's containers and networks, and nothing else?"""
    about: Iterable[Match] = (*rule.matches, *rule.options)
    known = [match for match in about if all_.know(match)]
    return bool(known) and not any(ours.know(match) for match in known)
