"""The chapters that the pod runs by day have all that any chapter has; by night it runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import notebook_files as files
from tests.guards.test_exports import NOT_TAUGHT
from tests.pod import cover


@pytest.fixture(scope="module")
def every() -> dict[str, frozenset[str]]:
    return {path.name: cover.features(path) for path in files.chapters()}


def test_no_verb_and_no_mode_is_left_out(every: dict[str, frozenset[str]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NETBOOK_NIGHTLY", raising=False)
    run = frozenset().union(*(every[name] for name in cover.of_the_pod()))
    untaught = {name.replace("Host.", "host:").rpartition(".")[2].replace(":", ".") for name in NOT_TAUGHT}
    assert not (cover.VERBS | cover.MODES) - run - untaught


def test_none_of_it_is_superfluous(every: dict[str, frozenset[str]]):
    chosen = cover.cover(every)
    for name in chosen:
        assert every[name] - frozenset().union(*(every[other] for other in chosen if other != name)), name


def test_by_night_all_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NETBOOK_NIGHTLY", "1")
    assert cover.of_the_pod() == [path.name for path in files.chapters()]


def test_what_a_chapter_has_is_read_from_its_code(tmp_path: Path):
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
    assert cover.features(path) == {"run", "host.ip_addr", "ping", "--link", "--publish"} | modes
