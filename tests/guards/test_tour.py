"""The tour has every verb and every network mode that there is, and so all that any chapter has."""

from __future__ import annotations

from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from tests import notebook_files as files
from tests import tour


def test_no_verb_and_no_mode_is_left_out() -> None:
    assert not (tour.VERBS | tour.MODES) - tour.features(tour.PATH)


def test_a_verb_of_a_chapter_is_one_of_these() -> None:
    used = frozenset().union(*(tour.features(path) for path in files.chapters()))
    assert len(used) > 40
    assert used <= tour.features(tour.PATH)


def test_what_a_notebook_has_is_read_from_its_code(tmp_path: Path) -> None:
    cells = [
        "%%sh\ndocker inspect --format '{{json .State}}' a",
        '!docker ps\nlab.run("a")\nlab.host.ip_addr()',
        'lab.run("b", network="container:a", link="a:x").ping("a")',
        "[lab.run(name, network=own, publish=80) for name in names]",
        "'lab.diagram()'  # says it only",
    ]
    path = tmp_path / "some.ipynb"
    files.write_raw(new_notebook(cells=[new_code_cell(source) for source in cells]), path)
    modes = {f"--network {mode}" for mode in ("(none said)", "container", "(one's own)")}
    assert tour.features(path) == {"run", "host.ip_addr", "ping", "--link", "--publish"} | modes
