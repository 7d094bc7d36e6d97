"""The rules of the kernel's firewall: `iptables-save`."""

from __future__ import annotations

from dataclasses import dataclass, field

_HOOKS = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")  # in a packet's order


@dataclass(frozen=True, slots=True)
class Match:
    """One condition of a rule, or one option of its target."""

    name: str  # without dashes: s, d, i, o, p, dport, ctstate, to-destination …
    value: str = ""
    negated: bool = False
    module: str = ""  # after `-m`


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Two of equal `spec` in one chain do the same, whatever they have counted."""

    table: str  # filter, nat, mangle, raw, security
    chain: str
    spec: str  # what follows `-A CHAIN`, as iptables-save writes it
    target: str = ""  # ACCEPT, DROP, a chain …; empty for one that only counts
    matches: tuple[Match, ...] = ()
    options: tuple[Match, ...] = ()  # of the target
    goto: bool = False  # -g: does not come back
    packets: int | None = None  # None where the counters were not asked for
    bytes: int | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays while it counts: by this the rules of two moments are compared."""
        return (self.table, self.chain, self.spec)


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain and its rules, in the order in which a packet meets them."""

    table: str
    name: str
    policy: str = ""  # of the kernel's own chains: ACCEPT or DROP
    rules: tuple[Rule, ...] = field(default=())
    packets: int | None = None  # that met the policy
    bytes: int | None = None
    backend: str = ""  # nft or legacy: two firewalls that a packet has to pass both

    @property
    def is_untouched(self) -> bool:
        """As the kernel makes it: without rules, and letting all pass."""
        return not self.rules and self.policy in ("", "ACCEPT")

    @property
    def place(self) -> tuple[int, str]:
        """To sort by: the kernel's own in a packet's order, then the others by name."""
        return (_HOOKS.index(self.name) if self.name in _HOOKS else len(_HOOKS), self.name)
