"""Chapters as one HTML file: pictures inside, no script, nothing that is fetched, for light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

from netbook.errors import UnknownMarkup
from netbook.handout import prose
from netbook.handout.outputs import Block

FOLDER = Path(__file__).parent / "template"
Phrases = dict[str, str]


def page(data: dict[str, Any]) -> str:
    """The whole file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    surroundings = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    setter = Setter(data["phrases"])
    surroundings.filters["inline"] = lambda tokens: Markup(inline(tokens))  # noqa: S704  # escaped by it
    surroundings.filters["block"] = lambda b, anchor: Markup(setter.block(b, anchor))  # noqa: S704
    surroundings.filters["reasons"] = lambda q: Markup(setter.reasons(q))  # noqa: S704
    css = Markup((FOLDER / "screen.css").read_text(encoding="utf-8"))  # noqa: S704
    chapters = [{"minutes": None, "key": None, "answers": None} | one for one in data["chapters"]]
    return surroundings.get_template("screen.html.j2").render(**data | {"chapters": chapters, "css": css})


def inline(tokens: list[prose.Token]) -> str:
    """The tokens of one line. Errors: UnknownMarkup."""
    if strange := {token["t"] for token in tokens} - set(_INLINE):
        raise UnknownMarkup(f"The page for the screen does not know how to set {strange} in a line.")
    return "".join(_INLINE[token["t"]](token) for token in tokens)


def _wrapped(tag: str, token: prose.Token) -> str:
    return f"<{tag}>{inline(token['c'])}</{tag}>"


def _link(token: prose.Token) -> str:
    words = inline(token["c"])
    return f'<a href="{escape(token["url"])}">{words}</a>' if token["url"] else words


_INLINE: dict[str, Callable[[prose.Token], str]] = {
    "text": lambda token: escape(token["s"], quote=False),
    "code": lambda token: f"<code>{escape(token['s'], quote=False)}</code>",
    "strong": partial(_wrapped, "strong"),
    "em": partial(_wrapped, "em"),
    "term": partial(_wrapped, "dfn"),
    "link": _link,
    "break": lambda _: "<br>",
}


class Setter:
    """Blocks as HTML. Errors: UnknownMarkup for a kind that is new."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    # -- words ----------------------------------------------------------------

    def words(self, tokens: list[prose.Token]) -> str:
        return "\n".join(self._set("token", token["t"], token) for token in tokens)

    def _token_para(self, token: prose.Token) -> str:
        return f"<p>{inline(token['c'])}</p>"

    def _token_heading(self, token: prose.Token) -> str:
        return f"<h{token['level']}>{inline(token['c'])}</h{token['level']}>"

    def _token_list(self, token: prose.Token) -> str:
        tag = "ol" if token["ordered"] else "ul"
        items = (
            inline(item[0]["c"]) if len(item) == 1 and item[0]["t"] == "para" else self.words(item)
            for item in token["items"]
        )
        return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"

    def _token_quote(self, token: prose.Token) -> str:
        return f"<blockquote>{self.words(token['c'])}</blockquote>"

    def _token_pre(self, token: prose.Token) -> str:
        """Its columns stay under each other: what is too wide scrolls, also by keyboard."""
        return f'<pre class="input set" tabindex="0"><code>{escape(token["s"], quote=False)}</code></pre>'

    def _token_answer(self, token: prose.Token) -> str:
        return f"<details><summary>{escape(token['word'])}</summary>{self.words(token['c'])}</details>"

    def _token_lines(self, token: prose.Token) -> str:
        return lines(token["n"])

    def _token_table(self, token: prose.Token) -> str:
        rows = [[inline(cell) for cell in row] for row in token["rows"]]
        return _table([inline(cell) for cell in token["head"]], rows, named=False)

    # -- blocks ---------------------------------------------------------------

    def block(self, b: Block, anchor: str) -> str:
        """One block of the chapter with that anchor."""
        return self._set("block", b["b"], b | {"in": anchor})

    def _set(self, sort: str, kind: str, value: dict[str, Any]) -> str:
        if not (found := getattr(self, f"_{sort}_{kind}", None)):
            raise UnknownMarkup(f"The page for the screen does not know how to set {kind!r}, a {sort}.")
        return str(found(value))

    def _block_prose(self, b: Block) -> str:
        return self.words(b["c"])

    def _block_heading(self, b: Block) -> str:
        said = f'<p class="minutes">{b["minutes"]} {self._phrases["minutes"]}</p>' if "minutes" in b else ""
        return f'{said}<h{b["level"]} id="{b["anchor"]}">{inline(b["c"])}</h{b["level"]}>'

    def _block_code(self, b: Block) -> str:
        return f'<div class="input"><pre><code>{_coloured(b["text"], b["lang"])}</code></pre></div>'

    def _block_ran(self, b: Block) -> str:
        return f'<pre class="ran"><code>{escape(b["text"], quote=False)}</code></pre>'

    def _block_out(self, b: Block) -> str:
        return f'<pre class="out">{escape(b["text"], quote=False)}</pre>'

    def _block_table(self, b: Block) -> str:
        rows = [[escape(cell, quote=False) for cell in row] for row in b["rows"]]
        return _table([escape(cell, quote=False) for cell in b["head"]], rows, named=b["named"])

    def _block_figure(self, b: Block) -> str:
        return f'<div class="figure">{b["film"] if "film" in b else drawn(b)}</div>'

    def _block_measured(self, b: Block) -> str:
        said = f"{self._phrases['measured']}: <strong>{escape(b['value'])}</strong>"
        badge = f'<b class="badge">{b["number"]}</b> ' if "number" in b else ""
        return f'<p class="measured">{badge}{said}</p>'

    def _block_predict(self, b: Block) -> str:
        parts = [f'<b class="badge">{b["number"]}</b>', self.words(b["c"])]
        if b["question"]:
            parts.append(f'<p class="question">{inline(b["question"])}</p>')
        if b["boxes"]:
            parts.append("".join(f'<span class="box">{escape(face)}</span> ' for face in b["boxes"]))
        elif b["unit"] is not None:
            parts.append(f'<span class="blank"></span>{escape(b["unit"])}')
        parts.append(lines(b.get("lines", 0)))
        label = f"{self._phrases['prediction']} {b['number']}"
        return f'<div class="predict" role="group" aria-label="{label}">{"".join(parts)}</div>'

    def _block_came(self, b: Block) -> str:
        numbers = "".join(f'<b class="badge">{number}</b> ' for number in b["numbers"])
        return f'<p class="came">{numbers}{self._phrases["came"]}</p>{lines(2)}'

    def _block_exercise(self, b: Block) -> str:
        goals = "".join(f"<li>{inline(goal['c'])}</li>" for goal in b["goals"])
        parts = [
            f'<p class="kicker">{self._phrases["exercise"]} {b["id"]}</p>',
            f'<p class="name">{inline(b["title"])}</p>',
            self.words(b["c"]),
            f'<p class="small">{self._phrases["goals"]}</p><ul class="ticks">{goals}</ul>' if goals else "",
            f'<p class="small">{self._phrases["room"]}</p>{lines(b["lines"])}' if "lines" in b else "",
        ]
        aid = self._aid(b["aid"]) if b.get("aid") else ""
        return f'<div class="exercise">{"".join(parts)}</div>{aid}'

    def _aid(self, aid: dict[str, Any]) -> str:
        head = {name: f'<p class="small">{self._phrases[name]}</p>' for name in self._phrases}
        parts = [head["solution"], _program(aid["solution"])]
        parts += [head["or"] + _program(way) for way in aid["alternatives"]]
        parts += [head["why"] + self.words(aid["why"])] if aid["why"] else []
        mistakes = (
            f'<div class="mistake">{self.words(m["c"])}{_program(m["program"])}</div>'
            for m in aid["mistakes"]
        )
        parts += [head["mistakes"], *mistakes] if aid["mistakes"] else []
        hints = "".join(f"<li>{self.words(hint)}</li>" for hint in aid["hints"])
        parts += [f"{head['hints']}<ol>{hints}</ol>"] if hints else []
        parts += [head["met"] + self.words(aid["met"])] if aid["met"] else []
        return f'<div class="aid">{"".join(parts)}</div>'

    def _block_quiz(self, b: Block) -> str:
        parts = []
        for q in b["questions"]:
            many = f' <span class="small">({self._phrases["many"]})</span>' if q["many"] else ""
            faces = "".join(f"<li>{a['letter']}) {inline(a['c'])}</li>" for a in q["answers"])
            told = "reason" in q["answers"][0]
            word = f"{self._phrases['quiz-answers']} {q['number']}"
            key = f"<details><summary>{word}</summary>{self.reasons(q)}</details>" if told else ""
            asked = f"<p><strong>{q['number']}.</strong> {inline(q['c'])}{many}</p>"
            parts.append(f'<li>{asked}<ul class="ticks">{faces}</ul>{key}</li>')
        return f'<div class="quiz"><ol>{"".join(parts)}</ol></div>'

    def reasons(self, question: Block) -> str:
        """The answers of one question of a quiz, each with its reason."""
        items = (
            f'<li><strong class="{"right" if a["right"] else "wrong"}">{a["letter"]}) '
            f"{self._phrases['right' if a['right'] else 'wrong']}</strong> {inline(a['reason'])}</li>"
            for a in question["answers"]
        )
        return f'<ul class="reasons">{"".join(items)}</ul>'

    def _block_remark(self, b: Block) -> str:
        return (
            f'<div class="remark"><p class="kicker">{self._phrases["remark"]}</p>{self.words(b["c"])}</div>'
        )


def lines(count: int) -> str:
    """Room to write."""
    return f'<div class="lines" aria-hidden="true">{"<i></i>" * count}</div>' if count else ""


def drawn(figure: Block) -> str:
    """The SVG itself, so that its words can be found; its name is the whole sentence."""
    svg = re.sub(r"<(desc|title)>.*?</\1>", "", figure["svg"], flags=re.DOTALL)
    svg = re.sub(r"^<svg |(?<=^<svg) ", "<svg ", svg).replace(' role="img"', "", 1)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(figure["alt"])}" ', 1)


@cache  # in its chapter and in the book
def _coloured(code: str, lang: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import BashLexer, PythonLexer

    lexer = BashLexer() if lang == "sh" else PythonLexer()
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True))).rstrip("\n")


def _program(text: str) -> str:
    return f"<pre><code>{_coloured(text, 'python')}</code></pre>"


def _table(head: list[str], rows: list[list[str]], *, named: bool) -> str:
    """Cells are HTML already. What scrolls can be reached by keyboard, and has a name."""
    heads = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in head)
    body = []
    for row in rows:
        cells = [
            f'<th scope="row">{cell}</th>' if named and n == 0 else f"<td>{cell}</td>"
            for n, cell in enumerate(row)
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    name = escape(re.sub(r"<[^>]+>", "", ", ".join(cell for cell in head if cell)))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f'<div class="wide" tabindex="0" role="group" aria-label="{name}">{table}</div>'
