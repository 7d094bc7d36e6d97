"""Markdown as plain data: tokens that a typesetter can set without parsing or escaping anything.

In a line     {"t": "text" | "code", "s"}, {"t": "strong" | "em" | "term", "c"}, {"t": "link", "url", "c"},
              {"t": "break"}
On its own    {"t": "para" | "quote", "c"}, {"t": "heading", "level", "c"}, {"t": "list", "ordered", "items"},
              {"t": "pre", "s"}, {"t": "table", "head", "rows"}, {"t": "answer", "word", "c"},
              {"t": "picture", "src", "alt"}

`c` are the tokens inside. A `term` is a word where it is introduced, `***so***` in the notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netbook.errors import UnknownMarkup

Token = dict[str, Any]

_DETAILS = re.compile(r"<details>\s*<summary>([^<]+)</summary>")


def parse(source: str, where: str) -> list[Token]:
    """The tokens of a Markdown text. Errors: UnknownMarkup, which names `where` and what stands there."""
    import mistune

    found = mistune.create_markdown(renderer=None, plugins=["table"])(source)
    assert isinstance(found, list)
    return _folded(found, _Reader(where))


def inline(text: str) -> list[Token]:
    """One line in which only back-ticks mean something, as in quizzes and exercises; addresses are links.

    >>> inline("start `web` now")
    [{'t': 'text', 's': 'start '}, {'t': 'code', 's': 'web'}, {'t': 'text', 's': ' now'}]
    """
    tokens: list[Token] = []
    for part in re.split(r"(`[^`]+`|https://[^\s<)]+[^\s<).,;])", text):
        if part.startswith("`") and len(part) > 2:
            tokens.append({"t": "code", "s": part[1:-1]})
        elif part.startswith("https://"):
            tokens.append({"t": "link", "url": part, "c": [{"t": "text", "s": part}]})
        elif part:
            tokens.append({"t": "text", "s": curly(part, after=bool(tokens))})
    return tokens


def paragraphs(text: str) -> list[Token]:
    """Such lines, parted by blank ones."""
    return [{"t": "para", "c": inline(" ".join(part.split()))} for part in text.strip().split("\n\n")]


def plain(tokens: list[Token]) -> str:
    """The words alone."""
    return "".join(token.get("s", "") or plain(token.get("c", [])) for token in tokens)


def walk(tokens: list[Token]) -> Iterator[Token]:
    """Every token, in the order of reading."""
    for token in tokens:
        yield token
        yield from walk(token.get("c", []))
        for part in (token.get("items", []), token.get("head", []), *token.get("rows", [])):
            for inside in part:
                yield from walk(inside)


def curly(text: str, *, after: bool = False) -> str:
    """Typographic quotes. `after`: something stands right before the text, so that a quote there closes.

    >>> curly('It\\'s "so"'), curly("'s own", after=True)
    ('It’s “so”', '’s own')
    """
    text = ("x" if after else "") + text
    text = re.sub(r"""(^|[\s(\[—–])"(?=\S)""", r"\1“", text).replace('"', "”")
    text = re.sub(r"""(^|[\s(\[—–])'(?=\S)""", r"\1‘", text).replace("'", "’")
    return text[1:] if after else text


class _Reader:
    """mistune's tokens to ours; what is not in the list is an error, so that nothing is lost in silence."""

    def __init__(self, where: str) -> None:
        self._where = where

    def unknown(self, what: str) -> UnknownMarkup:
        return UnknownMarkup(
            f"{self._where}: a handout does not know how to set {what}.",
            remedy="write it otherwise, or teach netbook/handout/prose.py and both templates what it is",
        )

    def block(self, token: Token) -> Token:
        kind, inside = token["type"], token.get("children", [])
        if kind == "paragraph" and [piece["type"] for piece in inside] == ["image"]:
            return self._picture(inside[0])
        if kind in ("paragraph", "block_text"):
            return {"t": "para", "c": self.line(inside)}
        if kind == "heading":
            return {"t": "heading", "level": token["attrs"]["level"], "c": self.line(inside)}
        if kind == "list":
            items = [_folded(item["children"], self) for item in inside]
            return {"t": "list", "ordered": token["attrs"]["ordered"], "items": items}
        if kind == "block_quote":
            return {"t": "quote", "c": [_unlisted(one) for one in _folded(inside, self)]}
        if kind == "block_code":
            return {"t": "pre", "s": token["raw"].rstrip("\n")}
        if kind == "table":
            head, body = inside
            rows = [[self.line(cell["children"]) for cell in row["children"]] for row in body["children"]]
            return {"t": "table", "head": [self.line(c["children"]) for c in head["children"]], "rows": rows}
        raise self.unknown(f"{kind!r} ({str(token.get('raw', ''))[:40]!r})")

    def _picture(self, token: Token) -> Token:
        url, alt = token["attrs"]["url"], "".join(piece["raw"] for piece in token["children"])
        if not re.fullmatch(r"[\w./-]+\.svg", url) or not alt:
            raise self.unknown(
                f"the picture {url!r} (it knows SVG files beside the notebook, with words for alt)"
            )
        return {"t": "picture", "src": url, "alt": alt}

    def line(self, tokens: list[Token]) -> list[Token]:
        done: list[Token] = []
        for token in tokens:
            done.append(self._piece(token, after=bool(done) and done[-1]["t"] != "text"))
        return done

    def _piece(self, token: Token, *, after: bool) -> Token:
        kind, inside = token["type"], token.get("children", [])
        if kind == "text":
            return {"t": "text", "s": curly(token["raw"], after=after)}
        if kind == "codespan":
            return {"t": "code", "s": token["raw"]}
        if kind == "softbreak":
            return {"t": "text", "s": " "}
        if kind == "linebreak":
            return {"t": "break"}
        if kind == "strong":
            return {"t": "strong", "c": self.line(inside)}
        if kind == "emphasis":
            if [child["type"] for child in inside] == ["strong"]:
                return {"t": "term", "c": self.line(inside[0]["children"])}
            return {"t": "em", "c": self.line(inside)}
        if kind == "link":
            return {"t": "link", "url": token["attrs"]["url"], "c": self.line(inside)}
        raise self.unknown(f"{kind!r} in a line ({str(token.get('raw', ''))[:40]!r})")


def _unlisted(token: Token) -> Token:
    """A heading in a quotation is none of the chapter's: it is a line in bold."""
    return {"t": "para", "c": [{"t": "strong", "c": token["c"]}]} if token["t"] == "heading" else token


def _folded(tokens: list[Token], reader: _Reader) -> list[Token]:
    """Blank lines dropped; from <details> to </details>, one answer."""
    done: list[Token] = []
    answer: Token | None = None
    for token in tokens:
        if token["type"] == "blank_line":
            continue
        if token["type"] != "block_html":
            (answer["c"] if answer else done).append(reader.block(token))
            continue
        raw = token["raw"].strip()
        if answer is None and (opening := _DETAILS.fullmatch(raw)):
            answer = {"t": "answer", "word": opening[1].strip(), "c": []}
        elif answer is not None and raw == "</details>":
            done.append(answer)
            answer = None
        else:
            raise reader.unknown(f"the HTML {raw[:60]!r}")
    if answer is not None:
        raise reader.unknown("<details> without its end")
    return done
