"""The chapters as files: which there are, in which order, and how to write one so that a rerun is a no-op."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
_WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # enough for GitHub to colour it; no version that changes
}


def chapters(folder: Path = NOTEBOOKS) -> list[Path]:
    """The notebooks of one folder in the book's order."""
    return sorted(folder.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """As it is in the file: `nbformat.read` would repair ids on the way, each time differently."""
    return nbformat.v4.reads(path.read_text(encoding="utf-8"))


def parsed(source: str) -> ast.Module:
    """A code cell as Python, its `!` and `%` included. Errors: SyntaxError."""
    return ast.parse(TransformerManager().transform_cell(source))


def write(notebook: NotebookNode, path: Path) -> bool:
    """Write it in its tidy form; True if the file changed."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    write_raw(tidy(notebook), path)
    return path.read_text(encoding="utf-8") != before


def write_raw(notebook: NotebookNode, path: Path) -> None:
    """Write it as it is, even if it is not a valid notebook; keys sorted, one space of indent."""
    path.write_text(nbformat.v4.writes(notebook) + "\n", encoding="utf-8")


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Drop what a run decides and nobody reads: times, versions, widget state, paths in tracebacks."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        tags = cell.metadata.get("tags") or []
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = _merged([_tidy_output(output) for output in cell.outputs])
    return notebook


def _tidy_output(output: NotebookNode) -> NotebookNode:
    data = output.get("data", {})
    if any(content for kind, content in data.items() if kind != _WIDGET):
        data.pop(_WIDGET, None)  # JupyterLab would look for its model, not find it, and show nothing else
    elif _WIDGET in data:
        data[_WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": ""}  # so it hides the output
    if output.output_type == "error":  # the frames hold paths of this machine; the last line is the message
        output.traceback = [f"{output.ename}: {output.evalue}"]
    return output


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Streams arrive in pieces whose number depends on timing: join neighbours of one name."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def title(notebook: NotebookNode) -> str:
    """The text of the first H1; empty if there is none.

    >>> title(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# The *bridge*\\n\\nAll.")]))
    'The bridge'
    """
    return _plain(next((line[2:] for line in _opening(notebook) if line.startswith("# ")), ""))


def summary(notebook: NotebookNode) -> str:
    """The one-line paragraph below the H1."""
    lines = _opening(notebook)
    start = next((n for n, line in enumerate(lines) if line.startswith("# ")), len(lines))
    return next((line for line in lines[start + 1 :] if line.strip()), "").strip()


def _opening(notebook: NotebookNode) -> list[str]:
    first = next((cell for cell in notebook.cells if cell.cell_type == "markdown"), None)
    return str(first.source).splitlines() if first else []


def _plain(markdown: str) -> str:
    return re.sub(r"[*`]", "", markdown).strip()
