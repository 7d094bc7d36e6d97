"""Words: enough and not too many, nothing that only the run knows, nothing of this machine, no dead link."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from ipaddress import IPv4Address

from tests.guards.rules.chapter import Chapter, rule

WORDS = range(1000, 2401)
WORDS_START = range(400, 2401)  # chapter 00 and the appendices explain the book more than they teach
ADDRESSES = {
    "127.0.0.1": "loopback, by definition",
    "127.0.0.11": "Docker's embedded DNS, the same on every engine",
    "0.0.0.0": "any address: a notation, nothing that a run decides",
}
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_PATH = re.compile(r"(?<![\w.~-])(?:/(?:root|home|tmp|Users|private/var|var/folders)/[\w.-]+|[A-Z]:\\\w+)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|<a\s[^>]*href=[\"']([^\"']+)", re.IGNORECASE)


def words(text: str) -> int:
    """Words that a reader reads: no HTML tags, link targets or code fences.

    >>> words("Two **words** <b>and</b> [a link](https://example.org/long)\\n```\\nnone of this\\n```")
    5
    """
    text = _FENCE.sub("", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return sum(bool(re.search(r"\w", word)) for word in text.split())


@rule
def enough_words(chapter: Chapter) -> Iterator[str]:
    count = sum(words(cell.source) for cell in chapter.prose)
    wanted = WORDS_START if chapter.is_start else WORDS
    if count not in wanted:
        yield f"has {count} words; must have {wanted.start} to {wanted.stop - 1}"


@rule
def no_address_that_the_run_decides(chapter: Chapter) -> Iterator[str]:
    chosen = set(_ADDRESS.findall("\n".join(text for cell in chapter.code for text in _strings(cell.source))))
    for cell in chapter.prose:
        for address in _ADDRESS.findall(cell.source):
            if _is_address(address) and address not in chosen and address not in ADDRESSES:
                yield (
                    f"cell {cell.id}: prose says {address}, which the run decides: "
                    "compute it, let a table show it, or choose it in a code cell"
                )


def _strings(source: str) -> list[str]:
    """The string literals of a code cell; a comment is prose."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


@rule
def no_machine_path(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        texts = [cell.source, *_texts(cell.get("outputs", []))]
        for path in sorted({found for text in texts for found in _PATH.findall(text)}):
            yield f"cell {cell.id}: {path} is a path of one machine"


def _texts(node: object) -> Iterator[str]:
    """Every string in an output, however deep; base64 has no path in it that could match."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


@rule
def links_lead_somewhere(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.markdown:
        for markdown, html in _LINK.findall(_FENCE.sub("", cell.source)):
            target = (markdown or html).split("#")[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            if target.startswith("/"):
                yield f"cell {cell.id}: link to {target}: must be relative"
            elif not (chapter.path.parent / target).exists():
                yield f"cell {cell.id}: link to {target}, which does not exist"
