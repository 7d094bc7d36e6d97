"""A tour of every public verb and every network mode, tests/tour.ipynb: what each engine shows by day.

The chapters run on this machine's Docker; in the pod and on the newest they repeat one another and take ten
times as long as the tour. By night they run there, too. tests/guards/test_tour.py proves that it has all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from netbook.lab.cluster import Cluster
from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.lab.network import Network
from tests import notebook_files as files

PATH = files.ROOT / "tests" / "tour.ipynb"
_KINDS = (Cluster, Container, Lab, Network)
VERBS = {name for kind in _KINDS for name in vars(kind) if not name.startswith("_")}
VERBS -= {"id", "name"}  # who it is: nothing is asked
VERBS |= {f"host.{name}" for name in vars(Host) if not name.startswith("_")}
_NETWORKS = ("(none said)", "bridge", "host", "none", "container", "(one's own)")
MODES = {f"--network {mode}" for mode in _NETWORKS} | {"--link", "--publish"}


def features(path: Path) -> frozenset[str]:
    """The verbs that a notebook's code uses, and the network modes of its containers."""
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
