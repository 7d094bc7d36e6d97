"""Which chapters the pod runs by day: as few as have every public verb and every network mode. By night, all.

The pod is the slowest of the engines, and chapters repeat one another. It is computed, so that no list has
to be kept. tests/guards/test_cover.py proves that nothing is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.lab.network import Network
from tests import notebook_files as files
from tests.frame.day import is_night

VERBS = {name for kind in (Container, Lab, Network) for name in vars(kind) if not name.startswith("_")}
VERBS -= {"id", "name"}  # who it is: nothing is asked
VERBS |= {f"host.{name}" for name in vars(Host) if not name.startswith("_")}
_NETWORKS = ("(none said)", "bridge", "host", "none", "container", "(one's own)")
MODES = {f"--network {mode}" for mode in _NETWORKS} | {"--link", "--publish"}


def of_the_pod() -> list[str]:
    """The files' names, in the book's order."""
    every = {path.name: features(path) for path in files.chapters()}
    return list(every) if is_night() else cover(every)


def features(path: Path) -> frozenset[str]:
    """The verbs that a chapter's code uses, and the network modes of its containers."""
    cells = (cell.source for cell in files.read(path).cells if cell.cell_type == "code")
    found = {feature for source in cells for feature in _of_cell(source)}
    return frozenset(found & (VERBS | MODES))


def _of_cell(source: str) -> Iterator[str]:
    for node in ast.walk(files.parsed(source)):
        if isinstance(node, ast.Attribute):
            of_host = isinstance(node.value, ast.Attribute) and node.value.attr == "host"  # lab.host.…
            yield f"host.{node.attr}" if of_host else node.attr
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "run":
            yield from _modes({word.arg: word.value for word in node.keywords})


def _modes(options: Mapping[str | None, ast.expr]) -> Iterator[str]:
    yield from (f"--{name}" for name in ("link", "publish") if name in options)
    network = options.get("network")
    if network is None:
        yield "--network (none said)"
    elif isinstance(network, ast.Constant):
        yield f"--network {str(network.value).partition(':')[0]}"
    else:  # a Network, or its name from elsewhere
        yield "--network (one's own)"


def cover(every: Mapping[str, frozenset[str]]) -> list[str]:
    """A few of these that together have all that all have; those with most that is new come in first.

    >>> cover({"a": frozenset("xy"), "b": frozenset("x"), "c": frozenset("yz")})
    ['a', 'c']
    """
    missing = frozenset().union(*every.values())
    chosen: set[str] = set()
    while missing:
        best = max(every, key=lambda name: len(every[name] & missing))
        chosen.add(best)
        missing -= every[best]
    for name in sorted(chosen):  # one that came early may have nothing of its own any more
        if every[name] <= frozenset().union(*(every[other] for other in chosen - {name})):
            chosen.remove(name)
    return [name for name in every if name in chosen]
