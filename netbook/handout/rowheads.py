"""Heads of rows in a PDF that Typst made: the first cells that are set in bold, for whoever hears the table.

Typst 0.15 can say that itself (`pdf.header-cell(scope: "row")`), behind a switch, `a11y-extras`, that its
Python package cannot set. It writes the tree of a document's structure in plain text, so what lacks is put
over it in place: no length changes, and nothing in the file moves. To be deleted when the switch can be set.
"""

from __future__ import annotations

import re

_BOLD = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S/Strong/")
_CELL = re.compile(
    rb"(?P<kind>\n<</Type/StructElem/S/TD)(?P<begin>/P \d+ 0 R/A\[<</O/Table)"
    rb"(?P<heads>/Headers\[\(U(?P<table>\d+)x(?P<column>\d+)y0\)\])"
    rb"(?P<end>>>[^\n]*?/K\[(?P<inside>\d+) 0 R\])?"
)


def marked(pdf: bytes) -> bytes:
    """The same file, as long as before. A table without row heads is left as it is.

    With them, its other cells do not list their column's head any more: such a list would hide the row's, and
    without one a reader looks left and up.
    """
    bold = {found[1] for found in _BOLD.finditer(pdf)}

    def is_head(cell: re.Match[bytes]) -> bool:
        return cell["column"] == b"0" and cell["inside"] in bold

    tables = {cell["table"] for cell in _CELL.finditer(pdf) if is_head(cell)}

    def mark(cell: re.Match[bytes]) -> bytes:
        if cell["table"] not in tables:
            return cell[0]
        kind, scope = (cell["kind"][:-1] + b"H", b"/Scope/Row") if is_head(cell) else (cell["kind"], b"")
        return kind + cell["begin"] + scope.ljust(len(cell["heads"])) + (cell["end"] or b"")

    return _CELL.sub(mark, pdf)
