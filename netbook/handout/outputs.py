"""What a cell had shown, as plain data: commands, words, tables, figures, and what a guess was judged by.

    {"b": "ran", "text"}                        a command line, `$ docker …`, `HOST $ docker …`
    {"b": "out", "text"}                        words
    {"b": "table", "head", "rows", "named"}     a DataFrame; named: the first column names the rows
    {"b": "figure", "svg", "alt", "width"}      a picture; "film": the HTML of one that moves, for screens
    {"b": "measured", "value"}                  the judge of a guess

What widgets show is left out: beside each stands its paper. Anything else is an error.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from netbook.errors import UnknownMarkup

Block = dict[str, Any]
_WIDGET = "application/vnd.jupyter.widget-view+json"
_KNOWN = {_WIDGET, "text/plain", "text/html", "image/svg+xml"}
_FRAME = re.compile(
    r"(?:<div>\s*)?(?:<style scoped>.*?</style>\s*)?<table[^>]*class=\"dataframe\"", re.DOTALL
)
_ALT = re.compile(r'<img alt="([^"]*)"')
_MEASURED = re.compile(r"Measured: (.+?)\. You (?:had not guessed|guessed )")
_COMMAND = re.compile(r"^((?:\w[\w.-]* )?\$ .*)\n?", re.MULTILINE)


def blocks(output: dict[str, Any], where: str) -> list[Block]:
    """The blocks of one stored output. Errors: UnknownMarkup for a kind that is new."""
    kind = output["output_type"]
    if kind == "stream":
        return stream("".join(output["text"]))
    if kind == "error":
        return [{"b": "out", "text": f"{output['ename']}: {output['evalue']}"}]
    data = {name: _text(content) for name, content in output.get("data", {}).items()}
    if strange := sorted(set(data) - _KNOWN):
        raise unknown(where, f"an output of the kind {', '.join(strange)}")
    if _WIDGET in data:
        return []
    if "image/svg+xml" in data:
        return _figure(data)
    return _words(data, where)


def unknown(where: str, what: str) -> UnknownMarkup:
    return UnknownMarkup(
        f"{where}: a handout does not know how to set {what}.",
        remedy="teach netbook/handout/outputs.py and both templates what it is",
    )


def _text(content: Any) -> str:
    return "".join(content) if isinstance(content, list) else str(content)


def stream(text: str) -> list[Block]:
    """Commands that were printed, and what is between them.

    >>> [block["b"] for block in stream("$ ip addr\\n1: lo\\n\\noslo $ ls\\n")]
    ['ran', 'out', 'ran']
    """
    parts = _COMMAND.split(text)
    return [
        {"b": "ran", "text": part.rstrip()} if n % 2 else {"b": "out", "text": part.rstrip().lstrip("\n")}
        for n, part in enumerate(parts)
        if part.strip()
    ]


def _figure(data: dict[str, str]) -> list[Block]:
    """The words before a picture, the picture, and the table below it."""
    markup, svg = data.get("text/html", ""), data["image/svg+xml"]
    alt = _ALT.search(markup)
    made: list[Block] = []
    if caption := re.match(r"<p>(.*?)</p>\n?", markup):
        made.append({"b": "out", "text": html.unescape(re.sub(r"<[^>]+>", "", caption[1]))})
    made.append(figure(svg, html.unescape(alt[1]) if alt else data["text/plain"].splitlines()[0]))
    table = _FRAME.search(markup)
    if "netbook-journey" in markup:
        start, end = caption.end() if caption else 0, table.start() if table else len(markup)
        made[-1]["film"] = markup[start:end].strip()
    return [*made, _table(markup[table.start() :])] if table else made


def figure(svg: str, alt: str) -> Block:
    """An SVG file as a block."""
    width = re.search(r'<svg[^>]* width="([\d.]+)', svg)
    return {
        "b": "figure",
        "svg": svg[svg.index("<svg") :].strip(),
        "alt": alt,
        "width": float(width[1]) if width else 0.0,
    }


def _words(data: dict[str, str], where: str) -> list[Block]:
    markup, text = data.get("text/html", ""), data.get("text/plain", "")
    if measured := _MEASURED.match(text):
        return [{"b": "measured", "value": measured[1]}]
    if 'class="dataframe"' in markup:
        return [_table(markup)]
    if markup:
        raise unknown(where, f"the HTML {markup[:60]!r}")
    return [{"b": "out", "text": text.rstrip()}] if text.strip() else []


def _table(markup: str) -> Block:
    """A DataFrame. Row numbers that nobody gave are left out.

    >>> row = '<tr><th>{}</th><td>eth0</td></tr>'
    >>> body = '<thead><tr><th></th><th>name</th></tr></thead><tbody>' + row.format(0) + '</tbody>'
    >>> _table('<table class="dataframe">' + body + '</table>')
    {'b': 'table', 'head': ['name'], 'rows': [['eth0']], 'named': False}
    """
    reader = _Rows()
    reader.feed(markup)
    head, rows = reader.head[0], reader.rows
    if len(reader.head) == 2:  # the index has a name, in a line of its own
        names = reader.head[1]
        across = head[0] if head[0] and names[0] else ""
        head = [name or old for name, old in zip(names, head, strict=True)]
        head[0] = f"{names[0]} ↓ {across} →" if across else head[0]
    if not head[0] and rows and all(row[0].isdigit() for row in rows):
        return {"b": "table", "head": head[1:], "rows": [row[1:] for row in rows], "named": False}
    return {"b": "table", "head": head, "rows": rows, "named": True}


class _Rows(HTMLParser):
    """The cells of a table, as pandas writes it: head and body apart."""

    def __init__(self) -> None:
        super().__init__()
        self.head: list[list[str]] = []
        self.rows: list[list[str]] = []
        self._part, self._in_cell = self.rows, False
        self._spans: dict[int, tuple[int, str]] = {}  # column → in how many rows more it says what

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("thead", "tbody"):
            self._part = self.head if tag == "thead" else self.rows
        elif tag == "tr":
            self._part.append([])
        elif tag in ("th", "td"):
            self._repeat()
            self._span = int(dict(attrs).get("rowspan") or 1)
            self._part[-1].append("")
            self._in_cell = True

    def _repeat(self) -> None:
        """What a cell above says for this row, too."""
        while (column := len(self._part[-1])) in self._spans:
            rows, text = self._spans.pop(column)
            self._part[-1].append(text)
            if rows > 1:
                self._spans[column] = (rows - 1, text)
                return

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._in_cell = False
            if self._span > 1:
                self._spans[len(self._part[-1]) - 1] = (self._span - 1, self._part[-1][-1])

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self._part[-1][-1] += data
