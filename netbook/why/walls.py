"""The firewalls of several namespaces at once, and what their rules counted: before a packet, and after.

A helper reads them, in the observer's cage with one door more: to speak with the kernel's firewall. (What
reads the host's alone, `observer/firewall.py`, does with fewer rights: it enters no other namespace.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from netbook.engine.client.engine import Engine
from netbook.engine.images import iptables
from netbook.model.firewall import Chain, Rule
from netbook.observer import confinement, firewall, helper
from netbook.observer.helper import Helper
from netbook.observer.observer import CAPABILITIES as OBSERVER
from netbook.parsers import iptables_save

ROLE = "walls"
CAPABILITIES = tuple(sorted({*OBSERVER, *firewall.CAPABILITIES}))
_DROPS = ("DROP", "REJECT")
# Arguments: a program that prints all rules, then processes of namespaces.
_SCRIPT = """
save=$1; shift
for pid; do
  if [ "$pid" = 0 ]; then "$save" -c; else nsenter -t "$pid" -n "$save" -c; fi
  echo "@@"
done
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule, or a policy, that let packets end between two looks."""

    pid: int
    rule: Rule
    packets: int
    policy: bool = False


class Walls:
    """What `reading` lends out."""

    def __init__(self, engine: Engine, made: Helper, pids: Sequence[int], *, ipv6: bool) -> None:
        self._engine, self._id, self._pids = engine, made.id, tuple(pids)
        self._save = firewall.program(ipv6=ipv6)

    def read(self) -> dict[int, tuple[Chain, ...]]:
        """`iptables-save -c`, by the namespace's process; () where there are no rules."""
        said = self._engine.exec(self._id, ("sh", "-c", _SCRIPT, "sh", self._save, *map(str, self._pids)))
        found = said.stdout.split("@@\n")
        return {pid: iptables_save.parse(text) for pid, text in zip(self._pids, found, strict=False)}


@contextmanager
def reading(engine: Engine, lab: str, pids: Sequence[int], *, ipv6: bool = False) -> Iterator[Walls]:
    """A helper as long as the block lasts. `ipv6`: `ip6tables-save`. Errors: ImageMissing; EngineRefused."""
    iptables.ensure(engine, print)
    config = confinement.host_config(engine.security, engine.runtime, CAPABILITIES, rules=True)
    made = helper.create(engine, lab, ROLE, image=iptables.NAME, capabilities=CAPABILITIES, config=config)
    try:
        made.start()
        yield Walls(engine, made, pids, ipv6=ipv6)
    finally:
        made.close()


def dropped(before: dict[int, tuple[Chain, ...]], after: dict[int, tuple[Chain, ...]]) -> list[Counted]:
    """Which rules and policies that end packets have counted some, the most first."""
    found = []
    for pid, chains in after.items():
        old = {_key(one): one.packets or 0 for one in _ending(before.get(pid, ()))}
        for one in _ending(chains):
            if (more := (one.packets or 0) - old.get(_key(one), 0)) > 0:
                found.append(Counted(pid, one, more, policy=one.spec.startswith("policy ")))
    return sorted(found, key=lambda c: -c.packets)


def _key(rule: Rule) -> tuple[str, ...]:
    return (*rule.identity, rule.target)


def _ending(chains: Iterable[Chain]) -> Iterator[Rule]:
    """Each rule that drops or rejects; a policy is told as one. Of two that are equal the first counts."""
    seen = set()
    for chain in chains:
        for rule in chain.rules:
            if rule.target in _DROPS and rule.identity not in seen:
                seen.add(rule.identity)
                yield rule
        if chain.policy == "DROP":
            yield replace(
                Rule(chain.table, chain.name, f"policy {chain.backend}", "DROP"), packets=chain.packets
            )
