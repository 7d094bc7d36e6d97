"""The glossary and the index of commands are what the chapters say."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests import notebook_files as files
from tests import reference


def test_both_are_current() -> None:
    assert not [path.name for path in reference.stale()], "python tests/reference.py --write"


def test_no_term_is_defined_twice() -> None:
    found = reference.terms(files.chapters())
    twice = {term: [where[1] for _, where in said] for term, said in found.items() if len(said) > 1}
    assert not twice


def test_every_link_leads_to_a_chapter() -> None:
    for page in reference.pages().values():
        for cell in page.cells:
            for link in re.findall(r"\]\((?!https?:)([^)#]+)", cell.source):
                assert (reference.FOLDER / link).resolve().exists(), link


def test_what_a_chapter_has_is_found(tmp_path: Path) -> None:
    cells = [
        new_markdown_cell(
            "Plug it in. A ***cable*** leads (see [there](08-x.ipynb)) away. `docker ps -a` tells."
        ),
        new_markdown_cell("- **Pods.** A ***pod*** is small. It grows.\n- (A ***hub*** is a box.) And more."),
        new_code_cell("!docker run --rm busybox", outputs=[new_output("stream", text="$ ip route\nx\n")]),
    ]
    path = tmp_path / "03-some.ipynb"
    files.write_raw(new_notebook(cells=cells), path)
    where = ("03-some.ipynb", "03")
    assert reference.terms([path]) == {
        "cable": [("A *cable* leads (see [there](../08-x.ipynb)) away.", where)],
        "pod": [("A *pod* is small.", where)],
        "hub": [("A *hub* is a box.", where)],
    }
    found = {name: dict(options) for name, options in reference.commands([path]).items()}
    assert found == {
        "docker ps": {"": {where}},
        "docker run": {"": {where}, "--rm": {where}},
        "ip route": {"": {where}},
    }


def test_a_verb_stands_beside_its_command() -> None:
    assert "`network.connect()`" in reference.verbs()["docker network connect"]
    assert "`container.ip_addr()`" in reference.verbs()["ip addr"]
