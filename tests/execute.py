"""Run chapters from top to bottom on a real engine and store their outputs.

    python tests/execute.py notebooks/02-bridge.ipynb …
    python tests/execute.py --keep …      store the outputs even if a cell failed

The engine is the test suite's, without the foreign things that it plants: a private
one, or the one that DOCKER_HOST names.
A notebook whose cell raises without the tag `raises-exception` is left as it was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":  # started as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(ROOT))

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests import notebook_files as files
from tests.frame import leftovers
from tests.frame.engine import EngineOfTests, prepare_kernels, shared

_ONCE = "is not here yet: pulling"  # no reader of stored outputs wants to know


def execute(path: Path, *, keep: bool = False) -> bool:
    """Run one notebook in place; False if a cell failed."""
    notebook = nbformat.read(path, as_version=4)  # old formats are brought up to date
    started = time.monotonic()
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    error: CellExecutionError | None = None
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own chatter; cells have theirs captured
    except CellExecutionError as failure:
        error = failure
    if error is None and _ONCE in nbformat.writes(notebook):
        print(f"{path.name}: an image was made, which it tells; once more")
        return execute(path, keep=keep)
    if error is None or keep:
        changed = files.write(notebook, path)
        note = "changed" if changed else "same as before"
        print(f"{path.name}: {note}, {time.monotonic() - started:.1f} s")
    if error is not None:
        print(f"{path.name}: cell {_failed(notebook)!r} raised\n{error}", file=sys.stderr)
    return error is None


def _failed(notebook: NotebookNode) -> str:
    """The id of the last cell that stores an error."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    failed = [c.id for c in cells if any(output.output_type == "error" for output in c.outputs)]
    return failed[-1] if failed else "?"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--keep", action="store_true", help="store the outputs even if a cell failed")
    options = parser.parse_args(arguments)
    leftovers.end_killed_runs()
    run = leftovers.new_directory()
    prepare_kernels(run)
    engine = EngineOfTests(run / "main", own=not shared(), foreign=False)
    wrong: list[str] = []
    try:
        print(f"engine: {engine.need()}")
        done = [execute(path.resolve(), keep=options.keep) for path in options.notebooks]
    finally:
        wrong = engine.finish()
        leftovers.end(run)
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 0 if all(done) and not wrong else 1


if __name__ == "__main__":
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    sys.exit(main(sys.argv[1:]))
