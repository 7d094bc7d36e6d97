"""Cells that run: executed from top to bottom, short, their errors announced, their outputs compared.

nbval passes a cell that was never executed, and one whose output it was told to
ignore. So: every cell was executed, and what is ignored has a reason on the list.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator

from nbformat import NotebookNode

from tests.guards.rules.chapter import Chapter, asks, has_data, rule, tags

COUNT = range(12, 33)
COUNT_START = range(6, 33)  # chapter 00 and the appendices explain the book more than they run
MEDIAN = (2, 4)
LONGEST, WIDEST = 12, 78
IGNORES = ("nbval-ignore-output", "nbval-skip")
_COMMENT = re.compile(r"^\s*#+\s*(NBVAL_\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)\b", re.MULTILINE)
_SHOWN = (ast.Name, ast.Attribute, ast.Subscript, ast.Compare, ast.BinOp, ast.JoinedStr, ast.List, ast.Dict)


@rule
def executed_in_order(chapter: Chapter) -> Iterator[str]:
    counts = [cell.execution_count for cell in chapter.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"must be executed from top to bottom in a fresh kernel; execution counts are {counts}"


@rule
def no_empty_cell(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        if not cell.source.strip():
            yield f"cell {cell.id} is empty"


@rule
def results_are_stored(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.code:
        kinds = {output.output_type for output in cell.outputs}
        if "error" in kinds:
            continue
        last = _last_expression(cell)
        if isinstance(last, _SHOWN) and not kinds & {"execute_result", "display_data"}:
            yield f"cell {cell.id} ends in the value `{ast.unparse(last)}`, but stores no result"
        if _is_print(last) and "stream" not in kinds:
            yield f"cell {cell.id} ends in print(…), but stores no text"
        for output in cell.outputs:
            if output.output_type == "execute_result" and output.execution_count != cell.execution_count:
                yield f"cell {cell.id}: its result is of another run"


def _last_expression(cell: NotebookNode) -> ast.expr | None:
    """The expression whose value the cell shows, if it ends in one and without `;`."""
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:  # a magic, or a mistake that shall be shown
        return None
    if not body or not isinstance(body[-1], ast.Expr) or cell.source.rstrip().endswith(";"):
        return None
    return body[-1].value


def _is_print(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


@rule
def errors_are_announced(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.code:
        raised = any(output.output_type == "error" for output in cell.outputs)
        announced = "raises-exception" in tags(cell)
        if raised and not announced:
            yield f"cell {cell.id} stores an error without the tag raises-exception"
        if announced and not raised:
            yield f"cell {cell.id} has the tag raises-exception, but stores no error"


@rule
def small_steps(chapter: Chapter) -> Iterator[str]:
    wanted = COUNT_START if chapter.is_start else COUNT
    steps = [cell for cell in chapter.code if not asks(cell)]
    if len(steps) not in wanted:
        yield f"has {len(steps)} code cells; must have {wanted.start} to {wanted.stop - 1}"
    sizes = []
    for cell in chapter.code:
        lines = cell.source.splitlines()
        if cell in steps:
            sizes.append(sum(bool(line.strip()) for line in lines))
        if len(lines) > LONGEST:
            yield f"cell {cell.id} has {len(lines)} lines, at most {LONGEST} are a step"
        for line in lines:
            if len(line) > WIDEST:
                yield f"cell {cell.id}: {len(line)} columns, at most {WIDEST} fit a handout: {line.strip()}"
    if sizes and not MEDIAN[0] <= statistics.median(sizes) <= MEDIAN[1]:
        yield f"the median cell has {statistics.median(sizes):g} lines; must be {MEDIAN[0]} to {MEDIAN[1]}"


@rule
def ignores_are_allowed(chapter: Chapter) -> Iterator[str]:
    listed = {(e["cell"], e["tag"]) for e in chapter.ignores if e["notebook"] == chapter.path.name}
    used = set()
    for cell in chapter.code:
        if comment := _COMMENT.search(cell.source):
            yield f"cell {cell.id}: `# {comment[1]}` is for readers to see; use a cell tag"
        for tag in tags(cell):
            if tag in IGNORES:
                used.add((cell.id, tag))
            elif tag.startswith("nbval-") or tag == "pytest-validate-ignore-output":
                yield f"cell {cell.id}: tag {tag} is not used here; there are raises-exception and {IGNORES}"
    for cell_id, tag in sorted(used - listed):
        yield f"cell {cell_id}: {tag} needs an entry with a reason in tests/guards/allowed_ignores.toml"
    for cell_id, tag in sorted(listed - used):
        yield f"allowed_ignores.toml allows {tag} in cell {cell_id}, which has no such tag: remove the entry"


@rule
def error_output_is_short(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.code:
        for output in cell.outputs:
            if output.output_type == "error" and any("site-packages" in line for line in output.traceback):
                yield f"cell {cell.id} stores a traceback through library files; tests/execute.py shortens it"
            if has_data(output) and output.get("metadata", {}).get("execution"):
                yield f"cell {cell.id} stores execution times"
