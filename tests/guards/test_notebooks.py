"""Every chapter keeps every rule of tests/guards/rules; the shape is in the docstring of rules/shape.py."""

from __future__ import annotations

import pytest

from tests import navigation
from tests import notebook_files as files
from tests.guards.rules import RULES, Chapter
from tests.guards.rules.chapter import allowed_ignores

CHAPTERS = files.chapters()
IDS = [path.stem for path in CHAPTERS]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("path", CHAPTERS, ids=IDS)
def test_chapter(path, rule):
    wrong = list(RULES[rule](Chapter(path, CHAPTERS)))
    if wrong:
        pytest.fail(
            f"{path.name}, {rule}:\n" + "\n".join(f"  - {sentence}" for sentence in wrong), pytrace=False
        )


def test_there_are_chapters():
    assert CHAPTERS, "no notebooks in notebooks/: the guards would pass without looking at anything"


def test_chapters_are_numbered_without_gaps():
    """The chapters from 00 on, the appendices from 90 on."""
    numbers = [int(path.name[:2]) for path in CHAPTERS]
    chapters = sum(number < 90 for number in numbers)
    assert numbers == [*range(chapters), *range(90, 90 + len(numbers) - chapters)]


def test_every_ignore_has_a_reason_and_a_notebook():
    names = {path.name for path in CHAPTERS}
    for entry in allowed_ignores():
        assert set(entry) == {"notebook", "cell", "tag", "reason"}
        assert len(entry["reason"].split()) >= 4, f"say why: {entry}"
        assert entry["notebook"] in names, f"no such notebook: {entry}"


def test_readme_has_the_current_table_of_chapters():
    readme = (files.ROOT / "README.md").read_text(encoding="utf-8")
    assert navigation.readme_text(readme, CHAPTERS) == readme, "run `python tests/navigation.py --write`"
