"""The firewall of the engine's host: read by `iptables-save` in an errand's helper, which changes nothing.

`ruled` alone writes: into DOCKER-USER, the chain that Docker leaves to others, and for a while. Whoever calls
it has made sure that the engine is the book's own.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from netbook import errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import iptables
from netbook.model.firewall import Chain
from netbook.model.programs import ExecResult
from netbook.observer import errand as errands
from netbook.observer.errand import Errand

ROLE = "firewall"
TABLES = ("filter", "nat", "mangle", "raw", "security")
CAPABILITIES = ("NET_ADMIN", "NET_RAW")  # to read nft's rules, and legacy's too
USER = "DOCKER-USER"  # Docker makes it, looks into it first, and writes nothing else into it
_OLD_IMAGE = f"the image is an old one: docker rmi {iptables.NAME}, and run the cell again"
UNREAD = "iptables-legacy tables present"  # what iptables-nft-save says, and our image answers


def command(table: str, *, ipv6: bool = False) -> tuple[str, ...]:
    """Errors: ValueError for a table that no kernel has."""
    if table not in TABLES:
        raise ValueError(f"table is {table!r}; it must be one of {', '.join(TABLES)}")
    return (program(ipv6=ipv6), "-c", "-t", table)


def program(*, ipv6: bool = False) -> str:
    """What prints a firewall's rules."""
    return f"ip{'6' * ipv6}tables-save"


def shown(table: str, network: str = "host", *, ipv6: bool = False) -> tuple[str, ...]:
    """As a reader would type it."""
    rights = errands.rights(CAPABILITIES, network)
    return ("docker", "run", "--rm", *rights, iptables.NAME, *command(table, ipv6=ipv6))


def for_host(engine: Engine, lab: str) -> Errand:
    """The helper for all reading and writing of a lab."""
    return Errand(engine, lab, ROLE, image=iptables.NAME, capabilities=CAPABILITIES)


def for_container(engine: Engine, lab: str, network: str) -> AbstractContextManager[Errand]:
    """One for a container that plays the host; `network`: `container:NAME`."""
    return errands.run(engine, lab, image=iptables.NAME, capabilities=CAPABILITIES, network=network)


def read(
    engine: Engine, errand: AbstractContextManager[Errand], tables: Sequence[str], *, ipv6: bool = False
) -> str:
    """What `iptables-save` printed; of one among several tables that the kernel does not have, nothing.

    Nor of a table of IPv6 that nobody has used yet.

    Errors: ImageMissing; EngineRefused in its own words if it may not read.
    """
    iptables.ensure(engine, print)
    script = "; ".join(shlex.join(command(table, ipv6=ipv6)) for table in tables)
    with errand as helper:
        said = helper.exec("sh", "-c", script)
    if not (said.stdout or ipv6) or (len(tables) == 1 and not said.ok):
        raise _unread(said, tables)
    return said.stdout


def _unread(said: ExecResult, tables: Sequence[str]) -> errors.EngineRefused:
    return errors.EngineRefused(
        f"The host's firewall could not be read: {_line(said, -1)}",
        remedy=_OLD_IMAGE
        if said.exit_code in (126, 127)
        else f"perhaps its kernel has no table {' or '.join(tables)}; or this engine (rootless, perhaps) "
        f"gives its containers no right to {', '.join(CAPABILITIES)}",
    )


def writing(verb: str, rule: Sequence[str]) -> tuple[str, ...]:
    """As a reader would type it; `verb`: -I or -D."""
    return ("docker", "run", "--rm", *errands.rights(CAPABILITIES), iptables.NAME, *_written(verb, rule))


def _written(verb: str, rule: Sequence[str]) -> tuple[str, ...]:
    return ("iptables", verb, USER, *rule)


@contextmanager
def ruled(engine: Engine, errand: Errand, rules: Sequence[Sequence[str]]) -> Iterator[None]:
    """These rules are the first of DOCKER-USER, in this order, as long as the block lasts.

    Errors: ImageMissing; EngineRefused in iptables' own words, with none of them written.
    """
    iptables.ensure(engine, print)
    done: list[Sequence[str]] = []
    try:
        with errand.run() as helper:
            for rule in reversed(rules):
                said = helper.exec(*_written("-I", rule))
                if not said.ok:
                    raise errors.EngineRefused(
                        f"iptables refused the rule `{' '.join(rule)}`: {_line(said, 0)}",
                        remedy=_OLD_IMAGE
                        if said.exit_code in (126, 127)
                        else "write what follows `iptables -A DOCKER-USER`: '-s 10.66.0.0/24 -j DROP'",
                    )
                done.append(rule)
        yield
    finally:
        if done:
            with errand.run() as helper:
                for rule in done:
                    helper.exec(*_written("-D", rule))


def _line(said: ExecResult, which: int) -> str:
    words = said.text.strip().splitlines()
    return words[which] if words else f"exit code {said.exit_code}"


def chosen(chains: Iterable[Chain], chain: str) -> tuple[Chain, ...]:
    """Those of that name; all for "". Errors: NotFound, with those that are there."""
    found = tuple(chains)
    if chain and chain not in {c.name for c in found}:
        there = ", ".join(dict.fromkeys(c.name for c in found)) or "none"
        raise errors.NotFound(f"The table has no chain {chain!r}.", remedy=f"choose from: {there}")
    return tuple(c for c in found if chain in ("", c.name))
