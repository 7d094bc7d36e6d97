"""The public face: what `netbook` exports, what importing it costs,
and that every verb names its command and is taught."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import netbook
from tests import notebook_files as files
from tests.guards import signatures

ROOT = Path(__file__).parents[2]
VERBS = {
    "Container": "netbook.lab.container",
    "Host": "netbook.lab.host",
    "Lab": "netbook.lab.lab",
    "Network": "netbook.lab.network",
}
_COMMAND = re.compile(r"`(docker|timeout|iptables-save|ip|brctl|ping|nslookup|cat|ls)\b[^`]*`")

# Names that stand for no single command: why, and what they are made of.
NO_COMMAND = {
    "Lab.guess": "asks the reader, and not the engine",
    "Lab.task": "asks the reader, and builds a start of many commands",
    "Lab.quiet": "mutes the printing of commands",
}
# Public names that no chapter has to teach.
NOT_TAUGHT: dict[str, str] = {
    "Container.fetch": "for chapters to come",
    "Container.sockets": "for chapters to come",
    "Host.fetch": "for chapters to come",
    "Lab.why": "for chapters to come",
    "Lab.snapshot": "the data behind diagram() and veth_pairs(), for programs",
}


def members() -> list[str]:
    """`Class.name` for each public method and property of the classes that readers use."""
    classes = {name: getattr(importlib.import_module(module), name) for name, module in VERBS.items()}
    return [
        f"{name}.{member}"
        for name, cls in classes.items()
        for member in vars(cls)
        if not member.startswith("_")
    ]


def opening(member: str) -> str:
    return "\n".join(docstring(member).splitlines()[:3])


def docstring(member: str) -> str:
    name, attribute = member.split(".")
    value = inspect.getattr_static(getattr(importlib.import_module(VERBS[name]), name), attribute)
    value = getattr(value, "fget", value)
    return inspect.getdoc(getattr(value, "__func__", value)) or ""


def taught() -> str:
    """All code of all chapters: code cells, and code spans in the prose."""
    texts = []
    for path in files.chapters():
        for cell in files.read(path).cells:
            spans = re.findall(r"```.*?```|`[^`]+`", cell.source, re.DOTALL)
            texts += [cell.source] if cell.cell_type == "code" else spans
    return "\n".join(texts)


def test_all_is_sorted_and_importable():
    assert list(netbook.__all__) == sorted(netbook.__all__)
    for name in netbook.__all__:
        assert getattr(netbook, name).__name__ == name


def test_all_is_what_dir_shows():
    assert set(netbook.__all__) <= set(dir(netbook))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Nothing"):
        _ = netbook.Nothing


def test_type_checkers_and_the_lazy_table_agree_with_all():
    tree = ast.parse(Path(str(netbook.__file__)).read_text())
    typed = [
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]
    assert sorted(typed) == list(netbook.__all__)


def loaded_by(*statements: str) -> set[str]:
    """The packages that a new Python has when it has done that."""
    script = "; ".join([*statements, "import json, sys; print(json.dumps(sorted(sys.modules)))"])
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {module.split(".")[0] for module in json.loads(done.stdout)}


def test_import_is_light():
    assert loaded_by("import netbook").isdisjoint({"IPython", "docker", "matplotlib", "pandas", "requests"})


def test_matplotlib_is_loaded_for_a_plot_only():
    """Half a second and 30 MB that pictures and tables do without."""
    files = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "netbook").rglob("*.py"))
    modules = (".".join(file.parts) for file in files if file.name != "__main__")
    every = loaded_by(*(f"import {module.removesuffix('.__init__')}" for module in modules))
    assert {"IPython", "docker", "dpkt", "pandas"} <= every
    assert "matplotlib" not in every
    plot = "from netbook.drawing import strips", "strips.draw([], '', '', '')"
    assert "matplotlib" in loaded_by(*plot)


def test_signatures_are_as_written_down():
    """What readers and chapters call changes only on purpose."""
    written = Path(__file__).with_name("signatures.txt").read_text(encoding="utf-8").splitlines()
    now = signatures.lines()
    assert not set(written) - set(now), "gone or changed"
    assert written == now, "if it was meant: python3 -m tests.guards.signatures > tests/guards/signatures.txt"


def test_docstrings_name_the_command():
    silent = [m for m in members() if m not in NO_COMMAND and not _COMMAND.search(opening(m))]
    assert not silent, (
        f"the first three lines must say which command it equals, as in `docker ps -a`: {silent}"
    )


def test_every_verb_has_a_docstring():
    assert not [member for member in members() if not docstring(member)]


def test_every_verb_is_taught():
    text = taught()
    missing = [m for m in members() if m not in NOT_TAUGHT and not re.search(rf"\.{m.split('.')[1]}\b", text)]
    assert not missing, f"no chapter uses {missing}"


@pytest.mark.parametrize("name", netbook.__all__)
def test_export_has_a_docstring(name):
    assert inspect.getdoc(getattr(netbook, name))


def test_exceptions_from_the_rules_exist():
    assert {*NO_COMMAND, *NOT_TAUGHT} <= set(members())
