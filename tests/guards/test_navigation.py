"""The generator of previous/next cells and of README's table of chapters."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_output

from tests import navigation
from tests import notebook_files as files
from tests.guards import sample


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Three chapters and a README, as `main` finds them."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for number, title in enumerate(("Start", "The `bridge`", "Host")):
        nb = sample.notebook()
        nb.cells[0].source = f"# {title}\n\nAll about {number}."
        sample.save(nb, folder, f"0{number}-chapter.ipynb")
    (tmp_path / "README.md").write_text("before\n<!-- chapters -->\n<!-- /chapters -->\nafter\n")
    monkeypatch.setattr(files, "ROOT", tmp_path)
    monkeypatch.setattr(files, "chapters", lambda: sorted(folder.glob("*.ipynb")))
    return tmp_path


def last_cell(book, number):
    return files.read(book / f"notebooks/0{number}-chapter.ipynb").cells[-1]


def test_it_says_what_is_not_current(book, capsys):
    assert navigation.main([]) == 1
    said = capsys.readouterr().out
    assert "00-chapter.ipynb: not current" in said
    assert "README.md: not current" in said


def test_writing_makes_it_current(book):
    assert navigation.main(["--write"]) == 0
    assert navigation.main([]) == 0


def test_previous_and_next(book):
    navigation.main(["--write"])
    start, bridge, host = (last_cell(book, number).source for number in range(3))
    assert "Previous" not in start
    assert "Next: [The bridge](01-chapter.ipynb) →" in start
    assert "← Previous: [Start](00-chapter.ipynb)" in bridge
    assert "Next: [Host](02-chapter.ipynb) →" in bridge
    assert "Next" not in host


def test_the_cell_is_moved_to_the_end_and_never_doubled(book):
    path = book / "notebooks/01-chapter.ipynb"
    navigation.main(["--write"])
    nb = files.read(path)
    nb.cells.insert(0, nb.cells.pop())
    files.write(nb, path)
    navigation.main(["--write"])
    assert [cell.id for cell in files.read(path).cells].count("navigation") == 1
    assert last_cell(book, 1).id == "navigation"


def test_the_table_of_chapters(book):
    navigation.main(["--write"])
    readme = (book / "README.md").read_text()
    assert readme.startswith("before\n<!-- chapters -->\n")
    assert readme.endswith("<!-- /chapters -->\nafter\n")
    assert "| 01 | [The bridge](notebooks/01-chapter.ipynb) | All about 1. |" in readme


def test_a_readme_without_the_markers(book, capsys):
    (book / "README.md").write_text("nothing\n")
    assert navigation.main(["--write"]) == 1
    assert "README.md must have <!-- chapters -->" in capsys.readouterr().out


def test_wrong_arguments(capsys):
    assert navigation.main(["--wrong"]) == 2
    assert "--write" in capsys.readouterr().out


def test_this_book_is_current(capsys):
    """Its links, README's table, and README's picture, which a cell of the book has drawn."""
    assert navigation.main([]) == 0, capsys.readouterr().out


def test_the_picture_is_what_its_cell_stores(book, monkeypatch):
    path = book / "notebooks/02-chapter.ipynb"
    nb = files.read(path)
    output = new_output("display_data", {"image/svg+xml": "<svg/>"})
    nb.cells[1] = new_code_cell("lab.diagram()", id="drawn", outputs=[output], execution_count=1)
    files.write(nb, path)
    monkeypatch.setattr(navigation, "PICTURE_OF", (path.name, "drawn"))
    (book / "README.md").write_text(f"<!-- chapters -->\n<!-- /chapters -->\n![x]({navigation.PICTURE})\n")
    navigation.main(["--write"])
    assert (book / navigation.PICTURE).read_text() == "<svg/>"
