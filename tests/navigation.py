"""Previous and next at the end of each chapter, lists of chapters, README's picture: generated, not typed.

python tests/navigation.py            say what is not current (exit code 1)
python tests/navigation.py --write    bring it up to date
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import nbformat

if __name__ == "__main__":  # started as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import notebook_files as files

CELL = "navigation"
BEGIN, END = "<!-- chapters -->", "<!-- /chapters -->"
LIST = "netbook/book/labextensions/netbook-workplace/static/chapters.json"
PICTURE = "notebooks/pictures/two-networks.svg"
PICTURE_OF = "08-containers-that-talk.ipynb", "connect"  # notebook, cell


def cell_source(path: Path, siblings: list[Path]) -> str:
    """What the navigation cell of `path` must say."""
    here = siblings.index(path)
    parts = []
    if here > 0:
        parts.append(f"← Previous: {_link(siblings[here - 1])}")
    parts.append("[All chapters](../README.md#chapters)")
    if here + 1 < len(siblings):
        parts.append(f"Next: {_link(siblings[here + 1])} →")
    return "---\n\n" + " · ".join(parts)


def _link(path: Path) -> str:
    return f"[{files.title(files.read(path)) or path.stem}]({path.name})"


def table(siblings: list[Path]) -> str:
    """README's table of chapters, with its markers."""
    rows = ["| | chapter | what it is about |", "|---|---|---|"]
    for path in siblings:
        notebook = files.read(path)
        link = f"[{files.title(notebook) or path.stem}](notebooks/{path.name})"
        rows.append(f"| {path.name.split('-')[0]} | {link} | {files.summary(notebook)} |")
    return "\n".join([BEGIN, *rows, END])


def readme_text(readme: str, siblings: list[Path]) -> str:
    """`readme` with the current table. ValueError without the two markers."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        raise ValueError(f"README.md must have {BEGIN} and {END} once each, around the table of chapters")
    return re.sub(f"{BEGIN}.*?{END}", lambda _: table(siblings), readme, flags=re.DOTALL)


def update_notebook(path: Path, siblings: list[Path], *, write: bool) -> bool:
    """True if the navigation cell of `path` was not current."""
    notebook = files.read(path)
    wanted = cell_source(path, siblings)
    cells = [cell for cell in notebook.cells if cell.id != CELL]
    last = notebook.cells[-1] if notebook.cells else None
    if (
        last is not None
        and last.id == CELL
        and last.source == wanted
        and len(cells) + 1 == len(notebook.cells)
    ):
        return False
    if write:
        cell = nbformat.v4.new_markdown_cell(wanted, id=CELL)
        notebook.cells = [*cells, cell]
        files.write(notebook, path)
    return True


def listed(siblings: list[Path]) -> str:
    """What JupyterLab's list of chapters shows."""
    rows = []
    for path in siblings:
        notebook, number = files.read(path), path.name.split("-")[0]
        title = files.title(notebook) or path.stem
        told = {"number": number, "title": title, "summary": files.summary(notebook)}
        rows.append(told | {"path": f"notebooks/{path.name}"})
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def picture() -> str:
    """README's picture: the SVG that a cell of the book stores."""
    notebook, cell = PICTURE_OF
    cells = {c.id: c for c in files.read(files.ROOT / "notebooks" / notebook).cells}
    return next(
        str(o.data["image/svg+xml"]) for o in cells[cell].outputs if "image/svg+xml" in o.get("data", {})
    )


def update(path: Path, text: str, *, write: bool) -> bool:
    """True if the file `path` did not hold `text`."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return True


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--write"]):
        print(__doc__)
        return 2
    write = arguments == ["--write"]
    siblings = files.chapters()
    stale = [path.name for path in siblings if update_notebook(path, siblings, write=write)]
    readme = files.ROOT / "README.md"
    try:
        after = readme_text(readme.read_text(encoding="utf-8"), siblings)
    except ValueError as problem:
        print(problem)
        return 1
    wanted = {readme: after, files.ROOT / LIST: listed(siblings)}
    if PICTURE in after:
        wanted[files.ROOT / PICTURE] = picture()
    stale += [path.name for path, text in wanted.items() if update(path, text, write=write)]
    for name in stale:
        print(f"{name}: {'updated' if write else 'not current: run python tests/navigation.py --write'}")
    return 1 if stale and not write else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
