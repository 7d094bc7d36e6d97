"""The solved twins of the chapters: generated, with the solution in each cell where the reader's turn is.

    python tests/solved.py            say which are not current (exit code 1)
    python tests/solved.py --write    write their sources, and execute those that changed

A twin is the teacher's copy, and the key of a handout. The suite executes and compares it as any notebook.
"""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path

if __name__ == "__main__":  # started as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(Path(__file__).parents[1]))

from nbformat import NotebookNode

from netbook.learn import exercises
from tests import notebook_files as files

FOLDER = files.NOTEBOOKS / "solved"
TURN, SOLVED = "exercise", "solved"  # tags
_TASK = re.compile(r'lab\.(?:task|ticket)\("([^"]+)"\)')
_NEAR = re.compile(r"(\]\(|src=\")(?!https?:|#|/)")  # links to what is near the chapter


def has_turns(notebook: NotebookNode) -> bool:
    """Is there anything to solve in it?"""
    return any(TURN in (cell.metadata.get("tags") or []) for cell in notebook.cells)


def solved(notebook: NotebookNode) -> NotebookNode:
    """Its twin, not executed yet. ValueError for a turn before which no `lab.task(…)` comes."""
    twin = copy.deepcopy(notebook)
    identity = ""
    for cell in twin.cells:
        if cell.cell_type != "code":
            cell.source = _NEAR.sub(r"\1../", cell.source)
            continue
        cell.outputs, cell.execution_count = [], None
        if found := _TASK.search(cell.source):
            identity = found[1]
        tags = cell.metadata.get("tags") or []
        if TURN in tags:
            if not identity:
                raise ValueError(
                    f'cell {cell.id} has the tag {TURN}, but no cell before it has lab.task("…")'
                )
            cell.source = exercises.find(identity).solution.strip()
            cell.metadata["tags"] = [SOLVED if tag == TURN else tag for tag in tags]
    title = twin.cells[0]
    title.source = re.sub(r"^(# .+)$", r"\1: solved", title.source, count=1, flags=re.MULTILINE)
    return twin


def sources(notebook: NotebookNode) -> list[tuple[str, str, str]]:
    """What of a twin is generated."""
    return [(cell.id, cell.cell_type, cell.source) for cell in notebook.cells]


def stale() -> dict[Path, NotebookNode | None]:
    """Twin → what it must be; None for one whose chapter has no turn, or is gone."""
    wanted = {FOLDER / path.name: files.read(path) for path in files.chapters()}
    made = {path: solved(chapter) for path, chapter in wanted.items() if has_turns(chapter)}
    found: dict[Path, NotebookNode | None] = {p: None for p in files.chapters(FOLDER) if p not in made}
    for path, twin in made.items():
        if not path.exists() or sources(files.read(path)) != sources(twin):
            found[path] = twin
    return found


def main(arguments: list[str]) -> int:
    old = stale()
    if arguments != ["--write"]:
        for path in old:
            print(f"{path.relative_to(files.ROOT)} is not current: python tests/solved.py --write")
        return 1 if old else 0
    from tests import execute

    FOLDER.mkdir(exist_ok=True)
    for path, twin in old.items():
        if twin is None:
            path.unlink()
        else:
            files.write(twin, path)
    made = [str(path) for path, twin in old.items() if twin is not None]
    return execute.main(made) if made else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
