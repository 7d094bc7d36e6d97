"""Where the links of a chapter lead in one file: inside it, to a file beside it, or out into the world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from netbook.errors import UnknownMarkup

_NOTEBOOK = re.compile(r"(?:.*/)?([^/#]+\.(?:ipynb|md))(#.*)?")


def resolved(value: Any, inside: Mapping[str, str], beside: Mapping[str, str]) -> Any:
    """The plain data with its links led on; a link to what is neither inside nor beside keeps its words only.

    `inside`: notebook's file → anchor; `beside`: notebook's file → the file that was made of it.
    Errors: UnknownMarkup for an address of another kind.

    >>> resolved({"t": "link", "url": "04-none.ipynb", "c": []}, {"04-none.ipynb": "ch04"}, {})["url"]
    '#ch04'
    """
    if isinstance(value, list):
        return [resolved(one, inside, beside) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: resolved(one, inside, beside) for name, one in value.items()}
    if made.get("t") == "link":
        made["url"] = _led(made["url"], inside, beside)
    return made


def _led(url: str, inside: Mapping[str, str], beside: Mapping[str, str]) -> str:
    if re.match(r"(https?|mailto):", url):
        return url
    if not (found := _NOTEBOOK.fullmatch(url)):
        raise UnknownMarkup(
            f"A handout does not know where the link {url!r} leads.",
            remedy="link to a chapter's file, or give a whole address",
        )
    if found[1] in inside:
        return f"#{inside[found[1]]}"
    return beside.get(found[1], "")
