"""What the host, as a router with a firewall, does with a ping from one bridge to another: by its rules.

The first packet of a ping is led through the chains as the kernel leads it: raw PREROUTING, then FORWARD of
filter. A rule with a condition that cannot be decided here makes the answer unknown, unless it would change
nothing; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from itertools import permutations

from netbook.model.docker import Publication
from netbook.model.firewall import Chain, Match
from netbook.topology.graph import Bridge, Topology, stable

Verdict = bool | None  # it passes; None: not known
_PASSES_ON = ("", "LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS", "CT", "NOTRACK", "TRACE")  # and goes on


@dataclass(frozen=True, slots=True)
class Wall:
    """What is forwarded between the bridges, by their titles, and what is published: (container, where)."""

    between: tuple[tuple[str, str, Verdict], ...] = ()
    published: tuple[tuple[str, Publication], ...] = ()

    @property
    def told(self) -> list[str]:
        """In lines; the bridges' names only where they are not treated alike."""
        verdicts = {verdict for *_, verdict in self.between}
        words: dict[Verdict, str] = {False: "dropped", True: "let through", None: "not known"}
        said = [f"a ping from bridge to bridge: {words[v]}" for v in verdicts if len(verdicts) == 1]
        for verdict in (False, True, None) if len(verdicts) > 1 else ():
            pairs = [f"{a} → {b}" for a, b, v in self.between if v is verdict]
            said += [f"a ping {', '.join(pairs)}: {words[verdict]}"] if pairs else []
        said += [f"{one.outside} → {name}:{one.inside}" for name, one in self.published]
        return said


def wall(topology: Topology, chains: Iterable[Chain]) -> Wall:
    """`iptables-save`, asked for a ping between each two bridges of the wiring; `docker port` of all."""
    tables: dict[str, dict[str, list[Chain]]] = {}
    for chain in chains:
        tables.setdefault(chain.table, {}).setdefault(chain.name, []).append(chain)
    bars = [bridge for bridge in topology.bridges if not bridge.hidden]
    outer = [s for n in topology.networks if not n.internal and n.bridge for s in n.subnets]
    between = []
    for one, two in permutations(bars, 2):
        source, target = _somebody(one, topology), _somebody(two, topology)
        if source and target:
            ping = _Ping(one.name, two.name, source, target, tuple(outer))
            between.append((one.title, two.title, ping.passes(tables)))
    published = ((box.owner, one) for box in topology.boxes for one in box.publications)
    return Wall(tuple(between), tuple(dict.fromkeys(published)))


def _somebody(bridge: Bridge, topology: Topology) -> str:
    """An IPv4 address behind the bridge: of one that is there, else one of its subnet."""
    ports = (port for box in topology.boxes for port in box.ports if port.bridge == bridge.name)
    there = [a for port in ports for a in stable(port.addresses) if a.value.version == 4]
    own = [a for a in stable(bridge.addresses) if a.value.version == 4]
    if there:
        return there[0].ip
    hosts = own[0].value.network.hosts() if own else iter(())
    return next((str(host) for host in hosts if str(host) != own[0].ip), "")


@dataclass(frozen=True, slots=True)
class _Ping:
    """The first packet of one that is forwarded."""

    came: str  # by which interface
    leaves: str
    source: str
    target: str
    outer: tuple[str, ...]  # subnets of Docker's networks that are not internal

    def passes(self, tables: Mapping[str, Mapping[str, list[Chain]]]) -> Verdict:
        """Through all chains of those two names; nft's and legacy's rules are two that it has to pass."""
        raw = tables.get("raw", {})
        hooks = [*((raw, c) for c in raw.get("PREROUTING", ()))]
        filters = tables.get("filter", {})
        hooks += [(filters, c) for c in filters.get("FORWARD", ())]
        if not filters.get("FORWARD"):
            return None  # the rules were not read
        found: list[Verdict] = []
        for chains, chain in hooks:
            verdict = self._walk(chain, chains)
            found.append(chain.policy != "DROP" if verdict == "end" else _VERDICTS[verdict])
        return False if False in found else None if None in found else True

    def _walk(self, chain: Chain, chains: Mapping[str, list[Chain]]) -> str:
        """ACCEPT, DROP, unknown, or that the chain's end was reached."""
        for rule in chain.rules:
            holds = self._all(rule.matches)
            if holds is False or rule.target in _PASSES_ON:
                continue
            if rule.target in ("ACCEPT", "DROP", "REJECT"):
                verdict = "ACCEPT" if rule.target == "ACCEPT" else "DROP"
            elif rule.target == "RETURN":
                verdict = "end"
            else:
                inner = [c for c in chains.get(rule.target, ()) if c.backend == chain.backend]
                verdict = self._walk(inner[0], chains) if inner else "unknown"
                if verdict == "end" and not (rule.goto and holds):
                    continue
            return verdict if holds else "unknown"
        return "end"

    def _all(self, matches: Iterable[Match]) -> Verdict:
        found = [None if (held := self._one(match)) is None else held != match.negated for match in matches]
        return False if False in found else None if None in found else True

    def _one(self, match: Match) -> Verdict:
        known: dict[str, Callable[[str], Verdict]] = {
            "i": lambda value: _is_called(self.came, value),
            "o": lambda value: _is_called(self.leaves, value),
            "s": lambda value: _is_in(self.source, value),
            "d": lambda value: _is_in(self.target, value),
            "p": lambda value: value in ("icmp", "all"),
            "icmp-type": lambda value: value in ("8", "any"),
            "ctstate": lambda value: "NEW" in value.split(","),
            "state": lambda value: "NEW" in value.split(","),
            "dst-type": lambda value: value == "UNICAST",
            "comment": lambda _: True,
            # Docker 28's own set: the subnets of bridge networks that are not internal
            "match-set": lambda value: self._is_outer() if value == "docker-ext-bridges-v4 dst" else None,
        }
        return known[match.name](match.value) if match.name in known else None

    def _is_outer(self) -> bool:
        return any(_is_in(self.target, subnet) for subnet in self.outer)


_VERDICTS: dict[str, Verdict] = {"ACCEPT": True, "DROP": False, "unknown": None}


def _is_called(name: str, value: str) -> bool:
    """`br+` is every name that begins so."""
    return name.startswith(value[:-1]) if value.endswith("+") else name == value


def _is_in(address: str, value: str) -> Verdict:
    try:
        return ip_address(address) in ip_network(value, strict=False)
    except ValueError:
        return None
