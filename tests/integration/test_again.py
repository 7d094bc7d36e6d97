"""The chapters from 09 on, run again: after a kernel that died half-way, twice, and beside a foreign name.

By day half of one chapter, twice, and a foreign name and a foreign subnet; by night all, from end to end.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from netbook.engine.client.engine import Engine
from netbook.model.spec import ContainerSpec, NetworkSpec, Pool
from tests import notebook_files as files
from tests.frame.day import is_night

LABS = {  # chapter → its lab
    "09-published-ports": "published-ports",
    "10-the-rules-docker-writes": "rules",
    "11-docker0-by-hand": "by-hand",
    "12-names-in-depth": "names",
    "13-several-networks": "several",
    "14-packets-that-vanish": "vanish",
    "15-ipv6": "six",
    "16-on-the-physical-network": "lan",
    "17-an-application-cluster": "cluster",
    "18-many-hosts": "hosts",
    "19-when-it-does-not-work": "trouble",
}
BY_DAY = "13-several-networks"
_MAY_DIFFER = files.ROOT / "tests" / "nbval.cfg"
Run = Callable[[str], NotebookNode]  # a cell, by its id


@contextmanager
def kernel(chapter: str) -> Iterator[tuple[NotebookNode, Run, int]]:
    """A chapter as it is stored, what runs one of its cells, and the kernel's process."""
    path = files.NOTEBOOKS / f"{chapter}.ipynb"
    stored, mine = files.read(path), nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(mine, timeout=120, kernel_name="python3", resources=folder)
    numbers = {cell.id: number for number, cell in enumerate(mine.cells)}

    def run(identity: str) -> NotebookNode:
        number = numbers[identity]
        return client.execute_cell(mine.cells[number], number)

    with client.setup_kernel():
        yield stored, run, client.km.provisioner.pid


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def half(notebook: NotebookNode) -> list[NotebookNode]:
    return code(notebook)[: len(code(notebook)) // 2]


def said(cell: NotebookNode) -> str:
    """What it prints and shows, as text; how images came is told only once."""
    parts = (out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)
    text = re.sub(r"(The image|No registry).*\n", "", "".join(parts))
    for differs, instead in get_sanitize_patterns(_MAY_DIFFER.read_text(encoding="utf-8")):
        text = re.sub(differs, instead, text)
    return text


def compared(stored: NotebookNode, cells: list[NotebookNode], run: Run) -> None:
    for cell in cells:
        made = run(cell.id)
        if "nbval-ignore-output" not in cell.metadata.get("tags", ()):
            assert said(made) == said(cell), f"cell {cell.id!r}"


def die_half_way(chapter: str) -> None:
    """Its kernel is killed, and has tidied nothing."""
    with suppress(DeadKernelError), kernel(chapter) as (stored, run, process):
        for cell in half(stored):
            run(cell.id)
        os.kill(process, signal.SIGKILL)


def but_at_night(*case: str) -> object:
    return pytest.param(*case, marks=pytest.mark.night)


@pytest.mark.parametrize("chapter", [BY_DAY, *(but_at_night(c) for c in LABS if c != BY_DAY)])
def test_after_a_kernel_that_died_all_is_as_it_was(chapter: str, engine: Engine) -> None:
    die_half_way(chapter)
    assert engine.containers(LABS[chapter]), "nothing was left: the test proves nothing"
    for _ in range(2 if is_night() else 1):
        with kernel(chapter) as (stored, run, _):
            compared(stored, code(stored) if is_night() else half(stored), run)
            run("clean-up")
    assert not engine.containers(LABS[chapter])
    assert not [n for n in engine.networks() if n.owned]


@pytest.mark.parametrize(
    ("chapter", "name", "subnet"),
    [
        but_at_night("09-published-ports", "market", "10.90.9.0/24"),
        but_at_night("10-the-rules-docker-writes", "web", ""),
        but_at_night("11-docker0-by-hand", "red", ""),
        but_at_night("12-names-in-depth", "anybodys", "10.93.1.0/25"),
        but_at_night("13-several-networks", "db", ""),
        but_at_night("14-packets-that-vanish", "anybodys", "10.94.2.0/25"),
        but_at_night("15-ipv6", "asker", ""),
        but_at_night("16-on-the-physical-network", "lan", "10.96.99.0/24"),
        ("17-an-application-cluster", "shop-web-1", ""),
        but_at_night("17-an-application-cluster", "shop_back", "10.65.1.0/24"),
        but_at_night("18-many-hosts", "oslo", ""),
        ("18-many-hosts", "anybodys", "10.66.18.0/25"),
        but_at_night("19-when-it-does-not-work", "post", ""),
        but_at_night("19-when-it-does-not-work", "anybodys", "10.103.1.0/25"),
    ],
)
def test_beside_what_is_foreign_it_says_whose_name_that_is(
    chapter: str, name: str, subnet: str, engine: Engine
) -> None:
    """And leaves it alone, and is tidied as always."""
    with foreign(engine, name, subnet), kernel(chapter) as (stored, run, _):
        with pytest.raises(CellExecutionError) as caught:
            _ = [run(cell.id) for cell in half(stored)]
        assert caught.value.ename == ("SubnetTaken" if subnet and name == "anybodys" else "NameTaken")
        assert name in caught.value.evalue
        run("clean-up")
        assert not engine.containers(LABS[chapter])
        assert not [n for n in engine.networks() if n.owned]


@contextmanager
def foreign(engine: Engine, name: str, subnet: str) -> Iterator[None]:
    """Somebody's network, or a container that runs; untouched afterwards."""
    if subnet:
        network = engine.create_network(NetworkSpec(name, pools=(Pool(subnet),)))
        before = engine.inspect_network(network)
        yield
        assert engine.inspect_network(network) == before
        engine.remove_network(network)
        return
    made = engine.create(ContainerSpec(name, "busybox", ("sleep", "999")))
    engine.start(made)
    before = engine.inspect(made)["State"]
    yield
    assert engine.inspect(made)["State"] == before
    engine.remove(made)
