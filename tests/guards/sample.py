"""A small chapter that keeps every rule, to be spoilt in the tests of the rules."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests import notebook_files as files

NAME = "01-sample.ipynb"
STORY = "A bridge joins its ports and so the containers on it reach each other by address. "
_QUIZ = """## Check yourself

**1. Who is on the bridge?**

<details><summary>Answer</summary>

Every container.

</details>

**2. And who is not?**

<details><summary>Answer</summary>

The others.

</details>"""


def markdown(name: str, text: str) -> NotebookNode:
    return new_markdown_cell(text, id=name)


def code(name: str, source: str, number: int, result: str = "") -> NotebookNode:
    outputs = []
    if result:
        data = {"text/plain": result, "text/html": f"<p>{result}</p>"}
        outputs = [new_output("execute_result", data=data, execution_count=number)]
    return new_code_cell(source, id=name, execution_count=number, outputs=outputs)


def notebook() -> NotebookNode:
    """A chapter in its right shape; its code cells don't need netbook."""
    steps = [code(f"step-{n}", f"value = {n}\nvalue + {n}", n, str(2 * n)) for n in range(1, 13)]
    return new_notebook(
        cells=[
            markdown("title", "# The sample\n\nWhat a chapter looks like."),
            markdown("goals", "## What you will learn\n\n- the shape of a chapter"),
            markdown("story", "## The story\n\n" + STORY * 70),
            *steps,
            markdown("recap", "## Recap\n\nAll of it."),
            markdown("quiz", _QUIZ),
            markdown("navigation", "---\n\n[All chapters](../README.md#chapters)"),
        ],
        metadata=files.METADATA,
    )


def save(nb: NotebookNode, folder: Path, name: str = NAME) -> Path:
    """Write it as it is, good or bad, with navigation for a book of this one chapter."""
    (folder.parent / "README.md").touch()
    path = folder / name
    files.write_raw(nb, path)
    return path
